"""Brokers over real connections, on both loops: threads, factories, pages, the end."""

from __future__ import annotations

import gc
import io
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from sennit.core import task
from sennit.core.cred import checkers
from sennit.core.cred.credentials import UsernamePassword
from sennit.core.cred.portal import Portal
from sennit.core.defer import Deferred, gatherResults
from sennit.core.endpoints import TCP4ClientEndpoint
from sennit.core.engine import Reactor
from sennit.core.errors import ConnectionRefusedError
from sennit.spread import pb, util

Drive = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


class Item(pb.Referenceable):
    def remote_hello(self) -> str:
        return "hello"


class Root(pb.Root):
    def __init__(self) -> None:
        self.brokers: list[Any] = []
        self.paged: list[Any] = []

    def rootObject(self, broker: Any) -> Root:
        self.brokers.append(broker)
        return self

    def remote_same(self, value: Any) -> Any:
        return value

    def remote_item(self) -> Item:
        return Item()

    def remote_never(self) -> Deferred[Any]:
        return Deferred()

    def remote_pages(self, collector: Any, size: int) -> None:
        util.StringPager(collector, b"x" * size, 1000, self.paged.append, size)

    def remote_file(self, collector: Any, size: int) -> None:
        self.file = io.BytesIO(b"y" * size)
        done = self.paged.append if size else None
        util.FilePager(collector, self.file, done, *(["file"] if size else []))

    def remote_failing_pages(self, collector: Any) -> None:
        raise pb.Error("no pages")

    def remote_broken_pages(self, collector: Any) -> None:
        util.Pager(collector)


class Meeting:
    """A server, and clients of it."""

    def __init__(self, reactor: Reactor, root: Any) -> None:
        self.reactor = reactor
        self.port = reactor.listenTCP(
            0, pb.PBServerFactory(root), interface="127.0.0.1"
        )
        self.factories: list[pb.PBClientFactory] = []

    def client(self) -> pb.PBClientFactory:
        factory = pb.PBClientFactory()
        factory.noisy = False
        self.factories.append(factory)
        self.reactor.connectTCP("127.0.0.1", self.port.getHost().port, factory)
        return factory

    async def end(self) -> None:
        for factory in self.factories:
            factory.disconnect()
        await self.port.stopListening()
        await self.until(lambda: not any(each._broker for each in self.factories))

    async def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(500):
            if holds():
                return
            await task.deferLater(self.reactor, 0.01)
        raise AssertionError("it does not come to hold")


def test_a_thousand_calls_of_ten_clients(reactor: Reactor, drive: Drive) -> None:
    """Every answer comes to whoever asked."""

    async def main() -> None:
        meeting = Meeting(reactor, Root())
        roots = [await meeting.client().getRootObject() for _ in range(10)]
        calls = [
            (number, root.callRemote("same", [number, {"n": str(number)}]))
            for number in range(100)
            for root in roots
        ]
        results = await gatherResults([call for _, call in calls])
        assert results == [[number, {"n": str(number)}] for number, _ in calls]
        await meeting.end()

    drive(main)


def test_a_reference_that_dies_in_another_thread_is_given_back(
    reactor: Reactor, drive: Drive
) -> None:
    """In the reactor's thread, in a turn of its own."""

    async def main() -> None:
        root = Root()
        meeting = Meeting(reactor, root)
        front = await meeting.client().getRootObject()
        held = [await front.callRemote("item") for _ in range(20)]
        server = root.brokers[0]
        assert len(server.luids) == 20
        thread = threading.Thread(target=held.clear)
        thread.start()
        thread.join()
        await meeting.until(lambda: not server.luids)
        assert not len(front.broker.borrowed)
        await meeting.end()

    drive(main)


def test_references_die_while_much_is_sent(reactor: Reactor, drive: Drive) -> None:
    """No message is put into the middle of another."""

    async def main() -> None:
        root = Root()
        meeting = Meeting(reactor, root)
        front = await meeting.client().getRootObject()
        gc.set_threshold(10)
        try:
            for _ in range(20):
                items = [front.callRemote("item") for _ in range(20)]
                big = [front.callRemote("same", b"z" * 100_000) for _ in range(5)]
                for item in await gatherResults(items):
                    circle = [item]
                    circle.append(circle)
                for value in await gatherResults(big):
                    assert value == b"z" * 100_000
        finally:
            gc.set_threshold(700, 10, 10)
        del items, item, circle
        gc.collect()
        await meeting.until(lambda: not root.brokers[0].luids)
        await meeting.end()

    drive(main)


def test_a_login_by_an_endpoint(reactor: Reactor, drive: Drive) -> None:
    """A factory is connected by whatever connects factories."""

    class Realm:
        def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: Any) -> Any:
            return pb.IPerspective, pb.Avatar(), lambda: None

    async def main() -> None:
        checker = checkers.InMemoryUsernamePasswordDatabaseDontUse(me=b"pw")
        meeting = Meeting(reactor, Portal(Realm(), [checker]))
        factory = pb.PBClientFactory()
        endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", meeting.port.getHost().port)
        broker = await endpoint.connect(factory)
        avatar = await factory.login(UsernamePassword(b"me", b"pw"))
        assert type(avatar) is pb.RemoteReference
        gone: Deferred[None] = Deferred()
        broker.notifyOnDisconnect(lambda: gone.callback(None))
        factory.disconnect()
        await gone
        await meeting.end()

    drive(main)


def test_a_server_that_is_not_there_fails_who_waits(
    reactor: Reactor, drive: Drive
) -> None:
    """With the reason."""

    async def main() -> None:
        port = reactor.listenTCP(0, pb.PBServerFactory(Root()), interface="127.0.0.1")
        number = port.getHost().port
        await port.stopListening()
        factory = pb.PBClientFactory()
        reactor.connectTCP("127.0.0.1", number, factory)
        with pytest.raises(ConnectionRefusedError):
            await factory.getRootObject()

    drive(main)


def test_when_the_server_goes_everybody_is_told(reactor: Reactor, drive: Drive) -> None:
    """Calls that wait fail, references are dead, the factory can connect anew."""

    async def main() -> None:
        root = Root()
        meeting = Meeting(reactor, root)
        factory = meeting.client()
        front = await factory.getRootObject()
        item = await front.callRemote("item")
        told: list[Any] = []
        item.notifyOnDisconnect(told.append)
        waits = front.callRemote("never")
        root.brokers[0].transport.loseConnection()
        with pytest.raises(pb.PBConnectionLost):
            await waits
        assert told == [item]
        with pytest.raises(pb.DeadReferenceError):
            await item.callRemote("hello")
        await meeting.until(lambda: factory._broker is None)
        reactor.connectTCP("127.0.0.1", meeting.port.getHost().port, factory)
        assert await (await factory.getRootObject()).callRemote("same", 1) == 1
        await meeting.end()

    drive(main)


def test_pages_come_and_other_messages_between_them(
    reactor: Reactor, drive: Drive
) -> None:
    """All of them, in order; the callback is called at the end."""

    async def main() -> None:
        root = Root()
        meeting = Meeting(reactor, root)
        front = await meeting.client().getRootObject()
        all_pages = util.getAllPages(front, "pages", 300_500)
        more = util.getAllPages(front, "file", 100_000)
        assert await front.callRemote("same", 1) == 1
        pages = await all_pages
        assert b"".join(pages) == b"x" * 300_500
        assert len(pages) == 301
        assert b"".join(await more) == b"y" * 100_000
        assert root.paged == ["file", 300_500]
        first = root.file
        assert not first.closed
        assert await util.getAllPages(front, "pages", 0) == [b""]
        assert await util.getAllPages(front, "file", 0) == []
        assert root.file.closed
        await meeting.end()

    drive(main)


def test_pages_that_do_not_come_are_an_error(
    reactor: Reactor, drive: Drive, logged: list[dict[str, Any]]
) -> None:
    """Because the method fails, or the connection ends."""

    async def main() -> None:
        root = Root()
        meeting = Meeting(reactor, root)
        factory = meeting.client()
        front = await factory.getRootObject()
        with pytest.raises(pb.RemoteError, match="no pages"):
            await util.getAllPages(front, "failing_pages")
        assert not front.broker.disconnects
        waits = util.getAllPages(front, "broken_pages")
        assert await front.callRemote("same", 1) == 1
        factory.disconnect()
        with pytest.raises(ConnectionError):
            await waits
        await meeting.end()

    drive(main)
    assert "nextPage" in str(logged)


def test_a_file_is_closed_when_its_reader_goes(reactor: Reactor, drive: Drive) -> None:
    """The pager is told of the end."""

    class Slow(pb.Referenceable):
        def remote_gotPage(self, page: bytes) -> None:
            factory.disconnect()

        def remote_endedPaging(self) -> None:
            raise AssertionError("there was more")

    factory: Any = None

    async def main() -> None:
        nonlocal factory
        root = Root()
        meeting = Meeting(reactor, root)
        factory = meeting.client()
        front = await factory.getRootObject()
        asked = front.callRemote("file", Slow(), 50_000_000)
        asked.addErrback(lambda failure: failure.trap(pb.PBConnectionLost))
        await asked
        await meeting.until(lambda: root.file.closed)
        assert not root.paged
        await meeting.end()

    drive(main)


def test_a_call_that_is_too_long_fails_at_once(reactor: Reactor, drive: Drive) -> None:
    """By a named error; the connection goes on."""

    async def main() -> None:
        meeting = Meeting(reactor, Root())
        front = await meeting.client().getRootObject()
        with pytest.raises(ValueError, match="too long"):
            await front.callRemote("same", b"x" * 700_000)
        with pytest.raises(ValueError, match="too long"):
            await front.callRemote("same", *[b"x" * 600_000] * 30)
        with pytest.raises(ValueError, match="too long"):
            await front.callRemote(
                "same", [[b"x" * 600_000]] * 3, [b"x" * 600_000] * 30
            )
        assert await front.callRemote("same", 1) == 1
        await meeting.end()

    drive(main)
