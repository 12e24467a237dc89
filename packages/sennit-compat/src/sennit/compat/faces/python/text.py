"""``twisted.python.text``: texts wrapped, stripped and split."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import IO, Any, AnyStr

__all__ = [
    "endsInNewline",
    "greedyWrap",
    "isMultiline",
    "removeLeadingBlanks",
    "removeLeadingTrailingBlanks",
    "splitQuoted",
    "strFile",
    "stringyString",
    "wordWrap",
]

# A word, or all between two quotes that stand where words begin and end.
QUOTED = re.compile(r"""(?P<quote>["'])(.*?)(?P=quote)(?!\S)|(\S+)""", re.DOTALL)

#: Characters that `strFile` reads at a time.
CHUNK = 65536


def isMultiline(s: str) -> bool:
    """Whether there is a line end in a text."""
    return "\n" in s


def endsInNewline(s: str) -> bool:
    """Whether a text ends with a line end."""
    return s.endswith("\n")


def greedyWrap(inString: str, width: int = 80) -> list[str]:
    """Break a text into lines; words longer than a line stay whole.

    Args:
        inString: The text; empty lines part its paragraphs.
        width: Characters of a line.

    Returns:
        The lines; an empty one after each paragraph if there are several.
    """
    paragraphs = [
        textwrap.wrap(
            " ".join(each.split()),
            width,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for each in inString.split("\n\n")
    ]
    if len(paragraphs) == 1:
        return paragraphs[0]
    return [line for lines in paragraphs for line in (*lines, "")]


wordWrap = greedyWrap


def removeLeadingBlanks(lines: Sequence[str]) -> list[str]:
    """The lines from the first one that is not blank."""
    for number, line in enumerate(lines):
        if line.strip():
            return list(lines[number:])
    return []


def removeLeadingTrailingBlanks(s: str) -> str:
    """A text without blank lines at its beginning and end, and with a line end."""
    lines = removeLeadingBlanks(s.split("\n"))
    lines = removeLeadingBlanks(lines[::-1])[::-1]
    return "\n".join(lines) + "\n"


def splitQuoted(s: str) -> list[str]:
    """The words of a text; what stands in quotes is one word, without them."""
    return [match[2] if match["quote"] else match[3] for match in QUOTED.finditer(s)]


def strFile(p: AnyStr, f: IO[AnyStr], caseSensitive: bool = True) -> bool:
    """Whether a text occurs in a file.

    Args:
        p: The text.
        f: The file, which is read until the text is found.
        caseSensitive: Whether small and capital letters differ.
    """
    wanted = p if caseSensitive else p.lower()
    tail = p[:0]
    while chunk := f.read(CHUNK):
        tail += chunk if caseSensitive else chunk.lower()
        if wanted in tail:
            return True
        tail = tail[max(len(tail) - len(wanted) + 1, 0) :]
    return not wanted


def stringyString(object: Any, indentation: str = "") -> str:
    """Show lists, tuples and mappings over several lines, their items by ``str``.

    Args:
        object: What to show.
        indentation: What each line begins with.
    """
    shown = textwrap.indent(_shown(object), indentation, lambda line: True)
    return shown + "\n" if "\n" in shown else shown


def _shown(object: Any) -> str:
    if isinstance(object, dict):
        items = [_entry(key, value) for key, value in object.items()]
        opening, closing = "{}"
    elif isinstance(object, list | tuple):
        items = [f"{_shown(each)}," for each in object]
        opening, closing = "[]" if isinstance(object, list) else "()"
    else:
        return str(object)
    return opening + "\n".join(items).replace("\n", "\n ") + closing


def _entry(key: object, value: object) -> str:
    shown = _shown(value)
    if "\n" in shown:
        return f"{key}:\n{textwrap.indent(shown, '  ')}"
    return f"{key}: {shown}"
