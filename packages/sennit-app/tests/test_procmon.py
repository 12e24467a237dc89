"""Programs are kept running, in order, and end with their service."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from sennit.app.procmon import LineLogger, ProcessMonitor
from sennit.core import task
from sennit.core.engine import Reactor
from sennit.core.errors import ProcessDone, ProcessExitedAlready, ProcessTerminated
from sennit.core.failure import Failure
from sennit.core.logger import capturedLogs


class Child:
    """A process that ends when the test says so."""

    def __init__(self, protocol: Any, args: list[str], options: dict[str, Any]) -> None:
        self.protocol = protocol
        self.args = args
        self.options = options
        self.signals: list[str] = []
        self.gone = False

    def signalProcess(self, signal: str) -> None:
        if self.gone:
            raise ProcessExitedAlready()
        self.signals.append(signal)

    def write(self, data: bytes) -> None:
        self.protocol.outReceived(data)

    def end(self, code: int = 0) -> None:
        self.gone = True
        reason = ProcessTerminated(code) if code else ProcessDone(0)
        self.protocol.processEnded(Failure(reason))


class Processes(task.Clock):
    """A reactor whose processes are `Child` objects."""

    def __init__(self) -> None:
        super().__init__()
        self.children: list[Child] = []
        self.missing: set[str] = set()

    def spawnProcess(
        self, protocol: Any, executable: str, args: list[str], **options: Any
    ) -> Child:
        if executable in self.missing:
            raise FileNotFoundError(2, "No such file or directory", executable)
        child = Child(protocol, args, options)
        self.children.append(child)
        protocol.makeConnection(child)
        return child

    @property
    def last(self) -> Child:
        return self.children[-1]

    def names(self) -> list[str]:
        return [child.args[0] for child in self.children if not child.gone]


@pytest.fixture
def processes() -> Processes:
    return Processes()


@pytest.fixture
def monitor(processes: Processes) -> ProcessMonitor:
    return ProcessMonitor(processes)


def fired(deferred: Any) -> bool:
    return bool(deferred.called)


def test_programs_run_while_the_service_does(
    monitor: ProcessMonitor, processes: Processes
) -> None:
    monitor.addProcess("a", ["a", "x"], uid=1, gid=2, env={"K": "v"}, cwd="/")
    assert processes.children == []
    monitor.startService()
    monitor.addProcess("b", ["b"])
    assert [child.args for child in processes.children] == [["a", "x"], ["b"]]
    assert processes.children[0].options == {
        "uid": 1,
        "gid": 2,
        "env": {"K": "v"},
        "path": "/",
    }
    assert processes.children[1].options["env"] == {}


def test_what_dies_early_is_started_ever_later(
    monitor: ProcessMonitor, processes: Processes
) -> None:
    monitor.addProcess("a", ["a"])
    monitor.maxRestartDelay = 5
    monitor.startService()
    waits = []
    for _ in range(5):
        processes.last.end(1)
        waits.append(monitor.restart["a"].getTime() - processes.seconds())
        assert processes.names() == []
        processes.advance(waits[-1])
        assert processes.names() == ["a"]
    assert waits == [1, 2, 4, 5, 5]


def test_what_has_lived_for_a_while_is_started_at_once(
    monitor: ProcessMonitor, processes: Processes
) -> None:
    monitor.addProcess("a", ["a"])
    monitor.startService()
    processes.last.end(1)
    processes.advance(1)
    processes.advance(1)
    processes.last.end(1)
    processes.advance(0)
    assert processes.names() == ["a"]
    assert monitor.delay == {"a": 1}


def test_what_cannot_be_started_is_tried_again(
    monitor: ProcessMonitor, processes: Processes
) -> None:
    processes.missing.add("a")
    monitor.addProcess("a", ["a"])
    monitor.startService()
    assert processes.children == []
    processes.missing.clear()
    processes.advance(1)
    assert processes.names() == ["a"]


def test_what_ignores_the_first_signal_is_killed(
    monitor: ProcessMonitor, processes: Processes
) -> None:
    monitor.addProcess("a", ["a"])
    monitor.startService()
    stopped = monitor.stopService()
    assert processes.last.signals == ["TERM"]
    processes.advance(monitor.killTime)
    assert processes.last.signals == ["TERM", "KILL"]
    assert not fired(stopped)
    processes.last.end(9)
    assert fired(stopped)
    assert processes.getDelayedCalls() == []


def test_a_stopped_service_starts_nothing_again(
    monitor: ProcessMonitor, processes: Processes
) -> None:
    monitor.addProcess("a", ["a"])
    monitor.addProcess("b", ["b"])
    monitor.startService()
    processes.children[0].end(1)
    stopped = monitor.stopService()
    processes.children[1].end()
    assert fired(stopped)
    processes.advance(100)
    assert processes.names() == []
    monitor.startService()
    assert processes.names() == ["a", "b"]


def test_a_service_without_processes_is_stopped_at_once(
    monitor: ProcessMonitor,
) -> None:
    monitor.startService()
    assert monitor.stopService() is None


def test_a_program_starts_when_those_before_it_are_ready(
    monitor: ProcessMonitor, processes: Processes
) -> None:
    monitor.addProcess("db", ["db"], ready="listening")
    monitor.addProcess("web", ["web"], after=["db"])
    monitor.startService()
    assert processes.names() == ["db"]
    processes.last.write(b"starting\nliste")
    assert processes.names() == ["db"]
    processes.last.write(b"ning on 5\n")
    assert processes.names() == ["db", "web"]
    assert monitor.ready == {"db", "web"}


def test_a_program_ends_before_those_that_it_needs(
    monitor: ProcessMonitor, processes: Processes
) -> None:
    monitor.addProcess("db", ["db"])
    monitor.addProcess("web", ["web"], after=["db"])
    monitor.startService()
    db, web = processes.children
    stopped = monitor.stopService()
    assert (db.signals, web.signals) == ([], ["TERM"])
    web.end()
    assert db.signals == ["TERM"]
    db.end()
    assert fired(stopped)


def test_what_is_needed_is_waited_for_after_it_has_died(
    monitor: ProcessMonitor, processes: Processes
) -> None:
    monitor.addProcess("db", ["db"])
    monitor.addProcess("web", ["web"], after=["db"])
    monitor.startService()
    db, web = processes.children
    db.end(1)
    processes.advance(1)
    processes.last.end(1)
    processes.advance(1)
    web.end(1)
    processes.advance(0)
    assert processes.names() == []
    processes.advance(1)
    assert processes.names() == ["db", "web"]


def test_what_is_not_ready_in_time_is_started_again(
    monitor: ProcessMonitor, processes: Processes
) -> None:
    monitor.addProcess("db", ["db"], ready="listening")
    monitor.startService()
    with capturedLogs() as events:
        processes.advance(60)
    assert events[0]["log_format"].startswith("{name} was not ready after")
    assert processes.last.signals == ["TERM"]
    processes.last.end()
    processes.advance(1)
    assert processes.names() == ["db"]


def test_a_removed_program_is_stopped_and_forgotten(
    monitor: ProcessMonitor, processes: Processes
) -> None:
    monitor.addProcess("a", ["a"])
    monitor.startService()
    monitor.removeProcess("a")
    assert processes.last.signals == ["TERM"]
    processes.last.end()
    processes.advance(100)
    assert processes.names() == []
    assert monitor.stopService() is None


def test_all_can_be_restarted(monitor: ProcessMonitor, processes: Processes) -> None:
    monitor.addProcess("a", ["a"])
    monitor.startService()
    processes.advance(2)
    monitor.restartAll()
    monitor.restartAll()
    assert processes.last.signals == ["TERM"]
    processes.last.end()
    processes.advance(0)
    assert processes.names() == ["a"]


def test_names_are_those_of_programs(monitor: ProcessMonitor) -> None:
    monitor.addProcess("a", ["a"])
    with pytest.raises(KeyError, match="remove it first"):
        monitor.addProcess("a", ["b"])
    with pytest.raises(KeyError, match="no program 'b'"):
        monitor.addProcess("c", ["c"], after=["b"])
    for method in (
        monitor.removeProcess,
        monitor.startProcess,
        monitor.stopProcess,
    ):
        with pytest.raises(KeyError, match="no program 'b'"):
            method("b")
    with pytest.raises(ValueError, match="empty"):
        monitor.addProcess("b", [])


def test_lines_are_logged_with_the_name_of_their_program() -> None:
    with capturedLogs() as events:
        logger = LineLogger("a", "stderr")
        logger.maxLength = 10
        for data in (b"one\r\ntw", b"o\n\xff\n", b"x" * 25, b"\nend"):
            logger.dataReceived(data)
        logger.finish()
    assert [event["line"] for event in events] == [
        *("one", "two", "\\xff", "x" * 10, "x" * 10, "xxxxx", "end")
    ]
    assert {(event["tag"], event["stream"]) for event in events} == {("a", "stderr")}


@pytest.mark.sennit(loop=["asyncio", "uvloop"], timeout=20)
async def test_real_processes_are_started_again_and_stopped(
    reactor: Reactor, flushLoggedErrors: Callable[..., list[Failure]]
) -> None:
    """The program ends once by itself, and tells its second life that it has."""
    program = "import time; print('up', flush=True); time.sleep(60)"
    monitor = ProcessMonitor(reactor)
    monitor.killTime = 10
    monitor.addProcess("once", [sys.executable, "-c", "pass"], env=None)
    monitor.addProcess("up", [sys.executable, "-c", program], env=None, ready="up")
    monitor.startService()
    with capturedLogs() as events:
        while "up" not in monitor.ready or "once" not in monitor.restart:
            await task.deferLater(reactor, 0.01)
        await monitor.stopService()
    assert monitor.protocols == {}
    told = {event["name"]: event["why"] for event in events if "why" in event}
    assert told["once"] == "exit code 0"
    assert told["up"] == "signal 15"
