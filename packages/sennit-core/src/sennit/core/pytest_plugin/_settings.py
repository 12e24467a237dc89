"""What the ini file and the marks say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pytest

__all__ = ["AUTO", "FIXTURE", "MARK", "Settings", "checkSettings", "modeOf"]

# The mark, and the fixture that makes a test ours, by whichever way it is asked for.
MARK, FIXTURE = "sennit", "_sennit"

STRICT, AUTO = "strict", "auto"


class Settings(NamedTuple):
    """How one test is to be run.

    Attributes:
        timeout: Seconds that it may take, and each asynchronous fixture of it; 0 for
            as long as it does.
        loops: The names of the loops it runs on, once on each; None for the loop that
            a reactor takes by itself.
    """

    timeout: float
    loops: Sequence[str | None]

    @classmethod
    def of(cls, node: pytest.Item) -> Settings:
        """What holds for a test: its nearest mark that says it, else the ini file.

        Raises:
            pytest.fail.Exception: A mark is not as it should be.
        """
        timeout: float | None = None
        loops: list[str] | None = None
        for mark in node.iter_markers(MARK):
            given = _checked(mark)
            if timeout is None and "timeout" in given:
                timeout = _seconds(given["timeout"], "the timeout of the mark sennit")
            if loops is None and "loop" in given:
                loops = _names(given["loop"])
        if timeout is None:
            timeout = _timeout_of(node.config)
        if loops is None:
            loops = node.config.getini("sennit_loops")
        return cls(timeout, loops or [None])


def modeOf(config: pytest.Config) -> str:
    """Whether tests that do not say so are ours: `STRICT` or `AUTO`."""
    return str(config.getini("sennit_mode"))


def checkSettings(config: pytest.Config) -> None:
    """Look at the ini file before anything is run.

    Raises:
        pytest.UsageError: It says something that has no meaning.
    """
    if modeOf(config) not in (STRICT, AUTO):
        raise pytest.UsageError(
            f"sennit_mode is {modeOf(config)!r}: it takes {STRICT} or {AUTO}"
        )
    try:
        _timeout_of(config)
    except pytest.fail.Exception as error:
        raise pytest.UsageError(str(error)) from None


def _timeout_of(config: pytest.Config) -> float:
    return _seconds(config.getini("sennit_timeout"), "sennit_timeout")


def _checked(mark: pytest.Mark) -> dict[str, object]:
    if mark.args or mark.kwargs.keys() - {"timeout", "loop"}:
        pytest.fail(
            "the mark sennit takes timeout=SECONDS and loop=NAME (or a list of names), "
            f"not {', '.join([*map(repr, mark.args), *mark.kwargs])}",
            pytrace=False,
        )
    return dict(mark.kwargs)


def _seconds(given: object, where: str) -> float:
    try:
        seconds = float(given)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        pytest.fail(
            f"{where} is {given!r}: it takes seconds, or 0 for no limit", pytrace=False
        )
    return seconds


def _names(given: object) -> list[str]:
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, Iterable) or not all(isinstance(n, str) for n in names):
        pytest.fail(
            f"the loop of the mark sennit is {given!r}: it takes asyncio, uvloop, "
            "package.module:factory, or a list of these",
            pytrace=False,
        )
    return list(names)
