"""What is left behind, and how it is told: its kind, and the line that made it.

it leaves behind: port (test_shop.py:12)
  port: <Factory on '8750'>
    made at test_shop.py:12 in test_a_sale
      reactor.listenTCP(8750, factory)
"""

from __future__ import annotations

import linecache
import os
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import pytest

from sennit.core._stacks import Place

__all__ = ["Left", "Site", "isOurs", "report"]


class Site(NamedTuple):
    """How something came about, and where.

    Attributes:
        how: A word or some: made, logged, accepted by the port made …
        places: The program's lines on the stack, the innermost last.
    """

    how: str
    places: Sequence[Place]


class Left(NamedTuple):
    """Something that is left behind.

    Attributes:
        kind: What it is: port, connection, delayed call …
        name: What tells it from others of its kind.
        sites: Where it was made, first; and what else is known.
        details: More about it; some lines.
    """

    kind: str
    name: str
    sites: Sequence[Site]
    details: str = ""


def isOurs(frame: FrameType) -> bool:
    """Whether a frame is no part of the program."""
    return str(frame.f_globals.get("__name__")).startswith(("sennit.", "asyncio."))


def report(found: Sequence[Left], item: pytest.Item) -> str:
    """Tell what is left behind.

    Args:
        found: What is.
        item: The test that has left it.
    """
    brief = dict.fromkeys(_brief(left, item) for left in found)
    lines = [f"it leaves behind: {', '.join(brief)}"]
    for left in found:
        lines.append(f"  {left.kind}: {left.name}")
        for site in left.sites:
            lines += [f"    {line}" for line in _shown(site, item)]
        lines += [f"    {line}" for line in left.details.splitlines()]
    return "\n".join(lines)


def _brief(left: Left, item: pytest.Item) -> str:
    for site in left.sites:
        if site.places:
            place = site.places[-1]
            return f"{left.kind} ({_file(place, item)}:{place.line})"
    return left.kind


def _shown(site: Site, item: pytest.Item) -> list[str]:
    if not site.places:
        return []
    made = site.places[-1]
    text = f"{site.how} at {_relative(made, item)}"
    in_test = [place for place in site.places if place.file == str(item.path)]
    if in_test and in_test[-1] is not made:
        text += f", called from {_relative(in_test[-1], item)}"
    source = linecache.getline(made.file, made.line).strip()
    return [text, f"  {source}"] if source else [text]


def _relative(place: Place, item: pytest.Item) -> str:
    return str(place._replace(file=_file(place, item)))


def _file(place: Place, item: pytest.Item) -> str:
    path, root = Path(place.file), item.config.invocation_params.dir
    return os.path.relpath(path, root) if path.is_relative_to(root) else place.file
