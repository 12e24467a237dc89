"""Proxies: what they are told, and what goes through them unseen."""

from __future__ import annotations

from typing import Any

import pytest

from sennit.core.defer import Deferred, fail, succeed
from sennit.core.errors import ConnectError, ConnectionDone, ConnectionLost, NoProtocol
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol, connectionDone
from sennit.core.task import Clock
from sennit.core.testing import StringTransport
from sennit.web import client
from sennit.web.client import HTTPConnectionPool, ProxyAgent, TunnelEndpoint
from sennit.web.headers import Headers


class Proxy:
    """The endpoint of a proxy that the test plays."""

    def __init__(self) -> None:
        self.transport: Any = None
        self.protocol: Any = None
        self.attempts = 0

    def connect(self, factory: Any) -> Deferred[Any]:
        self.attempts += 1
        self.protocol = factory.buildProtocol("address")
        self.transport = StringTransport()
        self.transport.protocol = self.protocol
        self.protocol.makeConnection(self.transport)
        return succeed(self.protocol)

    def asked(self) -> bytes:
        value: bytes = self.transport.value()
        self.transport.clear()
        return value


LOGIN = Headers({b"Proxy-Authorization": [b"Basic abc"]})


def agent(proxy: Any, persistent: bool = True) -> ProxyAgent:
    clock = Clock()
    pool = HTTPConnectionPool(clock, persistent)
    return ProxyAgent(proxy, clock, pool, proxyHeaders=LOGIN)


def test_a_proxy_is_told_the_whole_uri() -> None:
    """RFC 9112 §3.2.2: but neither name and password, nor the fragment."""
    proxy = Proxy()
    agent(proxy).request(b"GET", b"http://n:s@host:81/a?b#c")
    assert proxy.asked() == (
        b"GET http://host:81/a?b HTTP/1.1\r\nHost: host:81\r\n"
        b"Proxy-Authorization: Basic abc\r\n\r\n"
    )


def test_all_hosts_share_the_connections_to_their_proxy() -> None:
    proxy = Proxy()
    asking = agent(proxy)
    for host in (b"one", b"two"):
        asking.request(b"GET", b"http://%b/" % host)
        assert (
            b"GET http://%b/ HTTP/1.1\r\nHost: %b\r\n" % (host, host) in proxy.asked()
        )
        proxy.protocol.dataReceived(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert proxy.attempts == 1


def test_for_tls_a_proxy_connects_us() -> None:
    proxy = Proxy()
    agent(proxy).request(b"GET", b"https://host.example/secret?x").addErrback(bool)
    assert proxy.asked() == (
        b"CONNECT host.example:443 HTTP/1.1\r\n"
        b"Proxy-Authorization: Basic abc\r\nHost: host.example:443\r\n\r\n"
    )
    proxy.protocol.dataReceived(b"HTTP/1.1 200 Connected\r\n\r\n")
    assert proxy.asked()[:2] == b"\x16\x03"


def test_what_is_no_host_is_refused() -> None:
    errors: list[Any] = []
    agent(Proxy()).request(b"GET", b"https://a..b/").addErrback(errors.append)
    assert errors[0].check(ValueError)


class Peer(Protocol):
    """What is to be connected."""

    def __init__(self) -> None:
        self.heard = b""
        self.reason: Any = None

    def dataReceived(self, data: bytes) -> None:
        self.heard += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.reason = reason


def tunnel(proxy: Any, host: bytes = b"host", **more: Any) -> list[Any]:
    outcome: list[Any] = []
    connecting = TunnelEndpoint(proxy, host, 99, **more).connect(
        Factory.forProtocol(Peer)
    )
    connecting.addBoth(outcome.append)
    outcome.append(connecting) if not outcome else None
    return outcome


def test_the_protocol_steps_into_the_tunnel() -> None:
    proxy = Proxy()
    outcome = tunnel(proxy)
    proxy.protocol.dataReceived(b"HTTP/1.1 200 OK\r\nContent-Le")
    assert len(outcome) == 1
    proxy.protocol.dataReceived(b"ngth: 3\r\n\r\n")
    peer = outcome[1]
    assert peer.connected
    assert proxy.transport.protocol is peer
    assert proxy.transport.disconnecting is False


def test_a_transport_that_keeps_its_protocol_is_passed_through() -> None:
    proxy = Proxy()
    outcome = tunnel(proxy)
    del proxy.transport.protocol
    proxy.protocol.dataReceived(b"HTTP/1.1 200 OK\r\n\r\n")
    proxy.protocol.dataReceived(b"hello")
    proxy.protocol.connectionLost(Failure(ConnectionLost()))
    assert outcome[1].heard == b"hello"
    assert outcome[1].reason.check(ConnectionLost)


@pytest.mark.parametrize("code", [301, 403, 407, 502])
def test_a_proxy_that_refuses_is_told_of(code: int) -> None:
    proxy = Proxy()
    outcome = tunnel(proxy)
    proxy.protocol.dataReceived(
        b"HTTP/1.1 %d No way\r\nContent-Length: 3\r\n\r\nabc" % code
    )
    assert outcome[1].check(client.ProxyRefused)
    assert outcome[1].check(ConnectError)
    assert outcome[1].value.status == code
    assert str(outcome[1].value) == f"The proxy has refused: {code}: No way."
    assert proxy.transport.disconnected


def test_a_proxy_that_speaks_something_else() -> None:
    proxy = Proxy()
    outcome = tunnel(proxy)
    proxy.protocol.dataReceived(b"SSH-2.0\r\n")
    assert outcome[1].check(client.ParseError)
    assert proxy.transport.disconnected


def test_what_comes_with_the_consent_is_not_lost() -> None:
    """A server may speak first, and its words come in the same piece."""
    proxy = Proxy()
    outcome = tunnel(proxy)
    proxy.protocol.dataReceived(b"HTTP/1.1 200 OK\r\n\r\nhello")
    assert outcome[1].heard == b"hello"


def test_a_proxy_that_hangs_up() -> None:
    proxy = Proxy()
    outcome = tunnel(proxy)
    proxy.protocol.connectionLost(Failure(ConnectionDone()))
    assert outcome[1].check(ConnectionDone)


def test_a_proxy_that_is_not_there() -> None:
    class Nobody:
        def connect(self, factory: Any) -> Deferred[Any]:
            return fail(ConnectError())

    assert tunnel(Nobody())[0].check(ConnectError)


def test_cancelling_gives_the_tunnel_up() -> None:
    proxy = Proxy()
    outcome = tunnel(proxy)
    outcome[0].cancel()
    assert proxy.transport.disconnected
    assert isinstance(outcome[1], Failure)


def test_a_factory_that_builds_nothing() -> None:
    class Nothing(Factory):
        def buildProtocol(self, addr: object) -> None:
            return None

    proxy = Proxy()
    outcome: list[Any] = []
    endpoint = TunnelEndpoint(proxy, b"host", 1)
    endpoint.connect(Nothing()).addErrback(outcome.append)
    proxy.protocol.dataReceived(b"HTTP/1.1 200 OK\r\n\r\n")
    assert outcome[0].check(NoProtocol)


def test_an_address_of_ipv6_is_in_brackets() -> None:
    proxy = Proxy()
    tunnel(proxy, b"::1")
    assert proxy.asked().startswith(b"CONNECT [::1]:99 HTTP/1.1\r\n")
