"""Patterns of paths: how they are written, and what their parameters become."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote, unquote_to_bytes
from uuid import UUID

__all__ = ["BadPattern", "Convert", "Parameter", "REST", "TYPES", "parse"]

Convert = Callable[[str], Any]

REST: Final = "path"
"""The type of a parameter that takes all segments that are left."""

WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,40}")
NUMBER: Final = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
PARAMETER: Final = re.compile(r"\{([a-zA-Z_][a-zA-Z0-9_]*)(?::([a-zA-Z_]\w*))?\}")


class BadPattern(ValueError):
    """A pattern of a path is not written as patterns are, or is there already."""


class Parameter(NamedTuple):
    """A segment of a pattern that stands for any of a type."""

    name: str
    type: str


def _int(text: str) -> int:
    # int() alone takes spaces, underscores and the digits of all scripts.
    if WHOLE_NUMBER.fullmatch(text) is None:
        raise ValueError(f"{text!r} is no whole number")
    return int(text)


def _float(text: str) -> float:
    if NUMBER.fullmatch(text) is None:
        raise ValueError(f"{text!r} is no number")
    return float(text)


TYPES: Final[Mapping[str, Convert]] = {
    "float": _float,
    "int": _int,
    REST: str,
    "str": str,
    "uuid": UUID,
}
"""What makes the value of a parameter from its text, by the name of the type.

A ``ValueError`` means that the pattern does not fit. Numbers are in plain decimal
digits, at most 40 on each side of the point.
"""


def parse(pattern: str, types: Mapping[str, Convert]) -> list[bytes | Parameter]:
    """Take a pattern apart.

    Args:
        pattern: As in ``/users/{id:int}/posts``; empty for the place of the router.
        types: The types of parameters that there are.

    Returns:
        Its segments: bytes, not quoted, or a parameter.

    Raises:
        BadPattern: It is not written as patterns are.
    """
    if pattern and not pattern.startswith("/"):
        raise BadPattern(f"{pattern!r} does not begin with a slash")
    segments = [_segment(each, pattern) for each in pattern.split("/")[1:]]
    names = [each.name for each in segments if isinstance(each, Parameter)]
    if len(set(names)) < len(names):
        raise BadPattern(f"{pattern!r} has two parameters of one name")
    for place, each in enumerate(segments, 1):
        if isinstance(each, Parameter):
            if each.type not in types:
                raise BadPattern(f"{pattern!r}: there is no type {each.type!r}")
            if each.type == REST and place < len(segments):
                raise BadPattern(f"{pattern!r}: nothing can follow a {REST}")
    return segments


def _segment(text: str, pattern: str) -> bytes | Parameter:
    found = PARAMETER.fullmatch(text)
    if found is not None:
        return Parameter(found[1], found[2] or "str")
    if "{" in text or "}" in text:
        raise BadPattern(f"{pattern!r}: {text!r} is neither a word nor a {{parameter}}")
    # A pattern may be written as people read it, or as it is sent.
    return unquote_to_bytes(quote(text, safe="%"))
