"""Threads that clean up when they leave."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

__all__ = ["leavingWith"]


def leavingWith(leave: Callable[[], object]) -> Callable[..., Thread]:
    """Make what a pool makes its threads by.

    Args:
        leave: Called in each thread as the last thing.
    """

    def made(target: Callable[[], object], name: str) -> Thread:
        def live() -> None:
            try:
                target()
            finally:
                leave()

        return Thread(target=live, name=name)

    return made
