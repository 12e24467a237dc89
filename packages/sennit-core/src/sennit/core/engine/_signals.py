"""Signals that end a program: SIGINT, SIGTERM and, on Windows, SIGBREAK.

They are taken only from Python's own handlers: what the program installed itself
stays. The first asks for an orderly shutdown, the second, while that goes on, ends
the loop at once.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType

__all__ = ["StopSignals"]

_NAMES = ("SIGINT", "SIGTERM", "SIGBREAK")
_OURS_TO_TAKE = (signal.default_int_handler, signal.SIG_DFL)


class StopSignals:
    """While installed, calls ``onSignal(name)`` in the loop for each such signal."""

    def __init__(self, onSignal: Callable[[str], object]) -> None:
        self._on_signal = onSignal
        self._installed: list[tuple[asyncio.AbstractEventLoop, int]] = []

    def install(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take the signals; does nothing outside of the main thread."""
        if threading.current_thread() is not threading.main_thread():
            return
        for name in _NAMES:
            number = getattr(signal, name, None)
            if number is None or signal.getsignal(number) not in _OURS_TO_TAKE:
                continue
            try:
                loop.add_signal_handler(number, self._on_signal, name)
            except NotImplementedError:  # Windows' loops
                signal.signal(number, self._threadsafe(loop, name))
            self._installed.append((loop, number))

    def uninstall(self) -> None:
        """Give the signals back to Python."""
        for loop, number in self._installed:
            try:
                loop.remove_signal_handler(number)
            except NotImplementedError:
                default = number == signal.SIGINT
                signal.signal(
                    number, signal.default_int_handler if default else signal.SIG_DFL
                )
        self._installed.clear()

    def _threadsafe(
        self, loop: asyncio.AbstractEventLoop, name: str
    ) -> Callable[[int, FrameType | None], None]:
        def handle(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(self._on_signal, name)

        return handle
