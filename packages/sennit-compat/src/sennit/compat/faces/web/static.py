"""``twisted.web.static``: folders look as they always did there.

Programs have templates of their own for the page, and look for what is in it.
"""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import quote_from_bytes

# It declares what provides which interface.
import sennit.web.static.interfaces  # noqa: F401
from sennit.compat.faces.web.resource import ForbiddenResource, NoResource
from sennit.web import static
from sennit.web.static import (
    ASISProcessor as ASISProcessor,
    Data as Data,
    Entry,
    Folder,
    MultipleRangeStaticProducer as MultipleRangeStaticProducer,
    NoRangeStaticProducer as NoRangeStaticProducer,
    Redirect as Redirect,
    Registry as Registry,
    SingleRangeStaticProducer as SingleRangeStaticProducer,
    StaticProducer as StaticProducer,
    addSlash as addSlash,
    formatFileSize as formatFileSize,
    getTypeAndEncoding as getTypeAndEncoding,
    loadMimeTypes as loadMimeTypes,
)

__all__ = [
    "ASISProcessor",
    "Data",
    "DirectoryLister",
    "File",
    "MultipleRangeStaticProducer",
    "NoRangeStaticProducer",
    "Redirect",
    "Registry",
    "SingleRangeStaticProducer",
    "StaticProducer",
    "addSlash",
    "dangerousPathError",
    "formatFileSize",
    "getTypeAndEncoding",
    "isDangerous",
    "loadMimeTypes",
]

dangerousPathError: NoResource = NoResource("Invalid request URL.")


def isDangerous(path: str) -> bool:
    """Whether a name leads out of its folder."""
    return path == ".." or "/" in path


class DirectoryLister(static.DirectoryLister):
    """Shows a folder as a plain table.

    Attributes:
        template: The page; it has places for ``header`` and ``tableContent``.
        linePattern: A line; it has places for ``class``, ``href``, ``text``, ``size``,
            ``type`` and ``encoding``.
    """

    template: str = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<title>%(header)s</title>
<style>
body { margin: 1rem; font-family: sans-serif }
table { border-collapse: collapse }
th, td { padding: .2em 1em; text-align: left }
.even { background: #8882 }
</style></head>
<body>
<h1>%(header)s</h1>
<table>
<thead><tr><th>Filename</th><th>Size</th><th>Content type</th>\
<th>Content encoding</th></tr></thead>
<tbody>
%(tableContent)s
</tbody>
</table>
</body></html>
"""

    linePattern: str = """\
<tr class="%(class)s">
    <td><a href="%(href)s">%(text)s</a></td>
    <td>%(size)s</td>
    <td>%(type)s</td>
    <td>%(encoding)s</td>
</tr>
"""

    def makePage(self, folder: Folder) -> bytes:
        """Make the page of the template and of a line for each entry."""
        lines = (
            self.linePattern % {**_columns(entry), "class": ("odd", "even")[at % 2]}
            for at, entry in enumerate(folder.entries)
        )
        header = f"Directory listing for {escape(folder.path)}"
        page = self.template % {"header": header, "tableContent": "".join(lines)}
        return page.encode("utf-8", "surrogateescape")


def _columns(entry: Entry) -> dict[str, str]:
    slash = "/" if entry.folder else ""
    kind = "Directory" if entry.folder else escape(entry.kind)
    return {
        "href": quote_from_bytes(entry.name) + slash,
        "text": escape(entry.name.decode("utf-8", "replace")) + slash,
        "size": "" if entry.folder else formatFileSize(entry.size),
        "type": f"[{kind}]",
        "encoding": f"[{escape(entry.encoding)}]" if entry.encoding else "",
    }


class File(static.File):
    """As it is, with Twisted's pages."""

    childNotFound: Any = NoResource("File not found.")
    forbidden: Any = ForbiddenResource()

    def directoryListing(self) -> Any:
        """Make what shows a folder that has no index."""
        shown = super().directoryListing()
        return DirectoryLister(
            shown.path,
            shown.dirs,
            shown.contentTypes,
            shown.contentEncodings,
            shown.defaultType,
        )
