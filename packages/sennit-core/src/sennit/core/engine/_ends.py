"""Reading and writing a descriptor that is no socket: a pipe, a terminal, a file.

A loop has transports for pipes (``connect_read_pipe``, ``connect_write_pipe``). They
are not used, because each loop's do something that a child's or the program's own
streams must not have done to them:

* The write pipe of uvloop reads, too, to learn of its end: from a terminal it takes
  away what was meant for the reader.
* Neither loop's takes regular files or the null device, to which the standard streams
  often lead.
* They close the descriptor in the end; standard input and output are not ours to close.
* They are there a turn or two after they were asked for. What is written meanwhile
  would have to be kept and handed over, and a child costs three tasks of the loop.

So the descriptor, set not to block, is read and written here when `watch` says that it
is ready. Who owns it opens and closes it; nothing here is told before the call that
caused it has returned.
"""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.core.engine._flow import Flow
from sennit.core.engine._readiness import Watch, pipeMode, watch

if TYPE_CHECKING:
    from sennit.core.contracts import IPullProducer, IPushProducer

__all__ = ["ReadEnd", "WriteEnd"]

# What a pipe of Linux holds: more is never there at once. Also what a regular file
# gives or takes in one turn of the loop, some tens of microseconds of it.
_CHUNK = 64 * 1024

# Bytes in the buffer: above the first a producer is paused, at the second it goes on.
# They are those of asyncio's transports.
_HIGH, _LOW = 64 * 1024, 16 * 1024

# Why an end is over: an error of the system's, or None if it is as it should be.
Lost = Callable[[OSError | None], object]


class ReadEnd:
    """Reads what arrives at a descriptor."""

    def __init__(
        self, fd: int, received: Callable[[bytes], object], lost: Lost
    ) -> None:
        """Take a descriptor that does not block.

        Args:
            fd: The descriptor.
            received: Is given the bytes, at least one.
            lost: Is told, once, that no more will come, unless `stop` was before.
        """
        self._fd = fd
        self._received = received
        self._lost = lost
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watch: Watch | None = None
        self._paused = False
        self._over = False

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Read from now on, unless paused."""
        self._loop = loop
        self._look()

    def pause(self) -> None:
        """Read no more until `resume`."""
        self._paused = True
        self._look()

    def resume(self) -> None:
        """Read on."""
        self._paused = False
        self._look()

    def stop(self) -> None:
        """Read no more, for good."""
        self._over = True
        self._look()

    def _look(self) -> None:
        """Watch the descriptor if that is wanted, and not if not."""
        wanted = not self._over and not self._paused and self._loop is not None
        if wanted and self._watch is None:
            assert self._loop is not None
            self._watch = watch(self._loop, self._fd, False, self._ready)
        elif not wanted and self._watch is not None:
            self._watch.stop()
            self._watch = None

    def _ready(self) -> None:
        error = None
        try:
            data = os.read(self._fd, _CHUNK)
        except BlockingIOError:
            return
        except OSError as failed:
            data, error = b"", failed
        if data:
            self._received(data)
        else:
            self.stop()
            self._lost(error)


class WriteEnd:
    """Writes to a descriptor, at the pace of who reads on the other side."""

    def __init__(self, fd: int, lost: Lost) -> None:
        """Take a descriptor that does not block.

        Args:
            fd: The descriptor.
            lost: Is told, once, that it is over, unless `stop` was before: with None
                when everything is written after `end`, else with the error.
        """
        self._fd = fd
        self._lost = lost
        self._buffer = bytearray()
        self._full = False
        self._ending = False
        self._closed = False
        self._over = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._room: Watch | None = None
        self._gone: Watch | None = None
        self._telling: asyncio.Handle | None = None
        self._flow: Flow | None = None
        # The producer that came before there was a loop.
        self._early: tuple[Any, bool] | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Write from now on; what came before is written first."""
        self._loop = loop
        if self._over:
            return
        if pipeMode(self._fd) == os.O_WRONLY:
            # There is nothing to read there but that nobody reads any more.
            self._gone = watch(loop, self._fd, False, self._deserted)
        early, self._early = self._early, None
        if early is not None:
            self._tell(self.registerProducer, *early)
        self._look()

    def write(self, data: bytes) -> None:
        """Write; what cannot be written at once is kept.

        Raises:
            TypeError: It is no bytes.
        """
        rest = memoryview(data).cast("B")
        if self._closed or not rest:
            return
        if not self._buffer and self._loop is not None:
            rest = rest[self._written(rest) :]
            if not rest or self._over:
                return
        self._buffer += rest
        if len(self._buffer) > _HIGH and not self._full:
            self._full = True
            if self._flow is not None:
                self._tell(self._flow.pause)
        self._look()

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Write pieces, as if they were joined; otherwise as `write`."""
        self.write(b"".join(data))

    def end(self) -> None:
        """Be over when everything is written and the producer is through."""
        self._ending = True
        if not self._has_producer():
            self._close()

    def stop(self) -> None:
        """Be over now: what is not written is dropped, the producer stopped."""
        if self._telling is not None:
            self._telling.cancel()
        if self._over:
            return
        self._over = self._closed = True
        self._buffer = bytearray()
        self._look()
        if self._gone is not None:
            self._gone.stop()
            self._gone = None
        early, self._early = self._early, None
        if early is not None:
            self._tell(early[0].stopProducing)
        if self._flow is not None:
            self._tell(self._flow.stop)

    # The producer

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Let a producer write; see `sennit.core.contracts.IConsumer`."""
        if self._over:
            producer.stopProducing()
        elif self._has_producer():
            raise RuntimeError(
                f"{producer!r} cannot be registered: another has not been unregistered"
            )
        elif self._loop is None:
            self._early = (producer, streaming)
        else:
            if self._flow is None:
                self._flow = Flow(self._loop, self._full)
            self._flow.register(producer, streaming)

    def unregisterProducer(self) -> None:
        """The producer is through."""
        self._early = None
        if self._flow is not None:
            self._flow.unregister()
        if self._ending:
            self._close()

    def _has_producer(self) -> bool:
        if self._early is not None:
            return True
        return self._flow is not None and self._flow.producer is not None

    def _tell(self, f: Callable[..., object], *args: Any) -> None:
        try:
            f(*args)
        except Exception:
            log.err(None, "a producer has failed")

    # The descriptor

    def _close(self) -> None:
        self._closed = True
        self._look()

    def _look(self) -> None:
        """Watch for room while there is something to write; see whether it is over."""
        wanted = bool(self._buffer) and self._loop is not None
        if wanted and self._room is None:
            assert self._loop is not None
            self._room = watch(self._loop, self._fd, True, self._ready)
        elif not wanted and self._room is not None:
            self._room.stop()
            self._room = None
        if self._closed and not self._buffer:
            self._finish(None)

    def _ready(self) -> None:
        with memoryview(self._buffer) as view:
            count = self._written(view)
        del self._buffer[:count]
        if self._full and len(self._buffer) <= _LOW:
            self._full = False
            if self._flow is not None:
                self._tell(self._flow.resume)
        self._look()

    def _written(self, data: memoryview) -> int:
        """Write what the descriptor takes; tell how much that was."""
        try:
            return os.write(self._fd, data[:_CHUNK])
        except BlockingIOError:
            return 0
        except OSError as error:
            self._finish(error)
            return 0

    def _deserted(self) -> None:
        self._finish(BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)))

    def _finish(self, error: OSError | None) -> None:
        """Tell that it is over, a turn later: a write may be going on."""
        if self._over or self._loop is None:
            return
        self.stop()
        self._telling = self._loop.call_soon(self._lost, error)
