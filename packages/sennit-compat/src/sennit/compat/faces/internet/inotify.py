"""``twisted.internet.inotify``: watching, with paths of bytes for the callbacks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sennit.core import inotify as _inotify
from sennit.core.filepath import FilePath
from sennit.core.inotify import (
    IN_ACCESS as IN_ACCESS,
    IN_ATTRIB as IN_ATTRIB,
    IN_CHANGED as IN_CHANGED,
    IN_CLOSE as IN_CLOSE,
    IN_CLOSE_NOWRITE as IN_CLOSE_NOWRITE,
    IN_CLOSE_WRITE as IN_CLOSE_WRITE,
    IN_CREATE as IN_CREATE,
    IN_DELETE as IN_DELETE,
    IN_DELETE_SELF as IN_DELETE_SELF,
    IN_DONT_FOLLOW as IN_DONT_FOLLOW,
    IN_IGNORED as IN_IGNORED,
    IN_ISDIR as IN_ISDIR,
    IN_MASK_ADD as IN_MASK_ADD,
    IN_MODIFY as IN_MODIFY,
    IN_MOVE_SELF as IN_MOVE_SELF,
    IN_MOVED as IN_MOVED,
    IN_MOVED_FROM as IN_MOVED_FROM,
    IN_MOVED_TO as IN_MOVED_TO,
    IN_ONESHOT as IN_ONESHOT,
    IN_ONLYDIR as IN_ONLYDIR,
    IN_OPEN as IN_OPEN,
    IN_Q_OVERFLOW as IN_Q_OVERFLOW,
    IN_UNMOUNT as IN_UNMOUNT,
    IN_WATCH_MASK as IN_WATCH_MASK,
    humanReadableMask as humanReadableMask,
)

__all__ = [
    "IN_ACCESS",
    "IN_ATTRIB",
    "IN_CHANGED",
    "IN_CLOSE",
    "IN_CLOSE_NOWRITE",
    "IN_CLOSE_WRITE",
    "IN_CREATE",
    "IN_DELETE",
    "IN_DELETE_SELF",
    "IN_DONT_FOLLOW",
    "IN_IGNORED",
    "IN_ISDIR",
    "IN_MASK_ADD",
    "IN_MODIFY",
    "IN_MOVED",
    "IN_MOVED_FROM",
    "IN_MOVED_TO",
    "IN_MOVE_SELF",
    "IN_ONESHOT",
    "IN_ONLYDIR",
    "IN_OPEN",
    "IN_Q_OVERFLOW",
    "IN_UNMOUNT",
    "IN_WATCH_MASK",
    "INotify",
    "humanReadableMask",
]


class INotify(_inotify.INotify):
    """Watches files and folders; callbacks get paths of bytes, as they know them."""

    def watch(
        self,
        path: FilePath[Any],
        mask: int = IN_WATCH_MASK,
        autoAdd: bool = False,
        callbacks: Iterable[_inotify.Callback] | None = None,
        recursive: bool = False,
    ) -> int:
        """Watch a file or folder; see `sennit.core.inotify.INotify.watch`."""
        return super().watch(path.asBytesMode(), mask, autoAdd, callbacks, recursive)
