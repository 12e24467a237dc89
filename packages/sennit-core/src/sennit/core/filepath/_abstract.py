"""What all paths do alike, whatever tree they are in: going up and down it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import total_ordering
from typing import IO, Any, AnyStr, ClassVar, Generic, Self, cast

from sennit.core.filepath._errors import LinkError, UnlistableError
from sennit.core.filepath._text import FileMode, OtherAnyStr

__all__ = ["AbstractFilePath"]


@total_ordering
class AbstractFilePath(ABC, Generic[AnyStr]):
    """A base for paths: of the file system, of an archive, of your own making.

    Paths of the same tree are compared and ordered as their text is; `str` and `bytes`
    are never equal.

    Attributes:
        path: The path, as text.
    """

    path: AnyStr

    # Which tree a path is of: none equals one of another tree.
    _tree: ClassVar[str] = ""

    @abstractmethod
    def child(self, path: OtherAnyStr) -> AbstractFilePath[OtherAnyStr]:
        """Return the path of one name in this folder."""

    @abstractmethod
    def parent(self) -> AbstractFilePath[AnyStr]:
        """Return the folder that this is in; the root is its own."""

    @abstractmethod
    def basename(self) -> AnyStr:
        """Return the last name."""

    @abstractmethod
    def listdir(self) -> list[AnyStr]:
        """Return the names in this folder."""

    @abstractmethod
    def isdir(self) -> bool:
        """Tell whether it is a folder."""

    @abstractmethod
    def open(self, mode: FileMode = "r") -> IO[bytes]:
        """Open the file, for bytes."""

    @abstractmethod
    def getAccessTime(self) -> float:
        """Return when it was read last, in seconds since the epoch."""

    @abstractmethod
    def getModificationTime(self) -> float:
        """Return when its content changed last, in seconds since the epoch."""

    @abstractmethod
    def getStatusChangeTime(self) -> float:
        """Return when its content or status changed last, in seconds."""

    def sibling(self, path: OtherAnyStr) -> AbstractFilePath[OtherAnyStr]:
        """Return the path of another name in the folder that this is in."""
        return self.parent().child(path)

    def descendant(
        self, segments: Sequence[OtherAnyStr]
    ) -> AbstractFilePath[OtherAnyStr]:
        """Return the path that a row of names leads to, each a child of the one before.

        Raises:
            InsecurePath: A name leads elsewhere.
        """
        path: AbstractFilePath[Any] = self
        for name in segments:
            path = path.child(name)
        return path

    def parents(self) -> Iterator[Self]:
        """Yield the folder this is in, the one that is in, and so on to the root."""
        path: AbstractFilePath[AnyStr] = self
        above = path.parent()
        while above != path:
            yield cast("Self", above)
            path, above = above, above.parent()

    def segmentsFrom(self, ancestor: AbstractFilePath[AnyStr]) -> list[AnyStr]:
        """Return the names that lead from a folder above to this path.

        Raises:
            ValueError: That folder is not above this path.
        """
        segments = [self.basename()]
        for above in self.parents():
            if above == ancestor:
                return segments[::-1]
            segments.append(above.basename())
        raise ValueError(f"{ancestor!r} is not above {self!r}")

    def children(self) -> list[Self]:
        """Return the paths of all that is in this folder, in no order.

        Raises:
            UnlistableError: It is no folder.
            OSError: It could not be listed.
        """
        try:
            names = self.listdir()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise UnlistableError(error) from error
        return [cast("Self", self.child(name)) for name in names]

    def walk(self, descend: Callable[[Self], bool] | None = None) -> Iterator[Self]:
        """Yield this path and all below it, each folder before what is in it.

        Args:
            descend: Asked of each folder below whether to go into it; without, all are
                gone into, symbolic links to folders too.

        Raises:
            LinkError: A symbolic link leads back to a folder that it is in.
        """
        yield self
        if not self.isdir():
            return
        # The folders we are in, outermost first, and what is left to see of each.
        inside = [self._identity()]
        levels = [iter(self.children())]
        while levels:
            below = next(levels[-1], None)
            if below is None:
                inside.pop()
                levels.pop()
            elif below.isdir() and (descend is None or descend(below)):
                if below._identity() in inside:
                    raise LinkError(f"{below!r} leads back to a folder that it is in")
                yield below
                inside.append(below._identity())
                levels.append(iter(below.children()))
            else:
                yield below

    def _identity(self) -> object:
        """Return what two paths of the same folder have in common."""
        return self.path

    def getContent(self) -> bytes:
        """Return all bytes of the file.

        Raises:
            OSError: It could not be read.
        """
        with self.open() as file:
            return file.read()

    def getatime(self) -> int:
        """Return `getAccessTime` in whole seconds."""
        return int(self.getAccessTime())

    def getmtime(self) -> int:
        """Return `getModificationTime` in whole seconds."""
        return int(self.getModificationTime())

    def getctime(self) -> int:
        """Return `getStatusChangeTime` in whole seconds."""
        return int(self.getStatusChangeTime())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AbstractFilePath):
            return NotImplemented
        return self._is_comparable(other) and bool(self.path == other.path)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, AbstractFilePath) or not self._is_comparable(other):
            return NotImplemented
        return bool(self.path < other.path)

    def _is_comparable(self, other: AbstractFilePath[AnyStr]) -> bool:
        same_mode = type(self.path) is type(other.path)
        return same_mode and self._tree == other._tree

    def __hash__(self) -> int:
        return hash((self._tree, self.path))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.path!r})"
