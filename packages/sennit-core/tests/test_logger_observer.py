"""A list of observers, and the way of an event through lists of lists."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sennit.core.logger import (
    FilteringLogObserver,
    LimitedHistoryLogObserver,
    LogEvent,
    Logger,
    LogLevel,
    LogPublisher,
    capturedLogs,
    formatEvent,
    formatTrace,
)


def test_all_observers_are_told_in_order_and_once() -> None:
    """Of the same event, those that were added before; those that were removed, not."""
    told: list[tuple[str, LogEvent]] = []

    def first(event: LogEvent) -> None:
        told.append(("first", event))

    def second(event: LogEvent) -> None:
        told.append(("second", event))

    publisher = LogPublisher(first)
    publisher.addObserver(second)
    publisher.addObserver(first)
    event = {"n": 1}
    publisher(event)
    publisher.removeObserver(first)
    publisher.removeObserver(first)
    publisher(event)
    assert [name for name, _ in told] == ["first", "second", "second"]
    assert all(each is event for _, each in told)


def test_an_observer_must_be_callable() -> None:
    """It is said so when it is added."""
    with pytest.raises(TypeError, match="callable, not 5"):
        LogPublisher().addObserver(5)  # type: ignore[arg-type]


def test_the_fault_of_one_observer_is_told_to_the_others() -> None:
    """To all but who has failed, also to another that fails; that comes to an end."""
    told: list[LogEvent] = []
    calls: list[str] = []

    def broken(event: LogEvent) -> None:
        calls.append("broken")
        raise KeyError("k")

    def also(event: LogEvent) -> None:
        calls.append("also")
        raise ZeroDivisionError

    publisher = LogPublisher(broken, told.append, also)
    publisher({"log_format": "x"})
    assert calls == ["broken", "also", "also", "broken"]
    texts = [formatEvent(event) for event in told]
    assert texts[0] == "x"
    assert texts[1].startswith(f"The log observer {broken} has failed: ")
    assert told[1]["log_failure"].check(KeyError)
    assert told[1]["log_level"] is LogLevel.critical
    assert told[1]["observer"] is broken
    assert len(told) == 5


def test_the_way_of_an_event_can_be_seen() -> None:
    """A list that it has with it tells who told whom; as text it is a tree."""
    trace: list[tuple[object, object]] = []
    kept: list[LogEvent] = []
    end = kept.append
    inner = LogPublisher(end)
    sieve = FilteringLogObserver(end, [])
    outer = LogPublisher(sieve, inner)
    log = Logger("n", observer=outer)
    log.info("x", log_trace=trace)
    assert trace == [
        (log, outer),
        (outer, sieve),
        (sieve, end),
        (outer, inner),
        (inner, end),
    ]
    assert formatTrace(trace) == (
        f"<Logger 'n'>\n  -> {outer}\n    -> {sieve}\n      -> {end}\n"
        f"    -> {inner}\n      -> {end}\n"
    )
    assert formatTrace([]) == ""


def test_the_last_events_are_remembered() -> None:
    """As many as was said; they can be told again and again."""
    history = LimitedHistoryLogObserver(2)
    for n in range(4):
        history({"n": n})
    for _ in range(2):
        told: list[LogEvent] = []
        history.replayTo(told.append)
        assert told == [{"n": 2}, {"n": 3}]
    nothing = LimitedHistoryLogObserver(0)
    nothing({})
    nothing.replayTo(lambda event: pytest.fail(f"{event} is remembered"))
    everything = LimitedHistoryLogObserver(None)
    for n in range(70_000):
        everything({"n": n})
    count: list[LogEvent] = []
    everything.replayTo(count.append)
    assert len(count) == 70_000


def test_telling_what_is_remembered_may_log() -> None:
    """The observer who is told may add to what is remembered."""
    history = LimitedHistoryLogObserver()
    history({"n": 1})
    history.replayTo(history)
    told: list[LogEvent] = []
    history.replayTo(told.append)
    assert len(told) == 2


def test_what_is_logged_meanwhile_is_captured() -> None:
    """And nothing after it, also when the block has raised."""

    def block(captured: Sequence[LogEvent]) -> None:
        Logger("n").debug("{x}", x=1)
        seen.extend(captured)
        raise KeyError

    seen: list[LogEvent] = []
    with pytest.raises(KeyError), capturedLogs() as captured:
        block(captured)
    Logger("n").debug("over")
    assert [formatEvent(event) for event in captured] == ["1"]
    assert seen == captured
