"""Who is told what: that the connection is there, is over, or that something has died."""

from __future__ import annotations

import threading
from asyncio import AbstractEventLoop, _get_running_loop
from collections.abc import Callable, Hashable
from contextlib import suppress

from sennit.core import log

__all__ = ["Deaths", "Watchers"]

Notifier = Callable[[], object]


class Watchers:
    """The functions to be called when something happens to a connection.

    Attributes:
        connects: Those to be called when it is made.
        failures: Those to be called when it cannot be made.
        disconnects: Those to be called when it is over.
        drops: How many are to be called when an object is lent no more.
    """

    def __init__(self) -> None:
        self.connects: list[Notifier] = []
        self.failures: list[Notifier] = []
        self.disconnects: list[Notifier] = []
        self.drops: int = 0
        self._drops: dict[Hashable, list[Notifier]] = {}

    def when_dropped(self, identity: Hashable, notifier: Notifier) -> None:
        """Have a function called once, when an object is lent no more.

        Args:
            identity: What the object's ``processUniqueID`` gives.
            notifier: The function.
        """
        self.drops += 1
        self._drops.setdefault(identity, []).append(notifier)

    def dropped(self, identity: Hashable) -> None:
        """An object is lent no more."""
        notifiers = self._drops.pop(identity, [])
        self.drops -= len(notifiers)
        self._tell(notifiers)

    def connected(self) -> None:
        """The connection is made."""
        self._tell(self.connects)

    def failed(self) -> None:
        """It cannot be made."""
        self._tell(self.failures)

    def disconnected(self) -> None:
        """It is over: nothing is lent any more, either."""
        notifiers = [*self.disconnects]
        self.disconnects.clear()
        self.drops = 0
        while self._drops:
            notifiers += self._drops.popitem()[1]
        self._tell(notifiers)

    def _tell(self, notifiers: list[Notifier]) -> None:
        for notifier in notifiers[:]:
            try:
                notifier()
            except Exception:
                log.err(None, f"{notifier!r} has failed")


class Deaths:
    """Has what is to be done after a death done at a moment when it does no harm.

    The garbage collector comes in any thread and in the middle of anything, also of a
    write to the transport. So on a loop it is done in a turn of its own. Without one, as
    with transports in memory, it is done at once, but in the connection's own thread.
    """

    def __init__(self, do: Callable[[], object]) -> None:
        """Begin to wait.

        Args:
            do: What is to be done.
        """
        self._do = do
        self._loop: AbstractEventLoop | None = None
        self._thread = threading.get_ident()
        self._is_due = False

    def begin(self) -> None:
        """The connection is made: it belongs to the thread and the loop of now."""
        self._thread = threading.get_ident()
        self._loop = _get_running_loop()

    def noted(self) -> None:
        """Something has died; called in any thread, at any moment."""
        if self._is_due:
            return
        if self._loop is not None:
            self._is_due = True
            # A loop that is closed has nobody to tell.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._now)
        elif threading.get_ident() == self._thread:
            self._now()

    def _now(self) -> None:
        self._is_due = False
        self._do()
