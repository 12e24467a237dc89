"""Standard input and output as a connection, whatever is behind them."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from zope.interface.verify import verifyObject

from sennit.core import interfaces
from sennit.core.address import PipeAddress
from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.errors import ConnectionAborted, ConnectionDone, ConnectionLost
from sennit.core.failure import Failure
from sennit.core.protocol import Protocol
from sennit.core.stdio import StandardIO

Drive = Callable[..., Any]
Logged = list[dict[str, Any]]


class Listener(Protocol):
    """Keeps what it is told."""

    transport: StandardIO

    def __init__(self) -> None:
        self.data = b""
        self.reason: Any = None
        self.lost: Deferred[None] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.data += data

    def connectionLost(self, reason: Failure) -> None:  # type: ignore[override]
        self.reason = reason.value
        self.lost.callback(None)


class HalfListener(Listener):
    """One that goes on when a side is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.halves: list[str] = []

    def readConnectionLost(self) -> None:
        self.halves.append("read")

    def writeConnectionLost(self) -> None:
        self.halves.append("write")


class Pipes:
    """Two pipes: the ends that are the program's, and the other side."""

    def __init__(self) -> None:
        self.stdin, self.typing = os.pipe()
        self.reading, self.stdout = os.pipe()
        for fd in (self.typing, self.reading):
            os.set_blocking(fd, False)

    def connect(self, reactor: Reactor, protocol: Any) -> StandardIO:
        return StandardIO(protocol, self.stdin, self.stdout, reactor)

    def read(self) -> bytes:
        try:
            return os.read(self.reading, 1 << 20)
        except BlockingIOError:
            return b""

    def close(self, *names: str) -> None:
        for name in names or tuple(vars(self)):
            os.close(vars(self).pop(name))


@pytest.fixture
def pipes() -> Iterator[Pipes]:
    made = Pipes()
    yield made
    made.close()


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.001)


def leads_to(fd: int) -> str:
    return os.readlink(f"/proc/self/fd/{fd}")


# Pipes


def test_what_comes_is_received_and_what_is_written_goes(
    reactor: Reactor, drive: Drive, pipes: Pipes
) -> None:
    async def main() -> Listener:
        listener = Listener()
        transport = pipes.connect(reactor, listener)
        assert listener.transport is transport
        os.write(pipes.typing, b"hello")
        await until(lambda: listener.data)
        transport.write(b"good ")
        transport.writeSequence([b"morn", b"ing"])
        with pytest.raises(TypeError, match="str"):
            transport.write("text")  # type: ignore[arg-type]
        pipes.close("typing")
        await listener.lost
        transport.write(b"dropped")
        return listener

    listener = drive(main)
    assert listener.data == b"hello"
    assert type(listener.reason) is ConnectionDone
    assert pipes.read() == b"good morning"


def test_the_descriptors_are_given_back_as_they_were(
    reactor: Reactor, drive: Drive, pipes: Pipes
) -> None:
    os.set_blocking(pipes.stdout, False)

    async def main() -> None:
        listener = Listener()
        pipes.connect(reactor, listener).loseConnection()
        assert listener.reason is None
        await listener.lost

    before = leads_to(pipes.stdin), leads_to(pipes.stdout)
    drive(main)
    assert (leads_to(pipes.stdin), leads_to(pipes.stdout)) == before
    assert os.get_blocking(pipes.stdin)
    assert not os.get_blocking(pipes.stdout)


def test_everything_written_goes_before_the_end(
    reactor: Reactor, drive: Drive, pipes: Pipes
) -> None:
    async def main() -> bytes:
        listener = Listener()
        transport = pipes.connect(reactor, listener)
        os.write(pipes.typing, b"not wanted any more")
        transport.write(b"x" * 1_000_000)
        transport.loseConnection()
        transport.write(b"dropped")
        read = b""
        while listener.reason is None:
            read += pipes.read()
            await asyncio.sleep(0)
        assert listener.data == b""
        return read + pipes.read()

    assert drive(main) == b"x" * 1_000_000


def test_it_may_be_closed_before_the_reactor_runs(
    reactor: Reactor, drive: Drive, pipes: Pipes
) -> None:
    class Brief(Listener):
        def connectionMade(self) -> None:
            self.transport.write(b"hello")
            self.transport.loseConnection()

    async def main() -> None:
        await brief.lost

    brief = Brief()
    pipes.connect(reactor, brief)
    assert not brief.lost.called
    drive(main)
    assert type(brief.reason) is ConnectionDone
    assert pipes.read() == b"hello"


def test_a_protocol_may_go_on_writing_when_the_input_ends(
    reactor: Reactor, drive: Drive, pipes: Pipes
) -> None:
    async def main() -> HalfListener:
        listener = HalfListener()
        transport = pipes.connect(reactor, listener)
        pipes.close("typing")
        await until(lambda: listener.halves)
        assert listener.reason is None
        transport.write(b"still here")
        transport.loseConnection()
        await listener.lost
        return listener

    listener = drive(main)
    assert listener.halves == ["read"]
    assert type(listener.reason) is ConnectionDone
    assert pipes.read() == b"still here"


def test_the_output_alone_may_end_and_its_number_leads_nowhere(
    reactor: Reactor, drive: Drive, pipes: Pipes
) -> None:
    async def main() -> HalfListener:
        listener = HalfListener()
        transport = pipes.connect(reactor, listener)
        transport.write(b"last")
        transport.loseWriteConnection()
        transport.write(b"dropped")
        await until(lambda: listener.halves)
        assert pipes.read() == b"last"
        assert os.read(pipes.reading, 1) == b""
        assert leads_to(pipes.stdout) == os.devnull
        os.write(pipes.typing, b"more")
        pipes.close("typing")
        await listener.lost
        return listener

    listener = drive(main)
    assert listener.halves == ["write", "read"]
    assert listener.data == b"more"
    assert type(listener.reason) is ConnectionDone
    assert os.write(pipes.stdout, b"printed afterwards") == 18


def test_an_output_that_nobody_reads_any_more_is_a_loss(
    reactor: Reactor, drive: Drive, pipes: Pipes
) -> None:
    async def main() -> Listener:
        listener = Listener()
        pipes.connect(reactor, listener)
        pipes.close("reading")
        await listener.lost
        return listener

    reason = drive(main).reason
    assert type(reason) is ConnectionLost
    assert isinstance(reason.__cause__, BrokenPipeError)


def test_who_can_goes_on_reading_then(
    reactor: Reactor, drive: Drive, pipes: Pipes
) -> None:
    async def main() -> HalfListener:
        listener = HalfListener()
        transport = pipes.connect(reactor, listener)
        pipes.close("reading")
        transport.write(b"x" * 10)
        await until(lambda: listener.halves)
        os.write(pipes.typing, b"more")
        await until(lambda: listener.data)
        transport.loseConnection()
        await listener.lost
        return listener

    listener = drive(main)
    assert listener.halves == ["write"]
    assert type(listener.reason) is ConnectionDone


def test_to_abort_drops_what_is_not_written(
    reactor: Reactor, drive: Drive, pipes: Pipes
) -> None:
    async def main() -> Listener:
        listener = Listener()
        transport = pipes.connect(reactor, listener)
        transport.write(b"x" * 1_000_000)
        transport.abortConnection()
        assert listener.reason is None
        await listener.lost
        return listener

    assert type(drive(main).reason) is ConnectionAborted
    assert len(pipes.read()) < 1_000_000


def test_paused_nothing_is_read(reactor: Reactor, drive: Drive, pipes: Pipes) -> None:
    async def main() -> Listener:
        listener = Listener()
        transport = pipes.connect(reactor, listener)
        transport.pauseProducing()
        os.write(pipes.typing, b"hello")
        pipes.close("typing")
        for _ in range(10):
            await asyncio.sleep(0)
        assert listener.data == b""
        transport.resumeProducing()
        await listener.lost
        return listener

    assert drive(main).data == b"hello"


@pytest.mark.parametrize("streaming", [True, False], ids=["push", "pull"])
def test_a_producer_writes_at_the_readers_pace(
    reactor: Reactor, drive: Drive, pipes: Pipes, streaming: bool
) -> None:
    class Source:
        left = 40
        paused = False

        def __init__(self, transport: StandardIO) -> None:
            self.transport = transport

        def resumeProducing(self) -> None:
            self.paused = False
            while self.left and not self.paused:
                self.left -= 1
                self.transport.write(b"x" * 10_000)
                if not streaming:
                    break
            if not self.left:
                self.transport.unregisterProducer()

        def pauseProducing(self) -> None:
            self.paused = True

        def stopProducing(self) -> None:
            self.left = -1

    async def main() -> bytes:
        listener = Listener()
        transport = pipes.connect(reactor, listener)
        source = Source(transport)
        transport.registerProducer(source, streaming)
        if streaming:
            source.resumeProducing()
            assert source.paused
        transport.loseConnection()
        for _ in range(100):
            await asyncio.sleep(0)
        assert source.left > 0
        read = b""
        while listener.reason is None:
            read += pipes.read()
            await asyncio.sleep(0)
        return read + pipes.read()

    assert drive(main) == b"x" * 400_000


def test_a_protocol_that_fails_loses_its_connection(
    reactor: Reactor, drive: Drive, pipes: Pipes, logged: Logged
) -> None:
    class Bad(Listener):
        def dataReceived(self, data: bytes) -> None:
            raise LookupError("bad")

        def connectionLost(self, reason: Failure) -> None:  # type: ignore[override]
            super().connectionLost(reason)
            raise LookupError("worse")

    async def main() -> Listener:
        bad = Bad()
        pipes.connect(reactor, bad)
        os.write(pipes.typing, b"x")
        await bad.lost
        return bad

    assert type(drive(main).reason) is LookupError
    said = [str(event["failure"].value) for event in logged if "failure" in event]
    assert said == ["bad", "worse"]


def test_one_that_fails_at_once_is_an_error_at_once(
    reactor: Reactor, pipes: Pipes
) -> None:
    class Bad(Listener):
        def connectionMade(self) -> None:
            raise LookupError("bad")

    with pytest.raises(LookupError, match="bad"):
        pipes.connect(reactor, Bad())
    assert os.get_blocking(pipes.stdin)
    assert os.get_blocking(pipes.stdout)
    assert not reactor._binding.live


def test_at_shutdown_it_is_lost_and_given_back(
    reactor: Reactor, drive: Drive, pipes: Pipes
) -> None:
    async def main() -> Listener:
        listener = Listener()
        pipes.connect(reactor, listener).write(b"bye")
        return listener

    listener = drive(main)
    assert type(listener.reason) is ConnectionLost
    assert os.get_blocking(pipes.stdin)
    assert pipes.read() == b"bye"


def test_the_transport_keeps_its_contracts(reactor: Reactor, pipes: Pipes) -> None:
    window: Any = interfaces
    transport = pipes.connect(reactor, Listener())
    for contract in ("ITransport", "IConsumer", "IPushProducer"):
        verifyObject(getattr(window, contract), transport)
    assert transport.getHost() == transport.getPeer() == PipeAddress()
    transport.connectionLost(Failure(ConnectionDone()))


def test_what_is_not_open_is_an_error(reactor: Reactor, pipes: Pipes) -> None:
    for stdin, stdout in ((pipes.stdin, 999), (999, pipes.stdout)):
        with pytest.raises(OSError, match="descriptor"):
            StandardIO(Listener(), stdin, stdout, reactor)
    assert os.get_blocking(pipes.stdin)


def test_windows_is_told_by_name(
    reactor: Reactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(NotImplementedError, match="Windows"):
        StandardIO(Listener(), reactor=reactor)


# Sockets, files and the null device


def test_a_socket_is_both_and_its_output_can_end(
    reactor: Reactor, drive: Drive
) -> None:
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)

    async def main() -> HalfListener:
        loop = asyncio.get_running_loop()
        listener = HalfListener()
        transport = StandardIO(listener, ours.fileno(), ours.fileno(), reactor)
        await loop.sock_sendall(theirs, b"hello")
        await until(lambda: listener.data)
        transport.write(b"good morning")
        transport.loseWriteConnection()
        assert await loop.sock_recv(theirs, 100) == b"good morning"
        assert await loop.sock_recv(theirs, 100) == b""
        theirs.close()
        await listener.lost
        return listener

    with ours, theirs:
        assert drive(main).halves == ["write", "read"]
        assert ours.fileno() != -1
        assert ours.getblocking()


def test_files_are_read_to_their_end_and_written(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    written = tmp_path / "out"
    read = tmp_path / "in"
    read.write_bytes(b"line of the file\n" * 20_000)
    turns: list[int] = []

    class Copier(Listener):
        def dataReceived(self, data: bytes) -> None:
            super().dataReceived(data)
            self.transport.write(data)
            turns.append(len(data))

    async def main() -> None:
        copier = Copier()
        StandardIO(copier, source.fileno(), target.fileno(), reactor)
        await copier.lost
        assert type(copier.reason) is ConnectionDone

    with read.open("rb", 0) as source, written.open("wb", 0) as target:
        drive(main)
        target.write(b"and more")
    assert written.read_bytes() == read.read_bytes() + b"and more"
    # A turn of the loop is not held up by more than a piece of it.
    assert len(turns) > 3


def test_much_is_written_to_a_file_in_several_turns(
    reactor: Reactor, drive: Drive, pipes: Pipes, tmp_path: Path
) -> None:
    path = tmp_path / "out"

    async def main() -> None:
        listener = Listener()
        transport = StandardIO(listener, pipes.stdin, target.fileno(), reactor)
        transport.write(b"x" * 1_000_000)
        assert path.stat().st_size < 1_000_000
        transport.loseConnection()
        await listener.lost

    with path.open("wb", 0) as target:
        drive(main)
    assert path.read_bytes() == b"x" * 1_000_000


def test_the_null_device_ends_at_once_and_takes_everything(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> Listener:
        listener = Listener()
        transport = StandardIO(listener, null.fileno(), null.fileno(), reactor)
        transport.write(b"x" * 1_000_000)
        await listener.lost
        return listener

    with open(os.devnull, "r+b", 0) as null:
        assert type(drive(main).reason) is ConnectionDone


# Terminals


class Terminal:
    """A terminal; the program has its slave, the other side is the master."""

    def __init__(self) -> None:
        self.master, self.slave = os.openpty()
        os.set_blocking(self.master, False)

    def connect(self, reactor: Reactor, protocol: Any) -> StandardIO:
        return StandardIO(protocol, self.slave, self.slave, reactor)

    def close(self, *names: str) -> None:
        for name in names or tuple(vars(self)):
            os.close(vars(self).pop(name))


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    made = Terminal()
    yield made
    made.close()


def test_a_terminal_goes_on_to_block_for_others(
    reactor: Reactor, drive: Drive, terminal: Terminal
) -> None:
    async def main() -> Listener:
        listener = Listener()
        transport = terminal.connect(reactor, listener)
        assert os.get_blocking(terminal.slave)
        os.write(terminal.master, b"typed\n")
        await until(lambda: listener.data)
        transport.write(b"shown\n")
        transport.loseConnection()
        await listener.lost
        return listener

    before = set(os.listdir("/proc/self/fd"))
    assert drive(main).data == b"typed\n"
    shown = b""
    while not shown.endswith(b"shown\r\n"):  # a terminal is in no hurry
        shown += os.read(terminal.master, 100)
    assert shown == b"typed\r\nshown\r\n"
    assert set(os.listdir("/proc/self/fd")) == before


def test_a_terminal_is_set_as_before_in_the_end(
    reactor: Reactor, drive: Drive, terminal: Terminal
) -> None:
    before = termios.tcgetattr(terminal.slave)

    async def main() -> None:
        listener = Listener()
        transport = terminal.connect(reactor, listener)
        tty.setraw(terminal.slave)
        assert termios.tcgetattr(terminal.slave) != before
        transport.loseConnection()
        await listener.lost

    drive(main)
    assert termios.tcgetattr(terminal.slave) == before


def test_a_terminal_that_cannot_be_opened_again_is_set_back(
    reactor: Reactor, drive: Drive, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nameless(fd: int) -> str:
        raise OSError("it has no name")

    monkeypatch.setattr(os, "ttyname", nameless)

    async def main() -> Listener:
        listener = Listener()
        transport = terminal.connect(reactor, listener)
        assert not os.get_blocking(terminal.slave)
        os.write(terminal.master, b"typed\n")
        await until(lambda: listener.data)
        transport.loseConnection()
        await listener.lost
        return listener

    assert drive(main).data == b"typed\n"
    assert os.get_blocking(terminal.slave)


def test_a_terminals_other_side_is_used_as_it_is(
    reactor: Reactor, drive: Drive, terminal: Terminal
) -> None:
    async def main() -> Listener:
        listener = Listener()
        StandardIO(listener, terminal.master, terminal.master, reactor)
        os.write(terminal.slave, b"shown")
        await until(lambda: listener.data)
        terminal.close("slave")
        await listener.lost
        return listener

    listener = drive(main)
    assert listener.data == b"shown"
    assert type(listener.reason) is ConnectionDone


def test_a_terminal_that_hangs_up_is_an_end(
    reactor: Reactor, drive: Drive, terminal: Terminal
) -> None:
    async def main() -> Listener:
        listener = Listener()
        terminal.connect(reactor, listener)
        terminal.close("master")
        await listener.lost
        return listener

    assert type(drive(main).reason) is ConnectionDone


# A whole program

PROGRAM = """
import atexit, os, sys
from sennit.core import reactor
from sennit.core.protocol import Protocol
from sennit.core.stdio import StandardIO

class Shout(Protocol):
    def dataReceived(self, data):
        self.transport.write(data.upper())

    def connectionLost(self, reason):
        print("after", os.get_blocking(0), os.get_blocking(1), flush=True)
        reactor.stop()

StandardIO(Shout())
if sys.argv[1:]:
    # Registered last, it runs first.
    os.dup2(os.dup(0), 17)
    atexit.register(lambda: print("not run", os.get_blocking(17)))
else:
    reactor.run()
"""


def run(*args: str, given: bytes = b"") -> bytes:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *args],
        input=given,
        capture_output=True,
        timeout=30,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


def test_a_program_is_a_filter_and_may_print_afterwards() -> None:
    assert run(given=b"hello\n") == b"HELLO\nafter True True\n"


def test_a_program_that_ends_otherwise_leaves_nothing_behind() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "no run"],
            stdin=theirs.fileno(),
            capture_output=True,
            timeout=30,
        )
        assert done.stdout == b"not run False\n"
        assert os.get_blocking(theirs.fileno())
