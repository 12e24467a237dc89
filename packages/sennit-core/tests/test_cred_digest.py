"""HTTP's Digest authentication: the arithmetic, challenges and their answers."""

from __future__ import annotations

import base64
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.core.cred.credentials import (
    DigestCredentialFactory,
    DigestedCredentials,
    calcHA1,
    calcHA2,
    calcResponse,
)
from sennit.core.cred.error import LoginFailed, StaleNonce

NAME, REALM, PASSWORD = b"Mufasa", b"http-auth@example.org", b"Circle of Life"
CLIENT = "192.0.2.7"


class Time:
    """The time, in seconds, that a test advances."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def respond(challenge: dict[str, bytes], **changed: bytes | None) -> bytes:
    """Answer a challenge as a client does, but for the fields that are changed."""
    algorithm = changed.get("algorithm") or challenge["algorithm"]
    nonce, cnonce, count, qop = challenge["nonce"], b"client", b"00000001", b"auth"
    ha1 = calcHA1(algorithm, NAME, REALM, PASSWORD, nonce, cnonce)
    ha2 = calcHA2(algorithm, b"GET", b"/a,b", qop, None)
    fields: dict[str, bytes | None] = {
        "username": NAME,
        "realm": REALM,
        "nonce": nonce,
        "uri": b"/a,b",
        "algorithm": algorithm,
        "qop": qop,
        "nc": count,
        "cnonce": cnonce,
        "opaque": challenge["opaque"],
        "response": calcResponse(ha1, ha2, algorithm, nonce, count, cnonce, qop),
    }
    fields.update(changed)
    return b", ".join(
        b'%s="%s"' % (name.encode(), value)
        for name, value in fields.items()
        if value is not None
    )


# The arithmetic


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        (b"MD5", b"8ca523f5e9506fed4657c9700eebdbec"),
        (
            b"SHA-256",
            b"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
    ],
)
def test_the_examples_of_rfc_7616(algorithm: bytes, response: bytes) -> None:
    """§3.9.1."""
    fields = {
        "nonce": b"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "cnonce": b"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
        "uri": b"/dir/index.html",
        "algorithm": algorithm,
        "qop": b"auth",
        "nc": b"00000001",
        "response": response,
    }
    answer = DigestedCredentials(NAME, b"GET", REALM, fields)

    assert answer.checkPassword(PASSWORD)
    assert not answer.checkPassword(b"Circle Of Life")
    stored = calcHA1(algorithm, NAME, REALM, PASSWORD, None, None)
    assert answer.checkHash(stored)
    assert not answer.checkHash(stored[::-1])


def test_the_example_of_rfc_2617() -> None:
    """§3.5."""
    fields = {
        "nonce": b"dcd98b7102dd2f0e8b11d0f600bfb0c093",
        "cnonce": b"0a4f113b",
        "uri": b"/dir/index.html",
        "qop": b"auth",
        "nc": b"00000001",
        "response": b"6629fae49393a05397450978507c4ef1",
    }
    answer = DigestedCredentials(NAME, b"GET", b"testrealm@host.com", fields)

    assert answer.checkPassword(b"Circle Of Life")


def test_a_session_hashes_the_nonces_with_the_password() -> None:
    plain = calcHA1(b"md5", NAME, REALM, PASSWORD, b"n", b"c")
    session = calcHA1(b"MD5-sess", NAME, REALM, PASSWORD, b"n", b"c")

    assert session != plain
    assert calcHA1(b"md5-sess", None, None, None, b"n", b"c", preHA1=plain) == session
    assert calcHA1(b"md5", None, None, None, b"n", b"c", preHA1=plain) == plain


def test_the_body_is_hashed_where_its_integrity_is_asked_for() -> None:
    assert calcHA2(b"md5", b"PUT", b"/", b"auth-int", b"body") != calcHA2(
        b"md5", b"PUT", b"/", b"auth", b"body"
    )
    with pytest.raises(TypeError):
        calcHA2(b"md5", b"PUT", b"/", b"auth-int", None)


@pytest.mark.parametrize(
    ("name", "realm", "password"),
    [(NAME, REALM, PASSWORD), (None, REALM, None), (None, None, PASSWORD)],
)
def test_a_hash_and_what_it_is_made_of_are_not_given_together(
    name: bytes | None, realm: bytes | None, password: bytes | None
) -> None:
    with pytest.raises(TypeError):
        calcHA1(b"md5", name, realm, password, b"n", b"c", preHA1=b"hash")


def test_an_algorithm_that_is_not_known_is_named() -> None:
    with pytest.raises(ValueError, match="rot13"):
        calcHA2(b"rot13", b"GET", b"/", b"auth", None)
    with pytest.raises(ValueError, match="rot13"):
        DigestCredentialFactory(b"rot13", REALM)


# Challenges and answers


@pytest.mark.parametrize(
    "algorithm", [b"md5", b"MD5", b"MD5-sess", b"SHA-256", b"SHA-256-sess", b"sha"]
)
@pytest.mark.parametrize("client", [CLIENT, CLIENT.encode(), None])
def test_the_answer_to_a_challenge_is_right_for_one_password_and_method(
    algorithm: bytes, client: str | bytes | None
) -> None:
    factory = DigestCredentialFactory(algorithm, REALM)
    answer = respond(factory.getChallenge(client))

    decoded = factory.decode(answer, b"GET", client)

    assert decoded.username == NAME
    assert decoded.fields["uri"] == b"/a,b"
    assert decoded.checkPassword(PASSWORD)
    assert not decoded.checkPassword(b"wrong")
    assert not factory.decode(answer, b"POST", client).checkPassword(PASSWORD)


def test_the_client_of_the_standard_library_answers_right() -> None:
    """A foreign peer: urllib's digest client, which knows MD5."""
    factory = DigestCredentialFactory(b"MD5", REALM)
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, "http://example.org", NAME.decode(), PASSWORD.decode())
    handler = urllib.request.HTTPDigestAuthHandler(passwords)
    challenge = {n: v.decode() for n, v in factory.getChallenge(CLIENT).items()}
    request = urllib.request.Request("http://example.org/a?b=c,d")

    answer = str(handler.get_authorization(request, challenge))

    decoded = factory.decode(answer.encode(), b"GET", CLIENT)
    assert decoded.fields["uri"] == b"/a?b=c,d"
    assert decoded.checkPassword(PASSWORD)


def test_a_challenge_may_be_answered_more_than_once() -> None:
    factory = DigestCredentialFactory(b"MD5", REALM)
    challenge = factory.getChallenge(CLIENT)

    for _ in range(2):
        answer = factory.decode(respond(challenge), b"GET", CLIENT)
        assert answer.checkPassword(PASSWORD)


def test_an_old_challenge_is_stale_and_the_next_one_says_so() -> None:
    seconds = Time()
    factory = DigestCredentialFactory(b"MD5", REALM, seconds=seconds)
    answer = respond(factory.getChallenge(CLIENT))

    seconds.now += factory.CHALLENGE_LIFETIME_SECS
    assert factory.decode(answer, b"GET", CLIENT).checkPassword(PASSWORD)
    seconds.now += 1
    with pytest.raises(StaleNonce):
        factory.decode(answer, b"GET", CLIENT)

    assert "stale" not in factory.getChallenge(CLIENT)
    again = factory.getChallenge(CLIENT, stale=True)
    assert again["stale"] == b"true"
    assert factory.decode(respond(again), b"GET", CLIENT).checkPassword(PASSWORD)


def test_servers_that_share_a_key_know_each_others_challenges() -> None:
    key = bytes(range(16))
    one, other = (
        DigestCredentialFactory(b"MD5", REALM, privateKey=key) for _ in range(2)
    )

    answer = other.decode(respond(one.getChallenge(CLIENT)), b"GET", CLIENT)
    assert answer.checkPassword(PASSWORD)
    with pytest.raises(ValueError, match="16 bytes"):
        DigestCredentialFactory(b"MD5", REALM, privateKey=b"short")


def forged(challenge: dict[str, bytes]) -> bytes:
    """An opaque of now, for this nonce, which nobody has signed."""
    signature, _, encoded = challenge["opaque"].partition(b"-")
    made = base64.b64decode(encoded).replace(CLIENT.encode(), b"192.0.2.8")
    return signature + b"-" + base64.b64encode(made)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (lambda _: {"username": None}, "no username given."),
        (lambda _: {"username": b""}, "no username given."),
        (lambda _: {"username": None, "opaque": None}, "no username given."),
        (lambda _: {"nonce": None}, "no nonce given."),
        (lambda _: {"opaque": None, "nonce": None}, "no opaque given."),
        (lambda _: {"opaque": b"nonsense"}, "invalid opaque value"),
        (lambda _: {"opaque": b"-"}, "invalid opaque value"),
        (lambda _: {"opaque": b"\xff-\xff"}, "invalid opaque value"),
        (lambda told: {"opaque": forged(told)}, "invalid opaque value"),
        (lambda _: {"nonce": b"another"}, "incompatible opaque/nonce values"),
        (lambda _: {"algorithm": b"MD5"}, "another algorithm than asked for."),
        (lambda _: {"algorithm": None}, "another algorithm than asked for."),
        (lambda _: {"qop": b"auth-int"}, "another qop than asked for."),
        (lambda _: {"qop": None}, "another qop than asked for."),
        (lambda _: {"nc": None}, "no nc or no cnonce given."),
        (lambda _: {"cnonce": b""}, "no nc or no cnonce given."),
        (lambda _: {"username*": b"UTF-8''Ali"}, "username given twice."),
        (lambda _: {"NONCE": b"another"}, "nonce given twice."),
        (
            lambda _: {"username": None, "username*": b"latin-1''Ali"},
            "username* is not in UTF-8.",
        ),
        (lambda _: {"uri": b'"'}, "not a list of fields."),
    ],
)
def test_what_is_no_answer_is_refused_by_name(
    changed: Callable[[dict[str, bytes]], dict[str, bytes | None]], said: str
) -> None:
    factory = DigestCredentialFactory(b"SHA-256", REALM)
    challenge = factory.getChallenge(CLIENT)

    with pytest.raises(LoginFailed) as raised:
        factory.decode(respond(challenge, **changed(challenge)), b"GET", CLIENT)

    assert str(raised.value) == f"Invalid response, {said}"


def test_an_answer_from_another_address_is_refused() -> None:
    factory = DigestCredentialFactory(b"MD5", REALM)

    answer = respond(factory.getChallenge(CLIENT))

    with pytest.raises(LoginFailed, match="client"):
        factory.decode(answer, b"GET", "192.0.2.8")


def test_a_client_of_rfc_2069_may_answer_with_md5() -> None:
    factory = DigestCredentialFactory(b"MD5", REALM)
    challenge = factory.getChallenge(CLIENT)
    ha1 = calcHA1(b"md5", NAME, REALM, PASSWORD, None, None)
    ha2 = calcHA2(b"md5", b"GET", b"/a,b", None, None)
    answer = respond(
        challenge,
        qop=None,
        nc=None,
        cnonce=None,
        response=calcResponse(ha1, ha2, b"md5", challenge["nonce"], None, None, None),
    )

    assert factory.decode(answer, b"GET", CLIENT).checkPassword(PASSWORD)


def test_a_name_may_be_quoted_or_extended() -> None:
    factory = DigestCredentialFactory(b"MD5", REALM)
    challenge = factory.getChallenge(CLIENT)

    quoted = respond(challenge, username=rb"CAVE\\Ali \"Baba\"")
    extended = respond(
        challenge, username=None, **{"username*": b"UTF-8'de'J%C3%A4s%C3%B8n"}
    )

    assert factory.decode(quoted, b"GET", CLIENT).username == b'CAVE\\Ali "Baba"'
    assert factory.decode(extended, b"GET", CLIENT).username == "Jäsøn".encode()


def test_fields_need_no_quotes_and_may_stand_apart() -> None:
    factory = DigestCredentialFactory(b"MD5", b"of the test")
    challenge = factory.getChallenge(CLIENT)
    answer = b" , username = bob ,,realm=of the test\t,nonce=%s, opaque=%s,uri=/, " % (
        challenge["nonce"],
        challenge["opaque"],
    )

    assert factory.decode(answer, b"GET", CLIENT).fields == {
        "username": b"bob",
        "realm": b"of the test",
        "nonce": challenge["nonce"],
        "opaque": challenge["opaque"],
        "uri": b"/",
    }


@given(st.binary(max_size=200))
def test_whatever_is_sent_is_refused_by_name(answer: bytes) -> None:
    with pytest.raises(LoginFailed):
        DigestCredentialFactory(b"MD5", REALM).decode(answer, b"GET", CLIENT)


@given(st.text(alphabet='a="\\, ', max_size=40))
def test_whatever_looks_like_fields_is_refused_by_name(answer: str) -> None:
    with pytest.raises(LoginFailed):
        DigestCredentialFactory(b"MD5", REALM).decode(answer.encode(), b"GET", CLIENT)


@given(st.binary(min_size=1, max_size=30))
def test_every_name_comes_through_its_quotes(name: bytes) -> None:
    factory = DigestCredentialFactory(b"MD5", REALM)
    quoted = name.replace(b"\\", b"\\\\").replace(b'"', b'\\"')

    answer = respond(factory.getChallenge(CLIENT), username=quoted)

    assert factory.decode(answer, b"GET", CLIENT).username == name


def test_a_long_answer_takes_no_longer_than_its_length() -> None:
    """None of these goes over the text more than once."""
    factory = DigestCredentialFactory(b"MD5", REALM)
    size = 100_000
    tricks: list[Any] = [b'a="' + b"\\" * size, b"a=" + b" " * size, b", " * size]
    for answer in [*tricks, b"a" * size, b'a="' + b"x" * size]:
        with pytest.raises(LoginFailed):
            factory.decode(answer, b"GET", CLIENT)
