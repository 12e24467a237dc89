"""The fixtures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from sennit.core.pytest_plugin._hooks import CURRENT
from sennit.core.pytest_plugin._settings import Settings

# What a fixture gives is imported by those who ask for it: no other test pays for it.
if TYPE_CHECKING:
    from sennit.core.engine import Reactor
    from sennit.core.failure import Failure
    from sennit.core.pytest_plugin._run import Run
    from sennit.core.task import Clock
    from sennit.core.testing import MemoryReactorClock

__all__ = ["_sennit", "clock", "flushLoggedErrors", "memoryReactor", "reactor"]


@pytest.fixture
def _sennit(request: pytest.FixtureRequest) -> Iterator[Run]:
    """What makes a test ours: it runs on a reactor, and is watched."""
    from sennit.core.pytest_plugin._run import Run

    settings = Settings.of(request.node)
    loop = getattr(request, "param", settings.loops[0])
    run = Run(request.node, loop, settings.timeout)
    request.config.stash[CURRENT] = run
    try:
        yield run
    finally:
        del request.config.stash[CURRENT]
        run.close()
    if run.passed:
        run.blame()


@pytest.fixture
def reactor(_sennit: Run) -> Reactor:
    """A fresh reactor on a fresh loop; what the test leaves open there is a failure."""
    return _sennit.reactor


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until it is advanced."""
    from sennit.core.task import Clock

    return Clock()


@pytest.fixture
def memoryReactor() -> MemoryReactorClock:
    """A reactor that only notes what it is asked for; it has time, to be advanced."""
    from sennit.core.testing import MemoryReactorClock

    return MemoryReactorClock()


@pytest.fixture
def flushLoggedErrors(_sennit: Run) -> Callable[..., list[Failure]]:
    """A function that takes errors which the test expects to be logged.

    It takes those of the given classes, or all, and returns them as a list of
    Failures. What it has taken does not make the test fail.
    """
    return _sennit.errors.flush
