"""Errors that a test has caused, and nobody has handled."""

from __future__ import annotations

import gc
from typing import NamedTuple
from weakref import WeakSet

from sennit.core import log
from sennit.core._stacks import Place, placesHere
from sennit.core.defer._debug import debugging
from sennit.core.failure import Failure
from sennit.core.pytest_plugin._report import Left, Site

__all__ = ["Errors"]


class _Logged(NamedTuple):
    event: log.EventDict
    places: list[Place]


class Errors:
    """Notes the errors that are logged, that of a Deferred without handler among them."""

    def __init__(self) -> None:
        # Appended to by any thread that logs.
        self._logged: list[_Logged] = []
        self._before = debugging.failed

    def start(self) -> None:
        """Note what is logged from now on."""
        debugging.failed = WeakSet()
        log.addObserver(self._observe)

    def stop(self) -> None:
        """Note nothing more."""
        log.removeObserver(self._observe)
        debugging.failed = self._before

    def _observe(self, event: log.EventDict) -> None:
        # What others log by way of `logging` is theirs to judge.
        if event.get("isError") and "failure" in event and "record" not in event:
            self._logged.append(_Logged(event, placesHere()))

    def flush(self, *errorTypes: type[BaseException]) -> list[Failure]:
        """Take those that are expected, of these classes or all."""
        self._report_the_dropped()
        wanted = errorTypes or (BaseException,)
        logged, self._logged = self._logged, []
        taken = []
        for each in logged:
            failure = each.event["failure"]
            if failure.check(*wanted):
                taken.append(failure)
            else:
                self._logged.append(each)
        return taken

    def left(self) -> list[Left]:
        """Describe those that were not taken."""
        self._report_the_dropped()
        return [_described(*logged) for logged in self._logged]

    def _report_the_dropped(self) -> None:
        """See to it that Deferreds which nobody can reach any more have reported.

        Mostly they have; one that is part of a circle waits for the collector.
        """
        failed = debugging.failed
        if failed and any(info.failResult is not None for info in list(failed)):
            gc.collect()


def _described(event: log.EventDict, places: list[Place]) -> Left:
    failure = event["failure"]
    name = f"{failure.type.__name__}: {failure.getErrorMessage()}"
    details = failure.getTraceback() if failure.frames else ""
    if "creator" in event:
        # Logged wherever the last reference went, which tells nothing.
        sites = [Site("made", _read(event["creator"]))]
        sites += [Site("fired", _read(event["invoker"]))] if event["invoker"] else []
        return Left("unhandled error of a Deferred", name, sites, details)
    why, system = event.get("why") or "", event.get("system", "-")
    kind = "logged error" if system == "-" else f"logged error of [{system}]"
    return Left(
        kind, f"{why}: {name}" if why else name, [Site("logged", places)], details
    )


def _read(lines: list[str] | None) -> list[Place]:
    return [Place.read(line) for line in lines or ()]
