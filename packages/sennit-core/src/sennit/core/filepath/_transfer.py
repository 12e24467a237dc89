"""Copying and moving: files, folders with all they hold, symbolic links.

Two things must not happen, and do where the steps are taken blindly: that a file is
copied to itself, which empties it when it is opened for writing; and that a folder is
copied into itself, which goes on for ever. Both are refused before anything is touched.

A move is one renaming where it can be. To another device it is a copy under a name that
nobody knows, then a renaming there: so what is at the destination is whole. Then the
source is renamed before it is removed, so that it is never seen half there.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from typing import TYPE_CHECKING, Any

from sennit.core.filepath._errors import LinkError
from sennit.core.filepath._secure import is_below

if TYPE_CHECKING:
    from sennit.core.filepath._path import FilePath

__all__ = ["copy", "move"]

# Bytes read at a time: large enough that the calls do not count.
_CHUNK = 1 << 16


def copy(source: FilePath[Any], destination: FilePath[Any], follow: bool) -> None:
    """Copy what is at *source* to *destination*."""
    if not _is_copied_as_link(source, follow) and source.exists():
        _check_apart(source, destination)
    _Copying(follow, keep_modes=False).copy(source, destination)


def move(source: FilePath[Any], destination: FilePath[Any], follow: bool) -> None:
    """Rename *source*, or copy it to another device and remove it."""
    try:
        os.rename(source.path, destination.path)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _move_across(source, destination, follow)
    source.changed()
    destination.changed()


def _move_across(
    source: FilePath[Any], destination: FilePath[Any], follow: bool
) -> None:
    arriving = destination.temporarySibling()
    try:
        _Copying(follow, keep_modes=True).copy(source, arriving)
        os.rename(arriving.path, destination.path)
    except BaseException:
        with contextlib.suppress(OSError):
            arriving.remove()
        raise
    leaving = source.temporarySibling()
    os.rename(source.path, leaving.path)
    leaving.remove()


def _is_copied_as_link(source: FilePath[Any], follow: bool) -> bool:
    return not follow and source.islink()


def _check_apart(source: FilePath[Any], destination: FilePath[Any]) -> None:
    """Refuse to copy a thing to itself, or a folder into itself."""
    inner = os.path.realpath(destination.asBytesMode().path)
    outer = os.path.realpath(source.asBytesMode().path)
    # Two names of one file are no text of each other.
    same = destination.exists() and os.path.samefile(source, destination)
    if same or is_below(outer, inner):
        raise OSError(
            errno.EINVAL, "Cannot copy to itself", source.path, None, destination.path
        )


class _Copying:
    """One copying of a tree.

    Args:
        follow: Whether what symbolic links lead to is copied, rather than the links.
        keep_modes: Whether who may do what with a file is copied too.
    """

    def __init__(self, follow: bool, keep_modes: bool) -> None:
        self._follow = follow
        self._keep_modes = keep_modes
        # The folders we are in.
        self._inside: list[object] = []

    def copy(self, source: FilePath[Any], destination: FilePath[Any]) -> None:
        if _is_copied_as_link(source, self._follow):
            os.symlink(os.readlink(source.path), destination.path)
        elif source.isdir():
            self._copy_folder(source, destination)
        elif source.isfile():
            self._copy_file(source, destination)
        else:
            # Says so itself if there is nothing.
            source.restat()
            raise NotImplementedError(
                f"Only files and folders can be copied: {source!r}"
            )
        destination.changed()

    def _copy_folder(self, source: FilePath[Any], destination: FilePath[Any]) -> None:
        if source._identity() in self._inside:
            raise LinkError(f"{source!r} leads back to a folder that it is in")
        if not destination.exists():
            destination.createDirectory()
        self._inside.append(source._identity())
        for below in source.children():
            self.copy(below, destination.child(below.basename()))
        self._inside.pop()
        if self._keep_modes:
            shutil.copymode(source.path, destination.path)

    def _copy_file(self, source: FilePath[Any], destination: FilePath[Any]) -> None:
        with destination.open("w") as written, source.open() as read:
            # Before there is anything to read in it.
            if self._keep_modes:
                shutil.copymode(source.path, destination.path)
            while chunk := read.read(_CHUNK):
                written.write(chunk)
