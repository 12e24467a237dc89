"""An object that is not complete: what it has, what it lacks, and what makes it of both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

__all__ = ["Opened"]


class Opened:
    """Something that has parts, which are worked on one after another.

    Attributes:
        parts: What it is lacking.
        done: What became of those that were worked on.
        finish: Makes it of all of these.
        levels: How many lists nested in each other its expression is.
    """

    __slots__ = ("done", "finish", "levels", "parts")

    def __init__(
        self,
        parts: Iterable[Any],
        done: list[Any],
        finish: Callable[[list[Any]], Any],
        levels: int = 1,
    ) -> None:
        self.parts: Iterator[Any] = iter(parts)
        self.done: list[Any] = done
        self.finish: Callable[[list[Any]], Any] = finish
        self.levels: int = levels
