"""Agents and their pool: where requests go, over which connection, and for how long."""

from __future__ import annotations

from typing import Any

import pytest

from sennit.core.defer import CancelledError, Deferred, fail, succeed
from sennit.core.endpoints import HostnameEndpoint
from sennit.core.errors import ConnectError, ConnectionDone
from sennit.core.failure import Failure
from sennit.core.task import Clock
from sennit.core.testing import MemoryReactorClock, StringTransport
from sennit.web import client
from sennit.web.client import Agent, HTTPConnectionPool, Timeouts
from sennit.web.client._pool import _Connecting
from sennit.web.error import SchemeNotSupported
from sennit.web.headers import Headers

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """An endpoint; what is connected to it, the test answers by hand."""

    def __init__(self) -> None:
        self.connections: list[Any] = []
        self.attempts = 0
        # What the next attempts come to: None connects.
        self.outcomes: list[Any] = []

    def connect(self, factory: Any) -> Deferred[Any]:
        self.attempts += 1
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if isinstance(outcome, Deferred):
            return outcome
        if outcome is not None:
            return fail(outcome)
        return succeed(self.connected(factory))

    def connected(self, factory: Any) -> Any:
        protocol = factory.buildProtocol(None)
        protocol.makeConnection(StringTransport())
        self.connections.append(protocol)
        return protocol

    def asked(self, which: int = -1) -> bytes:
        value: bytes = self.connections[which].transport.value()
        self.connections[which].transport.clear()
        return value

    def says(self, data: bytes, which: int = -1) -> None:
        self.connections[which].dataReceived(data)

    def hangs_up(self, which: int = -1) -> None:
        self.connections[which].connectionLost(Failure(ConnectionDone()))


class Net:
    """An agent, and the servers it connects to, by their hosts."""

    def __init__(self, persistent: bool = True, timeouts: Any = None) -> None:
        self.clock = Clock()
        self.pool = HTTPConnectionPool(self.clock, persistent)
        self.servers: dict[bytes, Server] = {}
        self.agent = Agent.usingEndpointFactory(
            self.clock, self, self.pool, timeouts=timeouts or Timeouts()
        )

    def endpointForURI(self, uri: Any) -> Server:
        return self.servers.setdefault(uri.host, Server())

    @property
    def server(self) -> Server:
        return self.servers.setdefault(b"host", Server())

    def ask(
        self, uri: bytes = b"http://host/", method: bytes = b"GET", body: Any = None
    ) -> list[Any]:
        outcome: list[Any] = []
        self.answered = self.agent.request(method, uri, None, body)
        self.answered.addBoth(outcome.append)
        return outcome


def test_a_request_names_the_host_and_the_path() -> None:
    net = Net()
    outcome = net.ask(b"http://host:81/a;b?c#d")
    assert net.server.asked() == b"GET /a;b?c HTTP/1.1\r\nHost: host:81\r\n\r\n"
    net.server.says(OK)
    assert outcome[0].code == 200
    assert outcome[0].request.absoluteURI == b"http://host:81/a;b?c#d"


def test_a_host_that_is_told_is_the_one_named() -> None:
    net = Net()
    net.agent.request(b"GET", b"http://host/", Headers({b"Host": [b"other"]}))
    assert b"\r\nHost: other\r\n" in net.server.asked()


def test_the_headers_given_stay_what_they_are() -> None:
    net = Net()
    given = Headers({b"X": [b"y"]})
    net.agent.request(b"GET", b"http://host/", given)
    assert net.server.asked() == b"GET / HTTP/1.1\r\nHost: host\r\nX: y\r\n\r\n"
    assert given == Headers({b"X": [b"y"]})


@pytest.mark.parametrize("uri", [b"ftp://host/", b"host/x", b"file:///etc/passwd"])
def test_other_schemes_are_not_spoken(uri: bytes) -> None:
    errors: list[Any] = []
    Agent(MemoryReactorClock()).request(b"GET", uri).addErrback(errors.append)
    assert errors[0].check(SchemeNotSupported)


@pytest.mark.parametrize(
    "uri", [b"http://host/a b", b"http://h\r\nost/", b"http://h\xff/"]
)
def test_a_uri_with_anything_in_it_is_refused_at_once(uri: bytes) -> None:
    with pytest.raises(ValueError, match="Invalid URI"):
        Net().ask(uri)


def test_https_connects_to_its_port_and_asks_the_policy() -> None:
    class Policy:
        asked: Any = None

        def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
            self.asked = (hostname, port)
            return client.BrowserLikePolicyForHTTPS().creatorForNetloc(hostname, port)

    reactor, policy = MemoryReactorClock(), Policy()
    Agent(reactor, policy, connectTimeout=7, bindAddress=("127.0.0.1", 0)).request(
        b"GET", b"https://127.0.0.1/"
    ).addErrback(lambda _: None)
    assert policy.asked == (b"127.0.0.1", 443)
    host, port, _, timeout, bound = reactor.tcpClients[0]
    assert (host, port, timeout, bound) == ("127.0.0.1", 443, 7, ("127.0.0.1", 0))


def test_an_agent_that_is_told_nothing_connects_by_name() -> None:
    agent = Agent(MemoryReactorClock())
    endpoint = agent._endpoints.endpointForURI(client.URI.fromBytes(b"http://h:1/"))
    assert isinstance(endpoint, HostnameEndpoint)


def test_what_connecting_comes_to_is_told() -> None:
    net = Net()
    net.server.outcomes = [ConnectError()]
    assert net.ask()[0].check(ConnectError)


# The pool


def test_a_connection_is_kept_for_the_next_request() -> None:
    net = Net()
    net.ask()
    net.server.says(OK)
    net.ask(b"http://HOST:80/again")
    net.server.says(OK)
    assert net.server.attempts == 1


def test_a_connection_is_kept_for_its_place_only() -> None:
    net = Net()
    for uri in (b"http://host/", b"http://host:81/", b"https://host/", b"http://h/"):
        net.ask(uri)
        net.endpointForURI(client.URI.fromBytes(uri)).says(OK)
    assert net.server.attempts == 3


def test_without_a_pool_each_request_has_its_own() -> None:
    net = Net(persistent=False)
    for _ in range(2):
        net.ask()
        assert b"\r\nConnection: close\r\n" in net.server.asked()
        net.server.says(OK)
        assert net.server.connections[-1].transport.disconnecting
    assert net.server.attempts == 2
    assert net.clock.calls == []


def test_no_more_are_kept_than_may_be() -> None:
    """The one that has rested longest makes room."""
    net = Net()
    for _ in range(3):
        net.ask()
    for which in range(3):
        net.server.says(OK, which)
    ended = [each.transport.disconnecting for each in net.server.connections]
    assert ended == [True, False, False]


def test_none_are_kept_if_none_may_be() -> None:
    net = Net()
    net.pool.maxPersistentPerHost = 0
    net.ask()
    net.server.says(OK)
    assert net.server.connections[0].transport.disconnecting


def test_the_one_used_last_is_used_first() -> None:
    net = Net()
    net.ask()
    net.ask()
    for which in (0, 1):
        net.server.says(OK, which)
        net.server.asked(which)
    net.ask()
    assert net.server.asked(0) == b""
    assert net.server.asked(1) != b""


def test_a_connection_is_not_kept_for_ever() -> None:
    net = Net()
    net.ask()
    net.server.says(OK)
    net.clock.advance(net.pool.cachedConnectionTimeout - 1)
    assert not net.server.connections[0].transport.disconnecting
    net.clock.advance(1)
    assert net.server.connections[0].transport.disconnecting
    net.server.hangs_up()
    net.ask()
    assert net.server.attempts == 2


def test_a_connection_that_the_server_ends_is_forgotten() -> None:
    net = Net()
    net.ask()
    net.server.says(OK)
    net.server.hangs_up()
    assert net.clock.calls == []
    net.ask()
    assert net.server.attempts == 2


def test_a_connection_that_says_more_than_it_should_is_forgotten() -> None:
    net = Net()
    net.ask()
    net.server.says(OK)
    net.server.says(OK)
    net.server.hangs_up()
    net.ask()
    assert net.server.attempts == 2


def test_a_connection_that_is_ending_is_not_taken() -> None:
    """It has said too much; that it is over has not been told yet."""
    net = Net()
    net.ask()
    net.server.says(OK)
    net.server.says(OK)
    outcome = net.ask(b"http://host/", b"POST")
    assert net.server.attempts == 2
    net.server.says(OK)
    assert outcome[0].code == 200


def test_those_that_are_kept_can_be_ended() -> None:
    net = Net()
    ended: list[Any] = []
    net.ask()
    net.server.says(OK)
    net.pool.closeCachedConnections().addCallback(ended.append)
    assert net.server.connections[0].transport.disconnecting
    assert ended == []
    net.server.hangs_up()
    assert len(ended) == 1
    assert net.clock.calls == []


# A connection that was ended in the moment it was used


def stale(net: Net, *args: Any) -> list[Any]:
    """Ask over a connection that was kept, and that the server has just ended."""
    net.ask()
    net.server.says(OK)
    outcome = net.ask(*args)
    net.server.hangs_up()
    return outcome


@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"OPTIONS", b"DELETE", b"TRACE"])
def test_what_does_no_harm_twice_is_sent_once_more(method: bytes) -> None:
    net = Net()
    outcome = stale(net, b"http://host/", method)
    assert net.server.attempts == 2
    assert outcome == []
    net.server.says(OK)
    assert outcome[0].code == 200


@pytest.mark.parametrize("method", [b"POST", b"PATCH", b"SPEND"])
def test_what_may_do_harm_is_not(method: bytes) -> None:
    net = Net()
    outcome = stale(net, b"http://host/", method)
    assert outcome[0].check(client.ResponseNeverReceived)
    assert net.server.attempts == 1


def test_it_is_sent_once_more_and_no_more() -> None:
    net = Net()
    outcome = stale(net)
    net.server.hangs_up()
    assert outcome[0].check(client.ResponseNeverReceived)
    assert net.server.attempts == 2


def test_a_body_is_sent_again_if_it_can_be() -> None:
    net = Net()
    stale(net, b"http://host/", b"PUT", client.BytesProducer(b"abc"))
    assert net.server.asked().endswith(b"\r\n\r\nabc")
    once = client.IterableProducer([b"abc"])
    net.server.says(OK)
    outcome = net.ask(b"http://host/", b"PUT", once)
    net.server.hangs_up()
    assert outcome[0].check(client.ResponseNeverReceived)
    assert net.server.attempts == 2


def test_a_connection_that_has_begun_to_answer_was_not_stale() -> None:
    net = Net()
    net.ask()
    net.server.says(OK)
    outcome = net.ask()
    net.server.says(OK[:9])
    net.server.hangs_up()
    assert outcome[0].check(client.ResponseFailed)
    assert net.server.attempts == 1


def test_who_cancels_gets_no_second_request() -> None:
    net = Net()
    net.ask()
    net.server.says(OK)
    outcome = net.ask()
    net.answered.cancel()
    assert outcome[0].check(client.RequestCancelled)
    assert net.server.attempts == 1


def test_it_is_not_sent_once_more_if_nobody_wants_that() -> None:
    net = Net()
    net.pool.retryAutomatically = False
    assert stale(net)[0].check(client.ResponseNeverReceived)
    assert net.server.attempts == 1


# Time


def test_connecting_takes_its_time_and_no_more() -> None:
    net = Net(timeouts=Timeouts(connect=5))
    cancelled: list[Any] = []
    net.server.outcomes = [Deferred(cancelled.append)]
    outcome = net.ask()
    net.clock.advance(4)
    assert outcome == []
    net.clock.advance(1)
    assert outcome[0].check(client.ConnectTimeout)
    assert isinstance(outcome[0].value, TimeoutError)
    assert len(cancelled) == 1
    assert net.clock.calls == []


def test_a_head_takes_its_time_from_the_end_of_the_request() -> None:
    net = Net(timeouts=Timeouts(headers=5))
    body = Slow()
    outcome = net.ask(b"http://host/", b"PUT", body)
    net.clock.advance(100)
    body.produced.callback(None)
    net.clock.advance(4)
    net.server.says(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1")
    assert outcome == []
    net.clock.advance(1)
    assert outcome[0].check(client.HeadersTimeout)
    assert outcome[0].check(client.ResponseNeverReceived)
    assert "5 seconds" in str(outcome[0].value)
    assert net.server.connections[0].transport.disconnected


class Slow:
    """A body that the test writes itself."""

    length = client.UNKNOWN_LENGTH

    def __init__(self) -> None:
        self.produced: Deferred[None] = Deferred()

    def startProducing(self, consumer: Any) -> Deferred[None]:
        return self.produced

    def pauseProducing(self) -> None: ...

    def resumeProducing(self) -> None: ...

    def stopProducing(self) -> None: ...


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"


def test_a_body_may_pause_so_long_and_no_longer() -> None:
    net = Net(timeouts=Timeouts(headers=1, body=5))
    outcome = net.ask()
    net.server.says(HEAD)
    body: list[Any] = []
    client.readBody(outcome[0]).addBoth(body.append)
    for _ in range(3):
        net.clock.advance(4)
        net.server.says(b"x")
    net.clock.advance(4.5)
    assert body == []
    net.clock.advance(0.5)
    assert body[0].check(client.BodyTimeout)
    assert body[0].check(client.ResponseFailed)
    assert net.server.connections[0].transport.disconnected
    assert net.clock.calls == []


def test_a_body_that_we_do_not_take_is_not_late() -> None:
    net = Net(timeouts=Timeouts(body=5))
    outcome = net.ask()
    net.server.says(HEAD)
    net.clock.advance(100)
    body: list[Any] = []
    client.readBody(outcome[0]).addBoth(body.append)
    net.server.says(b"body")
    assert body == [b"body"]


def test_all_of_it_takes_its_time_and_no_more() -> None:
    net = Net(timeouts=Timeouts(connect=5, headers=5, body=5, total=10))
    connecting: Deferred[Any] = Deferred()
    net.server.outcomes = [connecting]
    outcome = net.ask()
    net.clock.advance(4)
    connecting.callback(net.server.connected(_Connecting(net.pool, "k")))
    net.clock.advance(3)
    net.server.says(HEAD)
    body: list[Any] = []
    client.readBody(outcome[0]).addBoth(body.append)
    net.clock.advance(2.9)
    assert body == []
    net.clock.advance(0.1)
    assert body[0].check(client.TotalTimeout)
    assert net.clock.calls == []


def test_a_request_that_is_sent_once_more_has_no_more_time_for_it() -> None:
    net = Net(timeouts=Timeouts(total=10))
    net.ask()
    net.server.says(OK)
    outcome = net.ask()
    net.clock.advance(6)
    net.server.hangs_up()
    net.clock.advance(3)
    assert outcome == []
    net.clock.advance(1)
    assert outcome[0].check(client.TotalTimeout)


def test_when_all_went_well_no_time_is_counted_any_more() -> None:
    net = Net(persistent=False, timeouts=Timeouts(1, 1, 1, 1))
    net.ask()
    net.server.says(OK)
    assert net.clock.calls == []


def test_cancelling_while_connecting_gives_that_up() -> None:
    net = Net()
    cancelled: list[Any] = []
    net.server.outcomes = [Deferred(cancelled.append)]
    outcome = net.ask()
    net.answered.cancel()
    assert len(cancelled) == 1
    assert outcome[0].check(CancelledError)
