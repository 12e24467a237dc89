"""The watchdog of a reactor whose environment asks for one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sennit.core.engine._lifecycle import State

if TYPE_CHECKING:
    from sennit.core.engine._binding import Binding
    from sennit.core.watchdog import Watchdog

__all__ = ["Guard"]


class Guard:
    """Has a reactor watched while it runs, if ``SENNIT_WATCHDOG`` says so."""

    def __init__(self, binding: Binding) -> None:
        self._binding = binding
        self._watchdog: Watchdog | None = None

    def heed(self, state: State) -> None:
        """Begin or end with the reactor, which is about to enter a state.

        Raises:
            sennit.core.watchdog.BadThreshold: The variable has no meaning.
        """
        if state is State.IDLE:
            if self._watchdog is not None:
                self._watchdog.stop()
                self._watchdog = None
            return
        binding = self._binding
        starts = state is State.STARTING if binding.owned else state is State.RUNNING
        if starts and "SENNIT_WATCHDOG" in os.environ:
            try:
                self._begin()
            except ValueError:
                if not binding.owned:
                    # It is not attached to a loop on which it does not start.
                    binding.release()
                raise

    def _begin(self) -> None:
        # Here, since nobody else needs it.
        from sennit.core import watchdog

        threshold, loop = watchdog.thresholdFromEnvironment(), self._binding.loop
        if threshold is not None and loop is not None:
            self._watchdog = watchdog.Watchdog(threshold)
            self._watchdog.begin(loop)
