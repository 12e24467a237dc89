"""``twisted.persisted.dirdbm``: a mapping kept in a folder, a file for each key.

The files are those of Twisted: named by the key in base 64, with ``-`` for ``/`` and ``_``
for the ends of lines, of which there is one after 76 characters and at the end. A file is
replaced at once when what it is to have is on the disk: who reads sees the old or the new.
"""

from __future__ import annotations

import base64
import os
import pickle
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sennit.compat.faces.python.filepath import FilePath

__all__ = ["DirDBM", "Shelf", "open"]

_TO_NAME = bytes.maketrans(b"\n/", b"_-")
_FROM_NAME = bytes.maketrans(b"_-", b"\n/")

# What a program that was interrupted may leave: a file half written, and, by Twisted
# alone, one whole that was to replace an old one.
_HALF, _WHOLE = ".new", ".rpl"


class DirDBM:
    """A folder as a mapping from `bytes`, but for empty ones, to `bytes`.

    A thread has it for itself, and so has a process.

    Attributes:
        dname: The folder's path.
    """

    def __init__(self, name: str | bytes | FilePath[Any]) -> None:
        """Use a folder, which is made if it is not there.

        Args:
            name: Its path.
        """
        self.dname: Any = name.path if isinstance(name, FilePath) else name
        self._folder = Path(os.fsdecode(self.dname))
        self._folder.mkdir(exist_ok=True)
        for each in list(self._folder.iterdir()):
            if each.suffix == _HALF:
                each.unlink()
            elif each.suffix == _WHOLE:
                if each.with_suffix("").exists():
                    each.unlink()
                else:
                    each.rename(each.with_suffix(""))

    def _path(self, key: bytes) -> Path:
        if not _bytes("key", key):
            # Its file would have no name.
            raise KeyError(key)
        name = base64.encodebytes(key).translate(_TO_NAME)
        return self._folder / name.decode("ascii")

    def _read(self, data: bytes) -> Any:
        """From what is kept to the value."""
        return data

    def _write(self, value: Any) -> bytes:
        """From a value to what is kept."""
        return _bytes("value", value)

    def __len__(self) -> int:
        return len(os.listdir(self._folder))

    def __getitem__(self, k: bytes) -> Any:
        try:
            return self._read(self._path(k).read_bytes())
        except FileNotFoundError:
            raise KeyError(k) from None

    def __setitem__(self, k: bytes, v: Any) -> None:
        path, data = self._path(k), self._write(v)
        half = path.with_name(path.name + _HALF)
        try:
            half.write_bytes(data)
            half.replace(path)
        except BaseException:
            half.unlink(missing_ok=True)
            raise

    def __delitem__(self, k: bytes) -> None:
        try:
            self._path(k).unlink()
        except FileNotFoundError:
            raise KeyError(k) from None

    def __contains__(self, key: bytes) -> bool:
        return key != b"" and self._path(key).is_file()

    has_key = __contains__

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.keys())

    def keys(self) -> list[bytes]:
        """All keys."""
        names = (os.fsencode(each) for each in os.listdir(self._folder))
        return [base64.decodebytes(each.translate(_FROM_NAME)) for each in names]

    def values(self) -> list[Any]:
        """All values."""
        return [self[each] for each in self.keys()]

    def items(self) -> list[tuple[bytes, Any]]:
        """All keys, each with its value."""
        return [(each, self[each]) for each in self.keys()]

    def get(self, key: bytes, default: Any = None) -> Any:
        """The value of a key, or a default."""
        try:
            return self[key]
        except KeyError:
            return default

    def setdefault(self, key: bytes, value: Any) -> Any:
        """The value of a key, which is set if it has none."""
        if key not in self:
            self[key] = value
            return value
        return self[key]

    def update(self, other: Mapping[bytes, Any]) -> None:
        """Set all that another mapping has."""
        for key, value in other.items():
            self[key] = value

    def copyTo(self, path: str | bytes | FilePath[Any]) -> DirDBM:
        """Make another folder have what this one has, and nothing else.

        Args:
            path: Its path.

        Raises:
            ValueError: It is this folder itself.
        """
        other = type(self)(path)
        if other._folder.samefile(self._folder):
            raise ValueError(f"{path!r} is the folder itself")
        other.clear()
        other.update(dict(self.items()))
        return other

    def clear(self) -> None:
        """Remove all keys."""
        for key in self.keys():
            del self[key]

    def close(self) -> None:
        """Nothing: there is nothing open."""

    def getModificationTime(self, key: bytes) -> float:
        """When a key was last set, in seconds of the epoch.

        Raises:
            KeyError: It has no value.
        """
        try:
            return self._path(key).stat().st_mtime
        except FileNotFoundError:
            raise KeyError(key) from None


class Shelf(DirDBM):
    """A folder as a mapping from `bytes` to any objects, in pickles.

    Whoever can write there can run any code here.
    """

    def _read(self, data: bytes) -> Any:
        return pickle.loads(data)

    def _write(self, value: Any) -> bytes:
        return pickle.dumps(value)


def _bytes(what: str, given: Any) -> bytes:
    if not isinstance(given, bytes):
        raise TypeError(f"DirDBM {what} must be bytes, not {type(given).__name__}")
    return given


def open(file: str | bytes, flag: str | None = None, mode: int | None = None) -> DirDBM:
    """A `DirDBM`, for who calls ``open`` of a module for such files.

    Args:
        file: The folder's path.
        flag: Accepted; it is made if it is not there.
        mode: Accepted; the system decides.
    """
    return DirDBM(file)
