"""Forms with files: multipart/form-data (RFC 7578)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, Final, NamedTuple

from sennit.web.client._bodies import BytesProducer, IterableProducer, measured
from sennit.web.client._errors import BadHeaders
from sennit.web.client.contracts import UNKNOWN_LENGTH, Length

__all__ = ["Part", "multipart"]

_READ_SIZE: Final = 64 * 1024

# As forms of HTML have it: a name cannot end its own quotes.
_QUOTED: Final = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


class Part(NamedTuple):
    """One field of a form, or one file.

    Attributes:
        name: The field's name.
        content: What it has.
        filename: The name of a file; None for a field that is none.
        contentType: Its type; None for a field.
    """

    name: str
    content: bytes | IO[bytes]
    filename: str | None = None
    contentType: str | None = None

    def head(self) -> bytes:
        """The lines before the content.

        Raises:
            BadHeaders: The type has a line break in it.
        """
        line = f'Content-Disposition: form-data; name="{self.name.translate(_QUOTED)}"'
        if self.filename is not None:
            line += f'; filename="{self.filename.translate(_QUOTED)}"'
        if self.contentType is not None:
            if not self.contentType.isprintable():
                raise BadHeaders(f"{self.contentType!r} is no type of a file")
            line += f"\r\nContent-Type: {self.contentType}"
        return line.encode() + b"\r\n\r\n"


def multipart(
    fields: Mapping[str, Any] | Iterable[tuple[str, Any]],
    files: Mapping[str, Any] | Iterable[tuple[str, Any]],
) -> tuple[BytesProducer | IterableProducer, bytes]:
    """Make a body of fields and files.

    Args:
        fields: Their names and texts.
        files: Their names, and what they have: bytes, an open file, or a tuple of
            file name, content and, if wanted, type.

    Returns:
        What writes it, and its type.
    """
    parts = [Part(name, _bytes(value)) for name, value in _pairs(fields)]
    parts += [_file(name, given) for name, given in _pairs(files)]
    boundary = secrets.token_hex(16).encode()
    pieces: list[bytes | IO[bytes]] = []
    for part in parts:
        pieces += (b"--%b\r\n%b" % (boundary, part.head()), part.content, b"\r\n")
    pieces.append(b"--%b--\r\n" % boundary)
    kind = b"multipart/form-data; boundary=" + boundary
    plain = [piece for piece in pieces if isinstance(piece, bytes)]
    if len(plain) == len(pieces):
        return BytesProducer(b"".join(plain)), kind
    return IterableProducer(_read(pieces), _length(pieces)), kind


def _pairs(given: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> Iterator[Any]:
    """Names and single values."""
    for name, value in given.items() if isinstance(given, Mapping) else given:
        if isinstance(value, list):
            yield from ((name, each) for each in value)
        else:
            yield name, value


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _file(name: str, given: Any) -> Part:
    filename, content, *kind = given if isinstance(given, tuple) else (None, given)
    if filename is None:
        told = getattr(content, "name", None)
        filename = os.path.basename(told) if isinstance(told, str) else name
    if not hasattr(content, "read"):
        content = _bytes(content)
    return Part(name, content, filename, kind[0] if kind else _type_of(filename))


def _type_of(filename: str) -> str:
    # Here, because it reads the system's tables, which who sends no file need not have.
    import mimetypes

    return mimetypes.guess_type(filename)[0] or "application/octet-stream"


def _length(pieces: Iterable[bytes | IO[bytes]]) -> Length:
    total = 0
    for piece in pieces:
        length = len(piece) if isinstance(piece, bytes) else measured(piece)
        if length is UNKNOWN_LENGTH:
            return UNKNOWN_LENGTH
        total += length
    return total


def _read(pieces: Iterable[bytes | IO[bytes]]) -> Iterator[bytes]:
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
        else:
            while data := piece.read(_READ_SIZE):
                yield data
