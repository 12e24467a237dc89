"""Running a command, and having what comes of it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sennit.core
from sennit.core.defer import CancelledError, Deferred
from sennit.core.engine import Reactor
from sennit.core.errors import ProcessTerminated
from sennit.core.failure import Failure
from sennit.core.process import (
    Process,
    UnexpectedErrorOutput,
    getProcessOutput,
    getProcessOutputAndValue,
    getProcessValue,
)

Drive = Callable[..., Any]
Logged = list[dict[str, Any]]

COMMANDS: list[Callable[..., Deferred[Any]]] = [
    getProcessOutput,
    getProcessValue,
    getProcessOutputAndValue,
]


def shell(script: str) -> tuple[str, list[str]]:
    return "/bin/sh", ["-c", script]


def outcome(deferred: Deferred[Any]) -> Deferred[list[Any]]:
    """Fires with a list of the result, which may be a Failure."""
    kept: Deferred[Any] = Deferred()
    deferred.addBoth(lambda result: kept.callback([result]))
    return kept


def test_the_output_of_a_command_is_all_that_it_wrote(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> bytes:
        script = "yes | head -c 300000; echo done; exit 3"
        return await getProcessOutput(*shell(script), None, reactor=reactor)

    assert drive(main) == b"y\n" * 150_000 + b"done\n"


def test_error_output_fails_unless_it_is_asked_for(
    reactor: Reactor, drive: Drive
) -> None:
    script = shell("echo one; echo two >&2; read x; echo three; kill -9 $$")

    async def main() -> tuple[Any, Any, bytes]:
        [failed] = await outcome(getProcessOutput(*script, reactor=reactor))
        [ended] = await outcome(failed.value.processEnded)
        both = await getProcessOutput(*script, reactor=reactor, errortoo=True)
        return failed.value, ended.value, both

    error, ended, both = drive(main)
    assert isinstance(error, UnexpectedErrorOutput)
    assert isinstance(error, OSError)
    assert error.output == b"two\n"
    assert str(error) == "got stderr: b'two\\n'"
    assert isinstance(ended, ProcessTerminated)
    assert sorted(both.split()) == [b"one", b"three", b"two"]


def test_the_end_of_a_command_that_has_failed_may_be_asked_for_late_or_never(
    reactor: Reactor, drive: Drive, logged: Logged
) -> None:
    async def main() -> Any:
        script = shell("echo bad >&2; exit 3")
        [asked] = await outcome(getProcessOutput(*script, reactor=reactor))
        [never] = await outcome(getProcessOutput(*script, reactor=reactor))
        assert never.value.output == b"bad\n"
        while asked.value._command._reason is None:
            await getProcessValue("/bin/true", reactor=reactor)
        return await outcome(asked.value.processEnded)

    assert drive(main)[0].value.exitCode == 3
    assert not [event for event in logged if event["isError"]]


@pytest.mark.parametrize(
    ("script", "value"), [("exit 0", 0), ("echo x; echo y >&2; exit 3", 3)]
)
def test_the_value_of_a_command_is_its_exit_code(
    reactor: Reactor, drive: Drive, script: str, value: int
) -> None:
    async def main() -> int | None:
        return await getProcessValue(*shell(script), reactor=reactor)

    assert drive(main) == value


def test_a_command_that_a_signal_has_ended_has_no_value(
    reactor: Reactor, drive: Drive
) -> None:
    script = shell("echo out; echo err >&2; kill -9 $$")

    async def main() -> list[Any]:
        value = await getProcessValue(*script, reactor=reactor)
        everything = getProcessOutputAndValue(*script, reactor=reactor)
        return [value, *await outcome(everything)]

    value, failure = drive(main)
    assert value is None
    assert isinstance(failure, Failure)
    assert failure.value == (b"out\n", b"err\n", signal.SIGKILL)


def test_all_of_a_command_is_output_errors_and_value(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> tuple[bytes, bytes, int]:
        script = shell("cat; echo err >&2; exit 4")
        return await getProcessOutputAndValue(
            *script, reactor=reactor, stdinBytes=b"x" * 200_000
        )

    assert drive(main) == (b"x" * 200_000, b"err\n", 4)


def test_a_command_is_given_nothing_to_read_unless_told(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> list[Any]:
        return [await f("/bin/cat", reactor=reactor) for f in COMMANDS]

    assert drive(main) == [b"", 0, (b"", b"", 0)]


@pytest.mark.parametrize("command", COMMANDS)
def test_environment_and_folder_are_passed_on(
    reactor: Reactor,
    drive: Drive,
    tmp_path: Path,
    command: Callable[..., Deferred[Any]],
) -> None:
    script = shell('test "$A" = b -a "$(pwd)" = "$B" || kill -9 $$')
    env = {"A": "b", "B": str(tmp_path)}

    async def main() -> Any:
        return await command(*script, env, str(tmp_path), reactor)

    assert drive(main) in (b"", 0, (b"", b"", 0))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_cannot_be_started_fails(
    reactor: Reactor, drive: Drive, command: Callable[..., Deferred[Any]]
) -> None:
    async def main() -> None:
        with pytest.raises(FileNotFoundError, match="nowhere"):
            await command("/nowhere", reactor=reactor)

    drive(main)


@pytest.mark.parametrize("command", COMMANDS)
def test_to_cancel_is_to_kill(
    reactor: Reactor, drive: Drive, command: Callable[..., Deferred[Any]]
) -> None:
    async def main() -> None:
        # Its own child outlives it, and holds what we read from until it writes there.
        script = shell("(sleep 0.1; echo late; echo later) & exec sleep 9")
        found = command(*script, {"PATH": os.defpath}, reactor=reactor)
        [child] = reactor._binding.live
        assert isinstance(child, Process)
        pid = child.pid
        assert pid is not None
        found.cancel()
        with pytest.raises(CancelledError):
            await found
        while child in reactor._binding.live:
            await getProcessValue("/bin/true", reactor=reactor)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

    drive(main)


def test_without_a_reactor_it_is_the_one_of_the_main_thread(
    reactor: Reactor, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sennit.core, "reactor", reactor, raising=False)

    async def main() -> bytes:
        return await getProcessOutput(sys.executable, ["-S", "-c", "print(1)"])

    assert drive(main) == b"1\n"
