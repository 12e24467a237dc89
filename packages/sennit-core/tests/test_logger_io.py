"""A text stream each of whose lines is an event."""

from __future__ import annotations

import io
import sys
import threading

import pytest

from sennit.core.logger import LogEvent, Logger, LoggingFile, LogLevel, formatEvent


@pytest.fixture
def events() -> list[LogEvent]:
    """What the files of a test have emitted."""
    return []


@pytest.fixture
def file(events: list[LogEvent]) -> LoggingFile:
    """A file that emits to `events`."""
    return LoggingFile(Logger("here", observer=events.append))


def test_each_line_is_an_event_when_it_ends(
    file: LoggingFile, events: list[LogEvent]
) -> None:
    """Text and bytes; lines that are written at once are not ended by that."""
    assert file.write("one\ntw") == 6
    assert file.write(b"o\n") == 2
    file.writelines(["th", b"ree\n", "\n"])
    file.flush()
    print("four", end="\n.", file=file)
    assert [event["log_io"] for event in events] == ["one", "two", "three", "", "four"]
    assert formatEvent(events[0]) == "one"
    assert {event["log_level"] for event in events} == {LogLevel.info}


def test_level_and_encoding_may_be_told(events: list[LogEvent]) -> None:
    """What is no text in the encoding is shown by number."""
    log = Logger("here", observer=events.append)
    file = LoggingFile(log, LogLevel.error, "ascii")
    file.write(b"\xff\n")
    assert events[0]["log_io"] == "\\xff"
    assert events[0]["log_level"] is LogLevel.error
    assert file.encoding == "ascii"
    assert LoggingFile(log).encoding == sys.getdefaultencoding()


def test_it_can_be_asked_what_files_are_asked(file: LoggingFile) -> None:
    """And its answers cannot be changed."""
    assert (file.mode, file.newlines, file.isatty()) == ("w", None, False)
    assert (file.writable(), file.readable(), file.seekable()) == (True, False, False)
    assert file.name == "<LoggingFile here#info>"
    for name in ("mode", "newlines", "name", "encoding", "closed"):
        with pytest.raises(AttributeError):
            setattr(file, name, "x")


@pytest.mark.parametrize(
    "name",
    [
        "fileno",
        "next",
        "read",
        "readline",
        "readlines",
        "seek",
        "tell",
        "truncate",
        "xreadlines",
    ],
)
def test_nothing_can_be_read(file: LoggingFile, name: str) -> None:
    """There is nothing there, and no descriptor."""
    with pytest.raises(io.UnsupportedOperation):
        getattr(file, name)()


def test_a_file_that_is_closed_takes_nothing(
    file: LoggingFile, events: list[LogEvent]
) -> None:
    """Closing it twice does nothing."""
    file.close()
    file.close()
    assert file.closed
    with pytest.raises(ValueError, match="closed"):
        file.write("x\n")
    with pytest.raises(ValueError, match="closed"):
        file.writelines(["x\n"])
    assert events == []


def test_threads_do_not_mix_their_lines(
    file: LoggingFile, events: list[LogEvent]
) -> None:
    """What one has begun to write is not ended by another."""
    file.write("one")
    other = threading.Thread(target=file.write, args=("two\n",))
    other.start()
    other.join()
    file.write("\n")
    assert [event["log_io"] for event in events] == ["two", "one"]
