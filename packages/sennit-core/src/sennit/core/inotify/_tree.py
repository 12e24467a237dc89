"""Folders that are watched with all that is in them, while that changes.

The kernel watches single folders. One that comes to be in a watched one has to be added,
and by then there may be something in it already, of which nobody will tell. So it is
looked through after it was added, and its callbacks are told of what is found as if it
was created then. What was created in between, the kernel tells as well: such names are
kept (`Watch.found`) until its queue has been emptied once.

A folder that is moved keeps its watch. If it goes to another place in the tree, its
watches get their new paths; the two halves of a move have a number (cookie) in common.
If it leaves the tree, which is known when no second half is in the queue, its watches
are removed.
"""

from __future__ import annotations

import errno
import os
from typing import Any

from sennit.core import log
from sennit.core.filepath import FilePath
from sennit.core.inotify._constants import (
    IN_CLOSE_WRITE,
    IN_CREATE,
    IN_DELETE,
    IN_DELETE_SELF,
    IN_DONT_FOLLOW,
    IN_IGNORED,
    IN_ISDIR,
    IN_MASK_ADD,
    IN_MOVED_FROM,
    IN_MOVED_TO,
    IN_ONLYDIR,
    IN_Q_OVERFLOW,
)
from sennit.core.inotify._errors import INotifyError
from sennit.core.inotify._events import Event
from sennit.core.inotify._kernel import Kernel
from sennit.core.inotify._watches import Watch, Watches

__all__ = ["Tree"]

# What is needed to follow folders, whatever the callbacks want.
_FOLLOW = IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE

# What callbacks are told of whatever they want: that there is no more to be told.
_UNASKED = IN_DELETE_SELF | IN_Q_OVERFLOW

# How the system says that a folder has gone since we heard of it.
_GONE = (errno.ENOENT, errno.ENOTDIR)


class Tree:
    """What is watched, kept in step with the kernel and the file system."""

    def __init__(self, kernel: Kernel, handle: object) -> None:
        """Watch by *kernel*; callbacks get *handle* for their first argument."""
        self.watches = Watches()
        self._kernel = kernel
        self._handle = handle
        # Folders whose move has begun, by its cookie.
        self._moving: dict[int, FilePath[Any]] = {}
        # Watches of which something was found before the kernel told it.
        self._explored: list[Watch] = []

    def add(self, watch: Watch) -> None:
        """Watch a path, or renew the watch of it.

        Raises:
            INotifyError: There is no such path, or we may not read it.
        """
        # Added to what there is: another path may lead to the same file.
        wanted = watch.mask | _UNASKED | IN_MASK_ADD
        if watch.autoAdd:
            wanted |= _FOLLOW
        if not watch.asked:
            wanted |= IN_ONLYDIR | IN_DONT_FOLLOW
        number = self._kernel.add(watch.key, wanted)
        if watch in self.watches and watch.number != number:
            # What was at this path is elsewhere, and is watched there still.
            self.remove(watch)
        self.watches.put(watch, number)

    def remove(self, watch: Watch) -> None:
        """Watch a path no more."""
        if self.watches.take(watch):
            self._kernel.remove(watch.number)

    # What happens

    def happened(self, event: Event) -> None:
        """The kernel has told something."""
        if event.mask & IN_Q_OVERFLOW:
            self._overflowed()
            return
        for watch in self.watches.numbered(event.watch):
            self._happened_to(watch, event)

    def _happened_to(self, watch: Watch, event: Event) -> None:
        if watch not in self.watches:
            return
        if event.mask & IN_IGNORED:
            self.watches.take(watch)
        elif event.mask & IN_CREATE and event.name in watch.found:
            watch.found.remove(event.name)
            return
        elif event.mask & (IN_DELETE | IN_MOVED_FROM):
            watch.found.discard(event.name)
        path = watch.child(event.name)
        added = None
        if watch.autoAdd and event.mask & IN_ISDIR:
            added = self._follow(watch, path, event)
        self._tell(watch, path, event.mask)
        if added is not None and event.mask & IN_CREATE:
            self._explore(added, tell=True)

    def _follow(self, watch: Watch, path: FilePath[Any], event: Event) -> Watch | None:
        """Watch a folder that has come, or let go of one; the watch, if it is new."""
        added = None
        if event.mask & IN_MOVED_FROM:
            self._moving[event.cookie] = path
        elif event.mask & IN_MOVED_TO and event.cookie in self._moving:
            self._moved(self._moving.pop(event.cookie), path, watch)
        elif event.mask & (IN_CREATE | IN_MOVED_TO):
            added = self._add_like(watch, path)
        if added is not None and event.mask & IN_MOVED_TO:
            # It was there before, with all that is in it: that is no news.
            self._explore(added, tell=False)
        return added

    def _moved(self, old: FilePath[Any], new: FilePath[Any], into: Watch) -> None:
        """A folder has another path, and is in another one that is watched."""
        for replaced in self.watches.below(new):
            self.remove(replaced)
        for watch in self.watches.below(old):
            self.watches.take(watch)
            watch.move(old, new)
            if not watch.asked:
                watch.like(into)
            self.watches.put(watch, watch.number)
            self._renew(watch)

    def caught_up(self) -> None:
        """The queue was empty: nothing of what has happened until now is to come."""
        for watch in self._explored:
            watch.found.clear()
        self._explored.clear()
        for left in self._moving.values():
            for watch in self.watches.below(left):
                self.remove(watch)
        self._moving.clear()

    def _overflowed(self) -> None:
        """Events were lost: see to it that the watches are right, and tell."""
        log.msg("inotify: events were lost, for there were too many at once")
        self._moving.clear()
        before = list(self.watches)
        for watch in before:
            self._renew(watch)
        for watch in before:
            if watch.autoAdd and watch in self.watches:
                self._explore(watch, tell=False)
        for watch in before:
            if watch.asked and watch in self.watches:
                self._tell(watch, watch.path, IN_Q_OVERFLOW)

    # Folders

    def explore(self, watch: Watch) -> None:
        """Watch the folders in a watched one like that."""
        self._explore(watch, tell=False)

    def _explore(self, watch: Watch, *, tell: bool) -> None:
        pending = [watch]
        while pending:
            folder = pending.pop()
            if folder not in self.watches:
                continue
            self._explored.append(folder)
            for name, is_folder in _content(folder):
                path = folder.child(name)
                added = self._add_like(folder, path) if is_folder else None
                if added is not None:
                    pending.append(added)
                if tell:
                    folder.found.add(name)
                    kind = IN_ISDIR if is_folder else IN_CLOSE_WRITE
                    self._tell(folder, path, IN_CREATE | kind)

    def _add_like(self, watch: Watch, path: FilePath[Any]) -> Watch | None:
        """Watch a folder like another; None if it is not there, or watched already."""
        known = self.watches.at(path)
        if known is not None:
            number = known.number
            self._renew(known)
            return known if known in self.watches and known.number != number else None
        added = Watch(path)
        added.like(watch)
        try:
            self.add(added)
        except INotifyError as error:
            if error.errno not in _GONE:
                log.err(error, f"{path!r} cannot be watched")
            return None
        return added

    def _renew(self, watch: Watch) -> None:
        try:
            self.add(watch)
        except INotifyError as error:
            self.remove(watch)
            if error.errno not in _GONE:
                log.err(error, f"{watch.path!r} cannot be watched any more")

    def _tell(self, watch: Watch, path: FilePath[Any], mask: int) -> None:
        wanted = watch.mask | _UNASKED
        if not mask & wanted:
            return
        for callback in list(watch.callbacks):
            try:
                callback(self._handle, path, mask & (wanted | IN_ISDIR))
            except Exception:
                log.err(None, f"a callback for {path!r} has failed")


def _content(folder: Watch) -> list[tuple[bytes, bool]]:
    """The names in a folder, each with whether it is a folder itself."""
    try:
        with os.scandir(folder.key) as found:
            return [(each.name, each.is_dir(follow_symlinks=False)) for each in found]
    except OSError as error:
        if error.errno not in _GONE:
            log.err(error, f"{folder.path!r} cannot be looked through")
        return []
