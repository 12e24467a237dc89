"""Child processes on a terminal of their own."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import struct
import termios
from collections.abc import Callable
from typing import Any

import pytest
from zope.interface.verify import verifyObject

from sennit.core import interfaces
from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.failure import Failure
from sennit.core.protocol import ProcessProtocol

Drive = Callable[..., Any]
Logged = list[dict[str, Any]]


class Recorder(ProcessProtocol):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.data = b""
        self.events: list[str] = []
        self.ended: Deferred[Any] = Deferred()

    def outReceived(self, data: bytes) -> None:
        self.data += data

    def errReceived(self, data: bytes) -> None:
        self.events.append("err")

    def childConnectionLost(self, childFD: int) -> None:
        self.events.append(f"lost {childFD}")

    def processExited(self, reason: Failure) -> None:
        self.events.append("exited")

    def processEnded(self, reason: Failure) -> None:
        self.events.append("ended")
        self.ended.callback(reason.value)


class Shell(Recorder):
    """Runs a line of the shell on a terminal."""

    def __init__(self, reactor: Reactor, script: str, usePTY: Any = True) -> None:
        super().__init__()
        self.process: Any = reactor.spawnProcess(
            self, "/bin/sh", ["sh", "-c", script], usePTY=usePTY
        )


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.001)


def descriptors() -> set[str]:
    return set(os.listdir("/proc/self/fd"))


def test_all_three_streams_are_a_terminal_which_controls_it(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> Shell:
        child = Shell(
            reactor,
            "test -t 0 -a -t 1 -a -t 2 && echo out; echo err >&2; echo tty >/dev/tty; "
            "ls /proc/$$/fd; exit 3",
        )
        assert (await child.ended).exitCode == 3
        return child

    child = drive(main)
    # Only a shell that talks with its user opens the terminal once more.
    assert child.data.split() == [b"out", b"err", b"tty", b"0", b"1", b"2"]
    assert child.events == ["exited", "ended"]


def test_what_is_typed_arrives_and_is_echoed(reactor: Reactor, drive: Drive) -> None:
    async def main() -> Shell:
        child = Shell(reactor, "read x; echo got $x; read x; echo and $x; cat")
        child.process.write(b"one\n")
        child.process.writeSequence([b"two", b"\n"])
        child.process.writeToChild(0, b"\4")
        await child.ended
        return child

    typed = drive(main).data
    for line in (b"one\r\n", b"got one\r\n", b"two\r\n", b"and two\r\n"):
        assert typed.count(line) >= 1


def test_a_producer_types(reactor: Reactor, drive: Drive) -> None:
    class Typist:
        def resumeProducing(self) -> None:
            child.process.write(b"typed\n")
            child.process.unregisterProducer()

        def stopProducing(self) -> None: ...

    async def main() -> None:
        child.process.registerProducer(Typist(), False)
        await child.ended

    child = Shell(reactor, "read x; echo got $x")
    drive(main)
    assert b"got typed" in child.data


def test_a_key_can_be_a_signal(reactor: Reactor, drive: Drive) -> None:
    async def main() -> Any:
        child = Shell(reactor, "echo ready; exec cat")
        await until(lambda: child.data)
        child.process.write(b"\3")
        return await child.ended

    assert drive(main).signal == signal.SIGINT


def test_the_size_of_the_terminal_can_be_set(reactor: Reactor, drive: Drive) -> None:
    async def main() -> Shell:
        child = Shell(reactor, "read x; stty size")
        size = struct.pack("HHHH", 24, 132, 0, 0)
        fcntl.ioctl(child.process.fileno(), termios.TIOCSWINSZ, size)
        child.process.write(b"\n")
        await child.ended
        assert child.process.fileno() == -1
        return child

    assert b"24 132" in drive(main).data


def test_closing_hangs_up(reactor: Reactor, drive: Drive) -> None:
    async def main() -> Any:
        child = Shell(reactor, "echo ready; exec cat")
        await until(lambda: child.data)
        for nothing in ("closeStdin", "closeStdout", "closeStderr"):
            getattr(child.process, nothing)()
        child.process.closeChildFD(0)
        child.process.loseConnection()
        return await child.ended

    assert drive(main).signal == signal.SIGHUP


def test_paused_nothing_is_read(reactor: Reactor, drive: Drive) -> None:
    async def main() -> Shell:
        child = Shell(reactor, "echo hello")
        child.process.pauseProducing()
        await until(lambda: child.events)
        assert child.events == ["exited"]
        assert child.data == b""
        child.process.resumeProducing()
        await child.ended
        return child

    assert drive(main).data == b"hello\r\n"


def test_a_terminal_that_is_given_is_used_and_closed(
    reactor: Reactor, drive: Drive
) -> None:
    before = descriptors()
    master, slave = os.openpty()
    name = os.ttyname(slave)

    async def main() -> Shell:
        child = Shell(reactor, "tty", (master, slave, name))
        await child.ended
        return child

    assert drive(main).data.strip().decode() == name
    assert descriptors() == before


def test_a_terminal_that_is_given_in_vain_stays_its_givers(reactor: Reactor) -> None:
    master, slave = os.openpty()
    with pytest.raises(FileNotFoundError, match="nowhere"):
        reactor.spawnProcess(Recorder(), "/nowhere", usePTY=(master, slave, ""))
    for fd in (master, slave):
        os.close(fd)


def test_it_has_no_other_descriptors_to_write_to(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        child = Shell(reactor, "exit")
        with pytest.raises(KeyError):
            child.process.writeToChild(3, b"x")
        with pytest.raises(TypeError, match="str"):
            child.process.write("text")
        await child.ended
        child.process.write(b"dropped")

    drive(main)


def test_the_transport_keeps_its_contracts(reactor: Reactor, drive: Drive) -> None:
    window: Any = interfaces

    async def main() -> None:
        child = Shell(reactor, "exit")
        for contract in ("IProcessTransport", "IConsumer", "IPushProducer"):
            verifyObject(getattr(window, contract), child.process)
        await child.ended

    drive(main)


def test_an_error_of_the_protocol_is_logged_and_hangs_up(
    reactor: Reactor, drive: Drive, logged: Logged
) -> None:
    class Bad(Recorder):
        def outReceived(self, data: bytes) -> None:
            raise LookupError("bad")

    async def main() -> Any:
        child = Bad()
        args = ["sh", "-c", "echo x; exec cat"]
        reactor.spawnProcess(child, "/bin/sh", args, usePTY=True)
        return await child.ended

    assert drive(main).signal == signal.SIGHUP
    said = [str(event["failure"].value) for event in logged if "failure" in event]
    assert said == ["bad"]


def test_at_shutdown_it_is_hung_up(reactor: Reactor, drive: Drive) -> None:
    before = descriptors()

    async def main() -> Shell:
        return Shell(reactor, "exec cat")

    async def again() -> None:
        await Shell(reactor, "exit").ended

    child = drive(main)
    assert descriptors() == before
    drive(again)
    # It may have ended by that before the reactor has.
    assert child.events in ([], ["exited", "ended"])
