"""Lists of checks, and the protocols that checks look at."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sennit.core.failure import Failure
from sennit.core.protocol import Protocol, connectionDone
from sennit.core.testing._steps import Steps

__all__ = [
    "LARGE",
    "Checks",
    "HalfRecorder",
    "PushProducer",
    "Recorder",
    "lost",
    "made",
    "raises",
]

_T = TypeVar("_T")

# More than the buffers of a kernel hold for one connection, so that some of it waits.
LARGE = b"0123456789abcdef" * 512 * 1024


class Checks(Generic[_T]):
    """A list of checks, to which each is added where it is defined.

    Attributes:
        checks: The checks: each is given what makes the thing to be checked.
    """

    def __init__(self, drive: Callable[[_T, Steps], None]) -> None:
        """Begin a list.

        Args:
            drive: Takes the steps of a check with the thing that was made for it.
        """
        self.checks: list[Callable[[Callable[[], _T]], None]] = []
        self._drive = drive

    def add(
        self, steps: Callable[[_T], Steps | None]
    ) -> Callable[[Callable[[], _T]], None]:
        """Make a check, of a generator of steps or of a plain function."""

        @functools.wraps(steps)
        def check(make: Callable[[], _T]) -> None:
            thing = make()
            taken = steps(thing)
            if taken is not None:
                self._drive(thing, taken)

        self.checks.append(check)
        return check


class Recorder(Protocol):
    """Notes what it is told.

    Attributes:
        when_made: Called when the connection is made.
        made: How often that was.
        pieces: What arrived.
        reasons: Why the connection ended, once for each time it was told.
    """

    transport: Any

    def __init__(
        self, answer: Callable[[Recorder, bytes], object] | None = None
    ) -> None:
        self.when_made: Callable[[], object] = lambda: None
        self.made = 0
        self.pieces: list[bytes] = []
        self.reasons: list[Failure] = []
        self._answer = answer

    @property
    def data(self) -> bytes:
        return b"".join(self.pieces)

    def connectionMade(self) -> None:
        self.made += 1
        self.when_made()

    def dataReceived(self, data: bytes) -> None:
        self.pieces.append(data)
        if self._answer is not None:
            self._answer(self, data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.reasons.append(reason)


class HalfRecorder(Recorder):
    """Notes half closes as well, and goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.halves: list[str] = []

    def readConnectionLost(self) -> None:
        self.halves.append("read")

    def writeConnectionLost(self) -> None:
        self.halves.append("write")


class PushProducer:
    """Notes how it is paced."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def pauseProducing(self) -> None:
        self.events.append("pause")

    def resumeProducing(self) -> None:
        self.events.append("resume")

    def stopProducing(self) -> None:
        self.events.append("stop")


def made(*recorders: Recorder) -> Callable[[], bool]:
    """Make a condition: the connection of each is there."""
    return lambda: all(recorder.made for recorder in recorders)


def lost(*recorders: Recorder) -> Callable[[], bool]:
    """Make a condition: the connection of each is over."""
    return lambda: all(recorder.reasons for recorder in recorders)


def raises(
    kinds: type[BaseException] | tuple[type[BaseException], ...],
    call: Callable[..., object],
    *args: Any,
) -> BaseException:
    """Give what a call raises.

    Raises:
        AssertionError: When it raises none of these kinds.
    """
    try:
        call(*args)
    except kinds as error:
        return error
    raise AssertionError(f"{call!r} has not raised {kinds!r}")
