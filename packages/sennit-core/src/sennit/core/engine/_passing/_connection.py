"""Connections over UNIX sockets, which carry descriptors when they are asked to.

Such a connection is on its loop's transport like any other until its protocol has
``fileDescriptorReceived``, or somebody sends a descriptor. Then it changes to a
`PassingTransport`; what descriptors came before that are lost, as the loop reads
without them.
"""

from __future__ import annotations

import os

from sennit.core import log
from sennit.core.engine._passing._transport import PassingTransport
from sennit.core.engine._stream import BufferedConnection, Connection
from sennit.core.errors import FileDescriptorOverrun

__all__ = ["BufferedUNIXConnection", "UNIXConnection"]


class UNIXConnection(Connection):
    """A connection between programs of one host."""

    # None while it is on the loop's transport.
    _passing: PassingTransport | None = None
    # Whether it was told that descriptors come and nobody takes them.
    _refusing: bool = False

    def sendFileDescriptor(self, descriptor: int) -> None:
        """Send a duplicate of a descriptor, along with the next byte written.

        Each needs a byte of its own, written in the same turn of the reactor: if there
        is none, the connection ends with `FileDescriptorOverrun`.

        Args:
            descriptor: Its number; it may be closed when this returns.

        Raises:
            OSError: It is not open, or there are no descriptors left.
        """
        if not self.connected or self.disconnecting or self._write_closed:
            return
        passing = self._passing or self._begin_passing()
        passing.send_descriptor(descriptor)

    def descriptor_received(self, descriptor: int) -> None:
        """The other side has sent a descriptor."""
        take = getattr(self._protocol, "fileDescriptorReceived", None)
        if take is None:
            os.close(descriptor)
            if not self._refusing:
                self._refusing = True
                log.msg(f"{self!r}: descriptors come, and its protocol takes none")
        else:
            self._tell(take, descriptor)

    def connection_lost(self, exc: BaseException | None) -> None:
        """The transport is closed."""
        if isinstance(exc, FileDescriptorOverrun):
            self._reason = exc
        super().connection_lost(exc)

    def _rebind(self) -> None:
        if (
            self._passing is None
            and hasattr(self._protocol, "fileDescriptorReceived")
            and not self._transport.is_closing()
        ):
            self._begin_passing()
        super()._rebind()

    def _begin_passing(self) -> PassingTransport:
        # While the protocol is being made, it is not bound yet.
        vars(self).setdefault("data_received", self._protocol.dataReceived)
        passing = self._passing = PassingTransport(
            self._loop,
            self._transport,
            self,
            reading=not self._paused and not self._eof,
            full=self._full,
        )
        if "write" in vars(self):
            self._stand_on(passing)
        else:
            self._transport = passing
            passing.write_eof()
        return passing


class BufferedUNIXConnection(UNIXConnection, BufferedConnection):
    """The same on plain asyncio, with the loop's shared buffer at first."""
