"""A protocol of pieces whose lengths are known before they come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sennit.core.protocol import Protocol

__all__ = ["StatefulProtocol"]

_State = tuple[Callable[[bytes], Any], int]


class StatefulProtocol(Protocol):
    """Calls a function with just as many bytes as it wants, and it says who is next.

    A state is a function and a number of bytes. When these have come, the function is
    called with them; it returns the next state, or None to be called again with as many
    more. After ``transport.loseConnection()`` none is called.
    """

    _state: _State | None = None
    _kept: bytearray | None = None
    _busy = False

    def getInitialState(self) -> _State:
        """Give the first state; to be overridden."""
        raise NotImplementedError(f"{type(self).__name__} must have a getInitialState")

    def dataReceived(self, data: bytes) -> None:
        """Call whom it is enough for."""
        if self._kept is None:
            self._kept = bytearray()
        self._kept += data
        if not self._busy:
            self._busy = True
            try:
                self._call()
            finally:
                self._busy = False

    def _call(self) -> None:
        state, kept = self._state, self._kept
        assert kept is not None
        if state is None:
            state = self.getInitialState()
        at = 0
        try:
            while len(kept) - at >= state[1]:
                if getattr(self.transport, "disconnecting", False):
                    at = len(kept)
                    break
                piece = bytes(kept[at : at + state[1]])
                at += state[1]
                state = state[0](piece) or state
        finally:
            self._state = state
            del kept[:at]
