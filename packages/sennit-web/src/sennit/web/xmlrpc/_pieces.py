"""Messages written as everybody writes them, read without a parser.

Libraries write XML-RPC in one way: no attributes, comments or sections, tags with
nothing in them but their names, at most blanks between elements. Such a message, split
at "<", is a list of tags, each with the text after it, and a few comparisons a value read
it: in a third to two thirds of the time that the parser and a walk through its tree take.

What is taken here is a part of what the parser takes, and means the same; at the first
thing that is not as usual, the answer is None, and the message goes the careful way. So
nothing is refused here, and nothing is taken that would be refused there: no references
("&"), no characters that XML does not have, no carriage returns, no "]]>" (XML 1.0 §2.4).
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

from sennit.web.xmlrpc._scalars import Scalars

__all__ = ["Message", "read_pieces", "usual_text"]

Message: TypeAlias = tuple[str | None, bool, list[Any]]
"""The name, of a call; whether it is a fault; the arguments, or what is answered."""

# In UTF-8, and with nothing before the first element, of which the rest is then split.
_BEGIN = re.compile(
    rb"""(?:<\?xml\ version=["']1\.0["'](?:\ encoding=["'](?:utf|UTF)-8["'])?\ ?\?>\s*)?
    <method""",
    re.VERBOSE,
)

# Bytes that stand for themselves. 0xEF is that of U+FFFE and U+FFFF, which XML does not
# have, among others that are rare.
_EASY: Final = bytes(
    {9, 10, *range(0x20, 0x7F), *range(0x80, 0xEF), *range(0xF0, 0xF5)} - {ord("&")}
)


# What may follow the last element (XML 1.0 §2.3). Between elements the parser's tree has
# a place for any text, and nobody looks at it: there str.rstrip() is good enough.
_BLANKS: Final = " \t\n"


class _Unusual(Exception):
    """The message is for the careful way."""


def usual_text(data: bytes) -> str | None:
    """The text after the first ``<method`` of a message; None if it is not as usual."""
    if data.translate(None, _EASY) or b"]]>" in data:
        return None
    begin = _BEGIN.match(data)
    if begin is None:
        return None
    try:
        return data[begin.end() :].decode()
    except UnicodeDecodeError:
        return None


def read_pieces(text: str, depth: int, kinds: Scalars) -> Message | None:
    """Read a message.

    Args:
        text: What `usual_text` gave.
        depth: How deep values may be nested.
        kinds: What reads values of one piece.

    Returns:
        None if it is not written as usual.
    """
    pieces = text.split("<")
    try:
        begin = pieces[0].rstrip()
        name: str | None = None
        at, end = 1, "/methodResponse>"
        if begin == "Call>":
            _opened(pieces[1], "methodName>")
            name = pieces[1][11:]
            _expect(pieces[2], "/methodName>")
            at, end = 3, "/methodCall>"
        elif begin != "Response>":
            return None
        fault = name is None and pieces[at].rstrip() == "fault>"
        if fault:
            value, at = _value(pieces, at + 1, depth, kinds)
            values = [value]
            _expect(pieces[at], "/fault>")
        else:
            values, at = _params(pieces, at, depth, kinds)
        if pieces[at + 1].rstrip(_BLANKS) != end:
            return None
    except (IndexError, ValueError, _Unusual):
        return None
    if len(pieces) != at + 2 or name == "":
        return None
    return name, fault, values


def _params(
    pieces: list[str], at: int, depth: int, kinds: Scalars
) -> tuple[list[Any], int]:
    """Read parameters; give with them where they end."""
    _expect(pieces[at], "params>")
    at += 1
    values = []
    while pieces[at].rstrip() == "param>":
        value, at = _value(pieces, at + 1, depth, kinds)
        values.append(value)
        _expect(pieces[at], "/param>")
        at += 1
    _expect(pieces[at], "/params>")
    return values, at


def _value(pieces: list[str], at: int, left: int, kinds: Scalars) -> tuple[Any, int]:
    """Read a value, nested as deep as is left at most; give with it what comes after."""
    piece, inner = pieces[at], pieces[at + 1]
    if piece != "value>":
        _opened(piece, "value>")
        if inner.rstrip() == "/value>":
            return piece[6:], at + 2
        _expect(piece, "value>")
    tag, _, text = inner.partition(">")
    read = kinds.get(tag)
    value: Any
    if read is not None:
        closing = pieces[at + 2]
        if closing[0] != "/" or closing[1:].rstrip() != tag + ">":
            raise _Unusual
        value = read(text)
        at += 3
    elif left <= 1 or text.strip():
        raise _Unusual
    elif tag == "struct":
        value, at = _struct(pieces, at + 2, left - 1, kinds)
    elif tag == "array":
        value, at = _array(pieces, at + 2, left - 1, kinds)
    else:
        raise _Unusual
    if pieces[at].rstrip() != "/value>":
        raise _Unusual
    return value, at + 1


def _struct(
    pieces: list[str], at: int, left: int, kinds: Scalars
) -> tuple[dict[str, Any], int]:
    members: dict[str, Any] = {}
    while pieces[at].rstrip() == "member>":
        name = pieces[at + 1]
        _opened(name, "name>")
        _expect(pieces[at + 2], "/name>")
        members[name[5:]], at = _value(pieces, at + 3, left, kinds)
        _expect(pieces[at], "/member>")
        at += 1
    _expect(pieces[at], "/struct>")
    return members, at + 1


def _array(
    pieces: list[str], at: int, left: int, kinds: Scalars
) -> tuple[list[Any], int]:
    _expect(pieces[at], "data>")
    at += 1
    values = []
    while pieces[at].startswith("value>"):
        value, at = _value(pieces, at, left, kinds)
        values.append(value)
    _expect(pieces[at], "/data>")
    _expect(pieces[at + 1], "/array>")
    return values, at + 2


def _expect(piece: str, tag: str) -> None:
    if piece.rstrip() != tag:
        raise _Unusual


def _opened(piece: str, tag: str) -> None:
    if not piece.startswith(tag):
        raise _Unusual
