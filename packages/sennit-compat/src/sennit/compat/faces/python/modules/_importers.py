"""From an entry of `sys.path` to a path that can be listed.

Which kind of path it is, Python's own importers know: one that reads zip archives takes
an archive. Others can be taught to this module by registering an adapter from theirs to
`IPathImportMapper`.
"""

from __future__ import annotations

import os
from importlib.machinery import FileFinder
from typing import TYPE_CHECKING, Any, Protocol
from zipimport import zipimporter

from zope.interface import Interface, implementer

from sennit.compat.faces.python.components import registerAdapter
from sennit.core.filepath import AbstractFilePath, FilePath
from sennit.core.filepath.zippath import ZipArchive

__all__ = ["IPathImportMapper", "entry_path"]


if TYPE_CHECKING:

    class IPathImportMapper(Protocol):
        """Knows the paths of an importer."""

        def mapPath(self, pathLikeString: str) -> AbstractFilePath[str]:
            """The path that an entry of `sys.path` means."""

else:

    class IPathImportMapper(Interface):
        """Knows the paths of an importer."""

        def mapPath(pathLikeString: str) -> AbstractFilePath[str]:  # noqa: N805
            """The path that an entry of `sys.path` means."""


@implementer(IPathImportMapper)
class FolderMapper:
    """Knows the paths of the usual importers: folders.

    Args:
        importer: One of them.
    """

    def __init__(self, importer: object) -> None:
        self.importer = importer

    def mapPath(self, pathLikeString: str) -> AbstractFilePath[str]:
        """The folder of that name."""
        return FilePath(pathLikeString)


@implementer(IPathImportMapper)
class ZipMapper:
    """Knows the paths of importers from zip archives.

    Args:
        importer: One of them.
    """

    def __init__(self, importer: zipimporter) -> None:
        self.importer = importer

    def mapPath(self, pathLikeString: str) -> AbstractFilePath[str]:
        """The archive, or the folder in it that is meant."""
        path: AbstractFilePath[str] = ZipArchive(self.importer.archive)
        for name in filter(None, self.importer.prefix.split(os.sep)):
            path = path.child(name)
        return path


registerAdapter(FolderMapper, FileFinder, IPathImportMapper)
registerAdapter(ZipMapper, zipimporter, IPathImportMapper)


def entry_path(importer: object, entry: str) -> AbstractFilePath[str]:
    """The path that an entry means; a folder, if its importer is unknown."""
    asked: Any = IPathImportMapper
    mapper = asked(importer, None) or FolderMapper(importer)
    path: AbstractFilePath[str] = mapper.mapPath(entry)
    return path
