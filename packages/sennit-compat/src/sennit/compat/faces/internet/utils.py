"""``twisted.internet.utils``: run a command, wait for it without blocking.

The command runs under a thread of the reactor's pool, which waits for it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import sennit.core
from sennit.core import threads
from sennit.core.defer import Deferred
from sennit.core.failure import Failure

__all__ = ["getProcessOutput", "getProcessOutputAndValue", "getProcessValue"]


def getProcessOutput(
    executable: str | bytes,
    args: Sequence[Any] = (),
    env: Mapping[Any, Any] | None = {},
    path: str | bytes | None = None,
    reactor: Any = None,
    errortoo: bool = False,
) -> Deferred[bytes]:
    """Run a command; a Deferred of what it has written.

    Args:
        executable: Path of the program.
        args: Its arguments, without its name.
        env: Its whole environment; None is ours.
        path: The folder it runs in.
        reactor: The reactor; the global one if there is none.
        errortoo: Whether its errors are part of the output. If not, any error output
            fails the Deferred with an `OSError`.
    """

    def judged(done: subprocess.CompletedProcess[bytes]) -> bytes:
        if done.stderr:
            raise OSError(f"got stderr: {done.stderr!r}")
        return done.stdout

    error = subprocess.STDOUT if errortoo else subprocess.PIPE
    return _run(executable, args, env, path, reactor, stderr=error).addCallback(judged)


def getProcessValue(
    executable: str | bytes,
    args: Sequence[Any] = (),
    env: Mapping[Any, Any] | None = {},
    path: str | bytes | None = None,
    reactor: Any = None,
) -> Deferred[int | None]:
    """Run a command; a Deferred of its exit status, None where a signal ended it.

    Args:
        executable: Path of the program.
        args: Its arguments, without its name.
        env: Its whole environment; None is ours.
        path: The folder it runs in.
        reactor: The reactor; the global one if there is none.
    """

    def status(done: subprocess.CompletedProcess[bytes]) -> int | None:
        return done.returncode if done.returncode >= 0 else None

    return _run(executable, args, env, path, reactor).addCallback(status)


def getProcessOutputAndValue(
    executable: str | bytes,
    args: Sequence[Any] = (),
    env: Mapping[Any, Any] | None = {},
    path: str | bytes | None = None,
    reactor: Any = None,
    stdinBytes: bytes | None = None,
) -> Deferred[tuple[bytes, bytes, int]]:
    """Run a command; a Deferred of its output, its errors and its exit status.

    Where a signal ended it the Deferred fails with output, errors and signal.

    Args:
        executable: Path of the program.
        args: Its arguments, without its name.
        env: Its whole environment; None is ours.
        path: The folder it runs in.
        reactor: The reactor; the global one if there is none.
        stdinBytes: What it is given to read.
    """

    def judged(done: subprocess.CompletedProcess[bytes]) -> Any:
        if done.returncode < 0:
            return Failure((done.stdout, done.stderr, -done.returncode))
        return done.stdout, done.stderr, done.returncode

    return _run(executable, args, env, path, reactor, stdin=stdinBytes).addCallback(
        judged
    )


def _run(
    executable: str | bytes,
    args: Sequence[Any],
    env: Mapping[Any, Any] | None,
    path: str | bytes | None,
    reactor: Any,
    *,
    stdin: bytes | None = None,
    stderr: int = subprocess.PIPE,
) -> Deferred[subprocess.CompletedProcess[bytes]]:
    reactor = sennit.core.reactor if reactor is None else reactor

    def run() -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [executable, *args],
            input=b"" if stdin is None else stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=None if env is None else {**env},
            cwd=os.curdir if path is None else path,
            check=False,
        )

    return threads.deferToThreadPool(reactor, reactor.getThreadPool(), run)
