"""``twisted.python.util``: the few of its many helpers that programs use."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, AnyStr, ClassVar, ParamSpec, TypeVar

__all__ = [
    "FancyEqMixin",
    "FancyStrMixin",
    "padTo",
    "println",
    "runWithWarningsSuppressed",
    "sibpath",
    "uniquify",
    "untilConcludes",
]

H = TypeVar("H", bound=Hashable)
P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


def sibpath(
    path: os.PathLike[AnyStr] | AnyStr, sibling: os.PathLike[AnyStr] | AnyStr
) -> AnyStr:
    """The path of a file that lies beside another.

    Args:
        path: Path of the one file, often a module's ``__file__``.
        sibling: Name of the other.
    """
    return os.path.join(os.path.dirname(os.path.abspath(path)), sibling)


def uniquify(lst: Iterable[H]) -> list[H]:
    """The items of a list, each once, in the order of their first places."""
    return list(dict.fromkeys(lst))


def padTo(n: int, seq: Sequence[T], default: T | None = None) -> list[T | None]:
    """A sequence made as long as asked for.

    Raises:
        ValueError: It is longer than that already.
    """
    if len(seq) > n:
        raise ValueError(f"{len(seq)} items are more than {n}")
    return [*seq, *[default] * (n - len(seq))]


def println(*a: object) -> None:
    """Print the objects in one line."""
    sys.stdout.write(" ".join(map(str, a)) + "\n")


def untilConcludes(f: Callable[P, R], *a: P.args, **kw: P.kwargs) -> R:
    """Call a function again for as long as a signal interrupts it."""
    while True:
        try:
            return f(*a, **kw)
        except InterruptedError:
            continue


def runWithWarningsSuppressed(
    suppressedWarnings: Iterable[tuple[tuple[Any, ...], dict[str, Any]]],
    f: Callable[P, R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Call a function with some warnings kept back.

    Args:
        suppressedWarnings: For each, the arguments of `warnings.filterwarnings`.
        f: The function.
        args: Its arguments.
        kwargs: Its arguments by name.
    """
    with warnings.catch_warnings():
        for positional, named in suppressedWarnings:
            warnings.filterwarnings(*positional, **named)
        return f(*args, **kwargs)


class FancyEqMixin:
    """Lets a class be compared by the attributes it lists."""

    compareAttributes: ClassVar[Sequence[str]] = ()

    def __eq__(self, other: object) -> bool:
        if not self.compareAttributes:
            return self is other
        if not isinstance(self, other.__class__):
            return NotImplemented
        return all(
            getattr(self, name) == getattr(other, name)
            for name in self.compareAttributes
        )

    __hash__: ClassVar[None]  # type: ignore[assignment]


class FancyStrMixin:
    """Gives a class a text that shows the attributes it lists.

    An item of ``showAttributes`` is a name, or a name with a function that makes
    text of the value, or a name, the name to show, and a ``%`` format.
    """

    fancybasename: ClassVar[str | None] = None
    showAttributes: ClassVar[
        Sequence[str | tuple[str, Callable[[Any], str]] | tuple[str, str, str]]
    ] = ()

    def __str__(self) -> str:
        parts = [self.fancybasename or type(self).__name__]
        for shown in self.showAttributes:
            if isinstance(shown, str):
                parts.append(f"{shown}={getattr(self, shown)!r}")
            elif len(shown) == 2:
                parts.append(f"{shown[0]}={shown[1](getattr(self, shown[0]))}")
            else:
                parts.append(f"{shown[1]}={shown[2] % (getattr(self, shown[0]),)}")
        return f"<{' '.join(parts)}>"

    __repr__ = __str__
