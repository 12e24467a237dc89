"""Messages of any form, read by a parser: the careful way.

`xml.etree` makes a tree of a message two to three times as fast as a handler in Python
hears of its tags. But a tree takes memory before anything can be said about it, so what
it may cost is bounded beforehand, by whoever calls this.

The text is decoded here and given to the parser as `str`, so that no declaration can have
it read in an encoding other than that in which it was looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, XMLParser

from sennit.web.xmlrpc._errors import (
    DocumentTypeRefused,
    InvalidMessage,
    NestedTooDeep,
    NoValue,
)
from sennit.web.xmlrpc._pieces import Message
from sennit.web.xmlrpc._scalars import Scalars

__all__ = ["decoded", "read_tree"]

# What may stand before the first element: a declaration, comments, instructions. The
# first mark after them must open an element: a document type begins with "<!".
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*+<(?![!?])", re.DOTALL)
_ENCODING = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")

# Encodings in which ASCII is ASCII. UTF-16, which has NULs, is not: no peer sends it.
_ENCODINGS: Final = {
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "latin-1": "latin-1",
    "us-ascii": "ascii",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "windows-1252": "cp1252",
}


def decoded(data: bytes) -> str:
    """The text of a message, which declares no document type.

    Raises:
        DocumentTypeRefused: It does.
        InvalidMessage: It is no text, or does not begin as XML.
    """
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidMessage(f"the message is not in {encoding}: {error}") from None
    if "\0" in text:
        raise InvalidMessage("a NUL in the message")
    if not _PROLOG.match(text):
        if "<!DOCTYPE" in text:
            raise DocumentTypeRefused("the message declares a document type")
        raise InvalidMessage("no element in the message's first place")
    return text


def _encoding(data: bytes) -> str:
    """Tell the encoding that the bytes begin with or declare; UTF-8 if neither."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    declared = _ENCODING.match(data)
    if declared is None:
        return "utf-8"
    name = declared[1].decode("ascii")
    encoding = _ENCODINGS.get(name.lower())
    if encoding is None:
        raise InvalidMessage(f"the message is in {name}")
    return encoding


def read_tree(text: str, depth: int, kinds: Scalars) -> Message:
    """Read a message.

    Args:
        text: What `decoded` gave.
        depth: How deep values may be nested.
        kinds: What reads values of one piece.

    Raises:
        InvalidMessage: It is no XML, or XML that is no XML-RPC.
        NestedTooDeep: A value is nested deeper.
    """
    parser = XMLParser()
    try:
        parser.feed(text)
        root: Element = parser.close()
    except ParseError as error:
        raise InvalidMessage(f"no well-formed XML: {error}") from None
    if root.tag == "methodCall":
        return _call(root, depth, kinds)
    if root.tag == "params":
        # The standard library writes such a thing for values without a name.
        return None, False, _params(root, depth, kinds)
    if root.tag != "methodResponse" or len(root) != 1:
        raise InvalidMessage("neither a methodCall nor a methodResponse of one element")
    answer = root[0]
    if answer.tag != "fault":
        return None, False, _params(answer, depth, kinds)
    if len(answer) != 1:
        raise InvalidMessage("a fault without a value")
    return None, True, [_value(answer[0], depth, kinds)]


def _call(root: Element, depth: int, kinds: Scalars) -> Message:
    if not 1 <= len(root) <= 2 or root[0].tag != "methodName":
        raise InvalidMessage("a methodCall has a methodName, perhaps params")
    name = root[0].text
    if not name or len(root[0]):
        raise InvalidMessage("a methodName is a text")
    return name, False, _params(root[1], depth, kinds) if len(root) > 1 else []


def _params(params: Element, depth: int, kinds: Scalars) -> list[Any]:
    if params.tag != "params":
        raise InvalidMessage(f"{params.tag} in the place of params")
    values = []
    for param in params:
        if param.tag != "param" or len(param) > 1:
            raise InvalidMessage(f"{param.tag} in the place of a param of one value")
        if not len(param):
            raise NoValue("a param without a value")
        values.append(_value(param[0], depth, kinds))
    return values


def _value(value: Element, left: int, kinds: Scalars) -> Any:
    """Read a value, nested as deep as is left at most."""
    if value.tag != "value":
        raise InvalidMessage(f"{value.tag} in the place of a value")
    if not len(value):
        return value.text or ""
    if len(value) > 1:
        raise InvalidMessage("a value of two types")
    kind = value[0]
    tag, text = kind.tag, kind.text or ""
    if read := kinds.get(tag):
        if len(kind):
            raise InvalidMessage(f"an element within {tag}")
        try:
            return read(text)
        except ValueError:
            raise InvalidMessage(f"{text[:40]!r} is no {tag}") from None
    if left <= 1:
        raise NestedTooDeep("a value that is nested too deep")
    if tag == "struct":
        return dict(_members(kind, left - 1, kinds))
    if tag == "array" and len(kind) == 1 and kind[0].tag == "data":
        return [_value(each, left - 1, kinds) for each in kind[0]]
    raise InvalidMessage(f"a value that is no {tag}")


def _members(struct: Element, left: int, kinds: Scalars) -> Iterator[tuple[str, Any]]:
    for member in struct:
        if member.tag != "member" or len(member) != 2 or member[0].tag != "name":
            raise InvalidMessage("a member of a struct without name and value")
        yield member[0].text or "", _value(member[1], left, kinds)
