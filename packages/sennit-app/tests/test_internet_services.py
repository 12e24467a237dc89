"""Services that listen and that do things over time."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sennit.app import internet, strports
from sennit.core.address import UNIXAddress
from sennit.core.defer import Deferred
from sennit.core.endpoints import TCP4ServerEndpoint
from sennit.core.errors import CannotListenError, EndpointStringError
from sennit.core.protocol import ClientFactory, DatagramProtocol, Factory, Protocol
from sennit.core.task import Clock, Cooperator, SchedulerStopped
from sennit.core.testing import MemoryReactorClock, RaisingMemoryReactor


@pytest.fixture
def reactor() -> MemoryReactorClock:
    return MemoryReactorClock()


def factory() -> Factory:
    return Factory.forProtocol(Protocol)


def results(deferred: Any) -> list[Any]:
    """What it fires with; a failure as its class."""
    found: list[Any] = []
    deferred.addErrback(lambda failure: failure.type).addCallback(found.append)
    return found


class Port:
    """A port whose closing a test decides."""

    def __init__(self) -> None:
        self.closed: Deferred[None] = Deferred()

    def stopListening(self) -> Deferred[None]:
        return self.closed


class Endpoint:
    def __init__(self) -> None:
        self.listening: Deferred[Any] = Deferred()

    def listen(self, factory: Any) -> Deferred[Any]:
        return self.listening


def test_it_listens_when_it_is_privileged_and_only_once(
    reactor: MemoryReactorClock,
) -> None:
    endpoint = TCP4ServerEndpoint(reactor, 80)
    made = internet.StreamServerEndpointService(endpoint, factory())
    assert results(made.privilegedStartService()) == [None]
    assert made.startService() is None
    assert [port for port, *_ in reactor.tcpServers] == [80]


def test_it_listens_when_nobody_has_called_it_privileged(
    reactor: MemoryReactorClock,
) -> None:
    endpoint = TCP4ServerEndpoint(reactor, 8080)
    made = internet.StreamServerEndpointService(endpoint, factory())
    made.startService()
    assert len(reactor.tcpServers) == 1


def test_stopping_waits_until_the_port_is_closed_and_it_can_listen_again() -> None:
    endpoint, port = Endpoint(), Port()
    made = internet.StreamServerEndpointService(endpoint, factory())
    started = results(made.startService())
    assert started == []
    endpoint.listening.callback(port)
    stopped = results(made.stopService())
    assert (started, stopped) == ([None], [])
    port.closed.callback(None)
    assert (stopped, made.running) == ([None], False)
    endpoint.listening = Deferred()
    made.startService()
    endpoint.listening.callback(port)


def test_stopping_gives_up_an_endpoint_that_takes_its_time() -> None:
    endpoint = Endpoint()
    made = internet.StreamServerEndpointService(endpoint, factory())
    started = results(made.startService())
    assert results(made.stopService()) == [None]
    assert started == [None]
    assert results(endpoint.listening) == [None]


def test_a_port_that_is_taken_fails_the_start_and_can_be_stopped() -> None:
    endpoint = TCP4ServerEndpoint(RaisingMemoryReactor(OSError(98, "taken")), 80)
    made = internet.StreamServerEndpointService(endpoint, factory())
    assert results(made.privilegedStartService()) == [OSError]
    assert results(made.stopService()) == [None]


def test_a_service_of_a_description_raises_what_is_wrong_at_once() -> None:
    reactor = RaisingMemoryReactor(CannotListenError("", 80, OSError(98, "taken")))
    made = strports.service("tcp:80", factory(), reactor)
    with pytest.raises(CannotListenError, match="taken"):
        made.privilegedStartService()
    with pytest.raises(CannotListenError, match="taken"):
        strports.listen("tcp:80", factory(), reactor)


def test_a_description_gives_a_service_or_a_port(reactor: MemoryReactorClock) -> None:
    strports.service("tcp:80:interface=127.0.0.1", factory(), reactor).startService()
    port = strports.listen("unix:/run/x", factory(), reactor)
    assert reactor.tcpServers[0][3] == "127.0.0.1"
    assert (port.getHost(), len(reactor.unixServers)) == (UNIXAddress("/run/x"), 1)
    with pytest.raises(EndpointStringError):
        strports.service("nonsense", factory(), reactor)


@pytest.mark.parametrize(
    ("kind", "arguments", "seen"),
    [
        (internet.TCPServer, (80, factory()), "tcpServers"),
        (internet.SSLServer, (443, factory(), None), "sslServers"),
        (internet.UNIXServer, ("/run/x", factory()), "unixServers"),
    ],
)
def test_the_reactors_listening_methods_are_services(
    reactor: MemoryReactorClock,
    kind: Callable[..., Any],
    arguments: tuple[Any, ...],
    seen: str,
) -> None:
    made = kind(*arguments, reactor=reactor)
    made.privilegedStartService()
    made.startService()
    assert len(getattr(reactor, seen)) == 1
    assert results(made.stopService()) == [None]
    made.startService()
    assert len(getattr(reactor, seen)) == 2


@pytest.mark.parametrize(
    ("kind", "arguments", "seen"),
    [
        (internet.TCPClient, ("host", 80, ClientFactory()), "tcpClients"),
        (internet.SSLClient, ("host", 443, ClientFactory(), None), "sslClients"),
        (internet.UNIXClient, ("/run/x", ClientFactory()), "unixClients"),
    ],
)
def test_the_reactors_connecting_methods_are_services(
    reactor: MemoryReactorClock,
    kind: Callable[..., Any],
    arguments: tuple[Any, ...],
    seen: str,
) -> None:
    made = kind(*arguments, reactor=reactor)
    made.startService()
    assert len(getattr(reactor, seen)) == 1
    assert reactor.connectors[0].stoppedConnecting is False
    made.stopService()
    assert reactor.connectors[0].disconnected is True


def test_datagram_ports_are_services() -> None:
    called: list[str] = []

    class Recorder:
        def __getattr__(self, name: str) -> Any:
            called.append(name)
            return lambda *args: Port()

    for kind in (
        internet.UDPServer,
        internet.MulticastServer,
        internet.UNIXDatagramServer,
        internet.UNIXDatagramClient,
    ):
        made = kind("x", DatagramProtocol(), reactor=Recorder())
        made.startService()
        stopped = made.stopService()
        assert not stopped.called
    assert called == [
        "listenUDP",
        "listenMulticast",
        "listenUNIXDatagram",
        "connectUNIXDatagram",
    ]


def test_a_copy_of_a_service_has_no_port(reactor: MemoryReactorClock) -> None:
    made = internet.TCPServer(80, factory(), reactor=reactor)
    made.startService()
    copied = copy.copy(made)
    assert (copied._port, copied.reactor, copied.args[0]) == (None, None, 80)


def test_a_timer_calls_while_it_runs() -> None:
    clock = Clock()
    calls: list[str] = []
    made = internet.TimerService(2, calls.append, "x")
    made.clock = clock
    made.startService()
    clock.pump([2, 2])
    assert (calls, made.running) == (["x"] * 3, True)
    assert results(made.stopService()) == [None]
    clock.advance(10)
    assert (calls, made.running) == (["x"] * 3, False)


def test_stopping_waits_for_the_call_of_a_timer_that_goes_on() -> None:
    going: Deferred[None] = Deferred()
    made = internet.TimerService(1, lambda: going)
    made.clock = Clock()
    made.startService()
    stopped = results(made.stopService())
    assert stopped == []
    going.callback(None)
    assert stopped == [None]


def test_a_timer_whose_function_fails_says_so_and_stops(
    flushLoggedErrors: Callable[..., list[Any]],
) -> None:
    clock = Clock()

    def fail() -> None:
        raise ValueError("no")

    made = internet.TimerService(1, fail)
    made.clock = clock
    made.startService()
    assert len(flushLoggedErrors(ValueError)) == 1
    clock.advance(10)
    assert flushLoggedErrors() == []
    assert results(made.stopService()) == [None]


def test_steps_are_taken_while_the_service_runs() -> None:
    made = internet.CooperatorService()
    steps: list[int] = []

    def work() -> Iterator[None]:
        for step in (1, 2):
            steps.append(step)
            yield

    turns: list[Callable[[], None]] = []
    made.coop = Cooperator(
        terminationPredicateFactory=lambda: lambda: True,
        scheduler=_later(turns),
        started=False,
    )
    waiting = results(made.coiterate(work()))
    assert turns == []
    made.startService()
    turns.pop()()
    assert steps == [1]
    made.stopService()
    assert waiting == [SchedulerStopped]


def _later(turns: list[Callable[[], None]]) -> Callable[[Callable[[], None]], Any]:
    def later(step: Callable[[], None]) -> Any:
        turns.append(step)
        return Clock().callLater(1, step)

    return later
