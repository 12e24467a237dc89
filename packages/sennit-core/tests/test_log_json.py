"""JSON lines for handlers of the standard library."""

from __future__ import annotations

import io
import json
import logging
import logging.handlers
import math
import queue
from typing import Any

import pytest
from hypothesis import given, strategies as st
from opentelemetry.sdk.trace import TracerProvider

from sennit.core import log
from sennit.core.failure import Failure
from sennit.core.log import context
from sennit.core.logger import Logger, LogLevel, eventsFromJSONLogFile


def line(**attributes: Any) -> dict[str, Any]:
    """The line of a record, read."""
    record = logging.makeLogRecord({"name": "db", **attributes})
    text = log.JSONFormatter().format(record)
    assert "\n" not in text
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


def emitted(emit: Any, *wrapped: logging.Handler) -> list[dict[str, Any]]:
    """The lines that are written of what a function logs, by a handler at the root."""
    file = io.StringIO()
    handler = logging.StreamHandler(file)
    handler.setFormatter(log.JSONFormatter())
    root = logging.getLogger()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(root, "handlers", [*wrapped] or [handler])
        root.setLevel(logging.DEBUG)
        emit()
        root.setLevel(logging.WARNING)
    file.seek(0)
    return list(eventsFromJSONLogFile(file))


def test_a_record_is_a_line() -> None:
    """Time in UTC, level, logger and text; then what it was given as extra."""
    assert line(
        msg="a %s\nb", args=("x",), levelname="WARNING", created=981173106.25, rows=5
    ) == {
        "time": "2001-02-03T04:05:06.250+00:00",
        "level": "WARNING",
        "logger": "db",
        "message": "a x\nb",
        "rows": 5,
    }


def test_the_time_may_have_another_form() -> None:
    """It is UTC all the same."""
    record = logging.makeLogRecord({"created": 981173106.25})
    text = log.JSONFormatter("%H:%M").format(record)
    assert json.loads(text)["time"] == "04:05"


def test_the_fields_of_an_event_are_in_its_line() -> None:
    """And what the line says of it already is not said twice."""
    mine = Logger("here")
    lines = emitted(lambda: mine.warn("{n} of {what}", n=1, what="x", logger="odd"))
    [found] = lines
    assert found.pop("time")
    assert found == {
        "level": "WARNING",
        "logger": "here",
        "message": "1 of x",
        "log_format": "{n} of {what}",
        "n": 1,
        "what": "x",
        "logger_": "odd",
    }


def test_a_message_of_the_classic_log_has_its_fields() -> None:
    """And the connection whose code has spoken."""
    [found] = emitted(
        lambda: log.callWithContext({"system": "Echo,0"}, log.msg, "hello", n=1)
    )
    assert (found["system"], found["message"], found["n"]) == ("Echo,0", "hello", 1)
    assert not {"isError", "failure"} & found.keys()


def test_errors_have_their_traceback() -> None:
    """In a field of its own, in whatever way they were logged."""

    def fail() -> None:
        try:
            _ = 1 // 0
        except ZeroDivisionError:
            Logger("ours").failure("dividing", level=LogLevel.error)
            log.err(None, "dividing")
            logging.getLogger("theirs").exception("dividing")

    lines = emitted(fail)
    assert len(lines) == 3
    for found in lines:
        assert found["message"] == "dividing"
        assert found["level"] == "ERROR"
        assert found["exception"].startswith("Traceback (most recent call last):\n")
        assert found["exception"].endswith("integer division or modulo by zero")
        assert "why" not in found


def test_a_why_that_is_not_the_message_is_a_field() -> None:
    """As any other."""
    assert line(why="because")["why"] == "because"


def test_the_stack_is_a_field() -> None:
    """If it was asked for."""
    [found] = emitted(lambda: logging.getLogger("x").info("y", stack_info=True))
    assert found["stack"].startswith("Stack (most recent call last):\n")


def test_the_system_is_that_of_the_moment() -> None:
    """Where the record has none itself."""
    token = context.system.set("Echo,1")
    assert line()["system"] == "Echo,1"
    assert line(system="Echo,2")["system"] == "Echo,2"
    context.system.reset(token)
    assert "system" not in line()


def test_a_record_that_was_sent_through_a_queue_is_the_same() -> None:
    """A handler in another thread has no context, but the record has all."""
    through: queue.Queue[Any] = queue.Queue()
    handler = logging.handlers.QueueHandler(through)
    mine = Logger("here")
    emitted(
        lambda: log.callWithContext({"system": "Echo,0"}, mine.info, "{n}", n=1),
        handler,
    )
    found = json.loads(log.JSONFormatter().format(through.get()))
    assert (found["message"], found["system"], found["n"]) == ("1", "Echo,0", 1)


def test_what_json_has_not_is_written_all_the_same() -> None:
    """As its text, if it has one; and what cannot be written at all, as far as it can."""

    class Mute:
        def __repr__(self) -> str:
            raise ZeroDivisionError

    circle: list[Any] = []
    circle.append(circle)
    found = line(
        failure_=Failure(KeyError("k")),
        mute=Mute(),
        raw=b"\xff",
        level_of=LogLevel.info,
    )
    assert "KeyError" in found["failure_"]
    assert found["mute"].startswith("<Mute instance")
    assert found["raw"] == "\\xff"
    assert found["level_of"] == "<LogLevel=info>"
    odd = line(circle=circle, nan=math.nan, keys={(1,): 2, 3: 4}, ok=[1])
    assert odd["nan"] == "nan"
    assert odd["keys"] == {"3": 4}
    assert odd["ok"] == [1]


@given(
    st.dictionaries(st.text(st.characters(codec="ascii")), st.binary() | st.floats())
)
def test_every_record_is_one_line(extra: dict[str, Any]) -> None:
    """Of standard JSON."""
    record = logging.makeLogRecord({})
    for key, value in extra.items():
        vars(record).setdefault(key, value)
    text = log.JSONFormatter().format(record)
    assert "\n" not in text
    assert set(json.loads(text)) >= {"time", "level", "logger", "message"}


def test_a_span_is_named_while_there_is_one() -> None:
    """By the identities that it has; where there is none, none is invented."""
    assert not {"trace_id", "span_id"} & line().keys()
    tracer = TracerProvider().get_tracer("tests")
    with tracer.start_as_current_span("work") as span:
        found = line()
    told = span.get_span_context()
    assert int(found["trace_id"], 16) == told.trace_id
    assert int(found["span_id"], 16) == told.span_id
    assert (len(found["trace_id"]), len(found["span_id"])) == (32, 16)
    assert "trace_id" not in line()
