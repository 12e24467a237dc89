"""Forms and queries: pairs in a line, or parts with a boundary between them.

What they are made of is bytes: a form does not say how its texts are encoded.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import ParseResultBytes, unquote_to_bytes, urlparse as _urlparse

from sennit.web.http._errors import InvalidHead, MalformedForm
from sennit.web.http._fields import read_fields
from sennit.web.http._headers import Headers

__all__ = [
    "Part",
    "form_kind",
    "parseMultipart",
    "parse_options",
    "parse_qs",
    "urlparse",
]

# RFC 2046 §5.1.1
_BOUNDARY: Final = re.compile(
    rb"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]"
)

# Browsers escape a quote in a name by a percent sign, others by a backslash.
_OPTION: Final = re.compile(
    rb';[ \t]*([!#$%&\'*+\-.^_`|~0-9A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"[ \t]*|([^;"]*))(?=;|$)'
)

# Headers of a part, and their bytes: a name, a type, and whatever else.
_PART_HEADERS: Final = 16
_PART_HEAD: Final = 8 * 1024


class Part(NamedTuple):
    """One field of a multipart form.

    Attributes:
        name: What the form calls it.
        filename: The name of a file, as it was at the client; None of no file. It is
            not to be trusted as a path.
        headers: What the part says of itself: Content-Type, for one.
        content: Its bytes.
    """

    name: bytes
    filename: bytes | None
    headers: Headers
    content: bytes


def urlparse(url: bytes) -> ParseResultBytes:
    """Take a URL to pieces, all of them bytes.

    Raises:
        TypeError: The URL is text.
    """
    given: object = url
    if isinstance(given, str):
        raise TypeError("url must be bytes, not str")
    return _urlparse(url)


def parse_qs(
    qs: bytes,
    keep_blank_values: bool | int = 0,
    strict_parsing: bool | int = 0,
    *,
    maxFields: int | None = None,
) -> dict[bytes, list[bytes]]:
    """Read a query, or the body of a form that is written like one.

    Only ``&`` divides pairs: where one side also takes ``;`` and a proxy before it does
    not, the two see different requests.

    Args:
        qs: Its bytes, without the question mark.
        keep_blank_values: Whether names with an empty value count.
        strict_parsing: Whether what is no pair is an error; else it is left out.
        maxFields: How many pairs there may be; None for any number.

    Returns:
        Lists of values by names.

    Raises:
        ValueError: There is something that is no pair, and parsing is strict.
        MalformedForm: There are more than there may be.
    """
    if maxFields is not None and qs.count(b"&") >= maxFields:
        raise MalformedForm(f"more than {maxFields} fields")
    found: dict[bytes, list[bytes]] = {}
    for pair in qs.split(b"&"):
        name, equals, value = pair.partition(b"=")
        if not equals:
            if strict_parsing:
                raise ValueError(f"no pair of name and value: {pair!r}")
            if not (keep_blank_values and name):
                continue
        if value or keep_blank_values:
            found.setdefault(_unquoted(name), []).append(_unquoted(value))
    return found


def _unquoted(text: bytes) -> bytes:
    if b"+" in text:
        text = text.replace(b"+", b" ")
    return unquote_to_bytes(text) if b"%" in text else text


def parse_options(value: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    """Read a header such as ``form-data; name="a"``.

    Returns:
        What comes first, and the parameters by their names; both names in lower case.
    """
    kind, _, _ = value.partition(b";")
    options: dict[bytes, bytes] = {}
    for found in _OPTION.finditer(value, len(kind)):
        name, quoted, bare = found.groups()
        if quoted is not None:
            bare = re.sub(rb'\\(["\\])', rb"\1", quoted)
        options.setdefault(name.lower(), bare.strip(b" \t") if quoted is None else bare)
    return kind.strip().lower(), options


def form_kind(contentType: bytes) -> bytes | None:
    """Which kind of form a type is: its name in lower case; None if it is none."""
    kind = contentType.partition(b";")[0].strip().lower()
    if kind in (b"application/x-www-form-urlencoded", b"multipart/form-data"):
        return kind
    return None


def parseMultipart(
    body: bytes, contentType: bytes, *, maxFields: int | None = None
) -> list[Part]:
    """Read the body of a ``multipart/form-data`` form (RFC 7578).

    Args:
        body: Its bytes.
        contentType: The Content-Type, with the boundary.
        maxFields: How many parts there may be; None for any number.

    Returns:
        The parts that have a name, in order.

    Raises:
        MalformedForm: It is no such form, or has more parts than it may have.
    """
    boundary = parse_options(contentType)[1].get(b"boundary", b"")
    if not _BOUNDARY.fullmatch(boundary):
        raise MalformedForm(f"no boundary: {boundary[:64]!r}")
    divider = b"\r\n--" + boundary
    # A limit to the split, so that a body of nothing but dividers costs no more.
    most = -1 if maxFields is None else maxFields + 2
    _preamble, *pieces = (b"\r\n" + body).split(divider, most)
    if maxFields is not None and len(pieces) > maxFields + 1:
        raise MalformedForm(f"more than {maxFields} fields")
    parts: list[Part] = []
    for piece in pieces:
        if piece.startswith(b"--"):
            return parts
        part = _part(piece)
        if part is not None:
            parts.append(part)
    raise MalformedForm("the form does not end")


def _part(piece: bytes) -> Part | None:
    begin = piece.find(b"\r\n", 0, _PART_HEAD)
    if begin < 0 or piece[:begin].strip(b" \t"):
        raise MalformedForm("a divider does not end its line")
    # Without headers, the empty line comes at once.
    end = piece.find(b"\r\n\r\n", begin, begin + _PART_HEAD)
    if end < 0:
        raise MalformedForm(f"a part's headers do not end in {_PART_HEAD} bytes")
    try:
        fields = read_fields(piece[begin + 2 : end + 2]) if end > begin else []
    except InvalidHead as error:
        raise MalformedForm(str(error)) from None
    if len(fields) > _PART_HEADERS:
        raise MalformedForm(f"a part of more than {_PART_HEADERS} headers")
    headers = Headers._of_wire(fields)
    disposition = (headers.getRawHeaders(b"content-disposition") or (b"",))[0]
    kind, options = parse_options(disposition)
    name = options.get(b"name")
    if kind != b"form-data" or name is None:
        return None
    return Part(name, options.get(b"filename"), headers, piece[end + 4 :])
