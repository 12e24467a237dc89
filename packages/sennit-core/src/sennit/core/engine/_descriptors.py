"""Readers and writers: objects with a descriptor that want to know when it is ready.

The reactor calls ``doRead`` or ``doWrite``; what that returns, or raises, is the
reason why the object is through, and None that it goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.core.engine._binding import Binding
from sennit.core.engine._readiness import Watch, watch
from sennit.core.errors import ConnectionDone, ConnectionFdescWentAway
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.contracts import IReadDescriptor, IWriteDescriptor

__all__ = ["Descriptors"]


class Descriptors:
    """The readers and writers of one reactor."""

    def __init__(self, binding: Binding) -> None:
        self._binding = binding
        self._readers: dict[IReadDescriptor, _Watch] = {}
        self._writers: dict[IWriteDescriptor, _Watch] = {}

    def addReader(self, reader: IReadDescriptor) -> None:
        """Call ``reader.doRead()`` whenever its descriptor can be read."""
        if reader not in self._readers:
            watched = _Watch(reader.fileno(), self._ready, reader, "doRead")
            self._readers[reader] = watched
            self._binding.whenBound(watched.start)

    def addWriter(self, writer: IWriteDescriptor) -> None:
        """Call ``writer.doWrite()`` whenever its descriptor can be written."""
        if writer not in self._writers:
            watched = _Watch(writer.fileno(), self._ready, writer, "doWrite")
            self._writers[writer] = watched
            self._binding.whenBound(watched.start)

    def removeReader(self, reader: IReadDescriptor) -> None:
        """Read no more; does nothing for one that was not added."""
        self._drop(self._readers.pop(reader, None))

    def removeWriter(self, writer: IWriteDescriptor) -> None:
        """Write no more; does nothing for one that was not added."""
        self._drop(self._writers.pop(writer, None))

    def removeAll(self) -> list[Any]:
        """Forget all readers and writers, and return them, each once."""
        found: list[Any] = list(dict.fromkeys([*self._readers, *self._writers]))
        for each in found:
            self.removeReader(each)
            self.removeWriter(each)
        return found

    def getReaders(self) -> list[IReadDescriptor]:
        """All readers."""
        return list(self._readers)

    def getWriters(self) -> list[IWriteDescriptor]:
        """All writers."""
        return list(self._writers)

    def _drop(self, watched: _Watch | None) -> None:
        if watched is not None:
            self._binding.forget(watched.start)
            watched.stop()

    def _ready(self, selectable: Any, method: str) -> None:
        prefix = getattr(selectable, "logPrefix", None)
        token = log.context.system.set(prefix() if prefix is not None else "-")
        try:
            why = getattr(selectable, method)()
        except Exception as error:
            log.err(None, f"{method} of {selectable!r} has failed")
            why = error
        finally:
            log.context.system.reset(token)
        if why is None and selectable.fileno() == -1:
            why = ConnectionFdescWentAway("its descriptor is -1")
        if why is not None:
            self._lost(selectable, why, reading=method == "doRead")

    def _lost(self, selectable: Any, why: BaseException, *, reading: bool) -> None:
        self.removeReader(selectable)
        half = getattr(selectable, "readConnectionLost", None)
        try:
            if reading and half is not None and isinstance(why, ConnectionDone):
                half(Failure(why))
            else:
                self.removeWriter(selectable)
                selectable.connectionLost(Failure(why))
        except Exception:
            log.err(None, f"{selectable!r} has failed in losing its connection")


class _Watch:
    """One descriptor, watched in one direction."""

    def __init__(
        self,
        fd: int,
        ready: Callable[[Any, str], None],
        selectable: object,
        method: str,
    ) -> None:
        self._fd = fd
        self._ready = ready
        self._selectable = selectable
        self._method = method
        self._watch: Watch | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Watch on *loop*."""
        writing = self._method == "doWrite"
        self._watch = watch(
            loop, self._fd, writing, self._ready, self._selectable, self._method
        )

    def stop(self) -> None:
        """Watch no more."""
        if self._watch is not None:
            self._watch.stop()
