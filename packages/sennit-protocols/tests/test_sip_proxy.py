"""A SIP proxy passes on, and its registry knows who is where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from zope.interface import implementer

from sennit.core import defer
from sennit.core.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from sennit.core.cred.credentials import UsernamePassword
from sennit.core.cred.portal import Portal
from sennit.core.task import Clock
from sennit.protocols import sip
from sennit.protocols.sip.interfaces import IAuthorizer, IContact

Sent = list[tuple[str, tuple[str, int]]]
PEER = ("10.0.0.9", 7)
INVITE = """INVITE sip:joe@server.com SIP/2.0
Via: {via}
From: <sip:a@b>
To: <sip:{to}>
CSeq: 1 INVITE
Content-Length: 0

"""
REGISTER = """REGISTER sip:bell.example.com SIP/2.0
Via: SIP/2.0/UDP 10.0.0.9:7
From: <sip:joe@bell.example.com>
To: <sip:joe@{domain}>
{more}CSeq: 1 REGISTER

"""


class Wire:
    """The datagrams that are sent."""

    def __init__(self) -> None:
        self.sent: Sent = []

    def write(self, data: bytes, addr: tuple[str, int]) -> None:
        self.sent.append((data.decode(), addr))


class Locator:
    """Knows joe."""

    def getAddress(self, logicalURL: sip.URL) -> defer.Deferred[sip.URL]:
        if logicalURL.username != "joe":
            return defer.fail(LookupError("nobody"))
        return defer.succeed(sip.URL("192.168.0.5", port=99))


def ask(proxy: sip.Base, text: str) -> Sent:
    """Return what a proxy sends after it has got a datagram."""
    wire: Any = Wire()
    proxy.transport = wire
    proxy.datagramReceived(text.replace("\n", "\r\n").encode(), PEER)
    sent: Sent = wire.sent
    return sent


def invite(proxy: sip.Base, via: str = "SIP/2.0/UDP 10.0.0.9:7", **parts: str) -> Sent:
    return ask(proxy, INVITE.format(via=via, **{"to": "joe@server.com", **parts}))


@pytest.fixture
def proxy() -> sip.Proxy:
    made = sip.Proxy(host="10.0.0.1")
    made.locator = Locator()
    return made


def test_a_request_goes_to_where_the_locator_says(proxy: sip.Proxy) -> None:
    ((text, where),) = invite(proxy)
    assert where == ("192.168.0.5", 99)
    assert "Via: SIP/2.0/UDP 10.0.0.1:5060\r\nVia: SIP/2.0/UDP 10.0.0.9:7\r\n" in text


def test_where_a_request_really_came_from_is_noted(proxy: sip.Proxy) -> None:
    ((text, _),) = invite(proxy, via="SIP/2.0/UDP inside:5060;rport")
    assert "Via: SIP/2.0/UDP inside:5060;received=10.0.0.9;rport=7\r\n" in text


def test_for_nobody_there_is_an_answer(proxy: sip.Proxy) -> None:
    ((text, where),) = invite(proxy, to="ann@server.com")
    assert text.startswith("SIP/2.0 404 Not Found\r\n")
    assert where == ("10.0.0.9", 7)


def test_a_request_in_a_circle_ends(proxy: sip.Proxy) -> None:
    """With an answer, unless it is this proxy that would get it; RFC 3261 16.3."""
    own = "SIP/2.0/UDP 10.0.0.1:5060"
    ((text, _),) = invite(proxy, via=f"SIP/2.0/UDP 10.0.0.9:7, {own}")
    assert text.startswith("SIP/2.0 482 Loop Detected\r\n")
    proxy.answersRefused = False
    assert invite(proxy, via=f"SIP/2.0/UDP 10.0.0.9:7, {own}") == []


@pytest.mark.parametrize(
    ("count", "starts"),
    [("70", "INVITE "), ("0", "SIP/2.0 483 "), ("x", "SIP/2.0 400 ")],
)
def test_a_request_goes_on_only_so_often(
    proxy: sip.Proxy, count: str, starts: str
) -> None:
    ((text, _),) = invite(proxy, via=f"SIP/2.0/UDP 10.0.0.9:7\nMax-Forwards: {count}")
    assert text.startswith(starts)
    if count == "70":
        assert "Max-Forwards: 69\r\n" in text


def test_without_a_to_a_request_is_bad(proxy: sip.Proxy) -> None:
    ((text, _),) = ask(
        proxy, "INVITE sip:x SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.9:7\nl: 0\n\n"
    )
    assert text.startswith("SIP/2.0 400 Bad Request\r\n")


@pytest.mark.parametrize(
    "text",
    [
        "junk\n\n",
        "INVITE sip:x SIP/2.0\nTo: <sip:joe@h>\nl: 0\n\n",
        "INVITE sip:x SIP/2.0\nVia: junk\nl: 0\n\n",
        "SIP/2.0 200 OK\nl: 0\n\n",
        "SIP/2.0 200 OK\nVia: SIP/2.0/UDP other:5060\nl: 0\n\n",
    ],
)
def test_what_nobody_could_answer_is_dropped(proxy: sip.Proxy, text: str) -> None:
    assert ask(proxy, text) == []
    assert len(invite(proxy)) == 1


def test_an_answer_goes_back_the_way_of_its_request(proxy: sip.Proxy) -> None:
    answer = (
        "SIP/2.0 200 OK\n"
        "Via: SIP/2.0/UDP 10.0.0.1:5060, SIP/2.0/UDP client:1;received=9.9.9.9;rport=8\n"
        "l: 0\n\n"
    )
    ((text, where),) = ask(proxy, answer)
    assert where == ("9.9.9.9", 8)
    assert "10.0.0.1" not in text


def test_an_answer_to_the_proxy_itself_is_told_to_it(
    proxy: sip.Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    got: list[Any] = []
    monkeypatch.setattr(proxy, "gotResponse", lambda *args: got.append(args))
    answer = "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 10.0.0.1:5060\nl: 0\n\n"
    assert ask(proxy, answer) == []
    assert [(message.code, addr) for message, addr in got] == [(200, PEER)]


@pytest.mark.parametrize(
    ("handler", "starts"),
    [
        (lambda *_: (_ for _ in ()).throw(sip.SIPError(486)), "SIP/2.0 486 Busy Here"),
        (lambda *_: defer.fail(sip.SIPError(603)), "SIP/2.0 603 Decline"),
    ],
)
def test_a_handler_answers_with_the_error_it_raises(
    proxy: sip.Proxy, handler: Callable[..., Any], starts: str
) -> None:
    proxy.handle_INVITE_request = handler  # type: ignore[attr-defined]
    ((text, _),) = invite(proxy)
    assert text.startswith(starts)


def test_only_udp_is_spoken(proxy: sip.Proxy) -> None:
    with pytest.raises(sip.SIPError, match="only UDP"):
        proxy.sendMessage(sip.URL("h", transport="tcp"), sip.Response(200))


# The registrar.


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def registrar(clock: Clock) -> sip.RegisterProxy:
    made = sip.RegisterProxy(host="10.0.0.1")
    made.registry = made.locator = sip.InMemoryRegistry("bell.example.com", clock)
    return made


def register(proxy: sip.Base, more: str, domain: str = "bell.example.com") -> str:
    sent = ask(proxy, REGISTER.format(domain=domain, more=more))
    return sent[0][0] if sent else ""


CONTACT = "Contact: <sip:joe@192.168.0.2:5060>\n"


def test_who_registers_is_found_where_they_came_from(
    registrar: sip.RegisterProxy, clock: Clock
) -> None:
    answer = register(registrar, CONTACT)
    assert answer.startswith("SIP/2.0 200 OK\r\n")
    assert "Contact: sip:joe@10.0.0.9:7\r\nExpires: 3600\r\n" in answer
    clock.advance(10)
    assert "Expires: 3590\r\n" in register(registrar, "")
    ((_, where),) = invite(registrar, to="joe@bell.example.com")
    assert where == PEER


def test_a_registration_ends_after_an_hour(
    registrar: sip.RegisterProxy, clock: Clock
) -> None:
    register(registrar, CONTACT)
    clock.advance(3600)
    assert register(registrar, "").startswith("SIP/2.0 404 ")
    assert clock.getDelayedCalls() == []


@pytest.mark.parametrize("contact", [CONTACT, "Contact: *\n"])
def test_who_leaves_is_forgotten(
    registrar: sip.RegisterProxy, clock: Clock, contact: str
) -> None:
    register(registrar, CONTACT)
    answer = register(registrar, f"{contact}Expires: 0\n")
    assert answer.startswith("SIP/2.0 200 OK\r\n")
    assert "Expires: 0\r\n" in answer
    assert clock.getDelayedCalls() == []
    assert register(registrar, f"{contact}Expires: 0\n").startswith("SIP/2.0 404 ")


def test_only_users_of_the_domain_are_registered(registrar: sip.RegisterProxy) -> None:
    assert register(registrar, CONTACT, "else.where").startswith("SIP/2.0 404 ")
    registrar.answersRefused = False
    assert register(registrar, CONTACT, "else.where") == ""


def test_a_registry_takes_so_many(clock: Clock) -> None:
    registry = sip.InMemoryRegistry("d", clock)
    registry.maxUsers = 1
    domain = sip.URL("d")
    registry.registerAddress(domain, sip.URL("d", "ann"), sip.URL("h"))
    registry.registerAddress(domain, sip.URL("d", "ann"), sip.URL("i"))
    refused = registry.registerAddress(domain, sip.URL("d", "bob"), sip.URL("h"))
    failures: list[Any] = []
    refused.addErrback(failures.append)
    assert failures[0].value.code == 503


class Realm:
    """Everybody may register."""

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: Any) -> Any:
        assert interfaces == (IContact,)
        return IContact, None, lambda: None


@implementer(IAuthorizer)
class Plain:
    """Takes NAME PASSWORD."""

    def getChallenge(self, peer: tuple[str, int]) -> str:
        return 'nonce="1"'

    def decode(self, response: str) -> UsernamePassword:
        name, _, password = response.encode().partition(b" ")
        if not password:
            raise sip.SIPError(400)
        return UsernamePassword(name, password)


@pytest.mark.parametrize(
    ("authorization", "starts"),
    [
        ("", "SIP/2.0 401 Unauthorized"),
        ("Authorization: plain joe secret\n", "SIP/2.0 200 OK"),
        ("Authorization: plain joe wrong\n", "SIP/2.0 401 Unauthorized"),
        ("Authorization: plain joe\n", "SIP/2.0 400 "),
        ("Authorization: plain\n", "SIP/2.0 400 "),
        ("Authorization: other joe secret\n", "SIP/2.0 501 Not Implemented"),
    ],
)
def test_with_a_portal_one_logs_in_first(
    registrar: sip.RegisterProxy, authorization: str, starts: str
) -> None:
    users = InMemoryUsernamePasswordDatabaseDontUse(**{"joe@10.0.0.1": b"secret"})
    realm: Any = Realm()
    registrar.portal = Portal(realm, [users])
    registrar.authorizers = {"plain": Plain()}
    answer = register(registrar, CONTACT + authorization)
    assert answer.startswith(starts)
    if "401" in starts:
        assert 'WWW-Authenticate: Plain nonce="1",realm="10.0.0.1"\r\n' in answer
