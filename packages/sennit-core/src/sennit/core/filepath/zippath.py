"""The inside of a zip archive, as a tree of paths to read from.

An archive lists names, not folders: ``a/b`` may be in it without ``a``. Its folders are
those that its names speak of. Nothing in it is special: ``..`` is a name as any other,
which leads nowhere when no entry has it; so a name may be looked up as it comes, and the
text of such a path must not be given to the file system.
"""

from __future__ import annotations

import errno
import os
import time
import zipfile
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any, AnyStr, NoReturn, cast

from sennit.core.filepath._abstract import AbstractFilePath
from sennit.core.filepath._errors import InsecurePath
from sennit.core.filepath._path import FilePath
from sennit.core.filepath._text import FileMode, OtherAnyStr, same_type

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["ZipArchive", "ZipPath"]

# What stands between names inside of an archive, on every system: APPNOTE 4.4.17.1.
_SEP = "/"


class _Content:
    """What an archive holds: read once, shared by all paths into it."""

    def __init__(self, path: str) -> None:
        self.disk = FilePath(path)
        self.file = zipfile.ZipFile(path)
        self.entries = {info.filename: info for info in self.file.infolist()}
        # The names in each folder, in the order of the archive; "" is the root.
        self.folders: dict[str, dict[str, None]] = {"": {}}
        for name in self.entries:
            self._enlist(name)

    def _enlist(self, name: str) -> None:
        folder = ""
        *above, last = name.split(_SEP)
        for part in above:
            self.folders[folder][part] = None
            folder = _join(folder, part)
            self.folders.setdefault(folder, {})
        # A name that ends with a separator is an entry of the folder itself.
        if last:
            self.folders[folder][last] = None

    def entry(self, inner: str) -> zipfile.ZipInfo | None:
        """Return the entry of a file or folder; a folder may have none."""
        return self.entries.get(inner) or self.entries.get(inner + _SEP)


def _join(folder: str, name: str) -> str:
    return _SEP.join(part for part in (folder, name) if part)


def _time(entry: zipfile.ZipInfo) -> float:
    """Return an entry's time, which is told in the local time of its maker, as ours."""
    return time.mktime((*entry.date_time, 0, 0, -1))


class ZipPath(AbstractFilePath[AnyStr]):
    """The path of a file or folder inside of an archive."""

    _tree = "zip"

    _archive: ZipArchive[Any]
    _content: _Content
    _inner: str

    def __init__(self, archive: ZipArchive[Any], pathInArchive: AnyStr) -> None:
        """Name what is in an archive; `ZipArchive.child` is the usual way to it.

        Args:
            archive: The archive.
            pathInArchive: Names with ``/`` between them.
        """
        self._archive = archive
        self._content = archive._content
        self._inner = os.fsdecode(pathInArchive)
        below = os.sep + self._inner.replace(_SEP, os.sep) if self._inner else ""
        whole = self._content.disk.path + below
        self.path: AnyStr = same_type(pathInArchive, whole)

    @property
    def archive(self) -> ZipArchive[Any]:
        """The archive that this is in."""
        return self._archive

    @property
    def pathInArchive(self) -> AnyStr:
        """The names that lead here from the root of the archive."""
        return same_type(self.path, self._inner)

    @property
    def sep(self) -> AnyStr:
        """What stands between two names inside of an archive."""
        return same_type(self.path, _SEP)

    def child(self, path: OtherAnyStr) -> ZipPath[OtherAnyStr]:
        """Return the path of one name in this folder, there or not.

        Raises:
            InsecurePath: It is not one name.
        """
        name = os.fsdecode(path)
        if _SEP in name or os.sep in name:
            raise InsecurePath(f"{path!r} contains one or more directory separators")
        return ZipPath(self.archive, same_type(path, _join(self._inner, name)))

    def sibling(self, path: OtherAnyStr) -> ZipPath[OtherAnyStr]:
        """Return the path of another name in the folder that this is in.

        Raises:
            InsecurePath: It is not one name.
        """
        return self.parent().child(path)

    def descendant(self, segments: Sequence[OtherAnyStr]) -> ZipPath[OtherAnyStr]:
        """Return the path that a row of names leads to, each a `child` of the last."""
        return cast("ZipPath[OtherAnyStr]", super().descendant(segments))

    def parent(self) -> ZipPath[AnyStr]:
        """Return the folder that this is in; at the top, the archive."""
        above = self._inner.rpartition(_SEP)[0]
        if not above:
            return self.archive._in_type_of(self.path)
        return ZipPath(self.archive, same_type(self.path, above))

    def basename(self) -> AnyStr:
        """Return the last name."""
        return same_type(self.path, self._inner.rpartition(_SEP)[2])

    def dirname(self) -> AnyStr:
        """Return the path of the folder that this is in."""
        return self.parent().path

    def splitext(self) -> tuple[AnyStr, AnyStr]:
        """Return the path without its extension, and the extension with its dot."""
        return os.path.splitext(self.path)

    def exists(self) -> bool:
        """Tell whether there is anything."""
        return self.isdir() or self._inner in self._content.entries

    def isdir(self) -> bool:
        """Tell whether it is a folder."""
        return self._inner in self._content.folders

    def isfile(self) -> bool:
        """Tell whether it is a file."""
        return self.exists() and not self.isdir()

    def islink(self) -> bool:
        """Tell whether it is a symbolic link: never."""
        return False

    def listdir(self) -> list[AnyStr]:
        """Return the names in this folder, in the order of the archive.

        Raises:
            OSError: It is no folder.
        """
        self._must(self.isdir(), errno.ENOTDIR)
        names = self._content.folders[self._inner]
        return [same_type(self.path, name) for name in names]

    def open(self, mode: FileMode = "r") -> IO[bytes]:
        """Open the file, for reading bytes.

        Raises:
            OSError: It is no file, or was to be written.
        """
        self._must(self.isfile(), errno.EISDIR)
        if mode.replace("b", "") != "r":
            self._refuse(errno.EROFS)
        return self._content.file.open(self._inner)

    def changed(self) -> None:
        """Forget what was read of the archive's status; its content is read once."""
        self._content.disk.changed()

    def getsize(self) -> int:
        """Return the size of the file, in bytes, as it is when unpacked.

        Raises:
            OSError: There is none.
        """
        self._must(self.exists(), errno.ENOENT)
        entry = self._content.entry(self._inner)
        return entry.file_size if entry else 0

    def getModificationTime(self) -> float:
        """Return when its content changed last, in seconds since the epoch.

        Of a folder that has no entry, when that of the archive did.

        Raises:
            OSError: There is nothing.
        """
        self._must(self.exists(), errno.ENOENT)
        entry = self._content.entry(self._inner)
        return _time(entry) if entry else self._content.disk.getModificationTime()

    def getStatusChangeTime(self) -> float:
        """Return `getModificationTime`: an archive knows no other."""
        return self.getModificationTime()

    def getAccessTime(self) -> float:
        """Return when the archive was read last, in seconds since the epoch."""
        return self._content.disk.getAccessTime()

    def _must(self, be: bool, otherwise: int) -> None:
        if not be:
            self._refuse(otherwise if self.exists() else errno.ENOENT)

    def _refuse(self, number: int) -> NoReturn:
        raise OSError(number, os.strerror(number), self.path)


class ZipArchive(ZipPath[AnyStr]):
    """A zip archive as a folder: the root of what is in it, its own parent."""

    def __init__(self, archivePathname: AnyStr | PathLike[AnyStr]) -> None:
        """Open an archive.

        Args:
            archivePathname: Its path in the file system.

        Raises:
            OSError: It could not be opened.
            zipfile.BadZipFile: It is no zip archive.
        """
        self.path: AnyStr = os.path.abspath(archivePathname)
        self._content = _Content(os.fsdecode(self.path))
        self._inner = ""

    def _in_type_of(self, path: OtherAnyStr) -> ZipArchive[OtherAnyStr]:
        """Return this archive in the type of *path*."""
        same: ZipArchive[OtherAnyStr] = ZipArchive.__new__(ZipArchive)
        same.path = same_type(path, self.path)
        same._content = self._content
        same._inner = self._inner
        return same

    @property
    def archive(self) -> ZipArchive[Any]:
        """The archive: this."""
        return self

    def basename(self) -> AnyStr:
        """Return the name of the archive in the file system."""
        return os.path.basename(self.path)

    def dirname(self) -> AnyStr:
        """Return the path of the folder that the archive is in."""
        return os.path.dirname(self.path)

    def exists(self) -> bool:
        """Tell whether the archive is there."""
        return self._content.disk.exists()

    def getsize(self) -> int:
        """Return the size of the archive, in bytes.

        Raises:
            OSError: It is not there any more. So too with what follows.
        """
        return self._content.disk.getsize()

    def getModificationTime(self) -> float:
        """Return when the archive changed last, in seconds since the epoch."""
        return self._content.disk.getModificationTime()

    def getStatusChangeTime(self) -> float:
        """Return when the archive or its status changed last, in seconds."""
        return self._content.disk.getStatusChangeTime()
