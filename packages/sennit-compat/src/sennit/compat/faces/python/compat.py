"""``twisted.python.compat``: helpers from the years of Python 2 and 3.

What was one thing on both and is plain Python now keeps its name here, no more.
"""

from __future__ import annotations

import builtins
import io
import os
import sys
import urllib.parse as urllib_parse
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from html import escape
from http import cookiejar as cookielib
from sys import intern
from types import FrameType, TracebackType
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote as urlquote, unquote as urlunquote

__all__ = [
    "FileType",
    "InstanceType",
    "NativeStringIO",
    "Sequence",
    "StringType",
    "bytesEnviron",
    "cmp",
    "comparable",
    "cookielib",
    "currentframe",
    "escape",
    "execfile",
    "frozenset",
    "intToBytes",
    "intern",
    "ioType",
    "items",
    "iterbytes",
    "iteritems",
    "itervalues",
    "izip",
    "lazyByteSlice",
    "long",
    "nativeString",
    "networkString",
    "range",
    "raw_input",
    "reduce",
    "reraise",
    "set",
    "unichr",
    "unicode",
    "urllib_parse",
    "urlquote",
    "urlunquote",
    "xrange",
]

C = TypeVar("C", bound=type)
K = TypeVar("K")
V = TypeVar("V")

FileType = io.IOBase
InstanceType = object
NativeStringIO = io.StringIO
StringType = str
frozenset = builtins.frozenset
izip = zip
long = int
range = builtins.range
raw_input = input
set = builtins.set
unichr = chr
unicode = str
xrange = builtins.range


def currentframe(n: int = 0) -> FrameType:
    """The frame of the caller, or the one so many calls above it."""
    return sys._getframe(n + 1)


def execfile(
    filename: str | bytes, globals: dict[str, Any], locals: dict[str, Any] | None = None
) -> None:
    """Run a file's source in a namespace."""
    with io.open_code(os.path.abspath(os.fsdecode(filename))) as file:
        code = compile(file.read(), filename, "exec", dont_inherit=True)
    exec(code, globals, locals)


def cmp(a: Any, b: Any) -> int:
    """-1, 0 or 1, as the first is less than, equal to or greater than the second."""
    return int(a > b) - int(a < b)


def comparable(klass: C) -> C:
    """Give a class the six comparisons out of its ``__cmp__``."""

    def method(decide: Callable[[int], bool]) -> Callable[[Any, object], Any]:
        def compare(self: Any, other: object) -> Any:
            order = self.__cmp__(other)
            return order if order is NotImplemented else decide(order)

        return compare

    for name, decide in _DECISIONS.items():
        setattr(klass, name, method(decide))
    return klass


_DECISIONS: dict[str, Callable[[int], bool]] = {
    "__eq__": lambda order: order == 0,
    "__ge__": lambda order: order >= 0,
    "__gt__": lambda order: order > 0,
    "__le__": lambda order: order <= 0,
    "__lt__": lambda order: order < 0,
    "__ne__": lambda order: order != 0,
}


def nativeString(s: str | bytes) -> str:
    """ASCII text as `str`.

    Raises:
        UnicodeError: There is more than ASCII in it.
        TypeError: It is neither `str` nor `bytes`.
    """
    if isinstance(s, bytes):
        return s.decode("ascii")
    if not isinstance(s, str):
        raise TypeError(f"neither str nor bytes: {s!r}")
    s.encode("ascii")
    return s


def networkString(s: str) -> bytes:
    """ASCII text as `bytes`.

    Raises:
        UnicodeError: There is more than ASCII in it.
        TypeError: It is no `str`.
    """
    if not isinstance(s, str):
        raise TypeError(f"no str: {s!r}")
    return s.encode("ascii")


def intToBytes(i: int) -> bytes:
    """A number in ASCII digits."""
    return b"%d" % i


def iterbytes(originalBytes: bytes) -> Iterator[bytes]:
    """The bytes one after another, each as `bytes`."""
    return (originalBytes[at : at + 1] for at in builtins.range(len(originalBytes)))


def lazyByteSlice(
    object: bytes, offset: int = 0, size: int | None = None
) -> memoryview:
    """A part of some bytes, not copied."""
    view = memoryview(object)
    return view[offset:] if size is None else view[offset : offset + size]


def reraise(exception: BaseException, traceback: TracebackType | None) -> NoReturn:
    """Raise an exception with another traceback."""
    raise exception.with_traceback(traceback)


def items(d: Mapping[K, V]) -> list[tuple[K, V]]:
    """The items of a mapping, in a list."""
    return list(d.items())


def iteritems(d: Mapping[K, V]) -> Iterator[tuple[K, V]]:
    """The items of a mapping, one by one."""
    return iter(d.items())


def itervalues(d: Mapping[K, V]) -> Iterator[V]:
    """The values of a mapping, one by one."""
    return iter(d.values())


def bytesEnviron() -> dict[bytes, bytes]:
    """The environment in bytes."""
    return dict(os.environb)


def ioType(fileIshObject: Any, default: type = str) -> type:
    """Which of `str` and `bytes` a file object takes and gives.

    Args:
        fileIshObject: The file object, of whatever make.
        default: The answer where nothing tells.
    """
    if isinstance(fileIshObject, io.TextIOBase) or hasattr(fileIshObject, "encoding"):
        return str
    if isinstance(fileIshObject, io.IOBase):
        return bytes
    return default
