"""What a file is, told by its name: media types and content codings by extension."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Final

__all__ = ["ENCODINGS", "TYPES", "getTypeAndEncoding", "loadMimeTypes"]

# Extensions that systems know nothing of, or something that makes browsers save what
# people want to read.
_OURS: Final = {
    ".conf": "text/plain",
    ".diff": "text/plain",
    ".flac": "audio/x-flac",
    ".java": "text/plain",
    ".oz": "text/x-oz",
    ".patch": "text/plain",
    ".swf": "application/x-shockwave-flash",
}

ENCODINGS: Final = {".gz": "gzip", ".bz2": "bzip2"}
"""The codings that files come in, by extension."""


def loadMimeTypes(
    mimetype_locations: Sequence[str] | None = None,
    init: Callable[[Sequence[str] | None], object] = mimetypes.init,
) -> dict[str, str]:
    """Load the media types that this system knows, and some more.

    Args:
        mimetype_locations: Files to read in addition, in the form of Apache's
            ``mime.types``.
        init: Reads them: the function of `mimetypes` of that name.

    Returns:
        Media types by extension: in lower case, with its dot.
    """
    init(mimetype_locations)
    return {**mimetypes.types_map, **_OURS}


TYPES: Final = loadMimeTypes()
"""The media types that this system knows, by extension."""


def getTypeAndEncoding(
    filename: str,
    types: Mapping[str, str],
    encodings: Mapping[str, str],
    defaultType: str | None,
) -> tuple[str | None, str | None]:
    """Tell what a file is by its name.

    Args:
        filename: The name, such as ``"notes.txt.gz"``.
        types: Media types by extension, in lower case.
        encodings: Content codings by extension, in lower case.
        defaultType: The type of a file whose extension is not known.

    Returns:
        Its type, and its coding; None if it is not encoded.
    """
    stem, extension = os.path.splitext(filename)
    extension = extension.lower()
    encoding = encodings.get(extension)
    if encoding is not None:
        extension = os.path.splitext(stem)[1].lower()
    return types.get(extension, defaultType), encoding
