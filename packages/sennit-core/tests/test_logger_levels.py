"""The levels of events."""

from __future__ import annotations

import logging
import pickle

import pytest

from sennit.core.logger import InvalidLogLevelError, LogLevel, PredicateResult


def test_levels_have_an_order() -> None:
    """What matters more is greater; a level has no order with anything else."""
    levels = list(LogLevel.iterconstants())
    names = ["debug", "info", "warn", "error", "critical"]
    assert [level.name for level in levels] == names
    assert sorted([*levels[2:], *levels[:2]]) == levels
    assert LogLevel.info <= LogLevel.info < LogLevel.warn
    assert LogLevel.warn >= LogLevel.warn > LogLevel.info
    for compare in ("__lt__", "__le__", "__gt__", "__ge__"):
        assert getattr(LogLevel.info, compare)(20) is NotImplemented
    assert LogLevel.info != 20  # type: ignore[comparison-overlap]


def test_levels_are_found_by_name() -> None:
    """A name that is none is an error that says which."""
    assert LogLevel.levelWithName("warn") is LogLevel.warn
    assert LogLevel.lookupByName("warn") is LogLevel.warn
    with pytest.raises(InvalidLogLevelError, match="loud") as caught:
        LogLevel.levelWithName("loud")
    assert caught.value.level == "loud"
    assert isinstance(caught.value, ValueError)
    with pytest.raises(ValueError, match="perhaps"):
        PredicateResult.lookupByName("perhaps")


def test_levels_have_the_numbers_of_logging() -> None:
    """Both ways: a number in between is the level below it."""
    assert [level.number for level in LogLevel] == [10, 20, 30, 40, 50]
    assert LogLevel.ofNumber(logging.WARNING) is LogLevel.warn
    assert LogLevel.ofNumber(35) is LogLevel.warn
    assert LogLevel.ofNumber(5) is LogLevel.debug
    assert LogLevel.ofNumber(99) is LogLevel.critical


def test_constants_have_a_text_and_can_be_pickled() -> None:
    """They are shown by class and name, and are themselves again after a pickle."""
    assert repr(LogLevel.info) == str(LogLevel.info) == "<LogLevel=info>"
    assert f"{PredicateResult.no}" == "<PredicateResult=no>"
    assert pickle.loads(pickle.dumps(LogLevel.info)) is LogLevel.info
    assert {LogLevel.info: 1}[LogLevel.info] == 1
