"""What holds the loop for too long is logged, by name and with its lines."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sennit.core import task, watchdog
from sennit.core.engine import Reactor
from sennit.core.protocol import DatagramProtocol, Factory, Protocol
from sennit.core.watchdog import BadThreshold, Watchdog

Drive = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]

# Seconds: short, but longer than a busy machine lets a thread wait.
SHORT = 0.05

PATIENCE = 10.0


class Warnings(logging.Handler):
    """Keeps the warnings of the log, without having systems shown."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def texts(self, word: str) -> list[str]:
        texts = (record.getMessage() for record in self.records)
        return [text for text in texts if word in text]

    @property
    def held(self) -> list[str]:
        return self.texts("held by")

    def hold(self, reports: int = 1) -> None:
        """Hold the loop until so many reports of that were made."""
        until, wanted = time.monotonic() + PATIENCE, len(self.held) + reports
        while len(self.held) < wanted:
            assert time.monotonic() < until, "the watchdog says nothing"
            time.sleep(0.001)

    async def ended(self) -> str:
        """Wait until a report says that the loop turns again."""
        while not self.texts("turns again"):
            await asyncio.sleep(0.001)
        return self.texts("turns again")[-1]


@pytest.fixture
def warned() -> Iterator[Warnings]:
    handler, logger = Warnings(), logging.getLogger("sennit")
    logger.addHandler(handler)
    logger.propagate = False
    yield handler
    logger.propagate = True
    logger.removeHandler(handler)
    assert threads() == []


def threads() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name == "sennit-watchdog"]


def seconds(text: str) -> float:
    found = re.search(r"([\d.]+) s\b", text)
    assert found is not None
    return float(found[1])


# What is reported


def test_a_call_that_holds_the_loop_is_told_with_its_lines(
    reactor: Reactor, drive: Drive, warned: Warnings
) -> None:
    def slow(password: str) -> None:
        warned.hold()

    async def main() -> str:
        watchdog.watch(reactor, SHORT)
        await task.deferLater(reactor, 0, slow, "hunter2")
        return await warned.ended()

    ended = drive(main)
    (told, _) = warned.held
    name = re.escape(slow.__qualname__)
    assert re.match(
        rf"the event loop is held by {name}, for [\d.]+ s by now; it is here:\n", told
    )
    assert f'File "{__file__}"' in told
    assert "warned.hold()" in told
    assert "sennit" not in told.replace(__file__, "").partition("here:")[2]
    assert "hunter2" not in told
    assert SHORT <= seconds(told) < PATIENCE
    assert re.match(rf"the event loop turns again; it was held by {name}, for", ended)
    assert seconds(ended) >= seconds(told)
    assert {record.levelno for record in warned.records} == {logging.WARNING}


def test_the_connection_that_holds_the_loop_is_named(
    reactor: Reactor, drive: Drive, warned: Warnings
) -> None:
    class Counter(Protocol):
        def dataReceived(self, data: bytes) -> None:
            self.count()

        def count(self) -> None:
            warned.hold()

    async def main() -> None:
        watchdog.watch(reactor, SHORT)
        factory = Factory.forProtocol(Counter)
        port = reactor.listenTCP(0, factory, interface="127.0.0.1")
        with socket.create_connection(("127.0.0.1", port.getHost().port)) as client:
            client.send(b"x")
            await warned.ended()

    drive(main)
    system = "Counter,0,127.0.0.1"
    function = Counter.dataReceived.__qualname__
    assert f" held by [{system}] in {function}, for" in warned.held[0]
    assert vars(warned.records[0])["system"] == system


def test_the_datagram_protocol_that_holds_the_loop_is_named(
    reactor: Reactor, drive: Drive, warned: Warnings
) -> None:
    class Counter(DatagramProtocol):
        def datagramReceived(self, datagram: bytes, addr: Any) -> None:
            warned.hold()

    async def main() -> None:
        watchdog.watch(reactor, SHORT)
        port = reactor.listenUDP(0, Counter(), interface="127.0.0.1")
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.sendto(b"x", ("127.0.0.1", port.getHost().port))
            await warned.ended()

    drive(main)
    assert " held by [Counter (UDP)] in " in warned.held[0]


def test_a_call_without_lines_of_its_own_is_named(
    reactor: Reactor, drive: Drive, warned: Warnings
) -> None:
    lock = threading.Lock()
    lock.acquire()

    class Release(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "is held" in record.getMessage():
                lock.release()

    release = Release()
    logging.getLogger("sennit").addHandler(release)

    async def main() -> None:
        watchdog.watch(reactor, SHORT)
        reactor.callLater(0, lock.acquire, timeout=PATIENCE)
        await warned.ended()

    drive(main)
    logging.getLogger("sennit").removeHandler(release)
    assert re.fullmatch(
        r"the event loop is held by lock\.acquire, for [\d.]+ s by now", warned.held[0]
    )


def test_a_call_that_no_frame_shows_is_found_as_well(
    reactor: Reactor, drive: Drive, warned: Warnings
) -> None:
    async def main() -> None:
        watchdog.watch(reactor, SHORT)
        # On uvloop it is looked for only so often.
        asyncio.get_running_loop().call_soon(time.sleep, 1.5)
        await warned.ended()

    drive(main)
    assert " held by a call that has no lines, for" in warned.held[0]


def test_it_is_told_again_at_growing_intervals(
    reactor: Reactor, drive: Drive, warned: Warnings
) -> None:
    async def main() -> str:
        watchdog.watch(reactor, SHORT)
        await task.deferLater(reactor, 0, warned.hold, 4)
        return await warned.ended()

    drive(main)
    told = warned.texts("by now")
    assert [" is still held " in text for text in told] == [False, True, True, True]
    # They are told with two digits.
    for before, after in pairwise(told):
        assert seconds(after) >= 2 * seconds(before) - 0.02
    assert len(warned.texts("turns again")) == 1


def test_what_lets_no_other_thread_run_is_told_afterwards(
    reactor: Reactor, drive: Drive, warned: Warnings
) -> None:
    def match() -> None:
        began, letters = time.thread_time(), 20
        while time.thread_time() - began < 2 * SHORT:
            began, letters = time.thread_time(), letters + 1
            re.match(r"(a+)+$", "a" * letters + "b")

    async def main() -> None:
        watchdog.watch(reactor, SHORT)
        await task.deferLater(reactor, SHORT, match)
        await warned.ended()

    drive(main)
    assert 're.match(r"(a+)+$"' in warned.held[0]


# What is not


def test_many_short_calls_in_one_turn_are_no_long_one(
    reactor: Reactor, drive: Drive, warned: Warnings
) -> None:
    def short() -> None:
        until = time.thread_time() + 0.005
        while time.thread_time() < until:
            pass

    async def main() -> None:
        watchdog.watch(reactor, 0.3)
        loop = asyncio.get_running_loop()
        for _ in range(150):
            loop.call_soon(short)
        await task.deferLater(reactor, 0.01)

    drive(main)
    assert warned.records == []


def test_an_idle_loop_is_not_reported_and_hardly_woken(
    reactor: Reactor,
    drive: Drive,
    warned: Warnings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pings = []

    class Counted(Watchdog):
        def _ping(self) -> None:
            pings.append(time.monotonic())
            super()._ping()

    monkeypatch.setattr("sennit.core.watchdog._watchdog.Watchdog", Counted)

    async def main() -> None:
        watchdog.watch(reactor, 0.02)
        await task.deferLater(reactor, 1.2)

    drive(main)
    assert warned.records == []
    # To begin, and as it ends; where its waiting cannot be seen, once a second.
    assert 1 <= len(pings) <= 4


def test_what_was_in_the_way_of_the_look_is_dropped_by_the_loop(
    reactor: Reactor, drive: Drive, warned: Warnings
) -> None:
    dropped: list[int] = []

    class Variable:
        def __del__(self) -> None:
            dropped.append(threading.get_ident())

    def slow() -> None:
        variable = Variable()
        warned.hold(2)
        assert variable is not None

    async def main() -> None:
        watchdog.watch(reactor, SHORT)
        await task.deferLater(reactor, 0, slow)
        await warned.ended()
        assert dropped == [threading.get_ident()]

    drive(main)


# How long it watches


def test_it_ends_with_the_reactor(reactor: Reactor, warned: Warnings) -> None:
    watchdog.watch(reactor, SHORT)
    reactor.callWhenRunning(lambda: reactor.callLater(0, reactor.stop))
    seen: list[int] = []
    reactor.callWhenRunning(lambda: seen.append(len(threads())))
    reactor.run(installSignalHandlers=False)
    assert seen == [1]
    assert threads() == []


def test_it_can_be_stopped(reactor: Reactor, drive: Drive, warned: Warnings) -> None:
    async def main() -> None:
        watching = watchdog.watch(reactor, SHORT)
        assert len(threads()) == 1
        watching.stop()
        watching.stop()
        assert threads() == []
        time.sleep(4 * SHORT)

    drive(main)
    assert warned.records == []


def test_it_watches_a_loop_that_somebody_else_runs(warned: Warnings) -> None:
    reactor = Reactor()

    async def main() -> str:
        watchdog.watch(reactor, SHORT)
        await asyncio.sleep(0.01)
        warned.hold()
        return await warned.ended()

    assert main.__qualname__ in asyncio.run(main())


# By the environment


def test_the_environment_asks_for_it_at_each_run(
    reactor: Reactor,
    drive: Drive,
    warned: Warnings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SENNIT_WATCHDOG", str(SHORT))

    async def main() -> None:
        await task.deferLater(reactor, 0.01)
        warned.hold()

    async def slow() -> None:
        time.sleep(4 * SHORT)

    for _ in range(2):
        drive(main)
        assert threads() == []
    assert len(warned.texts("is held")) == 2
    monkeypatch.setenv("SENNIT_WATCHDOG", "0")
    drive(slow)
    assert len(warned.held) == 2 * 2


@pytest.mark.parametrize("value", ["fast", "-1", "0.001", "nan", "inf", "0,1"])
def test_a_value_without_meaning_is_refused_at_the_start(
    reactor: Reactor, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("SENNIT_WATCHDOG", value)
    for _ in range(2):
        with pytest.raises(BadThreshold) as caught:
            reactor.run(installSignalHandlers=False)
        assert str(caught.value) == (
            f"SENNIT_WATCHDOG is {value!r}: it takes seconds, 0.01 or more, such as 0.1, "
            "or 0 for no watchdog"
        )
    monkeypatch.setenv("SENNIT_WATCHDOG", "")
    reactor.callWhenRunning(reactor.stop)
    reactor.run(installSignalHandlers=False)


def test_a_reactor_is_not_attached_with_a_value_without_meaning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reactor = Reactor()

    async def main() -> None:
        monkeypatch.setenv("SENNIT_WATCHDOG", "fast")
        for _ in range(2):
            with pytest.raises(BadThreshold):
                reactor.callLater(0, print)
            assert reactor.loop is None
        monkeypatch.setenv("SENNIT_WATCHDOG", "5")
        await task.deferLater(reactor, 0)
        assert len(threads()) == 1

    asyncio.run(main())


@pytest.mark.parametrize("threshold", [0, -1, 0.009, float("nan"), float("inf"), "1"])
def test_a_threshold_without_meaning_is_refused(
    reactor: Reactor, threshold: Any
) -> None:
    with pytest.raises(BadThreshold, match=r"it takes seconds, 0\.01 or more"):
        watchdog.watch(reactor, threshold)


def run_program(tmp_path: Path, source: str, said: str = "") -> str:
    """Run a program that is watched from the environment; give what it logs."""
    program = tmp_path / "program.py"
    program.write_text(source)
    done = subprocess.run(
        [sys.executable, program],
        env={**os.environ, "SENNIT_WATCHDOG": "0.05"},
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_a_person_at_the_debugger_is_told_once(tmp_path: Path) -> None:
    source = """
from sennit.core import reactor

def stop():
    breakpoint()
    reactor.callLater(0.1, reactor.stop)

reactor.callLater(0, stop)
reactor.run()
"""
    said = run_program(tmp_path, source, "import time; time.sleep(0.5)\nc\n")
    assert said.count("is held by stop, ") == 1
    assert said.count("still held") == 0
    assert said.count("turns again") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGSTOP")
def test_a_process_that_was_stopped_has_held_nothing(tmp_path: Path) -> None:
    source = """
import os, signal, subprocess, sys
from sennit.core import reactor

def turn():
    reactor.callLater(0, turn)

wake = "import os, signal, sys, time; time.sleep(0.5); os.kill(int(sys.argv[1]), signal.SIGCONT)"

def stop():
    subprocess.Popen([sys.executable, "-c", wake, str(os.getpid())])
    os.kill(os.getpid(), signal.SIGSTOP)

turn()
reactor.callLater(0.2, stop)
reactor.callLater(1.2, reactor.stop)
reactor.run()
"""
    assert run_program(tmp_path, source) == ""
