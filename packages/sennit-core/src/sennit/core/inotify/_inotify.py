"""`INotify`: tells callbacks what happens to files and folders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import sennit.core
from sennit.core.errors import CONNECTION_DONE
from sennit.core.failure import Failure
from sennit.core.filepath import FilePath
from sennit.core.inotify._constants import IN_WATCH_MASK
from sennit.core.inotify._events import decodeEvents
from sennit.core.inotify._kernel import Kernel
from sennit.core.inotify._tree import Tree
from sennit.core.inotify._watches import Callback, Watch

if TYPE_CHECKING:
    from sennit.core.contracts import IReactorFDSet

__all__ = ["INotify"]

# Readings in one turn of the reactor at most, so that a flood leaves room for others.
_PER_TURN = 16


class INotify:
    """Watches files and folders, from `startReading` on.

    A callback is called as ``callback(ignored, path, mask)``: the first argument is of no
    account, *path* is the `FilePath` of what it happened to, and *mask* says what, see
    `humanReadableMask`. One that fails is logged, and the others are called.

    If the system loses events, because there were too many at once, that is logged, and
    the callbacks of each path that `watch` was called for are told by `IN_Q_OVERFLOW`:
    they have to look for themselves what has changed.
    """

    def __init__(self, reactor: IReactorFDSet | None = None) -> None:
        """Open a queue of events.

        Args:
            reactor: What reads it; the global one if there is none.

        Raises:
            INotifyError: This is not Linux, or no more queues are allowed.
        """
        self.reactor: Any = sennit.core.reactor if reactor is None else reactor
        self._kernel = Kernel()
        self._tree = Tree(self._kernel, self)

    def watch(
        self,
        path: FilePath[Any],
        mask: int = IN_WATCH_MASK,
        autoAdd: bool = False,
        callbacks: Iterable[Callback] | None = None,
        recursive: bool = False,
    ) -> int:
        """Watch a file or folder.

        If it is watched already, mask and callbacks are added to those that it has.

        Args:
            path: The path.
            mask: What to tell of; that the path itself was deleted is told anyway.
            autoAdd: Whether folders that come to be in it are watched in the same way,
                with all that is in them. What was created in such a folder before it
                could be watched is told as created; a file also as closed after writing
                (`IN_CLOSE_WRITE`), which may be told twice.
            callbacks: Whom to tell.
            recursive: Whether the folders in it are watched in the same way. They are
                looked through now, while nothing else happens.

        Returns:
            The system's number of the watch.

        Raises:
            INotifyError: There is no such path, we may not read it, or the system has no
                watches left.
        """
        watch = self._tree.watches.at(path) or Watch(path)
        watch.asked = True
        watch.mask |= mask
        watch.autoAdd = watch.autoAdd or autoAdd
        watch.callbacks += [
            each for each in callbacks or () if each not in watch.callbacks
        ]
        self._tree.add(watch)
        if recursive:
            self._tree.explore(watch)
        return watch.number

    def ignore(self, path: FilePath[Any]) -> None:
        """Watch a path no more; folders in it that are watched still are.

        Raises:
            KeyError: It is not watched.
        """
        watch = self._tree.watches.at(path)
        if watch is None:
            raise KeyError(f"{path!r} is not watched")
        self._tree.remove(watch)

    # As what the reactor reads

    def startReading(self) -> None:
        """Tell the callbacks from now on."""
        self.reactor.addReader(self)

    def stopReading(self) -> None:
        """Leave the events to the system until `startReading`."""
        self.reactor.removeReader(self)

    def loseConnection(self) -> None:
        """Watch nothing more."""
        self.connectionLost(Failure(CONNECTION_DONE))

    def connectionLost(self, reason: Failure) -> None:
        """Watch nothing more; the reactor calls this when it shuts down."""
        if self._kernel.fd == -1:
            return
        self.stopReading()
        self._tree.watches.clear()
        self._kernel.close()

    def doRead(self) -> None:
        """Read events, and tell the callbacks."""
        for _ in range(_PER_TURN):
            if self._kernel.fd == -1:
                return
            try:
                data = self._kernel.read()
            except BlockingIOError:
                self._tree.caught_up()
                return
            for event in decodeEvents(data):
                self._tree.happened(event)

    def fileno(self) -> int:
        """The descriptor of the queue; -1 once it is closed."""
        return self._kernel.fd

    def logPrefix(self) -> str:
        """``INotify``."""
        return type(self).__name__
