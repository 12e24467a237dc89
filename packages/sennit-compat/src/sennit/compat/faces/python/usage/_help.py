"""The text that tells of a program's options: rows of two columns."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["columns", "docMakeChunks", "make_commands", "paragraphs"]

#: Columns of a terminal that does not tell.
WIDTH = 80

#: A column of text is not made narrower than that, however narrow the terminal.
NARROWEST = 10


def columns() -> int:
    """The width of the terminal as ``COLUMNS`` tells it."""
    told = os.environ.get("COLUMNS", "")
    return int(told) if told.isdigit() and int(told) else WIDTH


def docMakeChunks(
    optList: Iterable[Mapping[str, Any]], width: int = WIDTH
) -> list[str]:
    """Describe options.

    Args:
        optList: For each a mapping of those of these keys that it has: ``long`` and
            ``short`` names, ``doc``, ``optType`` (``flag`` or ``parameter``) and, of a
            parameter, ``default`` and ``coerceDoc``.
        width: Columns of the terminal.

    Returns:
        A text for each option, of one line or more, in the order of their names.
    """
    rows = sorted(
        ((_name(each), _left(each), _right(each)) for each in optList),
        key=lambda row: row[0],
    )
    left = max((len(row[1]) for row in rows), default=0)
    return [_row(row[1], row[2], left, width) for row in rows]


def _name(option: Mapping[str, Any]) -> str:
    return str(option.get("short") or option.get("long") or "")


def _left(option: Mapping[str, Any]) -> str:
    short, long = option.get("short"), option.get("long")
    sign = "=" if option.get("optType") == "parameter" else ""
    if not long:
        return f"  -{short}{sign}  "
    shown = f"-{short}, " if short else "    "
    return f"  {shown}--{long}{sign}  "


def _right(option: Mapping[str, Any]) -> str:
    text = " ".join((option.get("doc") or "").split())
    if option.get("optType") != "parameter":
        return text
    default, coerced = option.get("default"), option.get("coerceDoc")
    if default is not None:
        text = f"{text} [default: {default}]".lstrip()
    if coerced:
        text = f"{text.rstrip('.')}. {coerced}" if text else coerced
    return text


def _row(left: str, text: str, indent: int, width: int) -> str:
    """A name in its column and a text in the other."""
    lines = textwrap.wrap(text, max(width - indent, NARROWEST)) or [""]
    first = f"{left:<{indent}}{lines[0]}".rstrip()
    rest = [f"{'':<{indent}}{line}" for line in lines[1:]]
    return "\n".join([first, *rest]) + "\n"


def make_commands(commands: Iterable[tuple[str, str | None]], width: int) -> str:
    """Describe commands, given by names and descriptions, in the order of the names."""
    rows = sorted(commands)
    indent = max(len(name) for name, doc in rows) + 10
    return "".join(_row(f"    {name}", doc or "", indent, width) for name, doc in rows)


def paragraphs(text: str, width: int) -> str:
    """Wrap the paragraphs of a text, which empty lines part."""
    parts = text.strip().split("\n\n")
    wrapped = [textwrap.fill(" ".join(part.split()), width) for part in parts]
    return "\n\n".join(filter(None, wrapped)) + "\n"
