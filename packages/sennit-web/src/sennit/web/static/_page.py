"""The page that shows a folder: entries in, HTML out.

It is one file: nothing is loaded beside it, and no script runs. To sort it again, the
server is asked for the same page with ``?sort=``. Whatever comes from outside is escaped,
and names are set apart from their surroundings, so that one in another direction of
writing turns nothing around.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple
from urllib.parse import quote_from_bytes

from sennit.web.static._sizes import shownSize
from sennit.web.static._style import STYLE

__all__ = ["SORTS", "Entry", "Folder", "folderPage"]

SORTS: Final = {"name": "Name", "size": "Size", "type": "Type", "modified": "Modified"}
"""What a folder can be sorted by, with the heads of the columns."""


class Entry(NamedTuple):
    """Something in a folder.

    Attributes:
        name: Its name, as the file system has it.
        kind: Its media type; empty for a folder.
        encoding: Its coding; empty if it is not encoded.
        size: How many bytes it has; 0 for a folder.
        modified: When it was modified, in seconds since the epoch.
    """

    name: bytes
    kind: str
    encoding: str
    size: int
    modified: float

    @property
    def folder(self) -> bool:
        """Whether it is a folder itself."""
        return not self.kind


class Folder(NamedTuple):
    """What is shown of a folder.

    Attributes:
        path: The path of its URL, not quoted.
        entries: What is on this page.
        total: How many entries it has in all.
        page: The number of this page, from 0.
        pages: How many there are.
        sort: What it is sorted by: a key of `SORTS`.
        backwards: Whether that is the other way round.
    """

    path: str
    entries: Sequence[Entry]
    total: int
    page: int = 0
    pages: int = 1
    sort: str = "name"
    backwards: bool = False


def folderPage(folder: Folder) -> bytes:
    """Make the page of a folder."""
    title = escape(f"Directory listing for {folder.path}")
    parts = [
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}</style></head>\n<body><main>\n",
        f"<h1>{title}</h1>\n{_way(folder.path)}",
        f"<table>\n<thead><tr>{_heads(folder)}</tr></thead>\n<tbody>\n",
    ]
    if folder.path.strip("/"):
        parts.append(_PARENT)
    parts += map(_row, folder.entries)
    parts.append(f"</tbody>\n</table>\n<footer>{_summary(folder)}</footer>\n")
    parts.append("</main></body></html>\n")
    return "".join(parts).encode("utf-8", "xmlcharrefreplace")


_PARENT: Final = (
    '<tr class="up"><td><a href="../">Parent folder</a></td>'
    "<td></td><td></td><td></td></tr>\n"
)


def _way(path: str) -> str:
    """The folders above, each a link; relative, as we may be mounted anywhere."""
    names = [name for name in path.split("/") if name]
    if not names:
        return ""
    links = [f'<a href="{"../" * len(names)}">/</a>']
    for at, name in enumerate(names[:-1], 1):
        links.append(f'<a href="{"../" * (len(names) - at)}">{escape(name)}</a>')
    links.append(f'<b aria-current="page">{escape(names[-1])}</b>')
    return f'<nav aria-label="Path">{"<i>&rsaquo;</i>".join(links)}</nav>\n'


def _heads(folder: Folder) -> str:
    return "".join(_head(folder, sort, title) for sort, title in SORTS.items())


def _head(folder: Folder, sort: str, title: str) -> str:
    if folder.pages > 1:
        return f"<th>{title}</th>"
    if sort != folder.sort:
        return f'<th><a href="?sort={sort}">{title}</a></th>'
    way = "descending" if folder.backwards else "ascending"
    turned = "" if folder.backwards else "&amp;order=descending"
    return f'<th aria-sort="{way}"><a href="?sort={sort}{turned}">{title}</a></th>'


# What moves or hides the characters beside it.
_UNSHOWN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def _row(entry: Entry) -> str:
    shown = escape(_UNSHOWN.sub("\ufffd", entry.name.decode("utf-8", "replace")))
    link = quote_from_bytes(entry.name, safe="")
    when = time.gmtime(entry.modified)
    modified = (
        f'<time datetime="{time.strftime("%Y-%m-%dT%H:%M:%SZ", when)}">'
        f"{time.strftime('%Y-%m-%d %H:%M', when)}</time>"
    )
    if entry.folder:
        return (
            f'<tr class="folder"><td><a href="{link}/">{shown}/</a></td>'
            f"<td></td><td>folder</td><td>{modified}</td></tr>\n"
        )
    kind = escape(entry.kind)
    if entry.encoding:
        kind += f" ({escape(entry.encoding)})"
    family = entry.kind.partition("/")[0]
    picture = family if family in ("image", "audio", "video", "text") else "file"
    return (
        f'<tr class="{picture}"><td><a href="{link}">{shown}</a></td>'
        f'<td title="{entry.size:,} bytes">{shownSize(entry.size)}</td>'
        f"<td>{kind}</td><td>{modified}</td></tr>\n"
    )


def _summary(folder: Folder) -> str:
    if folder.pages > 1:
        return _pager(folder)
    folders = sum(entry.folder for entry in folder.entries)
    files = len(folder.entries) - folders
    told = [_counted(folders, "folder")] if folders else []
    if files:
        size = shownSize(sum(entry.size for entry in folder.entries))
        told.append(f"{_counted(files, 'file')}, {size}")
    times = " Times are UTC." if told else ""
    return f"{' and '.join(told) or 'There is nothing here'}.{times}"


def _pager(folder: Folder) -> str:
    parts = [f"Page {folder.page + 1} of {folder.pages}, {folder.total:,} entries."]
    order = "&amp;order=descending" if folder.backwards else ""
    if folder.page:
        parts.append(f'<a href="?page={folder.page}{order}">Previous</a>')
    if folder.page + 1 < folder.pages:
        parts.append(f'<a href="?page={folder.page + 2}{order}">Next</a>')
    return " ".join(parts)


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
