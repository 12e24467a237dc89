"""What is to be run, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

__all__ = ["Program"]


class Program(NamedTuple):
    """A program that is kept running.

    Attributes:
        args: the command; its first word is looked up in ``PATH``.
        uid: whom it runs as; None for whom we run as.
        gid: likewise its group.
        env: its environment; None for a copy of ours.
        cwd: the folder it runs in; None for ours.
        ready: a text; it is ready when a line of its output has it. None if it is
            ready as soon as it runs.
        after: names of the programs that have to be ready before it is started, and
            are stopped only when it has ended.
    """

    args: Sequence[str]
    uid: int | None = None
    gid: int | None = None
    env: Mapping[str, str] | None = None
    cwd: str | None = None
    ready: str | None = None
    after: tuple[str, ...] = ()
