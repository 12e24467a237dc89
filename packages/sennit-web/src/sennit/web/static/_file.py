"""File: a file of the system as a resource, or a folder with all that is below it.

A request for a file is one step down the tree: the rest of its path is taken at once.
Subclasses that have their own way down, trees with processors, and those whose URLs
leave out extensions are walked step by step, as any others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sennit.core.filepath import FilePath
from sennit.web.resource import Resource
from sennit.web.static._content import Content
from sennit.web.static._kept import Keeper
from sennit.web.static._known import Shelf
from sennit.web.static._lister import DirectoryLister
from sennit.web.static._processors import Registry
from sennit.web.static._root import Links, Root

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = ["File"]

_SEP: Final = os.sep
_NO_NAMES: Final = frozenset({"", ".", ".."})

# What programs set on a `File` for those below it.
_INHERITED: Final = (
    "childNotFound",
    "contentEncodings",
    "contentTypes",
    "forbidden",
    "indexNames",
    "precompressed",
    "processors",
    "_keeper",
    "_root",
    "_shelf",
)


class File(Content):
    """A file, or a folder with all that is below it.

        root = File("/srv/www")
        reactor.listenTCP(8080, Site(root))

    A folder shows its index, or else what is in it (`directoryListing`). Clients may ask
    for parts of a file, for what is new, and for a compressed form that lies beside it:
    ``app.js.br``, ``app.js.zst``, ``app.js.gz``.

    Nothing leads out of the folder that a tree begins with: neither names, nor, unless
    wanted, symbolic links. Attributes that are set on a `File` count for those below it.

    Attributes:
        ignoredExts: Extensions that a URL may leave out; ``*`` is any.
        indexNames: The files that are shown in the place of a folder.
        processors: What stands for files, by extension: called with the path and the
            registry, it gives a resource.
        registry: What processors share.
    """

    indexNames: list[str] = ["index", "index.html", "index.htm", "index.rpy"]  # noqa: RUF012 (the field's: a list to add to)
    processors: Mapping[str, Callable[[str, Registry], Any]] = {}

    # Whether a subclass has its own way down the tree.
    _own_way: bool = False

    def __init__(
        self,
        path: str | bytes | os.PathLike[Any],
        defaultType: str | None = "text/html",
        ignoredExts: Sequence[str] = (),
        registry: Registry | None = None,
        allowExt: bool | int = 0,
        *,
        links: Links = "inside",
        precompressed: bool = True,
    ) -> None:
        """Name a file or a folder.

        Args:
            path: Its path.
            defaultType: The media type of files whose extension is not known.
            ignoredExts: Extensions that a URL may leave out; ``*`` is any.
            registry: What processors share; None for a new one.
            allowExt: Whether any extension may be left out.
            links: Which symbolic links below are followed: those that stay
                ``"inside"``, those to ``"anywhere"``, or those to ``"nowhere"``.
            precompressed: Whether compressed forms beside a file are sent.
        """
        Resource.__init__(self)
        FilePath.__init__(self, path)
        self.defaultType: str | None = defaultType
        self.ignoredExts: list[str] = [*ignoredExts, *(["*"] if allowExt else [])]
        self.registry: Registry = registry or Registry()
        self.precompressed: bool = precompressed
        self._root = Root(os.fsdecode(self.path), links)
        self._shelf = Shelf()
        self._keeper = Keeper()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._own_way = any(
            getattr(cls, name) is not getattr(File, name)
            for name in ("createSimilarFile", "getChild")
        )

    # The way down

    def ignoreExt(self, ext: str) -> None:
        """Let URLs leave out an extension.

        Args:
            ext: The extension, with its dot; ``*`` for any.
        """
        self.ignoredExts.append(ext)

    def getChildWithDefault(self, path: bytes, request: Request) -> Any:
        """The child put there by that name, or else the file that the path leads to."""
        child = self.children.get(path)
        if child is not None:
            return child
        if self._own_way or self.processors or self.ignoredExts:
            return self.getChild(path, request)
        rest = request.postpath
        names = (path, *rest)
        if rest:
            request.prepath += rest
            rest.clear()
        key = (self.path, *names)
        kept = self._keeper.find(key)
        if kept is not None:
            return kept
        if not path or not names[-1]:
            return self._folder(names)
        below = self._below(names)
        if below is None:
            return self.childNotFound
        found = self.createSimilarFile(below)
        if self._keeps:
            found._found = (self, key)
        return found

    def _folder(self, names: tuple[bytes, ...]) -> Any:
        """What shows the folder of a path that ends with a slash."""
        below = self._below(names[:-1])
        if below is None:
            return self.childNotFound
        return (self.createSimilarFile(below) if names[:-1] else self)._shown()

    def getChild(self, path: bytes, request: Request) -> Any:
        """The file of a name in this folder, its processor, or what shows the folder."""
        self.restat(reraise=False)
        if not self.isdir():
            return self.childNotFound
        if not path:
            return self._shown()
        below = self._below([path])
        if below is None:
            return self.childNotFound
        found = FilePath(below)
        if not found.exists():
            longer = found.siblingExtensionSearch(*self.ignoredExts)
            if longer is None:
                return self.childNotFound
            found = longer
        return self._resource_of(found)

    def _below(self, names: Sequence[bytes]) -> Any:
        """The path that names lead to; None if nothing can be there."""
        texts = [os.fsdecode(name) for name in names]
        for text in texts:
            if text in _NO_NAMES or _SEP in text or "\0" in text:
                return None
        path = _SEP.join([os.fsdecode(self.path).rstrip(_SEP), *texts])
        return os.fsencode(path) if isinstance(self.path, bytes) else path

    def _shown(self) -> Any:
        """What shows this folder: one of its index files, or what is in it."""
        path = os.fsdecode(self.path)
        try:
            os.close(self._root.open(path))
            for name in self.indexNames:
                index = os.path.join(path, name)
                if os.path.exists(index):
                    return self._resource_of(FilePath(index))
            return self.directoryListing()
        except (OSError, ValueError) as error:
            return self._page_for(error)

    def _resource_of(self, found: FilePath[Any]) -> Any:
        """The processor of a file that is there, or the file."""
        processor = self.processors.get(os.fsdecode(found.splitext()[1]))
        if processor is None:
            return self.createSimilarFile(found.path)
        if not self._root.shows(os.fsdecode(found.path)):
            return self.childNotFound
        return processor(found.path, self.registry)

    def createSimilarFile(self, path: Any) -> Any:
        """Make what stands for something below: like this one, but for its path.

        Args:
            path: Its path.
        """
        if type(self).__init__ is File.__init__:
            # What __init__ would do takes longer than to read a small file.
            made = type(self).__new__(type(self))
            mine = made.__dict__
            mine.update(self.__dict__)
            mine["path"] = path
            mine["children"] = {}
            mine["_statinfo"] = None
            mine["type"] = mine["encoding"] = mine["_found"] = None
            return made
        made = type(self)(path, self.defaultType, self.ignoredExts, self.registry)
        for name in _INHERITED:
            setattr(made, name, getattr(self, name))
        return made

    # Folders

    def directoryListing(self) -> Any:
        """Make what shows a folder that has no index; overridden, it may be another.

        Links that are not followed are left out.
        """
        with os.scandir(self.path) as entries:
            refused = {
                entry.name
                for entry in entries
                if entry.is_symlink() and not self._root.shows(os.fsdecode(entry.path))
            }
        names = [name for name in self.listNames() if name not in refused]
        return DirectoryLister(
            self.path, names, self.contentTypes, self.contentEncodings, self.defaultType
        )

    def listNames(self) -> list[Any]:
        """The names in this folder, sorted; none if it is a file."""
        self.restat(reraise=False)
        return sorted(self.listdir()) if self.isdir() else []

    def listEntities(self) -> list[tuple[Any, Any]]:
        """The names in this folder, with what stands for them."""
        return [
            (name, self.createSimilarFile(os.path.join(self.path, name)))
            for name in self.listNames()
        ]
