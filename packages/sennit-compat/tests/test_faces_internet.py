from __future__ import annotations

import os
import socket
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from zope.interface.verify import verifyObject

import sennit.compat
import sennit.core
from sennit.compat.faces.internet import (
    abstract,
    asyncioreactor,
    base,
    default,
    epollreactor,
    fdesc,
    interfaces,
    main,
    pollreactor,
    process as process_face,
    selectreactor,
    utils,
)
from sennit.core import errors, process
from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.failure import Failure
from sennit.core.protocol import ProcessProtocol
from sennit.protocols.basic import FileSender


@pytest.fixture
def no_reactor() -> Iterator[None]:
    """Twisted's names are there, the global reactor is not."""
    sennit.compat.install()
    kept = sys.modules.pop("sennit.core.reactor", None)
    vars(sennit.core).pop("reactor", None)
    yield
    sennit.compat.uninstall()
    sys.modules.pop("sennit.core.reactor", None)
    vars(sennit.core).pop("reactor", None)
    if kept is not None:
        sys.modules["sennit.core.reactor"] = kept
        vars(sennit.core)["reactor"] = kept


def outcome_of(deferred: Deferred[Any], reactor: Reactor) -> Any:
    """Run a reactor until a Deferred has fired; its result or its Failure."""
    results: list[Any] = []
    deferred.addBoth(results.append)
    if not results:
        deferred.addBoth(lambda _: reactor.stop())
        reactor.callLater(20, reactor.stop)
        reactor.run()
    reactor.close()
    return results[0]


@pytest.mark.usefixtures("no_reactor")
class TestInstalling:
    def test_what_is_installed_is_the_reactor_under_every_name(self) -> None:
        reactor = object()
        main.installReactor(reactor)
        found: dict[str, object] = {}
        exec("from twisted.internet import reactor", found)
        assert found["reactor"] is reactor
        assert sennit.core.reactor is reactor

    def test_a_second_one_is_refused(self) -> None:
        main.installReactor(object())
        with pytest.raises(errors.ReactorAlreadyInstalledError):
            main.installReactor(object())

    def test_without_an_object_it_is_the_usual_one(self) -> None:
        main.installReactor()
        assert isinstance(sennit.core.reactor, Reactor)

    @pytest.mark.parametrize(
        "module", [default, selectreactor, pollreactor, epollreactor, asyncioreactor]
    )
    def test_each_kind_of_reactor_is_accepted(self, module: Any) -> None:
        module.install()
        assert isinstance(sennit.core.reactor, Reactor)


class TestDescriptors:
    @pytest.fixture
    def pipe(self) -> Iterator[tuple[int, int]]:
        reader, writer = os.pipe()
        yield reader, writer
        for fd in (reader, writer):
            try:
                os.close(fd)
            except OSError:
                continue

    def test_reading_hands_over_what_is_there(self, pipe: tuple[int, int]) -> None:
        reader, writer = pipe
        fdesc.setNonBlocking(reader)
        got: list[bytes] = []
        assert fdesc.readFromFD(reader, got.append) is None
        os.write(writer, b"data")
        assert fdesc.readFromFD(reader, got.append) is None
        os.close(writer)
        assert fdesc.readFromFD(reader, got.append) is errors.CONNECTION_DONE
        os.close(reader)
        assert fdesc.readFromFD(reader, got.append) is errors.CONNECTION_LOST
        assert got == [b"data"]

    def test_writing_writes_what_can_be_written(self, pipe: tuple[int, int]) -> None:
        reader, writer = pipe
        fdesc.setNonBlocking(writer)
        assert fdesc.writeToFD(writer, b"data") == 4
        while written := fdesc.writeToFD(writer, b"x" * 100_000):
            assert written != errors.CONNECTION_LOST
        os.close(reader)
        assert fdesc.writeToFD(writer, b"x") is errors.CONNECTION_LOST

    def test_a_descriptor_waits_again_where_it_is_to(
        self, pipe: tuple[int, int]
    ) -> None:
        fdesc.setNonBlocking(pipe[0])
        fdesc.setBlocking(pipe[0])
        assert os.get_blocking(pipe[0])


class Kernel(abstract.FileDescriptor):
    """A descriptor that takes so many bytes at a time."""

    connected = True

    def __init__(self, reactor: Any, room: int) -> None:
        super().__init__(reactor)
        self.room = room
        self.got = b""

    def writeSomeData(self, data: bytes) -> int:
        self.got += data[: self.room]
        return min(self.room, len(data))


class Watch:
    """A reactor that only notes who is watched."""

    def __init__(self) -> None:
        self.readers: set[object] = set()
        self.writers: set[object] = set()
        self.addReader = self.readers.add
        self.removeReader = self.readers.discard
        self.addWriter = self.writers.add
        self.removeWriter = self.writers.discard


class Producer:
    def __init__(self) -> None:
        self.said: list[str] = []

    def resumeProducing(self) -> None:
        self.said.append("resume")

    def pauseProducing(self) -> None:
        self.said.append("pause")

    def stopProducing(self) -> None:
        self.said.append("stop")


class TestFileDescriptor:
    def test_everything_is_written_in_order(self) -> None:
        watch = Watch()
        kernel = Kernel(watch, 3)
        kernel.write(b"hello ")
        kernel.writeSequence([b"wor", b"ld"])
        assert watch.writers == {kernel}
        for _ in range(4):
            assert kernel.doWrite() is None
        assert kernel.got == b"hello world"
        assert not watch.writers

    def test_text_is_refused(self) -> None:
        kernel = Kernel(Watch(), 3)
        with pytest.raises(TypeError, match="str"):
            kernel.write("text")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="str"):
            kernel.writeSequence([b"x", "text"])  # type: ignore[list-item]

    def test_it_ends_when_all_is_written(self) -> None:
        kernel = Kernel(Watch(), 2)
        kernel.write(b"abc")
        kernel.loseConnection()
        assert kernel.doWrite() is None
        assert kernel.doWrite() is errors.CONNECTION_DONE
        assert kernel.got == b"abc"

    def test_the_writing_alone_can_end(self) -> None:
        kernel = Kernel(Watch(), 9)
        kernel.write(b"abc")
        kernel.loseWriteConnection()
        assert kernel.doWrite() is None
        kernel.write(b"dropped")
        kernel.doWrite()
        assert kernel.got == b"abc"

    def test_a_push_producer_is_paused_and_resumed(self) -> None:
        kernel, producer = Kernel(Watch(), 1 << 20), Producer()
        kernel.registerProducer(producer, True)
        kernel.write(b"x" * (kernel.bufferSize + 1))
        assert producer.said == ["pause"]
        kernel.doWrite()
        assert producer.said == ["pause", "resume"]
        with pytest.raises(RuntimeError):
            kernel.registerProducer(producer, True)

    def test_a_pull_producer_is_asked_for_each_piece(self) -> None:
        kernel, producer = Kernel(Watch(), 10), Producer()
        kernel.registerProducer(producer, False)
        kernel.write(b"x")
        kernel.doWrite()
        assert producer.said == ["resume", "resume"]
        kernel.loseConnection()
        kernel.unregisterProducer()
        assert kernel.doWrite() is errors.CONNECTION_DONE

    def test_its_end_is_the_producers(self) -> None:
        watch = Watch()
        kernel, producer = Kernel(watch, 10), Producer()
        kernel.startReading()
        kernel.registerProducer(producer, True)
        kernel.connectionLost(Failure(errors.CONNECTION_DONE))
        kernel.registerProducer(producer, True)
        assert producer.said == ["stop", "stop"]
        assert not watch.readers

    def test_a_real_one_is_read_by_the_reactor(self) -> None:
        reactor = Reactor()
        ours, theirs = socket.socketpair()

        class Reader(abstract.FileDescriptor):
            got = b""
            fileno = ours.fileno

            def doRead(self) -> None:
                self.got += ours.recv(10)
                self.stopReading()
                reactor.stop()

        reader = Reader(reactor)
        reader.startReading()
        theirs.send(b"data")
        reactor.callLater(20, reactor.stop)
        reactor.run()
        reactor.close()
        assert reader.got == b"data"
        ours.close()
        theirs.close()


class TestAddresses:
    def test_addresses_are_told_from_names(self) -> None:
        assert abstract.isIPAddress("127.0.0.1")
        assert not abstract.isIPAddress("localhost")
        assert abstract.isIPv6Address("fe80::1%eth0")
        assert abstract.isIPAddress(b"127.0.0.1")
        assert not abstract.isIPAddress(b"\xff")
        assert not abstract.isIPAddress("\u4321")
        assert not abstract.isIPv6Address("%eth0")
        with pytest.raises(ValueError, match="family"):
            abstract.isIPAddress("127.0.0.1", socket.AF_UNIX)


class TestInterfaces:
    def test_classes_of_other_parts_provide_theirs(self) -> None:
        assert verifyObject(interfaces.IPullProducer, FileSender())


class TestResolvers:
    @pytest.mark.parametrize("kind", ["blocking", "threaded"])
    def test_a_name_becomes_an_address(self, kind: str) -> None:
        reactor = Reactor()
        resolver = (
            base.BlockingResolver()
            if kind == "blocking"
            else base.ThreadedResolver(reactor)
        )
        assert outcome_of(resolver.getHostByName("localhost"), reactor) == "127.0.0.1"

    @pytest.mark.parametrize("kind", ["blocking", "threaded"])
    def test_an_unknown_name_is_a_named_error(
        self, kind: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def nothing(name: str) -> str:
            raise OSError(f"no {name}")

        monkeypatch.setattr(socket, "gethostbyname", nothing)
        reactor = Reactor()
        resolver = (
            base.BlockingResolver()
            if kind == "blocking"
            else base.ThreadedResolver(reactor)
        )
        outcome = outcome_of(resolver.getHostByName("nowhere.invalid"), reactor)
        assert outcome.check(errors.DNSLookupError)


class TestProcess:
    def test_children_are_known_by_their_classes(self) -> None:
        reactor = Reactor()
        ended: Deferred[Any] = Deferred()
        child: Any = ProcessProtocol()
        child.processEnded = ended.callback
        transport = reactor.spawnProcess(child, "/bin/true", ["true"])
        assert isinstance(transport, process_face.Process)
        assert isinstance(transport.pipes[0], process_face.ProcessWriter)
        assert isinstance(transport.pipes[1], process_face.ProcessReader)
        assert outcome_of(ended, reactor).check(errors.ProcessDone)


class TestUtils:
    def test_commands_are_the_native_ones(self) -> None:
        for name in ("getProcessOutput", "getProcessValue", "getProcessOutputAndValue"):
            assert getattr(utils, name) is getattr(process, name)

    def test_warnings_are_suppressed_during_a_call(self) -> None:
        def f(text: str, *, category: type[Warning]) -> str:
            warnings.warn(text, category, stacklevel=1)
            return text

        quiet = utils.suppressWarnings(f, (("ignore", "hello"), {}))
        assert quiet("hello", category=UserWarning) == "hello"
        with pytest.raises(UserWarning, match="other"):
            quiet("other", category=UserWarning)
        with pytest.raises(UserWarning, match="hello"):
            f("hello", category=UserWarning)

    def test_warnings_are_suppressed_until_a_deferred_fires(self) -> None:
        before = list(warnings.filters)
        waiting: Deferred[int] = Deferred()
        filters = [(("ignore",), {"category": UserWarning})]
        result = utils.runWithWarningsSuppressed(filters, lambda: waiting)
        warnings.warn("not shown", UserWarning, stacklevel=1)
        waiting.callback(1)
        assert result.result == 1
        assert list(warnings.filters) == before
