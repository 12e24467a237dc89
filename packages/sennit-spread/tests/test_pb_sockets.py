"""A peer that plays by no rules, over real sockets, on both loops."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import pytest

from sennit.core import task
from sennit.core.endpoints import TCP4ClientEndpoint
from sennit.core.engine import Reactor
from sennit.core.errors import ConnectionRefusedError
from sennit.spread import banana, jelly, pb, util
from sennit.spread.banana.wire import INCOMING

Drive = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]

BIG = b"x" * 100_000


class Canary:
    """Allowed nowhere."""

    made = 0

    def __new__(cls) -> Canary:
        Canary.made += 1
        return super().__new__(cls)


class Root(pb.Root):
    def __init__(self) -> None:
        self.calls = 0

    def remote_big(self) -> bytes:
        self.calls += 1
        return BIG

    def remote_same(self, value: Any) -> Any:
        return value

    def remote_pages(self, collector: Any) -> None:
        util.StringPager(collector, BIG * 100, 10_000)


class Served:
    """A server, the brokers of its connections, and raw sockets to it."""

    def __init__(self, reactor: Reactor, root: Any, **server: Any) -> None:
        self.reactor = reactor
        self.brokers: list[pb.Broker] = []
        self.factory = factory = pb.PBServerFactory(root, **server)
        build = factory.buildProtocol

        def noted(addr: Any) -> Any:
            self.brokers.append(build(addr))
            return self.brokers[-1]

        factory.buildProtocol = noted  # type: ignore[method-assign]
        self.port = reactor.listenTCP(0, factory, interface="127.0.0.1")
        self.number = self.port.getHost().port
        self.sockets: list[socket.socket] = []
        self.decoder = banana.Decoder(INCOMING)

    def raw(self) -> socket.socket:
        """Connect, as one whose kernel keeps little for him."""
        made = socket.socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        made.connect(("127.0.0.1", self.number))
        made.setblocking(False)
        self.sockets.append(made)
        return made

    async def until(self, holds: Callable[[], Any]) -> None:
        for _ in range(800):
            if holds():
                return
            await task.deferLater(self.reactor, 0.005)
        raise AssertionError("it does not come to hold")

    async def end(self) -> None:
        for each in self.sockets:
            each.close()
        await self.until(lambda: all(each.disconnected for each in self.brokers))
        await self.port.stopListening()


def call(request: int, name: bytes, *args: Any) -> bytes:
    return banana.encode(
        [b"message", request, b"root", name, 1, [b"tuple", *args], [b"dictionary"]]
    )


GARBAGE = {
    "no type byte": b"\xff",
    "no dialect": banana.encode(b"none of them"),
    "a list": banana.encode([b"pb"]),
    "a long number": b"\x01" * 100,
    "much too long": b"\x7f\x7f\x7f\x7f\x82",
    "an http request": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xab" * 32,
    "then garbage": banana.encode(b"pb") + b"\xff",
    "then a long list": banana.encode(b"pb") + b"\x7f\x7f\x7f\x80",
    "then depth": banana.encode(b"pb") + b"\x01\x80" * 5000,
    "then a word of no number": banana.encode(b"pb") + b"\x7f\x87",
    "another version": banana.encode(b"pb") + banana.encode([b"version", 7]),
    "an answer to nothing": banana.encode(b"pb") + banana.encode([b"answer", 1, 1]),
    "a decref of nothing": banana.encode(b"pb") + banana.encode([b"decref", 1]),
    "a decache of nothing": banana.encode(b"pb") + banana.encode([b"decache", 1]),
}


@pytest.mark.parametrize("data", GARBAGE.values(), ids=GARBAGE)
@pytest.mark.parametrize("cut", [False, True])
def test_garbage_ends_the_connection_and_no_other(
    reactor: Reactor,
    drive: Drive,
    data: bytes,
    cut: bool,
    logged: list[dict[str, Any]],
) -> None:
    """In one piece or byte by byte; the log has one line, with the peer's address."""

    async def main() -> None:
        served = Served(reactor, Root())
        good = pb.PBClientFactory()
        reactor.connectTCP("127.0.0.1", served.number, good)
        root = await good.getRootObject()
        raw = served.raw()
        address = raw.getsockname()[1]
        await served.until(lambda: len(served.brokers) == 2)
        for at in range(0, len(data), 64) if cut else [0]:
            try:
                raw.send(data[at : at + 64] if cut else data)
            except OSError:
                break
            await task.deferLater(reactor, 0)
        await served.until(lambda: served.brokers[1].disconnected)
        assert await root.callRemote("same", 1) == 1
        told = [each for each in logged if f"{address}" in str(each)]
        assert len(told) == 1
        assert "\n" not in "".join(told[0]["message"])
        good.disconnect()
        await served.end()

    drive(main)


def test_a_peer_that_reads_nothing_is_not_answered_for_ever(
    reactor: Reactor, drive: Drive, logged: list[dict[str, Any]]
) -> None:
    """Nor is what it asks done, until it reads; then all comes, and in order."""

    async def main() -> None:
        root = Root()
        served = Served(reactor, root)
        raw = served.raw()
        much = 2000
        await served.until(lambda: served.brokers)
        raw.send(banana.encode(b"pb"))
        asked = b"".join(call(number, b"big") for number in range(1, much + 1))
        sent = 0
        before = -1
        while root.calls != before or not root.calls:
            before = root.calls
            while sent < len(asked):
                try:
                    sent += raw.send(asked[sent:])
                except BlockingIOError:
                    break
            await task.deferLater(reactor, 0.05)
        assert root.calls < 100
        answers = await read_all(served, raw, asked[sent:], much)
        assert answers == list(range(1, much + 1))
        assert root.calls == much
        raw.send(call(much + 1, b"same", 5))
        assert await read_all(served, raw, b"", 1) == [much + 1]
        await served.end()

    drive(main)
    assert not any(event["isError"] for event in logged)


def test_a_peer_that_reads_nothing_of_pages_is_not_answered_for_ever(
    reactor: Reactor, drive: Drive
) -> None:
    """While pages are sent, too; and they come to an end when it reads."""

    async def main() -> None:
        root = Root()
        served = Served(reactor, root)
        raw = served.raw()
        await served.until(lambda: served.brokers)
        raw.send(banana.encode(b"pb") + call(1, b"pages", [b"remote", 1]))
        await task.deferLater(reactor, 0.05)
        for number in range(2, 502):
            raw.send(call(number, b"big"))
        before = -1
        while root.calls != before:
            before = root.calls
            await task.deferLater(reactor, 0.05)
        assert root.calls < 100
        assert await read_all(served, raw, b"", 501) == list(range(1, 502))
        await served.until(lambda: not served.brokers[0].pages.pagers)
        raw.send(call(502, b"same", 5))
        assert await read_all(served, raw, b"", 1) == [502]
        await served.end()

    drive(main)


async def read_all(
    served: Served, raw: socket.socket, rest: bytes, count: int
) -> list[int]:
    """Send the rest, and read so many answers: their numbers."""
    answers: list[int] = []
    while len(answers) < count:
        with suppress(BlockingIOError):
            rest = rest[raw.send(rest) :] if rest else b""
        try:
            data = raw.recv(2**20)
        except BlockingIOError:
            await task.deferLater(served.reactor, 0.001)
            continue
        assert data, "the connection was closed"
        said = list(served.decoder.expressions(data))
        answers += [each[1] for each in said if each[0] == b"answer"]
    return answers


def test_a_peer_that_takes_nothing_for_long_is_given_up(
    reactor: Reactor, drive: Drive, logged: list[dict[str, Any]]
) -> None:
    """What waits for it is forgotten, with a line that names the peer."""

    class Impatient(pb.Broker):
        stallTimeout = 0.05

    async def main() -> None:
        served = Served(reactor, Root())
        served.factory.protocol = Impatient
        raw = served.raw()
        await served.until(lambda: served.brokers)
        raw.send(banana.encode(b"pb") + call(1, b"big") * 200)
        await served.until(lambda: served.brokers[0].disconnected)
        await served.end()

    drive(main)
    assert "PeerTimeout" in str(logged)


def test_many_that_say_nothing_are_given_up(reactor: Reactor, drive: Drive) -> None:
    """All of them; others are served meanwhile."""

    async def main() -> None:
        served = Served(reactor, Root(), handshakeTimeout=0.3)
        for _ in range(200):
            served.raw()
            await task.deferLater(reactor, 0)
        good = pb.PBClientFactory()
        reactor.connectTCP("127.0.0.1", served.number, good)
        root = await good.getRootObject()
        await served.until(
            lambda: sum(each.disconnected for each in served.brokers) == 200
        )
        assert await root.callRemote("same", 1) == 1
        good.disconnect()
        await served.end()

    drive(main)


def test_a_peer_that_resets_the_connection_leaves_nothing(
    reactor: Reactor, drive: Drive
) -> None:
    """In the middle of a message."""

    async def main() -> None:
        served = Served(reactor, Root())
        raw = served.raw()
        await served.until(lambda: served.brokers)
        raw.send(banana.encode(b"pb") + call(1, b"big") + b"\x07\x80")
        await task.deferLater(reactor, 0.02)
        linger = struct.pack("ii", 1, 0)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        raw.close()
        await served.until(lambda: served.brokers[0].disconnected)
        assert not served.brokers[0].localObjects
        await served.end()

    drive(main)


FORBIDDEN = [
    [f"{__name__}.Canary".encode(), [b"dictionary"]],
    [b"instance", [b"class", f"{__name__}.Canary".encode()], [b"dictionary"]],
    [b"class", f"{__name__}.Canary".encode()],
    [b"module", b"antigravity"],
    [b"function", b"os.system"],
    [b"method", b"system", [b"None"], [b"class", b"os"]],
    [b"os.system", b"true"],
    [b"builtins.object", [b"None"]],
]


@pytest.mark.parametrize("forbidden", FORBIDDEN, ids=repr)
def test_nothing_is_made_that_is_not_allowed(
    reactor: Reactor, drive: Drive, forbidden: Any, logged: list[dict[str, Any]]
) -> None:
    """The caller is told; the connection goes on."""

    async def main() -> None:
        served = Served(reactor, Root())
        raw = served.raw()
        await served.until(lambda: served.brokers)
        nested = [b"list", [b"tuple", forbidden]]
        raw.send(banana.encode(b"pb") + call(1, b"same", nested) + call(2, b"same", 5))
        assert await read_all(served, raw, b"", 1) == [2]
        await served.end()

    drive(main)
    assert not Canary.made
    (told,) = [event["failure"] for event in logged if event["isError"]]
    assert told.check(jelly.InsecureJelly)


def test_an_endpoint_that_does_not_connect_fails_who_waits(
    reactor: Reactor, drive: Drive
) -> None:
    """With the reason, if the factory is asked to connect by it."""

    async def main() -> None:
        port = reactor.listenTCP(0, pb.PBServerFactory(Root()), interface="127.0.0.1")
        number = port.getHost().port
        await port.stopListening()
        factory = pb.PBClientFactory()
        waits = factory.getRootObject()
        endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", number)
        with pytest.raises(ConnectionRefusedError):
            await factory.connect(endpoint)
        with pytest.raises(ConnectionRefusedError):
            await waits

    drive(main)


def test_a_factory_connects_by_an_endpoint(reactor: Reactor, drive: Drive) -> None:
    """And whoever waits is told of a connection that ends before it is of use."""

    async def main() -> None:
        served = Served(reactor, Root())
        endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", served.number)
        factory = pb.PBClientFactory()
        root = await factory.connect(endpoint)
        assert await root.callRemote("same", 5) == 5
        factory.disconnect()
        await served.until(lambda: root.broker.disconnected)
        listener = socket.create_server(("127.0.0.1", 0))
        silent = TCP4ClientEndpoint(reactor, "127.0.0.1", listener.getsockname()[1])
        factory = pb.PBClientFactory(handshakeTimeout=0.05)
        waits = factory.getRootObject()
        with pytest.raises(pb.PBConnectionLost):
            await factory.connect(silent)
        with pytest.raises(pb.PBConnectionLost):
            await waits
        listener.close()
        await served.end()

    drive(main)
