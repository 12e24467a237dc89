"""What happens around the start and the end of a reactor: the system events.

An event is fired in three phases, in order. Each phase calls its triggers in the
order they were added, whatever one of them raises; after *before*, the Deferreds and
coroutines that its triggers returned are waited for.

    PHASES = before (waits) -> during -> after
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import iscoroutine
from typing import Any, NamedTuple

from sennit.core import log
from sennit.core.defer import CancelledError, Deferred, DeferredList, ensureDeferred
from sennit.core.failure import Failure

__all__ = ["PHASES", "SystemEvents", "Trigger"]

PHASES = ("before", "during", "after")


class Trigger(NamedTuple):
    """What ``addSystemEventTrigger`` returns, to remove the trigger by."""

    eventType: str
    #: The phase, what is called, its positional and its keyword arguments.
    call: tuple[str, Callable[..., object], tuple[Any, ...], dict[str, Any]]


class SystemEvents:
    """The triggers of one reactor, by event and phase."""

    def __init__(self) -> None:
        self._triggers: dict[tuple[str, str], list[Trigger]] = {}

    def add(
        self,
        phase: str,
        eventType: str,
        f: Callable[..., object],
        args: tuple[Any, ...] = (),
        kw: dict[str, Any] | None = None,
    ) -> Trigger:
        """Have *f* called in a phase of an event, once.

        Raises:
            KeyError: There is no such phase.
            TypeError: *f* cannot be called.
        """
        if phase not in PHASES:
            raise KeyError(f"{phase!r} is no phase of an event: {', '.join(PHASES)}")
        if not callable(f):
            raise TypeError(f"a trigger must be callable, not {f!r}")
        trigger = Trigger(eventType, (phase, f, args, kw or {}))
        self._triggers.setdefault((eventType, phase), []).append(trigger)
        return trigger

    def remove(self, trigger: Trigger) -> None:
        """Take a trigger away.

        Raises:
            KeyError: It is of no phase that there is.
            TypeError: This is nothing that `add` returned.
            ValueError: It was removed, or has been fired.
        """
        if not isinstance(trigger, tuple):
            raise TypeError(f"{trigger!r} is no trigger")
        eventType, (phase, *_) = trigger
        if phase not in PHASES:
            raise KeyError(f"{phase!r} is no phase of an event: {', '.join(PHASES)}")
        row = self._triggers.get((eventType, phase), [])
        for at, known in enumerate(row):
            if known is trigger:
                del row[at]
                return
        raise ValueError(f"{trigger!r} was removed or fired before")

    def fire(
        self, eventType: str, during: Callable[[], object] = lambda: None
    ) -> Deferred[None]:
        """Fire an event.

        Args:
            eventType: Its name.
            during: Called first in that phase.

        Returns:
            A Deferred that fires with None after the last phase; at once where no
            *before* trigger has to be waited for.
        """
        waited = [_as_deferred(r) for r in self._run("before", eventType)]
        pending = [d for d in waited if d is not None]

        def failed(failure: Failure) -> None:
            if not failure.check(CancelledError):
                log.err(failure, f"a trigger before {eventType} has failed")

        def rest(_: object) -> None:
            during()
            self._run("during", eventType)
            self._run("after", eventType)

        for d in pending:
            d.addErrback(failed)
        return DeferredList(pending).addCallback(rest)

    def _run(self, phase: str, eventType: str) -> list[object]:
        """Call the triggers of a phase, also those added meanwhile."""
        row = self._triggers.get((eventType, phase), [])
        results: list[object] = []
        while row:
            _, f, args, kw = row.pop(0).call
            try:
                results.append(f(*args, **kw))
            except Exception:
                log.err(None, f"a trigger {phase} {eventType} has failed")
        return results


def _as_deferred(result: object) -> Deferred[Any] | None:
    if isinstance(result, Deferred):
        return result
    if iscoroutine(result):
        return ensureDeferred(result)
    return None
