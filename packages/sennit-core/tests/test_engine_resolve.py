"""Names become addresses: told as they come, once, and by whichever resolver is used."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from sennit.core.address import HostnameAddress, IPv4Address, IPv6Address
from sennit.core.defer import Deferred, fail, succeed
from sennit.core.engine import Reactor, SystemResolver
from sennit.core.errors import DNSLookupError, DNSTimeoutError
from sennit.core.protocol import ClientFactory, Factory, Protocol
from sennit.core.testing import MemoryResolver

Drive = Callable[..., Any]


class Receiver:
    """Writes down what it is told; `complete` fires with all of it."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.complete: Deferred[list[Any]] = Deferred()
        self.resolution: Any = None

    def resolutionBegan(self, resolutionInProgress: Any) -> None:
        self.resolution = resolutionInProgress
        self.told.append("began")

    def addressResolved(self, address: Any) -> None:
        self.told.append(address)

    def resolutionComplete(self) -> None:
        self.told.append("complete")
        self.complete.callback(self.told)


class Simple:
    """A simple resolver with one answer for everything."""

    def __init__(self, answer: Deferred[str]) -> None:
        self.answer = answer
        self.asked: list[Any] = []

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        self.asked.append(name)
        return self.answer


def v4(host: str, port: int = 0) -> IPv4Address:
    return IPv4Address("TCP", host, port)


def v6(host: str, port: int = 0, **more: Any) -> IPv6Address:
    return IPv6Address("TCP", host, port, **more)


def entries(*hosts: str) -> list[tuple[Any, ...]]:
    """What ``getaddrinfo`` would give."""
    return [
        (socket.AF_INET6, 1, 6, "", (host, 0, 0, 0))
        if ":" in host
        else (socket.AF_INET, 1, 6, "", (host, 0))
        for host in hosts
    ]


# What the system finds


def test_a_name_is_asked_of_the_system(reactor: Reactor, drive: Drive) -> None:
    receiver = Receiver()

    async def main() -> Any:
        found = reactor.nameResolver.resolveHostName(receiver, "localhost", 80)
        assert found.name == "localhost"
        assert receiver.told == ["began"]
        return await receiver.complete

    told = drive(main)
    assert (told[0], told[-1]) == ("began", "complete")
    assert v4("127.0.0.1", 80) in told
    assert receiver.resolution.name == "localhost"


def test_the_system_order_is_kept_and_other_families_are_left_out(
    reactor: Reactor, drive: Drive
) -> None:
    hosts = [f"192.0.2.{n}" for n in range(200)] + ["2001:db8::1", "192.0.2.250"]
    strange = [(-1, 1, 0, "", ("?",))]
    resolver = SystemResolver(
        reactor, getaddrinfo=lambda *a, **k: strange + entries(*hosts)
    )
    receiver = Receiver()

    async def main() -> Any:
        resolver.resolveHostName(receiver, "many.example", 1)
        return await receiver.complete

    assert [address.host for address in drive(main)[1:-1]] == hosts


@pytest.mark.parametrize(
    ("types", "semantics", "asked"),
    [
        (None, "TCP", (socket.AF_UNSPEC, socket.SOCK_STREAM)),
        ([IPv6Address], "TCP", (socket.AF_INET6, socket.SOCK_STREAM)),
        ([IPv4Address], "UDP", (socket.AF_INET, socket.SOCK_DGRAM)),
        ([IPv6Address, IPv4Address], "UDP", (socket.AF_UNSPEC, socket.SOCK_DGRAM)),
    ],
)
def test_only_what_is_wanted_is_asked_for(
    reactor: Reactor, drive: Drive, types: Any, semantics: Any, asked: Any
) -> None:
    asks: list[Any] = []

    def getaddrinfo(name: str, port: None, family: int, type: int) -> Any:
        asks.append((family, type))
        return entries("192.0.2.1", "2001:db8::1")

    resolver = SystemResolver(reactor, getaddrinfo=getaddrinfo)
    receiver = Receiver()

    async def main() -> Any:
        resolver.resolveHostName(receiver, "a.example", 9, types, semantics)
        return await receiver.complete

    addresses = drive(main)[1:-1]
    wanted = [IPv4Address, IPv6Address] if types is None else types
    assert asks == [asked]
    assert {type(address) for address in addresses} == set(wanted)
    assert {(address.type, address.port) for address in addresses} == {(semantics, 9)}


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("192.0.2.7", v4("192.0.2.7", 5)),
        ("2001:db8::7", v6("2001:db8::7", 5)),
        ("fe80::1%lo", v6("fe80::1", 5, scopeID=socket.if_nametoindex("lo"))),
    ],
)
def test_an_address_is_its_own_and_needs_no_thread(
    reactor: Reactor, name: str, address: Any
) -> None:
    receiver = Receiver()
    reactor.nameResolver.resolveHostName(receiver, name, 5)
    assert receiver.told == ["began", address, "complete"]
    assert reactor.threadpool is None


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("192.0.2.7", [IPv6Address]),
        ("a.example", []),
        ("a..example", None),
        ("", None),
        ("fe80::1%nothing", None),
    ],
)
def test_nothing_to_find_is_complete_at_once(
    reactor: Reactor, name: str, types: Any
) -> None:
    receiver = Receiver()
    reactor.nameResolver.resolveHostName(receiver, name, 5, types)
    assert receiver.told == ["began", "complete"]
    assert reactor.threadpool is None


def test_a_name_that_leads_nowhere_is_complete_without_addresses(
    reactor: Reactor, drive: Drive
) -> None:
    receiver = Receiver()

    async def main() -> Any:
        reactor.nameResolver.resolveHostName(receiver, "no.such.invalid")
        return await receiver.complete

    assert drive(main) == ["began", "complete"]
    assert isinstance(receiver.resolution.error, socket.gaierror)


def test_a_name_travels_in_the_form_of_idna(reactor: Reactor, drive: Drive) -> None:
    names: list[str] = []

    def getaddrinfo(name: str, *a: Any, **k: Any) -> Any:
        names.append(name)
        return entries("192.0.2.1")

    reactor.installNameResolver(SystemResolver(reactor, getaddrinfo=getaddrinfo))

    async def main() -> Any:
        return await reactor.resolve("münchen.example")

    assert drive(main) == "192.0.2.1"
    assert names == ["xn--mnchen-3ya.example"]


def test_what_is_no_name_and_no_semantics_is_an_error_at_once(reactor: Reactor) -> None:
    bytes_: Any = b"a.example"
    with pytest.raises(TypeError, match="is a str, not bytes"):
        reactor.nameResolver.resolveHostName(Receiver(), bytes_)
    with pytest.raises(ValueError, match="'SCTP'"):
        reactor.nameResolver.resolveHostName(
            Receiver(), "a.example", transportSemantics="SCTP"
        )


# Time and cancelling


def test_a_search_has_a_deadline(reactor: Reactor, drive: Drive) -> None:
    over = threading.Event()
    resolver = SystemResolver(
        reactor, timeout=0.02, getaddrinfo=lambda *a, **k: [over.wait(30)]
    )
    receiver = Receiver()

    async def main() -> None:
        resolver.resolveHostName(receiver, "slow.example")
        await receiver.complete
        over.set()

    drive(main)
    assert receiver.told == ["began", "complete"]
    assert str(receiver.resolution.error) == "nobody has answered in 0.02 s"


def test_who_gives_a_search_up_hears_nothing_more(
    reactor: Reactor, drive: Drive
) -> None:
    answered = threading.Event()

    def getaddrinfo(*a: Any, **k: Any) -> Any:
        answered.set()
        return entries("192.0.2.1")

    resolver = SystemResolver(reactor, getaddrinfo=getaddrinfo)
    receiver = Receiver()

    async def main() -> None:
        search = resolver.resolveHostName(receiver, "a.example")
        answered.wait(10)
        search.cancel()
        search.cancel()
        # One more that is found: what the first has found has come by now.
        later = Receiver()
        resolver.resolveHostName(later, "a.example")
        await later.complete

    drive(main)
    assert receiver.told == ["began"]
    assert reactor.getDelayedCalls() == []


def test_a_search_can_be_given_up_as_it_begins(reactor: Reactor) -> None:
    class Unwilling(Receiver):
        def resolutionBegan(self, resolutionInProgress: Any) -> None:
            super().resolutionBegan(resolutionInProgress)
            resolutionInProgress.cancel()

    for name in ("a.example", "192.0.2.1"):
        receiver = Unwilling()
        reactor.nameResolver.resolveHostName(receiver, name)
        assert receiver.told == ["began"]
    assert reactor.threadpool is None


def test_errors_of_the_receiver_are_logged_and_it_is_told_the_rest(
    reactor: Reactor, drive: Drive, logged: list[dict[str, Any]]
) -> None:
    class Failing(Receiver):
        def resolutionBegan(self, resolutionInProgress: Any) -> None:
            super().resolutionBegan(resolutionInProgress)
            raise ZeroDivisionError("began")

        def addressResolved(self, address: Any) -> None:
            super().addressResolved(address)
            raise ZeroDivisionError("address")

        def resolutionComplete(self) -> None:
            super().resolutionComplete()
            raise ZeroDivisionError("complete")

    found = entries("192.0.2.1", "2001:db8::1")
    resolver = SystemResolver(reactor, getaddrinfo=lambda *a, **k: found)
    receiver = Failing()

    async def main() -> Any:
        resolver.resolveHostName(receiver, "a.example")
        return await receiver.complete

    assert drive(main) == ["began", v4("192.0.2.1"), v6("2001:db8::1"), "complete"]
    failures = [str(e["failure"].value) for e in logged if e.get("isError")]
    assert failures == ["began", "address", "address", "complete"]


# One address


def test_resolve_gives_an_ipv4_address(reactor: Reactor, drive: Drive) -> None:
    async def main() -> Any:
        return await reactor.resolve("localhost")

    assert drive(main) == "127.0.0.1"


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("", "0.0.0.0"),
        ("<broadcast>", "255.255.255.255"),
        ("192.0.2.1", "192.0.2.1"),
        ("::1", "::1"),
    ],
)
def test_resolve_asks_nobody_for_an_address(
    reactor: Reactor, name: str, address: str
) -> None:
    resolver = MemoryResolver()
    reactor.installNameResolver(resolver)
    found: list[str] = []
    reactor.resolve(name).addCallback(found.append)
    assert found == [address]
    assert resolver.searches == []


def test_resolve_names_the_host_that_it_has_not_found(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        with pytest.raises(DNSLookupError, match=r"'no\.such\.invalid': Name or serv"):
            await reactor.resolve("no.such.invalid")
        with pytest.raises(DNSLookupError, match=r"invalid hostname: 'a\.\.b'"):
            await reactor.resolve("a..b")
        strange = HostnameAddress(b"other.example", 1)
        reactor.installNameResolver(MemoryResolver({"a.example": [strange]}))
        with pytest.raises(DNSLookupError, match=r"'a\.example': no address was found"):
            await reactor.resolve("a.example")

    drive(main)


def test_resolve_has_a_deadline(reactor: Reactor, drive: Drive) -> None:
    resolver = MemoryResolver()
    reactor.installNameResolver(resolver)

    async def main() -> None:
        with pytest.raises(DNSTimeoutError, match=r"'slow\.example': nobody has answ"):
            await reactor.resolve("slow.example", (0.01, 0.01))  # type: ignore[arg-type]
        with pytest.raises(TimeoutError):
            await reactor.resolve("slow.example", (0.01,))  # type: ignore[arg-type]

    drive(main)
    assert [search.cancelled for search in resolver.searches] == [True, True]
    assert reactor.getDelayedCalls() == []


def test_resolve_can_be_given_up(reactor: Reactor) -> None:
    resolver = MemoryResolver()
    reactor.installNameResolver(resolver)
    outcome: list[Any] = []
    searching = reactor.resolve("a.example")
    searching.addErrback(outcome.append)
    resolver.searches[0].tell("2001:db8::1")
    searching.cancel()
    assert resolver.searches[0].cancelled
    assert isinstance(outcome[0].value, asyncio.CancelledError)
    assert reactor.getDelayedCalls() == []


# Other resolvers


@pytest.mark.parametrize(
    ("told", "one"),
    [
        ([v6("2001:db8::1"), v4("192.0.2.1"), v4("192.0.2.2")], "192.0.2.1"),
        ([v6("2001:db8::1"), v6("2001:db8::2")], "2001:db8::1"),
        ([v6("fe80::1", scopeID=1)], "fe80::1%1"),
    ],
)
def test_an_installed_name_resolver_answers_both_questions(
    reactor: Reactor, told: list[Any], one: str
) -> None:
    resolver = MemoryResolver({"a.example": told})
    before = reactor.nameResolver
    assert reactor.installNameResolver(resolver) is before
    assert reactor.nameResolver is resolver
    found: list[str] = []
    reactor.resolve("a.example").addCallback(found.append)
    assert found == [one]
    assert reactor.installNameResolver(before) is resolver


@pytest.mark.parametrize(
    ("answer", "address"),
    [("192.0.2.1", v4("192.0.2.1", 80)), ("2001:db8::1", v6("2001:db8::1", 80))],
)
def test_an_installed_simple_resolver_answers_both_questions(
    reactor: Reactor, answer: str, address: Any
) -> None:
    resolver = Simple(succeed(answer))
    before = reactor.installResolver(resolver)
    receiver = Receiver()
    reactor.nameResolver.resolveHostName(receiver, "bücher.example", 80)
    assert receiver.told == ["began", address, "complete"]
    assert resolver.asked == ["xn--bcher-kva.example"]
    assert reactor.installResolver(before) is resolver


def test_a_simple_resolver_is_asked_for_names_and_ipv4_only(reactor: Reactor) -> None:
    resolver = Simple(succeed("192.0.2.1"))
    reactor.installResolver(resolver)
    for name, types in (("::1", None), ("a.example", [IPv6Address])):
        receiver = Receiver()
        reactor.nameResolver.resolveHostName(receiver, name, 80, types)
        assert receiver.told[-1] == "complete"
    assert resolver.asked == []


def test_a_simple_resolver_that_fails_has_found_nothing(
    reactor: Reactor, logged: list[dict[str, Any]]
) -> None:
    def told_by(answer: Deferred[str]) -> Receiver:
        reactor.installResolver(Simple(answer))
        receiver = Receiver()
        reactor.nameResolver.resolveHostName(receiver, "a.example", 80)
        assert receiver.told == ["began", "complete"]
        return receiver

    failed = DNSLookupError("'a.example': nobody knows")
    assert told_by(fail(failed)).resolution.error is failed
    assert "'nonsense' was found" in str(told_by(succeed("nonsense")).resolution.error)
    assert [e for e in logged if e.get("isError")] == []

    told_by(fail(ZeroDivisionError()))
    assert [e["failure"].type for e in logged if e.get("isError")] == [
        ZeroDivisionError
    ]


def test_giving_up_reaches_a_simple_resolver(
    reactor: Reactor, logged: list[dict[str, Any]]
) -> None:
    answer: Deferred[str] = Deferred()
    reactor.installResolver(Simple(answer))
    receiver = Receiver()
    search = reactor.nameResolver.resolveHostName(receiver, "a.example")
    search.cancel()
    assert answer.called
    assert receiver.told == ["began"]
    assert [e for e in logged if e.get("isError")] == []


def test_who_restores_the_resolver_of_before_has_it_whole_again(
    reactor: Reactor,
) -> None:
    system = reactor.nameResolver
    simple = reactor.installResolver(Simple(succeed("192.0.2.1")))
    reactor.installResolver(simple)
    assert reactor.nameResolver is system

    mine = Simple(succeed("192.0.2.2"))
    reactor.installResolver(mine)
    adapted = reactor.installNameResolver(system)
    reactor.installNameResolver(adapted)
    assert reactor.installResolver(simple) is mine


def test_what_is_no_resolver_is_refused(reactor: Reactor) -> None:
    nothing: Any = object()
    with pytest.raises(TypeError, match="no IHostnameResolver"):
        reactor.installNameResolver(nothing)
    with pytest.raises(TypeError, match="no IResolverSimple"):
        reactor.installResolver(nothing)


def test_connecting_asks_the_installed_resolver(reactor: Reactor, drive: Drive) -> None:
    made: Deferred[Any] = Deferred()

    class Hello(Protocol):
        def connectionMade(self) -> None:
            made.callback(self.transport.getPeer())
            self.transport.loseConnection()

    class Client(ClientFactory):
        noisy = False
        protocol = Hello

    resolver = MemoryResolver({"six.example": ["::1"]})
    reactor.installNameResolver(resolver)
    port = reactor.listenTCP(0, Factory.forProtocol(Protocol), interface="::1")

    async def main() -> Any:
        number = port.getHost().port
        reactor.connectTCP("six.example", number, Client())
        assert await made == IPv6Address("TCP", "::1", number)

    drive(main)
    assert [search.name for search in resolver.searches] == ["six.example"]


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("münchen.example", b"xn--mnchen-3ya.example"),
        ("a..b", b"a..b"),
        ("faß.de", "faß.de".encode()),
    ],
)
def test_a_connector_shows_where_it_leads_whatever_its_name_is(
    reactor: Reactor, drive: Drive, host: str, shown: bytes
) -> None:
    failed: Deferred[Any] = Deferred()

    class Client(ClientFactory):
        noisy = False

        def clientConnectionFailed(self, connector: Any, reason: Any) -> None:
            failed.callback((connector.getDestination(), reason.type))

    reactor.installNameResolver(MemoryResolver({"xn--mnchen-3ya.example": []}))

    async def main() -> Any:
        reactor.connectTCP(host, 1, Client())
        return await failed

    assert drive(main) == (HostnameAddress(shown, 1), DNSLookupError)
