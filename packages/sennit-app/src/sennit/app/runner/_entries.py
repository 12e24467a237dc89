"""What other distributions add, by the entry points of a group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["imported", "loaded", "points"]


def points(group: str) -> list[EntryPoint]:
    """The entry points of a group, by name; nothing is imported."""
    # A slow module, and not everybody comes here.
    from importlib.metadata import entry_points

    return sorted(entry_points(group=group), key=lambda point: point.name)


def imported(point: EntryPoint, wrong: type[Exception]) -> Any:
    """Import one.

    Args:
        point: The entry point.
        wrong: The error that tells that it cannot be imported, and whose it is.
    """
    try:
        return point.load()
    except Exception as error:
        whose = point.dist.name if point.dist else "somebody"
        raise wrong(
            f"{point.name!r} of {whose} cannot be used: {point.value}: "
            f"{type(error).__name__}: {error}"
        ) from error


def loaded(group: str, wrong: type[Exception]) -> Iterator[Any]:
    """All of a group, imported one after another."""
    for point in points(group):
        yield imported(point, wrong)
