"""Parts of a body, as a request asks for them and an answer sends them (RFC 9110 §14).

    Range: bytes=0-99, 500-, -20       the first hundred; all from 500 on; the last 20

A server may always send the whole instead. So a field that is no such list is passed
over, as is one that asks for more parts than anybody needs: those who ask for thousands
want to make work (§17.15). Parts that overlap or touch become one, so that an answer is
never longer than the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

__all__ = [
    "MAX_RANGES",
    "MalformedRange",
    "RangeSpec",
    "Span",
    "TooManyRanges",
    "contentRange",
    "parseContentRange",
    "parseRange",
    "partEnd",
    "partHead",
    "satisfiable",
    "unsatisfied",
]

MAX_RANGES: Final = 64
"""How many parts a request may ask for. Viewers of documents ask for some ten, tools
that bring a file up to date for some tens; each costs a head of about 100 bytes."""

RangeSpec: TypeAlias = "tuple[int | None, int | None]"
"""A part as it is asked for: its first and last position; no last one is the end of
the whole, no first one means that the other number counts from the end."""

_LAST: Final = (1 << 63) - 1
_CONTENT_RANGE: Final = re.compile(rb"bytes[ \t]+([0-9]+)-([0-9]+)/([0-9]+|\*)", re.I)
_SPEC: Final = re.compile(rb"[ \t]*(?:([0-9]*)-([0-9]*))?[ \t]*\Z")


class MalformedRange(ValueError):
    """A Range field is not a list of byte ranges; the whole is sent."""


class TooManyRanges(MalformedRange):
    """A Range field asks for more parts than a request may; the whole is sent."""


class Span(NamedTuple):
    """A part of something: where it begins, and how many bytes it has."""

    offset: int
    size: int


def parseRange(value: bytes) -> list[RangeSpec]:
    """Read a Range field.

    Returns:
        The parts, at least one, in the order in which they are asked for.

    Raises:
        TooManyRanges: There are more than `MAX_RANGES`.
        MalformedRange: It is no list of byte ranges (§14.1.2).
    """
    unit, equals, listed = value.partition(b"=")
    if not equals or unit.strip(b" \t").lower() != b"bytes":
        raise MalformedRange(f"not a range of bytes: {value[:100]!r}")
    if listed.count(b",") >= MAX_RANGES:
        raise TooManyRanges(f"more than {MAX_RANGES} ranges: {value[:100]!r}")
    specs = [spec for spec in map(_parsed, listed.split(b",")) if spec is not None]
    if not specs:
        raise MalformedRange(f"no range in {value[:100]!r}")
    return specs


def _parsed(text: bytes) -> RangeSpec | None:
    """Read one range; an empty element of a list is none (§5.6.1.2)."""
    match = _SPEC.match(text)
    if match is None:
        raise MalformedRange(f"not a range of bytes: {text[:100]!r}")
    first, last = match.groups()
    if first is None:
        return None
    begin = _number(first) if first else None
    end = _number(last) if last else None
    if begin is None and end is None:
        raise MalformedRange("a range without numbers")
    if begin is not None and end is not None and end < begin:
        raise MalformedRange(f"a range that ends before it begins: {text[:100]!r}")
    return begin, end


def _number(digits: bytes) -> int:
    """A position; beyond any file it is all the same where."""
    digits = digits.lstrip(b"0")
    return min(int(digits or b"0"), _LAST) if len(digits) < 20 else _LAST


def satisfiable(specs: Iterable[RangeSpec], size: int) -> list[Span]:
    """Find what there is of the parts that are asked for.

    Args:
        specs: What is asked for.
        size: How many bytes the whole has.

    Returns:
        The parts, none overlapping or touching another, in the order in which they
        were asked for. Empty if nothing of them is there: the answer is 416.
    """
    found = []
    for order, (first, last) in enumerate(specs):
        if first is None:
            begin, end = max(0, size - (last or 0)), size
        else:
            begin, end = first, size if last is None else min(last + 1, size)
        if begin < end:
            found.append((begin, end, order))
    if len(found) > 1:
        found = _joined(found)
    return [Span(begin, end - begin) for begin, end, _ in found]


def _joined(found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Make one of those that overlap or touch, in the place of the earliest of them."""
    found.sort()
    joined = [found[0]]
    for begin, end, order in found[1:]:
        before, until, place = joined[-1]
        if begin <= until:
            joined[-1] = (before, max(until, end), min(place, order))
        else:
            joined.append((begin, end, order))
    joined.sort(key=lambda each: each[2])
    return joined


def contentRange(span: Span, size: int) -> bytes:
    """Say which part of the whole is sent: the value of Content-Range (§14.4)."""
    return b"bytes %d-%d/%d" % (span.offset, span.offset + span.size - 1, size)


def parseContentRange(header: str | bytes) -> tuple[int, int, int | None]:
    """Read a Content-Range field.

    Returns:
        The first position, the last, and how many bytes the whole has; None for that
        where it is not told.

    Raises:
        ValueError: It is no range of bytes.
    """
    value = header.encode("latin-1") if isinstance(header, str) else header
    found = _CONTENT_RANGE.fullmatch(value.strip(b" \t"))
    if found is None:
        raise ValueError(f"not the range of a content: {value[:100]!r}")
    first, last, size = found.groups()
    return _number(first), _number(last), None if size == b"*" else _number(size)


def unsatisfied(size: int) -> bytes:
    """Say that there is nothing of what was asked for, and how much there is."""
    return b"bytes */%d" % size


def partHead(boundary: bytes, kind: bytes, span: Span, size: int) -> bytes:
    """What stands before a part among several: ``multipart/byteranges`` (§14.6).

    Args:
        boundary: Bytes that no part has in it.
        kind: The media type of the whole.
        span: The part.
        size: How many bytes the whole has.
    """
    head = b"\r\n--%b\r\nContent-type: %b\r\nContent-range: %b\r\n\r\n"
    return head % (boundary, kind, contentRange(span, size))


def partEnd(boundary: bytes) -> bytes:
    """What stands after the last part."""
    return b"\r\n--%b--\r\n" % boundary
