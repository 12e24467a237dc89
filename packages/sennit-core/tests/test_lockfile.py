"""Locks between processes, and waiting for them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sennit.core.defer import (
    AlreadyTryingToLockError,
    CancelledError,
    Deferred,
    DeferredFilesystemLock,
    TimeoutError,
)
from sennit.core.failure import Failure
from sennit.core.lockfile import FilesystemLock, isLocked
from sennit.core.task import Clock


@pytest.fixture
def name(tmp_path: Path) -> str:
    return str(tmp_path / "lock")


def failure_of(d: Deferred[Any]) -> Failure:
    seen: list[Failure] = []
    d.addErrback(seen.append)
    return seen[0]


def test_one_holds_the_lock_until_it_gives_it_back(name: str) -> None:
    first, second = FilesystemLock(name), FilesystemLock(name)
    assert first.lock()
    assert (first.locked, first.clean) == (True, True)
    assert not second.lock()
    assert not second.locked
    assert isLocked(name)
    first.unlock()
    assert not first.locked
    assert not isLocked(name)
    assert second.lock()


def test_the_lock_of_a_process_that_died_is_taken_over_as_unclean(name: str) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    os.symlink(str(dead.pid), name)
    lock = FilesystemLock(name)
    assert lock.lock()
    assert lock.clean is False
    assert os.readlink(name) == str(os.getpid())


def test_the_lock_of_another_cannot_be_given_back(name: str) -> None:
    os.symlink("1", name)
    with pytest.raises(ValueError, match="held by process 1"):
        FilesystemLock(name).unlock()
    assert not FilesystemLock(name).lock()


def test_another_problem_than_a_lock_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FilesystemLock(str(tmp_path / "no" / "such" / "folder")).lock()


def test_a_free_lock_is_had_at_once(name: str) -> None:
    lock = DeferredFilesystemLock(name, Clock())
    assert lock.deferUntilLocked(timeout=1).called
    assert lock.locked


def test_waiting_ends_when_the_lock_is_given_back(name: str) -> None:
    clock = Clock()
    holder = FilesystemLock(name)
    holder.lock()
    d: Any = DeferredFilesystemLock(name, clock).deferUntilLocked(timeout=10)
    clock.advance(1)
    assert not d.called
    holder.unlock()
    clock.advance(1)
    assert d.called
    assert clock.getDelayedCalls() == []


def test_waiting_ends_with_the_time_out(name: str) -> None:
    clock = Clock()
    FilesystemLock(name).lock()
    d = DeferredFilesystemLock(name, clock).deferUntilLocked(timeout=5.5)
    clock.pump([1] * 10)
    assert failure_of(d).check(TimeoutError)
    assert clock.getDelayedCalls() == []


def test_cancelling_ends_the_tries(name: str) -> None:
    clock = Clock()
    FilesystemLock(name).lock()
    d = DeferredFilesystemLock(name, clock).deferUntilLocked(timeout=5)
    d.cancel()
    assert failure_of(d).check(CancelledError)
    assert clock.getDelayedCalls() == []


def test_one_at_a_time_may_wait_through_the_same_object(name: str) -> None:
    clock = Clock()
    holder = FilesystemLock(name)
    holder.lock()
    lock = DeferredFilesystemLock(name, clock)
    first = lock.deferUntilLocked()
    assert failure_of(lock.deferUntilLocked()).check(AlreadyTryingToLockError)
    holder.unlock()
    clock.advance(1)
    assert first.called
    lock.unlock()
    assert lock.deferUntilLocked().called


def test_a_problem_with_the_file_system_ends_the_waiting(tmp_path: Path) -> None:
    lock = DeferredFilesystemLock(str(tmp_path / "no" / "folder"), Clock())
    assert failure_of(lock.deferUntilLocked(timeout=1)).check(FileNotFoundError)
