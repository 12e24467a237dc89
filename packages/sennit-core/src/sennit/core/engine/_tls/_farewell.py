"""The end of TLS, agreed on: after our close_notify, until theirs.

What comes meanwhile is read and dropped. A socket that is closed with something unread
in it resets the connection, and what we have written last would be lost.
"""

from __future__ import annotations

import asyncio
from typing import Any

from sennit.core.engine._tls._codec import TLSCodec
from sennit.core.errors import ConnectionLost

__all__ = ["Farewell"]


class Farewell:
    """Closes the transport below, once both sides have said that it is over.

    Attributes:
        error: Why that was not to be had, if something of ours has not left.
    """

    def __init__(
        self,
        codec: TLSCodec,
        below: Any,
        loop: asyncio.AbstractEventLoop,
        patience: float,
    ) -> None:
        """Prepare.

        Args:
            codec: What speaks TLS.
            below: The transport below.
            loop: Counts the time.
            patience: Seconds without an answer, and without anything being taken, after
                which the other side is given up.
        """
        self.error: ConnectionLost | None = None
        self._codec = codec
        self._below = below
        self._loop = loop
        self._patience = patience
        self._timer: asyncio.TimerHandle | None = None

    def say(self) -> None:
        """Send our close_notify, after all that was written."""
        agreed = self._codec.end()
        self._below.write(self._codec.take())
        if agreed or self._codec.ended:
            self._below.close()
            return
        self._wait(self._below.get_write_buffer_size())
        self._below.resume_reading()
        self.hear()

    def hear(self) -> None:
        """Read up to their close_notify, for nobody."""
        self._codec.decrypt()
        if self._codec.ended or self._codec.error is not None:
            self.stop()
            self._below.close()

    def stop(self) -> None:
        """Wait no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self, unsent: int) -> None:
        self._timer = self._loop.call_later(self._patience, self._look, unsent)

    def _look(self, unsent: int) -> None:
        """Give up when there is no answer, and they take nothing more either."""
        left = self._below.get_write_buffer_size()
        if left < unsent:
            self._wait(left)
            return
        if left:
            told = f"the other side has taken nothing for {self._patience:g} s"
            self.error = ConnectionLost(told)
        self._below.abort()
