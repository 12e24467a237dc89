"""DirectoryLister: the resource that shows what is in a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from sennit.web.error import UnsupportedMethod
from sennit.web.resource import Resource
from sennit.web.static._page import SORTS, Entry, Folder, folderPage
from sennit.web.static._types import ENCODINGS, TYPES, getTypeAndEncoding

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = ["PAGE_SIZE", "DirectoryLister"]

PAGE_SIZE: Final = 2000
"""How many entries are shown on a page: each costs a look at the file and some 400 bytes
of HTML, in all 30 ms in which nobody else is served."""

_POLICY: Final = b"default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class DirectoryLister(Resource):
    """Shows a folder as a page: folders first, then files, with sizes and times.

    ``?sort=size`` and so on sorts it by another column, ``?page=2`` shows the rest of a
    large one.

    Attributes:
        path: The folder's path.
        dirs: The names to show; None for all there are.
        contentTypes: Media types by extension.
        contentEncodings: Content codings by extension.
        defaultType: The type of files whose extension is not known.
    """

    def __init__(
        self,
        pathname: str | bytes,
        dirs: Iterable[str | bytes] | None = None,
        contentTypes: Mapping[str, str] = TYPES,
        contentEncodings: Mapping[str, str] = ENCODINGS,
        defaultType: str | None = "text/html",
    ) -> None:
        """Show a folder.

        Args:
            pathname: Its path.
            dirs: The names to show; None for all there are.
            contentTypes: Media types by extension.
            contentEncodings: Content codings by extension.
            defaultType: The type of files whose extension is not known.
        """
        super().__init__()
        self.path: str | bytes = pathname
        self.dirs: Iterable[str | bytes] | None = dirs
        self.contentTypes: Mapping[str, str] = contentTypes
        self.contentEncodings: Mapping[str, str] = contentEncodings
        self.defaultType: str | None = defaultType

    def render(self, request: Request) -> bytes:
        """Show it.

        Raises:
            UnsupportedMethod: The request is neither GET nor HEAD.
        """
        if request.method not in (b"GET", b"HEAD"):
            raise UnsupportedMethod([b"GET", b"HEAD"])
        request.setHeader(b"content-type", b"text/html; charset=utf-8")
        request.setHeader(b"content-security-policy", _POLICY)
        return self.makePage(self._folder(_path(request), _arguments(request)))

    def makePage(self, folder: Folder) -> bytes:
        """Make the page, as HTML in UTF-8; overridden, it may be another.

        Args:
            folder: What is to be seen on it.
        """
        return folderPage(folder)

    def _folder(self, path: str, asked: Mapping[str, str]) -> Folder:
        listed = os.listdir(self.path) if self.dirs is None else self.dirs
        names = sorted(map(os.fsencode, listed), key=_by_name)
        backwards = asked.get("order") == "descending"
        pages = max(1, -(-len(names) // PAGE_SIZE))
        if pages > 1:
            if backwards:
                names.reverse()
            page = min(_number(asked.get("page")), pages) - 1
            shown = names[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
            entries = self._entries(shown)
            return Folder(path, entries, len(names), page, pages, "name", backwards)
        sort = asked.get("sort", "name")
        entries = _sorted(self._entries(names), sort, backwards)
        shown_by = sort if sort in SORTS else "name"
        return Folder(path, entries, len(names), sort=shown_by, backwards=backwards)

    def _entries(self, names: Iterable[bytes]) -> list[Entry]:
        folder = os.fsencode(self.path)
        entries = []
        for name in names:
            try:
                status = os.stat(os.path.join(folder, name))
            except OSError:
                continue  # gone since, or a link to nothing
            kind = encoding = None
            size = 0
            if not stat.S_ISDIR(status.st_mode):
                text = os.fsdecode(name)
                kind, encoding = getTypeAndEncoding(
                    text, self.contentTypes, self.contentEncodings, self.defaultType
                )
                kind = kind or "file"
                size = status.st_size
            entries.append(
                Entry(name, kind or "", encoding or "", size, status.st_mtime)
            )
        return entries

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.path!r}>"


def _path(request: Request) -> str:
    path = unquote_to_bytes(request.uri.partition(b"?")[0])
    return path.decode("utf-8", "replace")


def _arguments(request: Request) -> dict[str, str]:
    """What is asked for, the first of each; anything else is passed over."""
    arguments: Mapping[bytes, Sequence[bytes]] = request.args or {}
    names = (b"sort", b"order", b"page")
    return {
        name.decode(): arguments[name][0].decode("ascii", "replace")
        for name in names
        if arguments.get(name)
    }


def _number(text: str | None) -> int:
    """The number of a page; of what is none, the first."""
    digits = text is not None and text.isdecimal() and len(text) < 10
    return max(1, int(text or 1)) if digits else 1


def _by_name(name: bytes) -> tuple[str, bytes]:
    """Upper and lower case together, the name itself for those that are equal then."""
    return name.decode("utf-8", "replace").casefold(), name


def _sorted(entries: list[Entry], sort: str, backwards: bool) -> list[Entry]:
    """Sort entries that are sorted by name already; folders come first, always."""
    if sort == "size":
        entries.sort(key=lambda entry: entry.size, reverse=backwards)
    elif sort == "type":
        entries.sort(key=lambda entry: entry.kind, reverse=backwards)
    elif sort == "modified":
        entries.sort(key=lambda entry: entry.modified, reverse=backwards)
    elif backwards:
        entries.reverse()
    entries.sort(key=lambda entry: not entry.folder)
    return entries
