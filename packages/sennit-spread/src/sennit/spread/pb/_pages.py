"""The pagers of a connection: each sends a page when the transport has room."""

from __future__ import annotations

from typing import Any

from sennit.core import log
from sennit.core.failure import Failure

__all__ = ["Pages"]


class Pages:
    """A pull producer, made of all pagers."""

    def __init__(self, broker: Any) -> None:
        self._broker = broker
        self.pagers: list[Any] = []

    def add(self, pager: Any) -> None:
        """Have a pager send its pages, too."""
        self.pagers.append(pager)
        if len(self.pagers) == 1:
            self._broker.pressure.make_way()
            self._broker.transport.registerProducer(self, False)

    def resumeProducing(self) -> None:
        """Send a page of each."""
        self._broker.pressure.room()
        for pager in self.pagers[:]:
            try:
                pager.sendNextPage()
                is_over = not pager.stillPaging()
            except Exception:
                log.err(None, f"{pager!r} has failed; it sends no more pages")
                is_over = True
                _tell_end(pager, Failure())
            if is_over and pager in self.pagers:
                self.pagers.remove(pager)
        if not self.pagers and not self._broker.disconnected:
            self._broker.transport.unregisterProducer()
            self._broker.pressure.ask()

    def pauseProducing(self) -> None:
        """Nothing is sent without being asked for."""

    def stopProducing(self) -> None:
        """The connection is over; `clear` tells the pagers."""

    def clear(self, reason: Failure) -> None:
        """The connection is over.

        Args:
            reason: Why.
        """
        pagers, self.pagers = self.pagers, []
        for pager in pagers:
            _tell_end(pager, reason)


def _tell_end(pager: Any, reason: Failure) -> None:
    try:
        pager.pagingFailed(reason)
    except Exception:
        log.err(None, f"{pager!r} has failed when it was told of its end")
