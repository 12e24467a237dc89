"""Names that stay where they are asked for.

A name that comes from outside (a URL, a form, an archive) must not lead out of the
folder in which it is looked up. So a name is one name: no separator, no ``..``, no NUL,
at which C would end the path. On Windows a colon leads to another drive or to a hidden
stream, and the names of devices (``CON``, ``nul.txt``) are the device in every folder.

The check is of the text. It does not look for symbolic links: who may make links in
a folder decides what is in it.
"""

from __future__ import annotations

import os
from typing import AnyStr

from sennit.core.filepath._errors import InsecurePath
from sennit.core.filepath._text import same_type

__all__ = ["check_device", "is_below", "path_below", "single_name"]

_SEPARATORS = [sep for sep in (os.sep, os.altsep) if sep]

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICES = {"AUX", "CON", "CONIN$", "CONOUT$", "NUL", "PRN"} | {
    port + number for port in ("COM", "LPT") for number in "0123456789¹²³"
}


def single_name(name: AnyStr) -> AnyStr:
    """Return *name* without what means nothing: ``a/`` is ``a``, "" is ``.``.

    Raises:
        InsecurePath: It leads elsewhere than to one thing in a folder.
    """
    _check_nul(name)
    plain = os.path.normpath(name)
    text = os.fsdecode(plain)
    if any(sep in text for sep in _SEPARATORS):
        raise InsecurePath(f"{name!r} contains one or more directory separators")
    if text == os.pardir:
        raise InsecurePath(f"{name!r} leads out of the folder")
    if os.name == "nt":
        check_device(text)
    return plain


def check_device(name: str) -> None:
    """Refuse a name that Windows takes for something else than a file here."""
    stem = name.partition(".")[0].rstrip(" ").upper()
    if ":" in name or stem in _DEVICES:
        raise InsecurePath(f"{name!r} names a drive, a stream or a device")


def path_below(folder: AnyStr, path: AnyStr) -> AnyStr:
    """Return where *path* leads from *folder*.

    Raises:
        InsecurePath: It leads out of the folder.
    """
    _check_nul(path)
    whole = os.path.abspath(os.path.join(folder, path))
    if not is_below(folder, whole):
        raise InsecurePath(f"{whole!r} is not below {folder!r}")
    return whole


def is_below(folder: AnyStr, path: AnyStr) -> bool:
    """Tell whether an absolute path is a folder's, or of something below it."""
    sep = same_type(folder, os.sep)
    return path == folder or path.startswith(folder.rstrip(sep) + sep)


def _check_nul(path: str | bytes) -> None:
    if "\0" in os.fsdecode(path):
        raise InsecurePath(f"{path!r} contains a NUL")
