"""From one path to others: down, up, beside. No file is touched, few are looked for."""

from __future__ import annotations

import glob
import os
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, AnyStr, cast, overload

from sennit.core.filepath._errors import LinkError
from sennit.core.filepath._secure import path_below, single_name
from sennit.core.filepath._status import StatPath
from sennit.core.filepath._text import OtherAnyStr, same_type

if TYPE_CHECKING:
    from sennit.core.filepath._path import FilePath

__all__ = ["TreePath"]

# File systems take names of 255 bytes; what is put around a name takes some of them.
_LONGEST_NAME = 200


class TreePath(StatPath[AnyStr]):
    """A path of the file system, as far as its place in the tree goes."""

    @abstractmethod
    def clonePath(
        self, path: OtherAnyStr, alwaysCreate: bool = False
    ) -> FilePath[OtherAnyStr]:
        """Make another path of this kind: all that are made go through here."""

    @abstractmethod
    def requireCreate(self, val: bool = True) -> None:
        """Have `open` fail where there is a file already, or not any more."""

    @property
    def sep(self) -> AnyStr:
        """What stands between two names, in this path's type."""
        return same_type(self.path, os.sep)

    # Down

    def child(self, path: OtherAnyStr) -> FilePath[OtherAnyStr]:
        """Return the path of one name in this folder, there or not.

        Args:
            path: The name, from wherever it comes. Nothing, and a dot, are the folder
                itself.

        Raises:
            InsecurePath: It is not one name, and would lead elsewhere.
        """
        folder = same_type(path, self.path)
        return self.clonePath(os.path.join(folder, single_name(path)))

    def preauthChild(self, path: OtherAnyStr) -> FilePath[OtherAnyStr]:
        """Return the path of something anywhere below this folder.

        Args:
            path: Names with separators between them, from somebody you trust.

        Raises:
            InsecurePath: It leads out of this folder all the same.
        """
        return self.clonePath(path_below(same_type(path, self.path), path))

    def childSearchPreauth(self, *paths: OtherAnyStr) -> FilePath[OtherAnyStr] | None:
        """Return the first of several paths below that is there, or None.

        Args:
            paths: As `preauthChild` takes them.
        """
        found = (self.preauthChild(path) for path in paths)
        return next((path for path in found if path.exists()), None)

    def descendant(self, segments: Sequence[OtherAnyStr]) -> FilePath[OtherAnyStr]:
        """Return the path that a row of names leads to, each a `child` of the last."""
        return cast("FilePath[OtherAnyStr]", super().descendant(segments))

    def globChildren(self, pattern: OtherAnyStr) -> list[FilePath[OtherAnyStr]]:
        """Return the paths below that match a pattern, sorted.

        Args:
            pattern: As the shell has it: ``*.py``, ``*/[a-z]?``.

        Raises:
            InsecurePath: It matches what is not below this folder.
        """
        folder = same_type(pattern, self.path)
        names = glob.glob(pattern, root_dir=folder)
        return [self.preauthChild(name) for name in sorted(names)]

    def listdir(self) -> list[AnyStr]:
        """Return the names in this folder, in no order.

        Raises:
            OSError: It could not be listed.
        """
        return os.listdir(self.path)

    # Up

    def parent(self) -> FilePath[AnyStr]:
        """Return the folder that this is in; the root is its own."""
        return self.clonePath(self.dirname())

    def dirname(self) -> AnyStr:
        """Return the path of the folder that this is in."""
        return os.path.dirname(self.path)

    def basename(self) -> AnyStr:
        """Return the last name of the path; the root has none."""
        return os.path.basename(self.path)

    def splitext(self) -> tuple[AnyStr, AnyStr]:
        """Return the path without its extension, and the extension with its dot."""
        return os.path.splitext(self.path)

    # Beside

    def sibling(self, path: OtherAnyStr) -> FilePath[OtherAnyStr]:
        """Return the path of another name in the folder that this is in.

        Raises:
            InsecurePath: It is not one name, and would lead elsewhere.
        """
        return self.parent().child(path)

    def siblingExtension(self, ext: OtherAnyStr) -> FilePath[OtherAnyStr]:
        """Return the path beside this that has more at the end of its name.

        Args:
            ext: What to add, with its dot.
        """
        return self.sibling(same_type(ext, self.basename()) + ext)

    def siblingExtensionSearch(
        self, *exts: OtherAnyStr
    ) -> FilePath[OtherAnyStr] | None:
        """Return the first path beside this, of several extensions, that is there.

        Args:
            exts: Extensions with their dots; "" is this path itself, and ``*`` any
                extension.

        Returns:
            The path, or None.
        """
        for ext in exts:
            if os.fsdecode(ext) == "*":
                start = same_type(ext, self.basename() + same_type(self.path, "."))
                names = glob.glob(
                    glob.escape(start) + ext,
                    root_dir=same_type(ext, self.dirname()),
                )
                found = [self.sibling(name) for name in sorted(names)]
            else:
                found = [self.siblingExtension(ext)]
            for path in found:
                if path.exists():
                    return path
        return None

    @overload
    def temporarySibling(self, extension: None = None) -> FilePath[AnyStr]: ...

    @overload
    def temporarySibling(self, extension: OtherAnyStr) -> FilePath[OtherAnyStr]: ...

    def temporarySibling(self, extension: str | bytes | None = None) -> FilePath[Any]:
        """Return a path beside this that nobody else has, or can guess.

        Args:
            extension: What its name ends with; without, with this path's own.

        Returns:
            The path, of which `open` makes a new file or fails.
        """
        end: Any = same_type(self.path, "") if extension is None else extension
        name = same_type(end, self.basename())
        if len(os.fsencode(name)) > _LONGEST_NAME:
            name = same_type(end, "")
        beside: FilePath[Any] = self.sibling(
            same_type(end, os.urandom(12).hex()) + name + end
        )
        beside.requireCreate(True)
        return beside

    # The same

    def realpath(self) -> FilePath[AnyStr]:
        """Return what a symbolic link leads to in the end; of all else, the path itself.

        Links in the middle of the path stay.

        Raises:
            LinkError: The links lead in a circle.
        """
        if not self.islink():
            return cast("FilePath[AnyStr]", self)
        target = os.path.realpath(self.path)
        if os.path.islink(target):
            raise LinkError(f"The links of {self!r} lead in a circle")
        return self.clonePath(target)

    def asBytesMode(self, encoding: str | None = None) -> FilePath[bytes]:
        """Return the same path in `bytes`.

        Args:
            encoding: Of the names; without, the file system's.

        Raises:
            UnicodeError: The path cannot be written so.
        """
        if isinstance(self.path, bytes):
            return cast("FilePath[bytes]", self)
        return self.clonePath(self._asBytesPath(encoding))

    def asTextMode(self, encoding: str | None = None) -> FilePath[str]:
        """Return the same path in `str`.

        Args:
            encoding: Of the names; without, the file system's.

        Raises:
            UnicodeError: The path cannot be read so.
        """
        if isinstance(self.path, str):
            return cast("FilePath[str]", self)
        return self.clonePath(self._asTextPath(encoding))

    # Both are known by these names to programs of the field.

    def _asBytesPath(self, encoding: str | None = None) -> bytes:
        if isinstance(self.path, str) and encoding is not None:
            return self.path.encode(encoding, "surrogateescape")
        return os.fsencode(self.path)

    def _asTextPath(self, encoding: str | None = None) -> str:
        if isinstance(self.path, bytes) and encoding is not None:
            return self.path.decode(encoding, "surrogateescape")
        return os.fsdecode(self.path)

    def __fspath__(self) -> AnyStr:
        return self.path
