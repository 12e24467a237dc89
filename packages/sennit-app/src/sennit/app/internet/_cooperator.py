"""Long work in steps, for as long as the service runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from sennit.app.service import Service
from sennit.core.task import Cooperator

if TYPE_CHECKING:
    from sennit.app.contracts import Outcome
    from sennit.core.defer import Deferred

__all__ = ["CooperatorService"]

I = TypeVar("I", bound=Iterator[object])  # noqa: E741


class CooperatorService(Service):
    """Takes the steps of iterators while it runs.

    Attributes:
        coop: The `sennit.core.task.Cooperator` that does.
    """

    def __init__(self) -> None:
        self.coop: Cooperator = Cooperator(started=False)

    def coiterate(self, iterator: I) -> Deferred[I]:
        """Take the steps of an iterator, from when the service runs.

        Returns:
            The iterator, when it is at its end; see `Cooperator.coiterate`.
        """
        return self.coop.coiterate(iterator)

    def startService(self) -> Outcome:
        """Begin to take steps."""
        self.coop.start()
        return super().startService()

    def stopService(self) -> Outcome:
        """Take no further step; who waits for an iterator gets `SchedulerStopped`."""
        self.coop.stop()
        return super().stopService()
