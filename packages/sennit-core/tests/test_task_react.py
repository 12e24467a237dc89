"""A program that runs until it has its result: when it ends, and its exit code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sennit.core import log
from sennit.core.defer import Deferred, fail, succeed
from sennit.core.errors import ReactorNotRunning
from sennit.core.task import Clock, react


class Reactor(Clock):
    """As much of a reactor as `react` needs, with a clock that runs by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.running = False
        self.starting: list[tuple[Callable[..., object], tuple[Any, ...]]] = []
        self.shutting: list[tuple[str, Callable[..., object], tuple[Any, ...]]] = []

    def callWhenRunning(self, f: Callable[..., object], *args: Any) -> None:
        if self.running:
            f(*args)
        else:
            self.starting.append((f, args))

    def addSystemEventTrigger(
        self, phase: str, event: str, f: Callable[..., object], *args: Any
    ) -> None:
        assert event == "shutdown"
        self.shutting.append((phase, f, args))

    def run(self) -> None:
        self.running = True
        for f, args in self.starting:
            f(*args)
        while self.running:
            self.advance(self.calls[0].getTime() - self.seconds())
        for wanted in ("before", "during"):
            for phase, f, args in self.shutting:
                if phase == wanted:
                    f(*args)

    def stop(self) -> None:
        if not self.running:
            raise ReactorNotRunning()
        self.running = False


@pytest.fixture
def errors() -> Iterator[list[log.EventDict]]:
    """The errors that are logged."""
    events: list[log.EventDict] = []

    def observe(event: log.EventDict) -> None:
        if event["isError"]:
            events.append(event)

    log.addObserver(observe)
    yield events
    log.removeObserver(observe)


def code_of(
    main: Callable[..., Any], *argv: object, reactor: Reactor | None = None
) -> object:
    """Run it, and give the exit code."""
    with pytest.raises(SystemExit) as caught:
        react(main, argv, Reactor() if reactor is None else reactor)  # type: ignore[arg-type]
    return caught.value.code


def test_it_runs_until_the_deferred_fires() -> None:
    reactor = Reactor()

    def main(reactor: Reactor) -> Deferred[None]:
        done: Deferred[None] = Deferred()
        reactor.callLater(2, done.callback, None)
        return done

    assert code_of(main, reactor=reactor) == 0
    assert reactor.seconds() == 2


def test_it_runs_a_coroutine_function_with_its_arguments() -> None:
    seen: list[object] = []

    async def main(reactor: Reactor, *args: object) -> None:
        await succeed(None)
        seen.append((reactor.running, args))

    assert code_of(main, 1, "two") == 0
    assert seen == [(True, (1, "two"))]


def test_an_error_is_logged_and_the_exit_code_is_one(
    errors: list[log.EventDict],
) -> None:
    async def later(reactor: Reactor) -> None:
        wait: Deferred[None] = Deferred()
        reactor.callLater(1, wait.callback, None)
        await wait
        raise LookupError("lost")

    def at_once(reactor: Reactor) -> Deferred[None]:
        raise LookupError("lost")

    def failed(reactor: Reactor) -> Deferred[None]:
        return fail(LookupError("lost"))

    for main in (later, at_once, failed):
        assert code_of(main) == 1
    assert [event["failure"].type for event in errors] == [LookupError] * 3


def test_what_gives_nothing_to_wait_for_is_an_error(
    errors: list[log.EventDict],
) -> None:
    assert code_of(lambda reactor: None) == 1
    assert "None" in errors[0]["failure"].getErrorMessage()


@pytest.mark.parametrize("code", [0, 23, "a message", None])
def test_a_system_exit_gives_its_exit_code(
    code: str | int | None, errors: list[log.EventDict]
) -> None:
    assert code_of(lambda reactor: fail(SystemExit(code))) == code
    assert errors == []


def test_stopped_by_somebody_else_it_ends_well() -> None:
    def main(reactor: Reactor) -> Deferred[None]:
        reactor.callLater(1, reactor.stop)
        return Deferred()

    assert code_of(main) == 0


def test_the_result_may_come_while_the_reactor_shuts_down(
    errors: list[log.EventDict],
) -> None:
    def well(reactor: Reactor) -> Deferred[None]:
        done: Deferred[None] = Deferred()
        reactor.callLater(1, reactor.stop)
        reactor.addSystemEventTrigger("during", "shutdown", done.callback, None)
        return done

    def badly(reactor: Reactor) -> Deferred[None]:
        done: Deferred[None] = Deferred()
        reactor.callLater(1, reactor.stop)
        reactor.addSystemEventTrigger(
            "during", "shutdown", done.errback, LookupError("lost")
        )
        return done

    assert code_of(well) == 0
    assert code_of(badly) == 1
    assert len(errors) == 1


def test_it_may_be_stopped_an_instant_before_its_result() -> None:
    def main(reactor: Reactor) -> Deferred[None]:
        done: Deferred[None] = Deferred()

        def stop() -> None:
            reactor.stop()
            done.callback(None)

        reactor.callWhenRunning(stop)
        return done

    assert code_of(main) == 0


def test_a_program_runs_on_the_reactor_and_ends_with_its_code() -> None:
    """In a process of its own, where asyncio's awaitables can be awaited as well."""
    program = """
import asyncio, sys
from sennit.core import task

async def main(reactor, word):
    await asyncio.sleep(0.01)
    await task.deferLater(reactor, 0.01)
    sys.stdout.write(word)
    raise LookupError("lost on purpose")

task.react(main, ["said"])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30
    )
    assert (done.returncode, done.stdout) == (1, "said")
    assert "the main function has failed" in done.stderr
    assert "LookupError: lost on purpose" in done.stderr
