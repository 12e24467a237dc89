"""Classes that compare and show themselves by the attributes they list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

__all__ = ["FancyEqMixin", "FancyStrMixin"]


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
