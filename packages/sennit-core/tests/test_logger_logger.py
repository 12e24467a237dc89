"""What emits events."""

from __future__ import annotations

import asyncio
import time
from typing import ClassVar

import pytest

from sennit.core.failure import Failure, NoCurrentExceptionError
from sennit.core.logger import (
    InvalidLogLevelError,
    LogEvent,
    Logger,
    LogLevel,
    formatEvent,
    globalLogPublisher,
)


@pytest.fixture
def events() -> list[LogEvent]:
    """What `log` has emitted."""
    return []


@pytest.fixture
def log(events: list[LogEvent]) -> Logger:
    """A logger that speaks to `events` only."""
    return Logger("here", observer=events.append)


def test_an_event_has_its_fields_and_those_of_the_log(
    log: Logger, events: list[LogEvent]
) -> None:
    """The log's own keys win over what was given under their names."""
    before = time.time()
    log.info("{a}", a=1, log_namespace="elsewhere")
    [event] = events
    assert before <= event.pop("log_time") <= time.time()
    assert event == {
        "a": 1,
        "log_format": "{a}",
        "log_level": LogLevel.info,
        "log_logger": log,
        "log_namespace": "here",
        "log_source": None,
    }


def test_each_method_has_its_level(log: Logger, events: list[LogEvent]) -> None:
    """debug, info, warn, error and critical; a format is not needed."""
    for level in LogLevel.iterconstants():
        getattr(log, level.name)(n=level.number)
    assert [event["log_level"] for event in events] == list(LogLevel)
    assert [event["n"] for event in events] == [10, 20, 30, 40, 50]
    assert {event["log_format"] for event in events} == {None}


def test_a_level_that_is_none_is_itself_logged(
    log: Logger, events: list[LogEvent]
) -> None:
    """The caller goes on; the event tells of what was given, and to whom."""
    log.emit("loud", "text")  # type: ignore[arg-type]
    [event] = events
    assert event["log_failure"].check(InvalidLogLevelError)
    assert event["log_level"] is LogLevel.critical
    text = "'loud' is not a log level, in <Logger 'here'>.emit()"
    assert formatEvent(event) == text


def test_a_logger_is_of_its_module() -> None:
    """Without a namespace it has that of its module, and speaks to everybody."""
    made = Logger()
    assert made.namespace == __name__
    assert made.source is None
    assert made.observer is globalLogPublisher
    assert repr(made) == f"<Logger {__name__!r}>"


class Base:
    """Has a logger."""

    events: ClassVar[list[LogEvent]] = []
    log = Logger(observer=events.append)


class Derived(Base):
    """Has the logger of its base."""


def test_a_logger_of_a_class_is_known_with_who_uses_it() -> None:
    """The namespace is that of the object's class, the source the object."""
    one = Derived()
    one.log.info("{log_source.__class__.__name__}")
    Base.log.info("")
    first, second = Base.events
    assert first["log_source"] is one
    assert first["log_namespace"] == f"{__name__}.Derived"
    assert formatEvent(first) == "Derived"
    assert second["log_source"] is Base
    assert second["log_namespace"] == f"{__name__}.Base"
    assert vars(Base)["log"].__get__(one).source is one


def test_a_subclass_of_logger_keeps_what_it_is() -> None:
    """As an attribute of a class, too, it has all that it was made with."""

    class Counting(Logger):
        def __init__(self, counted: list[str]) -> None:
            super().__init__("counting")
            self.counted = counted

        def emit(
            self, level: LogLevel, format: str | None = None, **kwargs: object
        ) -> None:
            self.counted.append(level.name)
            super().emit(level, format, **kwargs)

    counted: list[str] = []

    class User:
        log = Counting(counted)

    User().log.debug("nobody listens to this")
    User().log.failure("to this, somebody may", Failure(KeyError()), LogLevel.info)
    assert counted == ["debug", "info"]
    assert isinstance(User.log, Counting)


def test_a_failure_is_an_event(log: Logger, events: list[LogEvent]) -> None:
    """It is critical unless told; the exception being handled is the default."""
    failure = Failure(KeyError("k"))
    log.failure("a {what}", failure, what="thing")
    try:
        _ = 1 // 0
    except ZeroDivisionError:
        log.failure("b", level=LogLevel.warn)
    first, second = events
    assert first["log_failure"] is failure
    assert first["log_level"] is LogLevel.critical
    assert formatEvent(first) == "a thing"
    assert second["log_failure"].check(ZeroDivisionError)
    assert second["log_level"] is LogLevel.warn
    with pytest.raises(NoCurrentExceptionError):
        log.failure("c")


def test_what_a_block_raises_is_logged(log: Logger, events: list[LogEvent]) -> None:
    """The program goes on after the block, and can ask how it went."""
    with log.failuresHandled("in {what}", what="it") as bad:
        raise KeyError("k")
    with log.failuresHandled("never", LogLevel.info) as good:
        assert not good.succeeded
    assert (bad.succeeded, bad.failed) == (False, True)
    assert bad.failure is not None
    assert bad.failure.check(KeyError)
    assert (good.succeeded, good.failed, good.failure) == (True, False, None)
    [event] = events
    assert event["log_failure"] is bad.failure
    assert formatEvent(event) == "in it"


def test_a_failure_that_is_raised_is_its_error(
    log: Logger, events: list[LogEvent]
) -> None:
    """It is handled as the error that it holds."""
    failure = Failure(KeyError("k"))
    with log.failureHandler("x"), log.failuresHandled("y"):
        raise failure
    with log.failureHandler("z"):
        raise failure
    assert [event["log_failure"].value for event in events] == [failure.value] * 2
    with pytest.raises(Failure), log.failureHandler(""):
        raise Failure(KeyboardInterrupt())


def test_one_handler_serves_many_blocks(log: Logger, events: list[LogEvent]) -> None:
    """It has a text and a level, keeps nothing, and gives nothing."""
    handled = log.failureHandler("in a loop", LogLevel.error)
    for divisor in (0, 1, 0):
        with handled as nothing:
            _ = 1 // divisor
        assert nothing is None
    assert [event["log_level"] for event in events] == [LogLevel.error] * 2
    assert events[0]["log_failure"].check(ZeroDivisionError)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_who_wants_to_end_is_not_held_up(
    kind: type[BaseException], log: Logger, events: list[LogEvent]
) -> None:
    """What is no Exception goes on, and is no event; the operation has failed."""
    with pytest.raises(kind), log.failureHandler(""):
        raise kind
    with pytest.raises(kind), log.failuresHandled("") as operation:
        raise kind
    assert operation.failed
    assert events == []


def test_a_task_can_be_cancelled_in_a_block(
    log: Logger, events: list[LogEvent]
) -> None:
    """Cancellation goes through, as it must."""

    async def wait() -> None:
        with log.failuresHandled("waiting"):
            await asyncio.Event().wait()

    async def main() -> None:
        task = asyncio.ensure_future(wait())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert events == []
