"""How long the other side may take for what it has to do."""

from __future__ import annotations

from asyncio import _get_running_loop
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sennit.spread.pb._errors import PeerTimeout

if TYPE_CHECKING:
    from sennit.spread.pb._broker import Broker

__all__ = ["Patience"]


class Patience:
    """Ends a connection whose other side keeps this one waiting for one thing.

    The time is that of the loop which the connection lives on, or of the broker's clock;
    a connection in memory without either may take any time.
    """

    __slots__ = ("_broker", "_timer")

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._timer: Any = None

    def begin(self, seconds: float | None, what: str) -> None:
        """Wait for something, and no more for what was waited for before.

        Args:
            seconds: How long; None for any time.
            what: What is waited for, for people.
        """
        self.end()
        if seconds is None:
            return
        later: Callable[..., Any]
        if self._broker.clock is not None:
            later = self._broker.clock.callLater
        elif (loop := _get_running_loop()) is not None:
            later = loop.call_later
        else:
            return
        self._timer = later(seconds, self._over, f"{what} within {seconds:g} seconds")

    def end(self) -> None:
        """It has come, or need not come any more."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _over(self, what: str) -> None:
        self._timer = None
        self._broker.break_off(PeerTimeout(f"no {what}"))
