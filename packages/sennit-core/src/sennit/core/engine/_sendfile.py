"""Files into connections without a way through this process: ``os.sendfile``.

Loops have ``sendfile``, but not all (uvloop lacks it), and where they do it takes the
connection away from its protocol for as long as it goes on. So it is done here, on a
duplicate of the connection's descriptor, which any loop lets us watch: when that can be
written to and the loop's own buffer is empty, the system is asked to send a piece.

That is also how the bytes stay in order. A loop writes what is in its buffer as soon as
the socket can be written to, and watches for that as we do: in a turn in which both are
called and something is left in the buffer, the socket is full again, and nobody is
called for nothing.

The duplicate would keep the connection open on its own. So whoever sends is told by the
connection when that is lost.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from sennit.core.defer import Deferred
from sennit.core.engine._readiness import Watch, watch
from sennit.core.engine._stream import Connection
from sennit.core.errors import ConnectionLost
from sennit.core.failure import Failure

__all__ = ["canSendFile", "sendFile"]

# Reading from a disk holds up the whole loop, at some 500 MB a second for 4 ms here. What
# is in memory already costs a tenth more if it is sent by half as much.
_AT_ONCE: Final = 2 * 1024 * 1024


def canSendFile(transport: object) -> bool:
    """Whether `sendFile` can send down a transport.

    It can down an open connection over TCP or a UNIX socket of a system that has
    ``os.sendfile``; not over TLS, which has to encrypt, nor through a wrapper, which has
    to see what is sent.
    """
    return (
        isinstance(transport, Connection)
        and not transport.TLS
        and transport.connected
        and not transport.disconnecting
        and hasattr(os, "sendfile")
    )


def sendFile(
    transport: Any,
    fd: int,
    offset: int,
    count: int,
    progress: Callable[[int], object] | None = None,
) -> Deferred[int]:
    """Send part of a file, after everything written so far.

    While it goes on nothing may be written, and no other file sent; to close the
    connection, even with ``loseConnection``, ends it. To cancel the Deferred does, too.

    Args:
        transport: A transport for which `canSendFile` is true.
        fd: The descriptor of a regular file, open for reading until the Deferred fires.
        offset: Where the part begins.
        count: How many bytes it has.
        progress: Called with their number whenever the system has taken some bytes.

    Returns:
        A Deferred that fires with *count* when the system has all of it. It fails with
        `EOFError` if the file has ended before: it was made shorter meanwhile, and what
        was promised cannot be kept; with an ``OSError`` if it cannot be read; or with
        what has ended the connection.

    Raises:
        TypeError: `canSendFile` is false of the transport.
    """
    if not canSendFile(transport):
        raise TypeError(f"files cannot be sent down {transport!r}")
    sending = _Sending(transport, fd, offset, count, progress)
    sending.go_on()
    return sending.done


class _Sending:
    """A part of a file that is being sent."""

    def __init__(
        self,
        connection: Connection,
        fd: int,
        offset: int,
        count: int,
        progress: Callable[[int], object] | None,
    ) -> None:
        self.done: Deferred[int] = Deferred(lambda _: self._close())
        self._connection = connection
        self._file = fd
        self._at = offset
        self._left = self._count = count
        self._progress = progress
        self._socket = os.dup(connection.fileno())
        self._watch: Watch | None = None
        connection._sending = self

    def go_on(self) -> None:
        """Send what the system takes now; be called again if that was not all."""
        connection = self._connection
        if connection._transport.get_write_buffer_size() == 0:
            try:
                self._send()
            except BlockingIOError:
                pass
            except Exception as error:
                self._fail(error)
                return
            if not self._left:
                self._close()
                self.done.callback(self._count)
                return
        if self._watch is None:
            self._watch = watch(connection._loop, self._socket, True, self.go_on)

    def lost(self, reason: Failure) -> None:
        """The connection is lost."""
        self._close()
        self.done.errback(reason)

    def _send(self) -> None:
        want = min(self._left, _AT_ONCE)
        if want:
            sent = os.sendfile(self._socket, self._file, self._at, want)
            if not sent:
                raise EOFError(
                    f"the file has ended, {self._left} bytes before it was to"
                )
            self._at += sent
            self._left -= sent
            if self._progress is not None:
                self._progress(sent)

    def _fail(self, error: Exception) -> None:
        self._close()
        if isinstance(error, ConnectionError):
            lost = ConnectionLost(str(error))
            lost.__cause__ = error
            error = lost
        self.done.errback(error)

    def _close(self) -> None:
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        self._connection._sending = None
        os.close(self._socket)
