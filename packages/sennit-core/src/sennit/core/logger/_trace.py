"""Who was told of an event, as text."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["formatTrace"]


def formatTrace(trace: Iterable[tuple[object, object]]) -> str:
    """The way of an event as a tree, a line for each who was told.

    Args:
        trace: What stands in the list that an event had as ``log_trace``: pairs of
            who told and who was told.
    """
    lines: list[str] = []
    depths: dict[int, int] = {}
    for publisher, observer in trace:
        if id(publisher) not in depths:
            depths[id(publisher)] = 0
            lines.append(f"{publisher}\n")
        depth = depths[id(publisher)] + 1
        depths[id(observer)] = depth
        lines.append(f"{'  ' * depth}-> {observer}\n")
    return "".join(lines)
