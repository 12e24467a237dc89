"""The table of what is watched: by path, and by the number that the kernel gave.

Two paths may lead to one file, by links: then the kernel has one watch for both, and its
number stands for several of ours.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from sennit.core.filepath import FilePath

__all__ = ["Callback", "Watch", "Watches"]

# Called with something of no account, the path of what it happened to, and the mask.
Callback: TypeAlias = Callable[[Any, FilePath[Any], int], object]


class Watch:
    """A path that is watched.

    Attributes:
        path: The path.
        number: The kernel's number of it.
        mask: What its callbacks want to be told of.
        callbacks: Whom to tell.
        autoAdd: Whether folders that come to be in it are watched as well.
        asked: Whether the user has asked for it, and it has not come to be by itself.
        found: Names in it that its callbacks were told of before the kernel did.
    """

    def __init__(self, path: FilePath[Any]) -> None:
        self.path = path
        self.number = -1
        self.mask = 0
        self.callbacks: list[Callback] = []
        self.autoAdd = False
        self.asked = False
        self.found: set[bytes] = set()

    def like(self, other: Watch) -> None:
        """Tell whom another watch tells, of the same."""
        self.mask = other.mask
        self.callbacks = list(other.callbacks)
        self.autoAdd = other.autoAdd

    @property
    def key(self) -> bytes:
        """The path, as the kernel takes it."""
        return os.fsencode(self.path.path)

    def child(self, name: bytes) -> FilePath[Any]:
        """The path of something in this folder; of itself if there is no name."""
        return _child(self.path, name)

    def move(self, old: FilePath[Any], new: FilePath[Any]) -> None:
        """Have another path, for what was at *old*, or in it, is at *new*."""
        inside = self.key[len(os.fsencode(old.path)) :]
        self.path = new
        for name in inside.split(b"/"):
            self.path = _child(self.path, name)


class Watches:
    """All that is watched."""

    def __init__(self) -> None:
        self._by_path: dict[bytes, Watch] = {}
        self._by_number: dict[int, list[Watch]] = {}

    def __iter__(self) -> Iterator[Watch]:
        return iter(list(self._by_path.values()))

    def __contains__(self, watch: Watch) -> bool:
        return self._by_path.get(watch.key) is watch

    def at(self, path: FilePath[Any]) -> Watch | None:
        """The watch of a path; None if it is not watched."""
        return self._by_path.get(os.fsencode(path.path))

    def numbered(self, number: int) -> list[Watch]:
        """The watches that the kernel means by a number."""
        return list(self._by_number.get(number, ()))

    def below(self, path: FilePath[Any]) -> list[Watch]:
        """The watches of a path and of all that is in it."""
        top = os.fsencode(path.path)
        inside = top + b"/"
        return [
            watch
            for key, watch in self._by_path.items()
            if key == top or key.startswith(inside)
        ]

    def put(self, watch: Watch, number: int) -> None:
        """Enter a watch, or enter it anew, by the number that the kernel gave."""
        if watch in self:
            self.take(watch)
        watch.number = number
        self._by_path[watch.key] = watch
        self._by_number.setdefault(number, []).append(watch)

    def take(self, watch: Watch) -> bool:
        """Take a watch out; whether nobody else has its number."""
        del self._by_path[watch.key]
        sharing = self._by_number[watch.number]
        sharing.remove(watch)
        if sharing:
            return False
        del self._by_number[watch.number]
        return True

    def clear(self) -> None:
        """Take all out."""
        self._by_path.clear()
        self._by_number.clear()


def _child(folder: FilePath[Any], name: bytes) -> FilePath[Any]:
    if not name:
        return folder
    text = isinstance(folder.path, str)
    return folder.child(os.fsdecode(name) if text else name)
