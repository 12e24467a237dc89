"""Observers that tell others of some events only."""

from __future__ import annotations

import pytest

from sennit.core.logger import (
    FilteringLogObserver,
    InvalidLogLevelError,
    LogEvent,
    LogLevel,
    LogLevelFilterPredicate,
    PredicateResult,
)


@pytest.mark.parametrize(
    ("answers", "passes"),
    [
        ([], True),
        (["maybe"], True),
        (["maybe", "maybe"], True),
        (["yes", "no"], True),
        (["maybe", "yes", "no"], True),
        (["no"], False),
        (["no", "yes"], False),
        (["maybe", "no"], False),
    ],
)
def test_the_first_predicate_that_knows_decides(
    answers: list[str], passes: bool
) -> None:
    """What none decides passes; who is not told of it has it from the other side."""
    through: list[LogEvent] = []
    held: list[LogEvent] = []
    predicates = (
        lambda event, name=name: PredicateResult.lookupByName(name) for name in answers
    )
    observer = FilteringLogObserver(through.append, predicates, held.append)
    event: LogEvent = {"log_trace": []}
    for _ in range(2):
        observer(event)
    assert (through, held) == (([event] * 2, []) if passes else ([], [event] * 2))
    told = through.append if passes else held.append
    assert event["log_trace"] == [(observer, told)] * 2


def test_a_predicate_must_answer() -> None:
    """Something else than a result is an error."""
    observer = FilteringLogObserver(print, [lambda event: None])
    with pytest.raises(TypeError, match="None"):
        observer({})


def test_who_is_not_named_is_not_told() -> None:
    """Events that do not pass vanish."""
    told: list[LogEvent] = []
    observer = FilteringLogObserver(told.append, [lambda event: PredicateResult.no])
    observer({})
    assert told == []


def test_a_namespace_has_the_level_of_the_one_around_it() -> None:
    """Or that for all; what is set for all can be forgotten."""
    levels = LogLevelFilterPredicate()
    assert levels.logLevelForNamespace("web.client") is LogLevel.info
    levels.setLogLevelForNamespace("web", LogLevel.debug)
    levels.setLogLevelForNamespace("web.client.cache", LogLevel.error)
    found = {
        name: levels.logLevelForNamespace(name).name
        for name in ["web", "web.client", "web.client.cache.x", "webs", "", None]
    }
    assert found == {
        "web": "debug",
        "web.client": "debug",
        "web.client.cache.x": "error",
        "webs": "info",
        "": "info",
        None: "info",
    }
    levels.setLogLevelForNamespace(None, LogLevel.critical)
    assert levels.logLevelForNamespace("webs") is LogLevel.critical
    levels.clearLogLevels()
    assert levels.logLevelForNamespace("web") is levels.defaultLogLevel
    with pytest.raises(InvalidLogLevelError, match="loud"):
        levels.setLogLevelForNamespace("web", "loud")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("event", "answer"),
    [
        ({"log_level": LogLevel.warn, "log_namespace": "x"}, "maybe"),
        ({"log_level": LogLevel.error, "log_namespace": "x"}, "maybe"),
        ({"log_level": LogLevel.info, "log_namespace": "x"}, "no"),
        ({"log_level": LogLevel.error, "log_namespace": ""}, "no"),
        ({"log_level": LogLevel.error, "log_namespace": None}, "no"),
        ({"log_level": LogLevel.error}, "no"),
        ({"log_level": "error", "log_namespace": "x"}, "no"),
        ({"log_namespace": "x"}, "no"),
    ],
)
def test_events_below_the_level_do_not_pass(event: LogEvent, answer: str) -> None:
    """Nor do those without level or namespace."""
    assert LogLevelFilterPredicate(LogLevel.warn)(event).name == answer
