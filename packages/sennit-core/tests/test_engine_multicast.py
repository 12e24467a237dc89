"""Multicast: groups are joined and left, over IPv4 and IPv6; failures have one name.

Nothing leaves this host: IPv4 uses the loopback interface, IPv6 groups of interface
scope (``ff01::/16``), which no router and no wire ever sees.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import Callable
from typing import Any

import pytest

from sennit.core.defer import Deferred, fail, succeed
from sennit.core.engine import MulticastPort, Reactor
from sennit.core.errors import (
    CannotListenError,
    DNSLookupError,
    InvalidAddressError,
    MulticastJoinError,
)
from sennit.core.protocol import DatagramProtocol

Drive = Callable[..., Any]

GROUP, OTHER_GROUP = "225.0.0.250", "225.0.0.251"
GROUP6 = "ff01::1234"


class Mailbox(DatagramProtocol):
    noisy = False
    transport: Any

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.waiting: Deferred[bytes] | None = None

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        self.got.append(datagram)
        if self.waiting is not None:
            waiting, self.waiting = self.waiting, None
            waiting.callback(datagram)

    def next(self) -> Deferred[bytes]:
        self.waiting = Deferred()
        return self.waiting


def multicast_index() -> int:
    """An interface that takes IPv6 multicast; the loopback mostly does not."""
    for index, _ in socket.if_nameindex():
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            try:
                sock.setsockopt(
                    socket.IPPROTO_IPV6,
                    socket.IPV6_MULTICAST_IF,
                    struct.pack("I", index),
                )
                sock.sendto(b"", (GROUP6, 9))
            except OSError:
                continue
            return index
    return 0


INDEX = multicast_index()
ipv6 = pytest.mark.skipif(not INDEX, reason="no interface takes IPv6 multicast")


def failure_of(deferred: Deferred[Any]) -> BaseException:
    """Why a Deferred has failed, which it has already."""
    failures: list[Any] = []
    deferred.addErrback(failures.append)
    assert failures
    error = failures[0].value
    assert isinstance(error, BaseException)
    return error


def result_of(deferred: Deferred[Any]) -> Any:
    results: list[Any] = []
    deferred.addCallback(results.append)
    return results[0]


def test_a_group_is_heard_from_joining_to_leaving(
    reactor: Reactor, drive: Drive
) -> None:
    hearer, speaker = Mailbox(), Mailbox()
    port = reactor.listenMulticast(0, hearer)
    there = (GROUP, port.getHost().port)
    reactor.listenMulticast(0, speaker)

    async def main() -> None:
        say = speaker.transport
        assert await say.setOutgoingInterface("127.0.0.1") is True
        assert say.getOutgoingInterface() == "127.0.0.1"
        say.write(b"too early", there)
        assert await hearer.transport.joinGroup(GROUP, "127.0.0.1") is None
        say.write(b"heard", there)
        assert await hearer.next() == b"heard"
        say.write(b"not for us", (OTHER_GROUP, there[1]))
        assert await hearer.transport.leaveGroup(GROUP, "127.0.0.1") is None
        say.write(b"too late", there)
        say.write(b"to you", ("127.0.0.1", there[1]))
        assert await hearer.next() == b"to you"

    drive(main)
    assert hearer.got == [b"heard", b"to you"]


@ipv6
@pytest.mark.parametrize("called", ["index", "digits", "name", "address", "zone"])
def test_ipv6_takes_an_interface_by_whatever_it_is_called(
    reactor: Reactor, drive: Drive, called: str
) -> None:
    hearer, speaker = Mailbox(), Mailbox()
    port = reactor.listenMulticast(0, hearer, interface="::")
    reactor.listenMulticast(0, speaker, interface="::")
    name = socket.if_indextoname(INDEX)
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
        probe.setsockopt(
            socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, struct.pack("I", INDEX)
        )
        probe.connect((GROUP6, 9))
        address = probe.getsockname()[0].partition("%")[0]
    interface = {
        "index": INDEX,
        "digits": str(INDEX),
        "name": name,
        "address": address,
        "zone": f"{address}%{name}",
    }[called]

    async def main() -> None:
        await speaker.transport.setOutgoingInterface(interface)
        assert speaker.transport.getOutgoingInterface() == INDEX
        await hearer.transport.joinGroup(GROUP6, interface)
        speaker.transport.write(b"heard", (GROUP6, port.getHost().port))
        assert await hearer.next() == b"heard"
        await hearer.transport.leaveGroup(GROUP6, interface)
        # The zone of the group's address will do as well.
        await hearer.transport.joinGroup(f"{GROUP6}%{name}")
        speaker.transport.write(b"again", (GROUP6, port.getHost().port))
        assert await hearer.next() == b"again"

    drive(main)


@pytest.mark.parametrize("interface", ["", "::"])
def test_the_options_of_what_goes_out(reactor: Reactor, interface: str) -> None:
    port = reactor.listenMulticast(0, Mailbox(), interface=interface)
    unset = 0 if interface else "0.0.0.0"
    assert port.getOutgoingInterface() == unset
    assert (port.getTTL(), port.getLoopbackMode()) == (1, True)
    for ttl in (0, 64, 255):
        port.setTTL(ttl)
        assert port.getTTL() == ttl
    for mode in (False, True):
        port.setLoopbackMode(mode)
        assert port.getLoopbackMode() is mode
    for ttl in (-1, 256):
        with pytest.raises(ValueError, match=str(ttl)):
            port.setTTL(ttl)
    for any_interface in ("", unset, "::" if interface else "0.0.0.0"):
        assert result_of(port.setOutgoingInterface(any_interface)) is True
        assert port.getOutgoingInterface() == unset
    port.connectionLost()


@pytest.mark.parametrize(
    ("interface", "group", "on", "why"),
    [
        ("", "127.0.0.1", "", "the group 127.0.0.1 on any interface: Invalid"),
        ("", "nowhere", "", "no nowhere"),
        ("", GROUP6, "", "the port is IPv4, and ff01::1234 is not"),
        ("", GROUP, "::1", "the port is IPv4, and ::1 is not"),
        ("", GROUP, 1, "IPv4 knows interfaces by their addresses"),
        ("", GROUP, "203.0.113.9", "on 203.0.113.9: No such device"),
        ("::", GROUP, "", "the port is IPv6"),
        ("::", "::1", "", "Invalid argument"),
        ("::", GROUP6, "no-such-interface", "no interface with this name"),
        ("::", GROUP6, 99999, "No such device"),
        ("::", GROUP6, "2001:db8::9", "Cannot assign requested address"),
    ],
)
def test_what_cannot_be_joined_fails_with_one_name(
    reactor: Reactor, interface: str, group: str, on: str | int, why: str
) -> None:
    reactor.installResolver(_Names({}))
    port = reactor.listenMulticast(0, Mailbox(), interface=interface)
    before = len(os.listdir("/proc/self/fd"))
    error = failure_of(port.joinGroup(group, on))
    assert type(error) is MulticastJoinError
    assert error.errno
    assert why in str(error)
    assert type(failure_of(port.leaveGroup(group, on))) is MulticastJoinError
    assert len(os.listdir("/proc/self/fd")) == before
    port.connectionLost()


def test_an_interface_that_is_not_ours_cannot_be_chosen(reactor: Reactor) -> None:
    port = reactor.listenMulticast(0, Mailbox())
    error = failure_of(port.setOutgoingInterface("203.0.113.9"))
    assert type(error) is MulticastJoinError
    assert "the interface 203.0.113.9" in str(error)
    port.connectionLost()


class _Names:
    """Knows some names, and answers when it likes."""

    def __init__(self, names: dict[str, str | Deferred[str]]) -> None:
        self._names = names

    def getHostByName(self, name: str, timeout: Any = None) -> Deferred[str]:
        found = self._names.get(name)
        if found is None:
            return fail(DNSLookupError(f"no {name}"))
        return succeed(found) if isinstance(found, str) else found


def test_a_group_may_have_a_name(reactor: Reactor) -> None:
    later: Deferred[str] = Deferred()
    reactor.installResolver(_Names({"radio": later, "here": "127.0.0.1"}))
    port = reactor.listenMulticast(0, Mailbox())
    joined = port.joinGroup("radio", "here")
    assert not joined.called
    later.callback(GROUP)
    assert result_of(joined) is None
    assert result_of(port.leaveGroup(GROUP, "127.0.0.1")) is None
    assert type(failure_of(port.joinGroup("television"))) is MulticastJoinError
    port.connectionLost()


def test_a_port_that_closes_meanwhile_has_joined_nothing(
    reactor: Reactor, drive: Drive
) -> None:
    later: Deferred[str] = Deferred()
    reactor.installResolver(_Names({"radio": later}))
    port = reactor.listenMulticast(0, Mailbox())

    async def main() -> None:
        joined = port.joinGroup("radio")
        await port.stopListening()
        later.callback(GROUP)
        assert "closed" in str(failure_of(joined))
        assert "closed" in str(failure_of(port.leaveGroup(GROUP)))

    drive(main)


def test_joining_can_be_cancelled(reactor: Reactor) -> None:
    asked: list[Any] = []
    later: Deferred[str] = Deferred(asked.append)
    reactor.installResolver(_Names({"radio": later}))
    port = reactor.listenMulticast(0, Mailbox())
    joined = port.joinGroup("radio")
    joined.cancel()
    failure_of(joined)
    assert asked == [later]
    port.connectionLost()


def test_several_may_listen_where_all_agree(reactor: Reactor, drive: Drive) -> None:
    one, other = Mailbox(), Mailbox()
    port = reactor.listenMulticast(0, one, listenMultiple=True)
    number = port.getHost().port
    reactor.listenMulticast(number, other, listenMultiple=True)
    with pytest.raises(CannotListenError):
        reactor.listenMulticast(number, Mailbox())
    speaker = Mailbox()
    reactor.listenMulticast(0, speaker)

    async def main() -> None:
        for each in (one, other):
            await each.transport.joinGroup(GROUP, "127.0.0.1")
        await speaker.transport.setOutgoingInterface("127.0.0.1")
        speaker.transport.write(b"to all", (GROUP, number))
        assert await one.next() == b"to all"
        while not other.got:
            await asyncio.sleep(0.001)

    drive(main)
    assert other.got == [b"to all"]


def test_a_local_name_is_no_interface(reactor: Reactor) -> None:
    with pytest.raises(InvalidAddressError):
        reactor.listenMulticast(0, Mailbox(), interface="localhost")


def test_it_is_a_port_like_others(reactor: Reactor) -> None:
    port = reactor.listenMulticast(0, Mailbox())
    assert isinstance(port, MulticastPort)
    assert port.addressFamily == socket.AF_INET
    assert repr(port).endswith(f"Mailbox on {port.getHost().port}>")
    port.connectionLost()
    assert repr(port).endswith("Mailbox (not listening)>")


def test_after_thousands_of_groups_nothing_is_left(
    reactor: Reactor, drive: Drive
) -> None:
    """Each of a hundred ports joins twenty groups and leaves most of them."""

    async def main() -> None:
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(100):
            mailbox = Mailbox()
            port = reactor.listenMulticast(0, mailbox)
            for number in range(20):
                await port.joinGroup(f"225.0.1.{number}", "127.0.0.1")
            for number in range(15):
                await port.leaveGroup(f"225.0.1.{number}", "127.0.0.1")
            await port.stopListening()
        assert len(os.listdir("/proc/self/fd")) == before
        with open("/proc/net/igmp", encoding="ascii") as table:
            assert "0001E1" not in table.read()  # 225.0.1.*, in the machine's order

    drive(main)
