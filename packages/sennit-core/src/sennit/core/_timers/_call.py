"""One call that waits for its time."""

from __future__ import annotations

import reprlib
import time as clocks
from collections.abc import Callable, Mapping
from contextvars import Context, copy_context
from math import inf, nan
from types import MappingProxyType
from typing import Any

from sennit.core._stacks import stackHere
from sennit.core.errors import AlreadyCalled, AlreadyCancelled

__all__ = ["NO_KW", "DelayedCall", "Keeper"]

# The entry of a call that waits no more: no entry is valid, and both fail `> -inf`.
_CANCELLED = -inf
_CALLED = nan

# What most calls have for keyword arguments, shared by them.
NO_KW: Mapping[str, Any] = MappingProxyType({})


class Keeper:
    """Whoever keeps a call, and is told what becomes of it.

    Attributes:
        seconds: The clock.
    """

    __slots__ = ("seconds",)

    def __init__(self, seconds: Callable[[], float]) -> None:
        """Keep calls by this clock."""
        self.seconds = seconds

    def cancelled(self, call: DelayedCall) -> None:
        """Take note that a call of ours was cancelled."""

    def moved(self, call: DelayedCall) -> None:
        """Take note that a call of ours was moved to before its entry."""


class _Maker(Keeper):
    """Whoever made a call by its constructor, and gave functions to be told by."""

    __slots__ = ("_cancel", "_reset")

    def __init__(
        self,
        seconds: Callable[[], float],
        cancel: Callable[[DelayedCall], object] | None,
        reset: Callable[[DelayedCall], object] | None,
    ) -> None:
        super().__init__(seconds)
        self._cancel = cancel
        self._reset = reset

    def cancelled(self, call: DelayedCall) -> None:
        if self._cancel is not None:
            self._cancel(call)

    def moved(self, call: DelayedCall) -> None:
        if self._reset is not None:
            self._reset(call)


class DelayedCall:
    """A call that waits for its time: what ``callLater`` returns.

    Calls compare by the time they are due; each is equal to itself alone.

    Attributes:
        debug: Whether calls remember where they were made, to show it in their text.
        creator: The lines of the stack where it was made, if that was in debug.
        time: When it is due, in seconds of the clock.
        func: What is called; None once it was called or cancelled, for then all that
            the call held is let go.
        args: The positional arguments.
        kw: The keyword arguments.
    """

    # The dictionary is not made until somebody sets an attribute that has no slot:
    # `creator`, or `debug` on one call.
    __slots__ = (
        "__dict__",
        "__weakref__",
        "_context",
        "_entry",
        "_owner",
        "args",
        "func",
        "kw",
        "time",
    )

    debug: bool = False
    creator: list[str] | None = None

    time: float
    func: Callable[..., object] | None
    args: tuple[Any, ...]
    kw: Mapping[str, Any]

    _entry: float
    _owner: Keeper
    # None for an empty one, which most are: no need to keep a copy of nothing.
    _context: Context | None

    def __init__(
        self,
        time: float,
        func: Callable[..., object],
        args: tuple[Any, ...],
        kw: Mapping[str, Any],
        cancel: Callable[[DelayedCall], object] | None = None,
        reset: Callable[[DelayedCall], object] | None = None,
        seconds: Callable[[], float] = clocks.time,
    ) -> None:
        """Make a call that somebody else than a queue of ours will run.

        Args:
            time: When it is due, in seconds of the clock.
            func: What is called.
            args: Its positional arguments.
            kw: Its keyword arguments.
            cancel: Told of the call when it is cancelled.
            reset: Told of the call when it is moved to before the time given here.
            seconds: The clock.
        """
        self.time = self._entry = time
        self.func = func
        self.args = args
        self.kw = kw
        self._owner = _Maker(seconds, cancel, reset)
        self._context = copy_context() or None
        if DelayedCall.debug:
            self._remember_creator()

    @property
    def called(self) -> bool:
        """True from when it is being called."""
        return self._entry != self._entry  # NaN alone

    @property
    def cancelled(self) -> bool:
        """True once it was cancelled."""
        return self._entry == _CANCELLED

    @property
    def seconds(self) -> Callable[[], float]:
        """The clock."""
        return self._owner.seconds

    def getTime(self) -> float:
        """Tell when it is due, in seconds of the clock."""
        return self.time

    def cancel(self) -> None:
        """Call it off.

        Raises:
            AlreadyCalled: When it has been called.
            AlreadyCancelled: When it was called off before.
        """
        if not self._entry > _CANCELLED:
            raise self._why_not()
        self._entry = _CANCELLED
        self._owner.cancelled(self)
        self.func = self._context = None
        self.args = ()
        self.kw = NO_KW

    def reset(self, secondsFromNow: float) -> None:
        """Make it due that long from now.

        Args:
            secondsFromNow: Seconds; below 0 means before others that are due.

        Raises:
            AlreadyCalled: When it has been called.
            AlreadyCancelled: When it was called off.
        """
        if not self._entry > _CANCELLED:
            raise self._why_not()
        self.time = time = self._owner.seconds() + secondsFromNow
        if time < self._entry:
            self._owner.moved(self)

    def delay(self, secondsLater: float) -> None:
        """Put it off: that much later than it was due.

        Args:
            secondsLater: Seconds; below 0 makes it earlier.

        Raises:
            AlreadyCalled: When it has been called.
            AlreadyCancelled: When it was called off.
        """
        if not self._entry > _CANCELLED:
            raise self._why_not()
        self.time += secondsLater
        if self.time < self._entry:
            self._owner.moved(self)

    def active(self) -> bool:
        """Tell whether it is still going to be called."""
        return self._entry > _CANCELLED

    def _why_not(self) -> AlreadyCalled | AlreadyCancelled:
        return AlreadyCancelled() if self.cancelled else AlreadyCalled()

    def _remember_creator(self) -> None:
        self.creator = stackHere(above=2)

    def _run(self) -> None:
        """Call it, in the context it was made in; what it raises is the caller's.

        What it held is let go only if all went well: an error's report shows it.
        """
        func = self.func
        if func is None:
            raise self._why_not()
        self._entry = _CALLED
        context = self._context or Context()
        if self.kw:
            context.run(func, *self.args, **self.kw)
        else:
            context.run(func, *self.args)
        self.func = self._context = None
        self.args = ()
        self.kw = NO_KW

    def __lt__(self, other: DelayedCall) -> bool:
        return self.time < other.time

    def __le__(self, other: DelayedCall) -> bool:
        return self.time <= other.time

    def __repr__(self) -> str:
        text = (
            f"<DelayedCall {id(self):#x} [{self.time - self.seconds()}s] "
            f"called={self.called:d} cancelled={self.cancelled:d}"
        )
        if self.func is not None:
            name = getattr(self.func, "__qualname__", None) or reprlib.repr(self.func)
            given = [reprlib.repr(value) for value in self.args]
            given += [f"{key}={reprlib.repr(value)}" for key, value in self.kw.items()]
            text += f" {name}({', '.join(given)})"
        if self.creator is not None:
            text += "\n\ntraceback at creation:\n\n" + "".join(self.creator)
        return text + ">"
