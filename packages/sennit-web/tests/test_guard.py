"""Who is let in over HTTP, and how the others are asked who they are."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.request import parse_http_list, parse_keqv_list

import pytest
from hypothesis import given, strategies as st
from zope.interface.verify import verifyObject

from sennit.core.cred import checkers, credentials, portal
from sennit.core.cred.error import LoginDenied, LoginFailed
from sennit.core.defer import Deferred
from sennit.web import guard
from sennit.web.guard._quoting import quoted
from sennit.web.interfaces import ICredentialFactory, IResource
from sennit.web.resource import Resource

if TYPE_CHECKING:
    from conftest import Conversation, Serve

    from sennit.web.server import Request


class Avatar(Resource):
    """Answers with the user's name and the way to here."""

    def __init__(self, name: Any) -> None:
        super().__init__()
        self.name = name
        self.later: Deferred[bytes] | None = None

    def getChild(self, path: bytes, request: Request) -> Avatar:
        return self

    def render_GET(self, request: Request) -> Any:
        way = b"/".join(request.prepath)
        return self.later or b"%r at /%s" % (self.name, way)


class Realm:
    """Makes avatars, and counts who has left."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.left: list[Any] = []
        self.avatar: Any = None
        self.error: Exception | None = None
        self.waits: Deferred[None] | None = None

    async def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: Any) -> Any:
        self.asked.append((avatarId, mind, interfaces))
        if self.waits is not None:
            await self.waits
        if self.error is not None:
            raise self.error
        avatar = self.avatar or Avatar(avatarId)
        return interfaces[0], avatar, lambda: self.left.append(avatarId)


@pytest.fixture
def realm() -> Realm:
    return Realm()


@pytest.fixture
def gate(realm: Realm) -> portal.Portal:
    users = checkers.InMemoryUsernamePasswordDatabaseDontUse(joe=b"a:secret")
    return portal.Portal(realm, [users])


BASIC = guard.BasicCredentialFactory(b'The "office"')
Ask = Callable[..., "Conversation"]


@pytest.fixture
def ask(talk: Serve, gate: portal.Portal) -> Ask:
    """Asks a site whose root is guarded, or what is below ``/guarded``."""

    def send(
        authorization: str = "",
        path: str = "/a/b",
        factories: Any = (BASIC,),
        method: str = "GET",
    ) -> Conversation:
        wrapper = guard.HTTPAuthSessionWrapper(gate, factories)
        root = Resource()
        root.putChild(b"guarded", wrapper)
        top = root if path.startswith("/guarded") else wrapper
        asked = talk(top)
        if not authorization:
            return asked.send(method, path)
        return asked.send(method, path, authorization=authorization)

    return send


def basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


JOE = basic("joe", "a:secret")


def challenges(asked: Conversation) -> list[tuple[str, dict[str, str]]]:
    """The challenges of a 401, read by the standard library."""
    assert asked.answer.code == 401
    headers = asked.answer.headers.get_all("www-authenticate", [])
    split = [header.partition(" ") for header in headers]
    return [
        (scheme, parse_keqv_list(parse_http_list(rest))) for scheme, _, rest in split
    ]


# Basic


def test_who_tells_nothing_is_asked(ask: Ask) -> None:
    asked = ask()
    assert challenges(asked) == [("basic", {"realm": 'The "office"'})]
    assert asked.answer.body == b"Unauthorized"
    assert b'realm="The \\"office\\""' in asked.raw


def test_an_answer_to_head_has_no_body(ask: Ask) -> None:
    asked = ask(method="HEAD")
    assert (asked.answer.code, asked.answer.body) == (401, b"")


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("/", b"/"),
        ("/a/b", b"/a/b"),
        ("/guarded", b"/guarded"),
        ("/guarded/a", b"/guarded/a"),
    ],
)
def test_who_is_let_in_gets_the_avatar(
    ask: Ask, realm: Realm, path: str, way: bytes
) -> None:
    asked = ask(JOE, path)
    assert (asked.answer.code, asked.answer.body) == (200, b"b'joe' at " + way)
    assert realm.asked == [(b"joe", None, (IResource,))]
    assert realm.left == [b"joe"]


@pytest.mark.parametrize(
    "header",
    [
        basic("joe", "another"),
        basic("jane", "a:secret"),
        basic("", ""),
        "Basic",
        "Basic !!!",
        "Basic " + b64encode(b"no colon").decode(),
        "Bearer abc",
        "basically",
        "Digest username=joe",
    ],
)
def test_who_cannot_prove_it_is_asked_again(
    ask: Ask, realm: Realm, logged: list[dict[str, Any]], header: str
) -> None:
    asked = ask(header)
    assert challenges(asked) == [("basic", {"realm": 'The "office"'})]
    assert realm.asked == []
    [line] = [
        event["message"][0]
        for event in logged
        if "is not let in" in event["message"][0]
    ]
    assert line.startswith("192.168.1.1 is not let in")
    assert "secret" not in line


def test_the_scheme_may_be_in_any_case(ask: Ask) -> None:
    assert ask(JOE.replace("Basic", "bASIC")).answer.code == 200


def test_padding_may_be_missing() -> None:
    request: Any = None
    read = BASIC.decode(b64encode(b"joe:1").rstrip(b"="), request)
    assert (read.username, read.password) == (b"joe", b"1")


@given(st.binary(max_size=40))
def test_any_answer_is_credentials_or_a_failed_login(data: bytes) -> None:
    request: Any = None
    for response in (data, b64encode(data)):
        try:
            read = BASIC.decode(response, request)
        except LoginFailed:
            assert response is data or b":" not in data
        else:
            if response is not data:
                assert read.username + b":" + read.password == data


def test_passwords_are_compared_without_telling_where_they_differ(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison is that of `hmac.compare_digest`, which takes the same time."""
    compared: list[tuple[bytes, bytes]] = []

    def compare(a: bytes, b: bytes) -> bool:
        compared.append((a, b))
        return a == b

    monkeypatch.setattr("hmac.compare_digest", compare)
    assert ask(basic("joe", "other")).answer.code == 401
    assert (b"other", b"a:secret") in compared


# Avatars


def test_nobody_in_particular_may_be_let_in(ask: Ask, gate: portal.Portal) -> None:
    gate.registerChecker(checkers.AllowAnonymousAccess())
    assert ask().answer.body == b"() at /a/b"
    assert ask(basic("joe", "wrong")).answer.code == 401


def test_a_logout_waits_for_the_end_of_the_answer(ask: Ask, realm: Realm) -> None:
    realm.avatar = Avatar(b"joe")
    realm.avatar.later = Deferred()
    asked = ask(JOE)
    assert realm.left == []
    realm.avatar.later.callback(b"done")
    assert (asked.answer.body, realm.left) == (b"done", [b"joe"])


def test_a_client_that_goes_away_is_logged_out(ask: Ask, realm: Realm) -> None:
    realm.avatar = Avatar(b"joe")
    realm.avatar.later = Deferred()
    ask(JOE).goes_away()
    assert realm.left == [b"joe"]


def test_a_client_that_goes_away_before_is_not_logged_in(
    ask: Ask, realm: Realm, logged: list[dict[str, Any]]
) -> None:
    realm.waits = Deferred()
    ask(JOE).goes_away()
    assert realm.left == []
    assert [event for event in logged if event.get("isError")] == []


def test_a_realm_that_turns_away_is_a_401(ask: Ask, realm: Realm) -> None:
    realm.error = LoginDenied("too often")
    assert ask(JOE).answer.code == 401


def test_a_realm_that_fails_is_logged_and_a_500(
    ask: Ask, realm: Realm, logged: list[dict[str, Any]]
) -> None:
    realm.error = RuntimeError("a secret")
    asked = ask(JOE)
    assert asked.answer.code == 500
    assert b"secret" not in asked.raw
    assert [event["failure"].type for event in logged if event.get("isError")] == [
        RuntimeError
    ]


def test_a_portal_that_cannot_check_is_said_to_its_operator(
    ask: Ask, gate: portal.Portal, logged: list[dict[str, Any]]
) -> None:
    gate.checkers.clear()
    assert ask(JOE).answer.code == 401
    [why] = [event["why"] for event in logged if event.get("isError")]
    assert why == "the portal knows no credentials of this kind"


def test_children_belong_to_the_avatar(gate: portal.Portal) -> None:
    with pytest.raises(TypeError, match="the avatar has the children"):
        guard.HTTPAuthSessionWrapper(gate, [BASIC]).putChild(b"a", Resource())


# Digest


class Digester:
    """A client that knows RFC 7616, written from its §3.4."""

    def __init__(self, fields: dict[str, str], path: str = "/a/b") -> None:
        self.fields = fields
        self.path = path

    def hashed(self, text: str) -> str:
        name = self.fields["algorithm"].replace("-", "").lower()
        return hashlib.new(name, text.encode()).hexdigest()

    def header(self, user: str, password: str, method: str = "GET") -> str:
        fields = self.fields
        ha1 = self.hashed(f"{user}:{fields['realm']}:{password}")
        ha2 = self.hashed(f"{method}:{self.path}")
        middle = f"{fields['nonce']}:00000001:abc:auth"
        answer = self.hashed(f"{ha1}:{middle}:{ha2}")
        return (
            f'Digest username="{user}", realm="{fields["realm"]}", qop=auth,'
            f' nonce="{fields["nonce"]}", uri="{self.path}", response="{answer}",'
            f' algorithm={fields["algorithm"]}, nc=00000001, cnonce="abc",'
            f' opaque="{fields["opaque"]}"'
        )


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_digest_is_let_in(ask: Ask, algorithm: str) -> None:
    factories = [guard.DigestCredentialFactory(algorithm.encode(), b"office"), BASIC]
    (scheme, fields), (other, _) = challenges(ask(factories=factories))
    assert (scheme, other) == ("digest", "basic")
    assert (fields["realm"], fields["algorithm"]) == ("office", algorithm)
    header = Digester(fields).header("joe", "a:secret")
    assert ask(header, factories=factories).answer.body == b"b'joe' at /a/b"
    assert ask(JOE, factories=factories).answer.code == 200


def test_of_two_digests_the_client_may_choose(ask: Ask) -> None:
    factories = [
        guard.DigestCredentialFactory(b"SHA-256", b"office"),
        guard.DigestCredentialFactory(b"MD5", b"office"),
    ]
    for _, fields in challenges(ask(factories=factories)):
        header = Digester(fields).header("joe", "a:secret")
        assert ask(header, factories=factories).answer.code == 200


@pytest.mark.parametrize(
    ("password", "made_for", "method"),
    [
        ("another", "/a/b", "GET"),
        ("a:secret", "/other", "GET"),
        ("a:secret", "/a/b", "PUT"),
    ],
)
def test_a_digest_of_something_else_is_refused(
    ask: Ask, password: str, made_for: str, method: str
) -> None:
    factories = [guard.DigestCredentialFactory(b"MD5", b"office")]
    [(_, fields)] = challenges(ask(factories=factories))
    header = Digester(fields, made_for).header("joe", password, method)
    assert [scheme for scheme, _ in challenges(ask(header, factories=factories))] == [
        "digest"
    ]


def test_a_stale_challenge_is_told_so(ask: Ask) -> None:
    now = 1000.0
    factory = guard.DigestCredentialFactory(b"MD5", b"office", seconds=lambda: now)
    factories = [factory, BASIC]
    [(_, fields), _] = challenges(ask(factories=factories))
    header = Digester(fields).header("joe", "a:secret")
    now += 15 * 60 + 1
    asked = ask(header, factories=factories)
    assert [fields.get("stale") for _, fields in challenges(asked)] == ["true", None]
    assert b"stale=true" in asked.raw
    [(_, fresh), _] = challenges(asked)
    header = Digester(fresh).header("joe", "a:secret")
    assert ask(header, factories=factories).answer.code == 200


def test_servers_with_a_key_in_common_know_each_others_challenges(ask: Ask) -> None:
    one, other = (
        [guard.DigestCredentialFactory(b"MD5", b"office", privateKey=b"k" * 16)]
        for _ in range(2)
    )
    [(_, fields)] = challenges(ask(factories=one))
    header = Digester(fields).header("joe", "a:secret")
    assert ask(header, factories=other).answer.code == 200


# Names, texts, contracts


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (b"", b'""'),
        (b'a"b', rb'"a\"b"'),
        (b"a\\b", rb'"a\\b"'),
        (b"d\xc3\xbc", b'"d\xc3\xbc"'),
    ],
)
def test_texts_are_quoted(text: bytes, written: bytes) -> None:
    assert quoted(text) == written


@pytest.mark.parametrize("realm", [b"a\r\nX-Evil: 1", b"\0", b"a\x7f"])
def test_a_realm_has_no_control_characters(realm: bytes) -> None:
    with pytest.raises(ValueError, match="control character"):
        guard.BasicCredentialFactory(realm)
    with pytest.raises(ValueError, match="control character"):
        guard.DigestCredentialFactory(b"MD5", realm)


def test_the_contracts_are_kept(gate: portal.Portal) -> None:
    digest = guard.DigestCredentialFactory(b"MD5", b"office")
    assert verifyObject(ICredentialFactory, BASIC)
    assert verifyObject(ICredentialFactory, digest)
    assert verifyObject(IResource, guard.HTTPAuthSessionWrapper(gate, [BASIC]))
    assert isinstance(digest.digest, credentials.DigestCredentialFactory)
