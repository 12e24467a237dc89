"""A host is connected to by whichever of its addresses answers; the others leave nothing."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from typing import Any

import pytest

from sennit.core.address import (
    HostnameAddress,
    IPv4Address,
    IPv6Address,
    UNIXAddress,
)
from sennit.core.defer import Deferred
from sennit.core.endpoints import HostnameEndpoint
from sennit.core.endpoints._eyeballs import ATTEMPT_DELAY, RESOLUTION_DELAY
from sennit.core.engine import Reactor
from sennit.core.errors import (
    ConnectError,
    ConnectingCancelledError,
    ConnectionRefusedError,
    DNSLookupError,
    DNSTimeoutError,
    NoProtocol,
    NoRouteError,
    TimeoutError,
)
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol
from sennit.core.testing import (
    MemoryReactorClock,
    MemoryResolver,
    RaisingMemoryReactor,
    StringTransport,
)

Drive = Callable[..., Any]

V4 = "192.0.2.1"
V6 = "2001:db8::1"


def quiet(protocol: Callable[..., Protocol] = Protocol) -> Factory:
    factory = Factory.forProtocol(protocol)
    factory.noisy = False
    return factory


def address(host: str, port: int = 80, **more: Any) -> Any:
    return (IPv6Address if ":" in host else IPv4Address)("TCP", host, port, **more)


class Race:
    """An endpoint on a reactor in memory that is connecting, and what comes of it."""

    def __init__(self, *at_once: str, **arguments: Any) -> None:
        self.reactor = MemoryReactorClock()
        resolver = MemoryResolver({"a.example": at_once} if at_once else {})
        self.reactor.installNameResolver(resolver)
        endpoint = HostnameEndpoint(self.reactor, "a.example", 80, **arguments)
        self.outcome: list[Any] = []
        self.connecting = endpoint.connect(quiet())
        self.connecting.addBoth(self.outcome.append)
        self.search = resolver.searches[0]

    @property
    def tried(self) -> list[str]:
        return [host for host, *_ in self.reactor.tcpClients]

    def win(self, attempt: int) -> Any:
        protocol = self.reactor.tcpClients[attempt][2].buildProtocol(address(V4))
        protocol.makeConnection(StringTransport())
        return protocol

    def lose(self, attempt: int, error: Exception | None = None) -> None:
        connector = self.reactor.connectors[attempt]
        factory = self.reactor.tcpClients[attempt][2]
        factory.clientConnectionFailed(connector, Failure(error or ConnectError()))

    @property
    def given_up(self) -> list[bool]:
        return [connector.stoppedConnecting for connector in self.reactor.connectors]

    def is_quiet(self) -> bool:
        return self.reactor.getDelayedCalls() == []


# Winning


def test_the_first_address_that_answers_wins() -> None:
    race = Race(V6, V4)
    assert race.tried == [V6]
    race.win(0)
    assert isinstance(race.outcome[0], Protocol)
    assert race.tried == [V6]
    assert race.is_quiet()


def test_the_next_address_is_tried_after_the_delay_while_the_first_goes_on() -> None:
    race = Race(V6, V4)
    race.reactor.advance(ATTEMPT_DELAY - 0.01)
    assert race.tried == [V6]
    race.reactor.advance(0.01)
    assert race.tried == [V6, V4]
    assert race.given_up == [False, False]
    race.win(0)
    assert race.given_up == [False, True]
    assert len(race.outcome) == 1
    assert race.is_quiet()


def test_the_delay_is_the_users_to_choose() -> None:
    race = Race(V6, V4, attemptDelay=3)
    race.reactor.advance(2.9)
    assert race.tried == [V6]
    race.reactor.advance(0.1)
    assert race.tried == [V6, V4]


def test_a_failed_attempt_begins_the_next_at_once() -> None:
    race = Race(V6, V4)
    race.lose(0)
    assert race.tried == [V6, V4]
    race.win(1)
    assert race.given_up == [False, False]
    assert isinstance(race.outcome[0], Protocol)
    assert race.is_quiet()


def test_addresses_are_tried_as_they_come() -> None:
    race = Race()
    race.search.tell(V6)
    assert race.tried == [V6]
    race.search.tell(V4)
    race.reactor.advance(ATTEMPT_DELAY)
    assert race.tried == [V6, V4]
    race.win(1)
    assert race.search.cancelled
    race.search.tell("192.0.2.9")
    race.search.complete()
    assert race.tried == [V6, V4]
    assert race.is_quiet()


def test_an_ipv4_address_gives_ipv6_a_little_time_to_come() -> None:
    race = Race()
    race.search.tell(V4)
    assert race.tried == []
    race.reactor.advance(RESOLUTION_DELAY - 0.01)
    race.search.tell(V6)
    assert race.tried == [V6]


def test_an_address_that_comes_after_all_have_failed_is_tried() -> None:
    race = Race()
    race.search.tell(V6)
    race.lose(0)
    assert race.outcome == []
    race.search.tell(V4)
    assert race.tried == [V6, V4]


def test_what_is_no_ip_address_is_passed_over() -> None:
    race = Race()
    race.search.tell(UNIXAddress("/s"), HostnameAddress(b"b.example", 80), V6)
    assert race.tried == [V6]


def test_the_zone_of_an_address_goes_along() -> None:
    race = Race()
    race.search.tell(address("fe80::1", scopeID=4))
    assert race.tried == ["fe80::1%4"]


def test_what_each_attempt_is_given() -> None:
    race = Race(V6, V4, timeout=7, bindAddress=("localhost", 49595))
    race.reactor.advance(1)
    assert [(c[0], c[1], c[3], c[4]) for c in race.reactor.tcpClients] == [
        (V6, 80, 7, ("localhost", 49595)),
        (V4, 80, 7, ("localhost", 49595)),
    ]
    assert (race.search.name, race.search.portNumber) == ("a.example", 80)
    assert race.search.addressTypes == [IPv6Address, IPv4Address]


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "fe80::1%lo"])
def test_an_address_needs_no_resolver(host: str) -> None:
    reactor = MemoryReactorClock()
    resolver = MemoryResolver()
    reactor.installNameResolver(resolver)
    HostnameEndpoint(reactor, host, 80).connect(quiet())
    zone = f"%{socket.if_nametoindex('lo')}"
    assert reactor.tcpClients[0][:2] == (host.replace("%lo", zone), 80)
    assert resolver.searches == []
    assert reactor.getDelayedCalls() == []


def test_an_address_of_the_other_family_than_ours_cannot_be_reached() -> None:
    outcome: list[Any] = []
    endpoint = HostnameEndpoint(MemoryReactorClock(), V6, 80, bindAddress="192.0.2.9")
    endpoint.connect(quiet()).addErrback(outcome.append)
    assert outcome[0].type is DNSLookupError


@pytest.mark.parametrize(
    ("ours", "family"),
    [(("192.0.2.9", 0), IPv4Address), ("192.0.2.9", IPv4Address), ("::1", IPv6Address)],
)
def test_our_own_address_decides_the_family(ours: Any, family: type) -> None:
    race = Race(bindAddress=ours)
    assert race.search.addressTypes == [family]
    race.search.tell(V6)
    assert race.reactor.tcpClients[0][4] == (
        ours if isinstance(ours, tuple) else (ours, 0)
    )


# Failing


def test_it_fails_when_the_last_attempt_has() -> None:
    race = Race(V6, V4)
    race.reactor.advance(1)
    race.lose(1)
    assert race.outcome == []
    race.lose(0, TimeoutError())
    assert race.outcome[0].type is TimeoutError
    assert race.is_quiet()


def test_the_error_tells_of_the_other_side_if_one_does() -> None:
    race = Race(V4, V6)
    refused = ConnectionRefusedError(111, "Connection refused")
    race.lose(0, refused)
    race.lose(1, NoRouteError(101, "Network is unreachable"))
    assert race.outcome[0].value is refused
    assert refused.__notes__ == [
        "IPv4Address(TCP, '192.0.2.1', 80): "
        "Connection was refused by other side: 111: Connection refused.",
        "IPv6Address(TCP, '2001:db8::1', 80): "
        "No route to host: 101: Network is unreachable.",
    ]


def test_no_way_out_at_all_is_told_too() -> None:
    race = Race(V4, V6)
    race.lose(0, NoRouteError())
    race.lose(1, ConnectError(99, "Cannot assign requested address"))
    assert race.outcome[0].value.errno == 99


def test_one_attempt_needs_no_notes() -> None:
    race = Race(V4)
    race.lose(0)
    assert not hasattr(race.outcome[0].value, "__notes__")


def test_a_name_without_addresses_is_named() -> None:
    race = Race()
    race.search.complete()
    assert str(race.outcome[0].value) == (
        "DNS lookup failed: 'a.example': no address was found."
    )
    assert race.outcome[0].type is DNSLookupError
    assert race.is_quiet()


def test_a_search_that_knows_why_says_so() -> None:
    race = Race()
    race.search.error = OSError(-2, "Name or service not known")
    race.search.complete()
    assert "'a.example': Name or service not known" in str(race.outcome[0].value)


def test_a_resolver_that_never_answers_is_given_up() -> None:
    race = Race(timeout=5)
    race.reactor.advance(5)
    assert race.outcome[0].type is DNSTimeoutError
    assert "'a.example': nobody has answered in 5 s" in str(race.outcome[0].value)
    assert race.search.cancelled
    assert race.is_quiet()


def test_without_a_time_out_a_resolver_may_take_its_time() -> None:
    race = Race(timeout=0)
    assert race.is_quiet()


def test_a_search_that_does_not_end_leaves_what_it_has_found() -> None:
    race = Race(timeout=5)
    race.search.tell(V6)
    race.reactor.advance(5)
    assert race.search.cancelled
    assert race.outcome == []
    race.lose(0, TimeoutError())
    assert race.outcome[0].type is TimeoutError


def test_an_address_in_waiting_is_tried_when_the_search_is_given_up() -> None:
    race = Race(timeout=RESOLUTION_DELAY / 2)
    race.search.tell(V4)
    race.reactor.advance(RESOLUTION_DELAY / 2)
    assert race.tried == [V4]


@pytest.mark.parametrize(
    "host", ["a..example", "", "x" * 64, b"\xff.example", "faß.de"]
)
def test_what_is_no_name_fails_the_deferred(host: str | bytes) -> None:
    reactor = MemoryReactorClock()
    outcome: list[Any] = []
    endpoint = HostnameEndpoint(reactor, host, 80)
    endpoint.connect(quiet()).addErrback(outcome.append)
    assert isinstance(outcome[0].value, ValueError)
    assert "invalid hostname" in str(outcome[0].value)


def test_a_resolver_that_raises_fails_the_deferred() -> None:
    class Broken(MemoryResolver):
        def resolveHostName(self, *args: Any, **kw: Any) -> Any:
            raise ZeroDivisionError

    reactor = MemoryReactorClock()
    reactor.installNameResolver(Broken())
    outcome: list[Any] = []
    HostnameEndpoint(reactor, "a", 80).connect(quiet()).addErrback(outcome.append)
    assert outcome[0].type is ZeroDivisionError
    assert reactor.getDelayedCalls() == []


def test_a_reactor_that_raises_fails_the_deferred() -> None:
    refusal = ConnectError(string="not today")

    class Refusing(RaisingMemoryReactor, MemoryReactorClock):
        def __init__(self) -> None:
            MemoryReactorClock.__init__(self)
            RaisingMemoryReactor.__init__(self, connectException=refusal)

    reactor = Refusing()
    many = [f"192.0.2.{number}" for number in range(250)]
    reactor.installNameResolver(MemoryResolver({"a": many}))
    outcome: list[Any] = []
    HostnameEndpoint(reactor, "a", 80).connect(quiet()).addErrback(outcome.append)
    assert outcome[0].value is refusal
    assert reactor.getDelayedCalls() == []


# Cancelling


def test_cancelling_gives_the_search_up() -> None:
    race = Race()
    race.connecting.cancel()
    assert race.outcome[0].type is ConnectingCancelledError
    assert race.outcome[0].value.address == HostnameAddress(b"a.example", 80)
    assert race.search.cancelled
    assert race.is_quiet()
    race.search.tell(V6)
    race.search.complete()
    assert race.tried == []


def test_cancelling_gives_all_attempts_up() -> None:
    race = Race(V6, V4, "192.0.2.2")
    race.reactor.advance(ATTEMPT_DELAY)
    race.connecting.cancel()
    assert race.given_up == [True, True]
    assert not race.search.cancelled
    race.reactor.advance(10)
    assert race.tried == [V6, V4]
    assert len(race.outcome) == 1
    assert race.is_quiet()


def test_a_search_that_cannot_be_given_up_is_left_alone(
    logged: list[dict[str, Any]],
) -> None:
    race = Race()

    def stubborn() -> None:
        raise ZeroDivisionError

    race.search.cancel = stubborn  # type: ignore[method-assign]
    race.connecting.cancel()
    assert race.outcome[0].type is ConnectingCancelledError
    assert [e["failure"].type for e in logged] == [ZeroDivisionError]


# For people


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("a.example", "<HostnameEndpoint a.example:80>"),
        (b"a.example", "<HostnameEndpoint a.example:80>"),
        ("münchen.example", "<HostnameEndpoint xn--mnchen-3ya.example:80>"),
        ("::1", "<HostnameEndpoint [::1]:80>"),
        ("127.0.0.1", "<HostnameEndpoint 127.0.0.1:80>"),
        ("a..b", "<HostnameEndpoint a..b:80>"),
        (b"\xff.b", r"<HostnameEndpoint \xff.b:80>"),
    ],
)
def test_it_shows_where_it_leads(host: str | bytes, shown: str) -> None:
    assert repr(HostnameEndpoint(MemoryReactorClock(), host, 80)) == shown


# Over real sockets


def listening(reactor: Reactor, host: str, port: int = 0) -> Any:
    return reactor.listenTCP(port, quiet(), interface=host)


def resolving(reactor: Reactor, *hosts: str) -> None:
    reactor.installNameResolver(MemoryResolver({"dual.example": hosts}))


def free_port() -> int:
    """A port where nobody listens, on neither family."""
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as unused:
        number: int = unused.getsockname()[1]
        return number


def test_a_host_with_both_is_reached_over_ipv6(reactor: Reactor, drive: Drive) -> None:
    resolving(reactor, "::1", "127.0.0.1")

    async def main() -> Any:
        six = listening(reactor, "::1")
        number = six.getHost().port
        listening(reactor, "127.0.0.1", number)
        protocol: Any = await HostnameEndpoint(reactor, "dual.example", number).connect(
            quiet()
        )
        return protocol.transport.getPeer().host

    assert drive(main) == "::1"


def test_a_host_whose_ipv6_refuses_is_reached_over_ipv4(
    reactor: Reactor, drive: Drive
) -> None:
    resolving(reactor, "::1", "127.0.0.1")

    async def main() -> Any:
        four = listening(reactor, "127.0.0.1")
        endpoint = HostnameEndpoint(
            reactor, "dual.example", four.getHost().port, attemptDelay=60
        )
        protocol: Any = await endpoint.connect(quiet())
        return protocol.transport.getPeer().host

    assert drive(main) == "127.0.0.1"


@pytest.fixture
def full() -> Any:
    """A port on ::1 whose queue is full: who connects waits for ever."""
    with socket.socket(socket.AF_INET6) as server:
        server.bind(("::1", 0))
        server.listen(0)
        waiting = []
        for _ in range(3):
            client = socket.socket(socket.AF_INET6)
            client.setblocking(False)
            client.connect_ex(server.getsockname())
            waiting.append(client)
        yield server.getsockname()[1]
        for client in waiting:
            client.close()


def test_a_silent_ipv6_costs_no_more_than_the_delay(
    reactor: Reactor, drive: Drive, full: int
) -> None:
    resolving(reactor, "::1", "127.0.0.1")
    factory = quiet()

    async def main() -> Any:
        listening(reactor, "127.0.0.1", full)
        endpoint = HostnameEndpoint(reactor, "dual.example", full, attemptDelay=0.02)
        protocol: Any = await endpoint.connect(factory)
        # The winner only: the attempt that was still waiting is gone.
        assert factory.numPorts == 1
        assert len(reactor.getDelayedCalls()) == 1  # the test's own deadline
        return protocol.transport.getPeer().host

    assert drive(main) == "127.0.0.1"


def test_a_host_that_refuses_everywhere_says_so(reactor: Reactor, drive: Drive) -> None:
    resolving(reactor, "::1", "127.0.0.1")

    async def main() -> None:
        endpoint = HostnameEndpoint(reactor, "dual.example", free_port())
        with pytest.raises(ConnectionRefusedError) as refused:
            await endpoint.connect(quiet())
        assert len(refused.value.__notes__) == 2

    drive(main)


def test_the_systems_resolver_finds_this_host(reactor: Reactor, drive: Drive) -> None:
    async def main() -> Any:
        port = listening(reactor, "127.0.0.1")
        endpoint = HostnameEndpoint(reactor, b"localhost", port.getHost().port)
        protocol: Any = await endpoint.connect(quiet())
        return protocol.transport.getPeer().host

    assert drive(main) == "127.0.0.1"


def test_the_systems_resolver_knows_no_such_host(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        endpoint = HostnameEndpoint(reactor, "no.such.invalid", 80)
        with pytest.raises(DNSLookupError, match=r"'no\.such\.invalid': Name or"):
            await endpoint.connect(quiet())

    drive(main)


def test_a_factory_that_builds_nothing_fails_the_deferred(
    reactor: Reactor, drive: Drive
) -> None:
    class Refusing(Factory):
        noisy = False

        def buildProtocol(self, addr: Any) -> None:
            return None

    async def main() -> None:
        port = listening(reactor, "127.0.0.1")
        endpoint = HostnameEndpoint(reactor, "127.0.0.1", port.getHost().port)
        with pytest.raises(NoProtocol):
            await endpoint.connect(Refusing())

    drive(main)


@pytest.mark.parametrize("turns", [0, 1, 5])
@pytest.mark.parametrize("known", [(), ("::1",), ("::1", "::1")])
def test_cancelling_at_any_moment_leaves_nothing_open(
    reactor: Reactor, drive: Drive, full: int, known: tuple[str, ...], turns: int
) -> None:
    """While it looks the name up, and while one or two attempts go on."""
    factory = quiet()

    async def main() -> None:
        await asyncio.sleep(0)
        if known:
            resolving(reactor, *known)
        endpoint = HostnameEndpoint(reactor, "dual.example", full, attemptDelay=0)
        connecting: Deferred[Any] = endpoint.connect(factory)
        assert factory.numPorts == len(known)
        for _ in range(turns if known else 0):
            await asyncio.sleep(0)
        connecting.cancel()
        with pytest.raises(ConnectingCancelledError):
            await connecting
        assert factory.numPorts == 0
        assert len(reactor.getDelayedCalls()) == 1  # the test's own deadline

    drive(main)


def test_cancelling_in_connectionmade_closes_the_connection(
    reactor: Reactor, drive: Drive
) -> None:
    lost: Deferred[Any] = Deferred()
    connecting: list[Deferred[Any]] = []

    class Unwanted(Protocol):
        def connectionMade(self) -> None:
            connecting[0].cancel()

        def connectionLost(self, reason: Any = None) -> None:
            lost.callback(None)

    async def main() -> None:
        port = listening(reactor, "127.0.0.1")
        endpoint = HostnameEndpoint(reactor, "127.0.0.1", port.getHost().port)
        connecting.append(endpoint.connect(quiet(Unwanted)))
        with pytest.raises(ConnectingCancelledError):
            await connecting[0]
        await lost

    drive(main)


def test_many_races_leave_no_descriptor_behind(
    reactor: Reactor, drive: Drive, full: int
) -> None:
    """Won, lost to refusals, and given up: as many are open after it as before."""
    resolving(reactor, "::1", "127.0.0.1")

    def open_descriptors() -> int:
        return len(os.listdir("/proc/self/fd"))

    async def race(port: int, factory: Factory) -> None:
        endpoint = HostnameEndpoint(reactor, "dual.example", port, attemptDelay=0)
        protocol: Any = await endpoint.connect(factory)
        protocol.transport.abortConnection()

    async def main() -> tuple[int, int]:
        factory = quiet()
        listening(reactor, "127.0.0.1", full)
        await race(full, factory)
        before = open_descriptors()
        for _ in range(100):
            await race(full, factory)
            with pytest.raises(ConnectionRefusedError):
                await race(free, factory)
            given_up = HostnameEndpoint(reactor, "::1", full).connect(factory)
            given_up.addErrback(lambda _: None)
            await asyncio.sleep(0)
            given_up.cancel()
        while factory.numPorts:
            await asyncio.sleep(0.001)
        return before, open_descriptors()

    free = free_port()
    before, after = drive(main)
    assert abs(after - before) <= 2


@pytest.mark.parametrize("seconds", [{"timeout": -1}, {"attemptDelay": -0.1}])
def test_negative_seconds_are_refused_where_they_are_given(
    seconds: dict[str, Any],
) -> None:
    with pytest.raises(ValueError, match="negative"):
        HostnameEndpoint(MemoryReactorClock(), "example.org", 80, **seconds)
