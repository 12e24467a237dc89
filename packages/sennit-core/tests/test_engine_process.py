"""Child processes with pipes: what they get, what is told of them, how they end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from zope.interface.verify import verifyObject

from sennit.core import interfaces
from sennit.core.address import ProcessAddress
from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.errors import ProcessDone, ProcessExitedAlready, ProcessTerminated
from sennit.core.failure import Failure
from sennit.core.protocol import ProcessProtocol

Drive = Callable[..., Any]
Logged = list[dict[str, Any]]

STREAMS: dict[int, int | str] = {0: "w", 1: "r", 2: "r"}


class Recorder(ProcessProtocol):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.data: dict[int, bytes] = {}
        self.lost: dict[int, Deferred[None]] = {}
        self.exited: Deferred[Any] = Deferred()
        self.ended: Deferred[Any] = Deferred()

    def connectionMade(self) -> None:
        self.events.append("made")

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        self.data[childFD] = self.data.get(childFD, b"") + data

    def childConnectionLost(self, childFD: int) -> None:
        self.events.append(childFD)
        self.whenLost(childFD).callback(None)

    def whenLost(self, childFD: int) -> Deferred[None]:
        return self.lost.setdefault(childFD, Deferred())

    def processExited(self, reason: Failure) -> None:
        self.events.append("exited")
        self.exited.callback(reason.value)

    def processEnded(self, reason: Failure) -> None:
        self.events.append("ended")
        self.ended.callback(reason.value)


class Shell(Recorder):
    """Runs a line of the shell."""

    def __init__(self, reactor: Reactor, script: str, **kw: Any) -> None:
        super().__init__()
        self.process = reactor.spawnProcess(
            self, "/bin/sh", ["sh", "-c", script], **{"env": {}, **kw}
        )


def descriptors() -> set[str]:
    return set(os.listdir("/proc/self/fd"))


def has_zombie(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state == "Z"


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.001)


# What is told


def test_output_and_end_are_told_in_order(reactor: Reactor, drive: Drive) -> None:
    async def main() -> Recorder:
        child = Shell(reactor, "echo out; echo err >&2; exit 3")
        assert child.transport is child.process
        await child.ended
        return child

    child = drive(main)
    assert child.data == {1: b"out\n", 2: b"err\n"}
    assert child.events[0] == "made"
    assert sorted(map(str, child.events[1:-1])) == ["0", "1", "2", "exited"]
    assert child.events[-1] == "ended"


@pytest.mark.parametrize(
    ("script", "reason", "code", "number", "status"),
    [
        ("exit 0", ProcessDone, 0, None, 0),
        ("exit 3", ProcessTerminated, 3, None, 3 << 8),
        ("kill -TERM $$", ProcessTerminated, None, signal.SIGTERM, signal.SIGTERM),
    ],
)
def test_the_reason_tells_how_it_ended(
    reactor: Reactor,
    drive: Drive,
    script: str,
    reason: type[ProcessDone] | type[ProcessTerminated],
    code: int | None,
    number: int | None,
    status: int,
) -> None:
    async def main() -> tuple[Any, Any]:
        child = Shell(reactor, script)
        return await child.exited, await child.ended

    exited, ended = drive(main)
    assert type(exited) is type(ended) is reason
    assert (exited.exitCode, exited.signal) == (code, number)
    assert ended.status == status


def test_its_number_is_known_until_it_has_ended(reactor: Reactor, drive: Drive) -> None:
    async def main() -> None:
        child = Shell(reactor, "echo $$; cat")
        await until(lambda: 1 in child.data)
        assert child.process.pid == int(child.data[1])
        child.process.closeStdin()
        await child.ended
        assert child.process.pid is None

    drive(main)


def test_the_transport_keeps_its_contracts(reactor: Reactor, drive: Drive) -> None:
    window: Any = interfaces

    async def main() -> None:
        process = Shell(reactor, "exit").process
        for contract in ("IProcessTransport", "IConsumer", "IPushProducer"):
            verifyObject(getattr(window, contract), process)
        assert process.getPeer() == process.getHost() == ProcessAddress("/bin/sh")
        assert repr(process) == f"<Process '/bin/sh' pid={process.pid}>"
        await process.proto.ended
        assert repr(process) == "<Process '/bin/sh' has ended>"

    drive(main)


def test_what_its_own_children_write_is_waited_for(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> Recorder:
        child = Shell(reactor, "cat <&3 & exit 2", childFDs={**STREAMS, 3: "w"})
        assert (await child.exited).exitCode == 2
        assert not child.ended.called
        child.process.writeToChild(3, b"late")
        child.process.closeChildFD(3)
        await child.ended
        return child

    assert drive(main).data == {1: b"late"}


def test_a_child_may_close_its_descriptors(reactor: Reactor, drive: Drive) -> None:
    async def main() -> Recorder:
        script = "exec 2>&-; read x <&3; exec 1>&-; read x <&3; exec 0<&-; read x <&3"
        child = Shell(reactor, script, childFDs={**STREAMS, 3: "w"})
        for descriptor in (2, 1, 0):
            await child.whenLost(descriptor)
            child.process.writeToChild(3, b"\n")
        await child.ended
        return child

    child = drive(main)
    assert child.events[:4] == ["made", 2, 1, 0]


def test_an_error_of_the_protocol_is_logged_and_the_rest_goes_on(
    reactor: Reactor, drive: Drive, logged: Logged
) -> None:
    class Bad(Recorder):
        def childDataReceived(self, childFD: int, data: bytes) -> None:
            super().childDataReceived(childFD, data)
            if childFD == 1:
                raise LookupError("data")

        def childConnectionLost(self, childFD: int) -> None:
            super().childConnectionLost(childFD)
            raise LookupError(f"lost {childFD}")

        def connectionMade(self) -> None:
            super().connectionMade()
            raise LookupError("made")

        def processExited(self, reason: Failure) -> None:
            super().processExited(reason)
            raise LookupError("exited")

        def processEnded(self, reason: Failure) -> None:
            super().processEnded(reason)
            raise LookupError("ended")

    async def main() -> Recorder:
        child = Bad()
        script = "echo one; echo two >&2; read x; echo three"
        reactor.spawnProcess(child, "/bin/sh", ["sh", "-c", script])
        await child.whenLost(1)
        assert child.data[1] == b"one\n"
        child.transport.closeStdin()
        await child.ended
        return child

    child = drive(main)
    assert child.data[2].startswith(b"two\n")
    said = {str(event["failure"].value) for event in logged if "failure" in event}
    assert said == {"made", "data", "lost 0", "lost 1", "lost 2", "exited", "ended"}


def test_a_protocol_without_the_newer_methods_will_do(
    reactor: Reactor, drive: Drive
) -> None:
    class Old:
        def __init__(self) -> None:
            self.ended: Deferred[None] = Deferred()

        def makeConnection(self, process: Any) -> None:
            self.process = process

        def childDataReceived(self, childFD: int, data: bytes) -> None: ...

        def childConnectionLost(self, childFD: int) -> None: ...

        def processEnded(self, reason: Failure) -> None:
            self.ended.callback(None)

    async def main() -> None:
        old: Any = Old()
        reactor.spawnProcess(old, "/bin/true", ["true"])
        await old.ended

    drive(main)


# What it gets


@pytest.mark.parametrize("word", [str, os.fsencode, Path])
def test_words_are_text_bytes_or_paths(
    reactor: Reactor, drive: Drive, tmp_path: Path, word: Callable[[str], Any]
) -> None:
    folder = tmp_path / "größe"
    folder.mkdir()
    plain: Callable[[str], Any] = os.fsencode if word is os.fsencode else str

    async def main() -> Recorder:
        child = Recorder()
        args = [word("sh"), word("-c"), word('echo $0 $A "$1"; pwd')]
        reactor.spawnProcess(
            child,
            word("/bin/sh"),
            [*args, word("me"), word("ä b")],
            {plain("A"): plain("é")},
            word(str(folder)),
        )
        await child.ended
        return child

    assert drive(main).data[1].decode() == f"me é ä b\n{folder}\n"


def test_the_environment_is_empty_unless_told(
    reactor: Reactor, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENNIT_TEST", "ours")

    async def main() -> list[dict[int, bytes]]:
        seen = []
        for env in ((), ({"A": "B"},), (None,)):
            child = Recorder()
            reactor.spawnProcess(child, "/usr/bin/env", ["env"], *env)
            await child.ended
            seen.append(child.data)
        return seen

    empty, given, ours = drive(main)
    assert empty == {}
    assert given == {1: b"A=B\n"}
    assert b"SENNIT_TEST=ours\n" in ours[1]


def test_a_name_is_looked_for_in_the_childs_path(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    program = tmp_path / "hello"
    program.write_text("#!/bin/sh\necho hello from $0\n")
    program.chmod(0o755)

    async def main() -> Recorder:
        child = Recorder()
        reactor.spawnProcess(child, "hello", ["hi"], {"PATH": str(tmp_path)})
        await child.ended
        return child

    assert drive(main).data[1] == f"hello from {program}\n".encode()
    with pytest.raises(FileNotFoundError, match="hello"):
        reactor.spawnProcess(Recorder(), "hello", ["hi"])


def test_without_arguments_it_is_called_by_its_file(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> Recorder:
        child = Recorder()
        reactor.spawnProcess(child, "/bin/cat", childFDs={**STREAMS, 5: "r"})
        child.transport.writeToChild(0, b"x")
        cmdline = Path(f"/proc/{child.transport.pid}/cmdline").read_bytes()
        assert cmdline == b"/bin/cat\0"
        child.transport.closeStdin()
        await child.ended
        return child

    assert drive(main).data == {1: b"x"}


@pytest.mark.parametrize(
    ("childFDs", "numbers"),
    [
        ({0: "w", 1: "r", 2: "r"}, "0 1 2"),
        ({0: "w", 1: "r", 2: "r", 3: "w", 4: "r", 17: "r"}, "0 1 17 2 3 4"),
        ({1: "r"}, "1"),
        ({9: "r", 2: "r"}, "2 9"),
    ],
)
def test_it_has_the_descriptors_of_the_map_and_no_others(
    reactor: Reactor, drive: Drive, childFDs: dict[int, int | str], numbers: str
) -> None:
    program = (
        "import os; found = [n for n in os.listdir('/proc/self/fd')"
        " if os.path.exists('/proc/self/fd/' + n)];"
        f" os.write({max(childFDs)}, ' '.join(sorted(found)).encode())"
    )
    ours = os.open(os.devnull, os.O_RDONLY)
    os.set_inheritable(ours, True)

    async def main() -> Recorder:
        child = Recorder()
        args = [sys.executable, "-S", "-E", "-c", program]
        reactor.spawnProcess(child, sys.executable, args, childFDs=childFDs)
        if 0 in childFDs:
            child.transport.closeStdin()
        await child.ended
        return child

    data = drive(main).data
    os.close(ours)
    assert data == {max(childFDs): numbers.encode()}


def test_without_descriptors_it_is_told_of_its_end_only(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> Recorder:
        child = Shell(reactor, "exit 4", childFDs={})
        assert (await child.ended).exitCode == 4
        return child

    assert drive(main).events == ["made", "exited", "ended"]


@pytest.fixture
def two_files(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """Two descriptors of ours, on numbers that no pipe gets by chance."""
    numbers = (61, 62)
    for number in numbers:
        fd = os.open(tmp_path / str(number), os.O_RDWR | os.O_CREAT)
        os.dup2(fd, number, inheritable=False)
        os.close(fd)
    yield numbers
    for number in numbers:
        os.close(number)


@pytest.mark.parametrize(
    "childFDs", [{61: 62, 62: 61}, {1: 61, 2: 62}, {61: 61, 3: 62, 62: 62}]
)
def test_it_inherits_ours_under_whatever_numbers(
    reactor: Reactor,
    drive: Drive,
    tmp_path: Path,
    two_files: tuple[int, int],
    childFDs: dict[int, int],
) -> None:
    program = "import os\n" + "".join(
        f"os.write({number}, b'{number} ')\n" for number in childFDs
    )

    async def main() -> Recorder:
        child = Recorder()
        args = [sys.executable, "-S", "-E", "-c", program]
        everything = {**STREAMS, **childFDs}
        reactor.spawnProcess(child, sys.executable, args, childFDs=everything)
        await child.ended
        return child

    assert drive(main).data == {}
    for ours in two_files:
        written = (tmp_path / str(ours)).read_text().split()
        assert list(map(int, written)) == [n for n in childFDs if childFDs[n] == ours]


def test_output_and_errors_can_be_one_pipe_of_ours(
    reactor: Reactor, drive: Drive
) -> None:
    ours, theirs = socket.socketpair()

    async def main() -> Recorder:
        fd = theirs.fileno()
        child = Shell(reactor, "echo out; echo err >&2", childFDs={1: fd, 2: fd})
        await child.ended
        return child

    with ours, theirs:
        assert drive(main).events == ["made", "exited", "ended"]
        assert ours.recv(100) == b"out\nerr\n"


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become another user")
def test_it_runs_as_the_user_and_group_asked_for(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> list[list[bytes]]:
        seen = []
        for who in ({"uid": 12345, "gid": 23456}, {"gid": 23456}, {"uid": 1}, {}):
            child = Shell(reactor, "id -u; id -g; id -G", **who)
            await child.ended
            seen.append(child.data[1].split(b"\n"))
        return seen

    both, group, user, neither = drive(main)
    assert both == [b"12345", b"23456", b"23456", b""]
    assert group[:2] == [b"0", b"23456"]
    assert user[:2] == [b"1", b"%d" % os.getgid()]
    assert neither[2].split() == [b"%d" % group for group in os.getgroups() or [0]]


def test_signals_that_we_ignore_have_their_effect_on_it(
    reactor: Reactor, drive: Drive
) -> None:
    before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)

    async def main() -> Any:
        return await Shell(reactor, "kill -USR1 $$").ended

    try:
        assert drive(main).signal == signal.SIGUSR1
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_threads_are_nothing_to_be_warned_of(reactor: Reactor, drive: Drive) -> None:
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()

    async def main() -> Any:
        return await Shell(reactor, "exit", childFDs={1: "r"}).ended

    try:
        assert type(drive(main)) is ProcessDone
    finally:
        over.set()
        thread.join()


# Writing to it


def test_everything_written_arrives_in_order(reactor: Reactor, drive: Drive) -> None:
    pieces = [bytes([65 + number]) * 100_000 for number in range(26)]

    async def main() -> Recorder:
        child = Shell(reactor, "cat")
        child.process.write(pieces[0])
        child.process.writeSequence(pieces[1:])
        child.process.closeStdin()
        child.process.write(b"dropped")
        await child.ended
        return child

    assert drive(main).data[1] == b"".join(pieces)


def test_text_is_refused(reactor: Reactor, drive: Drive) -> None:
    text: Any = "text"

    async def main() -> None:
        child = Shell(reactor, "cat")
        with pytest.raises(TypeError, match="str"):
            child.process.write(text)
        with pytest.raises(TypeError, match="str"):
            child.process.writeToChild(0, text)
        child.process.closeStdin()
        await child.ended

    drive(main)


def test_a_descriptor_that_is_not_written_is_a_key_error(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        child = Shell(reactor, "exit", childFDs={**STREAMS, 3: "w"})
        for number in (1, 4):
            with pytest.raises(KeyError):
                child.process.writeToChild(number, b"x")
        await child.ended
        child.process.writeToChild(3, b"dropped")
        child.process.write(b"dropped")

    drive(main)


def test_a_child_that_reads_no_more_is_told(reactor: Reactor, drive: Drive) -> None:
    async def main() -> Recorder:
        child = Shell(reactor, "exec 0<&-; read x <&3", childFDs={**STREAMS, 3: "w"})
        child.process.write(b"x" * 1_000_000)
        await child.whenLost(0)
        child.process.write(b"dropped")
        child.process.closeChildFD(3)
        await child.ended
        return child

    assert drive(main).events[:2] == ["made", 0]


class Source:
    """A producer of some thousand lines that notes how it is asked."""

    def __init__(self, consumer: Any, streaming: bool) -> None:
        self.consumer = consumer
        self.streaming = streaming
        self.asked: list[str] = []
        self.left = 3000

    def resumeProducing(self) -> None:
        self.asked.append("resume")
        self.paused = False
        while self.left and not self.paused:
            self.left -= 1
            self.consumer.write(b"x" * 99 + b"\n")
            if not self.streaming:
                break
        if not self.left:
            self.consumer.unregisterProducer()
            self.consumer.closeStdin()

    def pauseProducing(self) -> None:
        self.asked.append("pause")
        self.paused = True

    def stopProducing(self) -> None:
        self.asked.append("stop")


@pytest.mark.parametrize("streaming", [True, False], ids=["push", "pull"])
def test_a_producer_writes_at_the_childs_pace(
    reactor: Reactor, drive: Drive, streaming: bool
) -> None:
    async def main() -> tuple[Source, Recorder]:
        child = Shell(reactor, "read x <&3; wc -l", childFDs={**STREAMS, 3: "w"})
        source = Source(child.process, streaming)
        child.process.registerProducer(source, streaming)
        with pytest.raises(RuntimeError, match="unregistered"):
            child.process.registerProducer(source, streaming)
        if streaming:
            source.resumeProducing()
            assert source.asked == ["resume", "pause"]
        child.process.closeStdin()
        child.process.closeChildFD(3)
        await child.ended
        return source, child

    source, child = drive(main)
    assert child.data[1].strip() == b"3000"
    assert "stop" not in source.asked


def test_a_producer_is_stopped_with_its_child(reactor: Reactor, drive: Drive) -> None:
    async def main() -> list[str]:
        child = Shell(reactor, "read x")
        source = Source(child.process, streaming=True)
        child.process.registerProducer(source, True)
        child.process.write(b"\n")
        await child.ended
        child.process.registerProducer(source, True)
        return source.asked

    assert drive(main) == ["stop", "stop"]


def test_before_the_reactor_runs_all_is_kept(reactor: Reactor, drive: Drive) -> None:
    child = Shell(reactor, "cat")
    source = Source(child.process, streaming=False)
    child.process.registerProducer(source, False)
    child.process.write(b"first\n")
    early = Shell(reactor, "exit 7", childFDs={})
    closed = Shell(reactor, "read x; echo much")
    closed.process.loseConnection()

    async def main() -> None:
        assert (await early.ended).exitCode == 7
        await child.ended
        await closed.ended

    drive(main)
    assert child.data[1].startswith(b"first\nxxx")
    assert closed.data == {}
    assert sorted(closed.events[1:4], key=str) == [0, 1, 2]


# Reading from it


def test_paused_nothing_is_read(reactor: Reactor, drive: Drive) -> None:
    async def main() -> Recorder:
        child = Shell(
            reactor,
            "read x; echo one; echo two >&2; echo three >&3",
            childFDs={**STREAMS, 3: "r"},
        )
        child.process.pauseProducing()
        child.process.write(b"\n")
        await child.exited
        await asyncio.sleep(0)
        assert child.data == {}
        child.process.resumeProducing()
        await child.ended
        return child

    assert drive(main).data == {1: b"one\n", 2: b"two\n", 3: b"three\n"}


@pytest.mark.parametrize("name", ["closeStdout", "closeStderr"])
def test_a_closed_stream_is_closed_for_the_child(
    reactor: Reactor, drive: Drive, name: str
) -> None:
    closed = {"closeStdout": 1, "closeStderr": 2}[name]

    async def main() -> Any:
        child = Shell(reactor, f"read x; echo hello >&{closed}; kill -9 $$")
        getattr(child.process, name)()
        assert child.events == ["made"]
        await child.whenLost(closed)
        child.process.write(b"\n")
        return await child.ended

    assert drive(main).signal == signal.SIGPIPE


def test_loseConnection_closes_the_standard_streams_alone(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> Recorder:
        child = Shell(reactor, "cat >&3; echo done >&3", childFDs={**STREAMS, 3: "r"})
        child.process.write(b"sent before, ")
        child.process.loseConnection()
        child.process.loseConnection()
        await child.ended
        return child

    child = drive(main)
    assert child.data == {3: b"sent before, done\n"}
    assert child.events.count(0) == child.events.count(1) == 1


# Signals


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("HUP", signal.SIGHUP),
        ("INT", signal.SIGINT),
        ("KILL", signal.SIGKILL),
        ("SIGUSR2", signal.SIGUSR2),
        (15, signal.SIGTERM),
    ],
)
def test_signals_go_by_name_and_number(
    reactor: Reactor, drive: Drive, name: str | int, number: int
) -> None:
    async def main() -> Any:
        child = Shell(reactor, "exec cat")
        child.process.signalProcess(name)
        return await child.ended

    assert drive(main).signal == number


def test_an_unknown_signal_is_an_error(reactor: Reactor, drive: Drive) -> None:
    async def main() -> None:
        child = Shell(reactor, "cat")
        with pytest.raises(ValueError, match="'FOO'"):
            child.process.signalProcess("FOO")
        child.process.closeStdin()
        await child.ended

    drive(main)


def test_a_signal_that_comes_too_late_is_an_error(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        child = Shell(reactor, "exit")
        await child.ended
        for name in ("KILL", 0):
            with pytest.raises(ProcessExitedAlready, match="/bin/sh"):
                child.process.signalProcess(name)

    drive(main)


# Its end


def test_it_can_be_looked_for_at_once(reactor: Reactor, drive: Drive) -> None:
    async def main() -> None:
        child = Shell(reactor, "exit", childFDs={})
        pid = child.process.pid
        assert pid is not None
        while not has_zombie(pid):
            child.process.signalProcess(0)
        child.process.reapProcess()
        assert child.events == ["made", "exited", "ended"]
        assert not has_zombie(pid)

    drive(main)


def test_where_no_descriptor_stands_for_a_process_a_thread_waits(
    reactor: Reactor, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "pidfd_open")

    async def main() -> Any:
        child = Shell(reactor, "cat; exit 5")
        child.process.reapProcess()
        child.process.closeStdin()
        return await child.ended

    assert drive(main).exitCode == 5


def test_a_thread_that_waits_is_no_trouble_at_shutdown(
    reactor: Reactor, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "pidfd_open")

    async def main() -> Recorder:
        return Shell(reactor, "read x; exit 5")

    child = drive(main)
    assert child.events[:4] == ["made", 0, 1, 2]
    # It may be quick enough to be told of.
    assert child.events[4:] in ([], ["exited", "ended"])


def test_whoever_has_waited_for_it_has_its_status(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> Any:
        child = Shell(reactor, "exit 3")
        pid = child.process.pid
        assert pid is not None
        os.waitpid(pid, 0)
        return await child.ended

    reason = drive(main)
    assert type(reason) is ProcessTerminated
    assert (reason.exitCode, reason.signal, reason.status) == (None, None, None)


def test_a_child_that_outlives_the_reactor_is_left_and_reaped_later(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> Recorder:
        return Shell(reactor, "read x <&3; kill -9 $$", childFDs={**STREAMS, 3: held})

    held, ours = os.pipe()
    before = descriptors()
    child = drive(main)
    pid = child.process.pid
    assert child.events == ["made", 0, 1, 2]
    assert descriptors() == before

    async def again() -> None:
        os.kill(pid, 0)
        os.close(ours)
        os.close(held)
        await until(lambda: has_zombie(pid))
        await Shell(reactor, "exit").ended

    drive(again)
    assert not has_zombie(pid)
    assert child.events == ["made", 0, 1, 2]
    with pytest.raises(ProcessExitedAlready):
        child.process.signalProcess(0)


def test_a_child_that_has_ended_at_shutdown_is_told_of(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> Recorder:
        child = Shell(reactor, "exit 6")
        pid = child.process.pid
        assert pid is not None
        while not has_zombie(pid):
            child.process.signalProcess(0)
        reactor.stop()
        return child

    child = drive(main)
    assert child.events[-1] == "ended"
    assert not has_zombie(child.process.pid or 1)


# What cannot be


def cannot(kind: type[Exception], match: str, **kw: Any) -> Any:
    return pytest.param(kind, match, kw, id=match)


@pytest.mark.parametrize(
    ("kind", "match", "kw"),
    [
        cannot(FileNotFoundError, "/nowhere/prog", executable="/nowhere/prog"),
        cannot(
            FileNotFoundError,
            "/nowhere/mapped",
            executable="/nowhere/mapped",
            childFDs=dict.fromkeys(range(40), "r"),
        ),
        cannot(FileNotFoundError, "/nowhere/folder", path="/nowhere/folder"),
        cannot(PermissionError, "/etc/passwd", executable="/etc/passwd"),
        cannot(OSError, "descriptor 999, which", childFDs={3: 999}),
        cannot(OSError, "descriptor -1, which", childFDs={3: -1}),
        cannot(ValueError, "childFDs.3. is 'x'", childFDs={3: "x"}),
        cannot(ValueError, "has -1", childFDs={1: "r", -1: "r"}),
        cannot(ValueError, "has '1'", childFDs={"1": "r"}),
        cannot(ValueError, "usePTY", childFDs={1: "r"}, usePTY=True),
        cannot(
            FileNotFoundError, "/nowhere/tty", executable="/nowhere/tty", usePTY=True
        ),
        cannot(TypeError, "int", args=["sh", 1]),
        cannot(TypeError, "not one word", args="sh"),
        cannot(TypeError, "int", env={"A": 1}),
        cannot(ValueError, "null", args=["sh", "a\0b"]),
        cannot(ValueError, "illegal", env={"A=B": "c"}),
    ],
)
def test_what_cannot_be_started_is_an_error_at_once_and_leaves_nothing(
    reactor: Reactor, kind: type[Exception], match: str, kw: dict[str, Any]
) -> None:
    child = Recorder()
    before = descriptors()
    with pytest.raises(kind, match=match):
        reactor.spawnProcess(child, **{"executable": "/bin/sh", **kw})
    assert child.events == []
    assert descriptors() == before
    with contextlib.suppress(ChildProcessError):
        assert os.waitpid(-1, os.WNOHANG) == (0, 0)


def test_windows_is_told_by_name(
    reactor: Reactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(NotImplementedError, match="Windows"):
        reactor.spawnProcess(Recorder(), "cmd.exe")
