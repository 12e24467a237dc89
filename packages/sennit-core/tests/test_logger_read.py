"""Reading files of JSON records."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from hypothesis import given, strategies as st

from sennit.core.logger import (
    LogEvent,
    LogLevel,
    capturedLogs,
    eventsFromJSONLogFile,
    formatEvent,
    jsonFileLogObserver,
)


def read(data: str | bytes, **how: object) -> tuple[list[LogEvent], list[str]]:
    """The events that are read, and what is logged meanwhile."""
    file = io.StringIO(data) if isinstance(data, str) else io.BytesIO(data)
    with capturedLogs() as logged:
        events = list(eventsFromJSONLogFile(file, **how))  # type: ignore[arg-type]
    assert all(event["log_level"] is LogLevel.error for event in logged)
    assert all(event["log_namespace"] == "sennit.core.logger" for event in logged)
    return events, [formatEvent(event) for event in logged]


@pytest.mark.parametrize(
    "data",
    [
        '\x1e{"x": 1}\n\x1e{"y": 2}\n',
        '\x1e{"x":\n1}\n\x1e{"y": 2}\n',
        '{"x": 1}\n{"y": 2}\n',
        '{"x": 1}\n\n \n{"y": 2}',
        '{"x": 1}\r\n{"y": 2}\r\n',
    ],
)
@pytest.mark.parametrize("size", [1, 2, 7, 4096])
def test_records_are_read(data: str, size: int) -> None:
    """The separator is found out; text and bytes are read in pieces of any size."""
    for given_ in (data, data.encode()):
        assert read(given_, bufferSize=size) == ([{"x": 1}, {"y": 2}], [])


def test_the_separator_may_be_told() -> None:
    """What is not separated by it is not read."""
    lines = '{"x": 1}\n{"y": 2}\n'
    assert read(lines, recordSeparator="")[0] == [{"x": 1}, {"y": 2}]
    assert read("##" + lines.replace("\n{", "\n##{"), recordSeparator="##") == (
        [{"x": 1}, {"y": 2}],
        [],
    )
    events, logged = read(lines, recordSeparator="\x1e")
    assert events == []
    assert logged[0].startswith("Unable to read JSON record: b'{")
    assert len(read("\x1e{}\n", recordSeparator="")[1]) == 1


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b'\x1e{"a": 1}\n\x1e{"b"', "Unable to read truncated JSON record: b'{\"b\"'"),
        (b'\x1e{"b":1}\x1e{"a": 1}\n', "Unable to read truncated JSON record: b'{"),
        (b'\x1e{"b"\n\x1e{"a": 1}\n', "Unable to read JSON record: b'{\"b\"\\n'"),
        (b'{"a": 1}\n{"b"', "Unable to read JSON record: b'{\"b\"'"),
        (b'{"b"\n{"a": 1}\n', "Unable to read JSON record: b'{\"b\"'"),
        (b'[1]\n{"a": 1}\n', "Unable to read JSON record: b'[1]'"),
        (b'"\xff"\n{"a": 1}\n', "Unable to decode UTF-8 for JSON record: b'"),
        (b"[" * 200_000 + b'\n{"a": 1}\n', "Unable to read JSON record: b'[[["),
    ],
)
def test_what_is_damaged_is_told_and_left_out(data: bytes, complaint: str) -> None:
    """Half a record, lines between records, what is no event: the rest is read."""
    events, logged = read(data)
    assert events == [{"a": 1}]
    assert len(logged) == 1
    assert logged[0].startswith(complaint)
    assert len(logged[0]) < 1200


@pytest.mark.parametrize("size", [1, 3, 4096])
@pytest.mark.parametrize("separator", ["", "\x1e", "###"])
def test_records_beyond_the_limit_are_left_out(separator: str, size: int) -> None:
    """At the limit they are read; the log tells how long they were."""
    fits = '{"a": "' + "x" * 90 + '"}'
    long = f"{separator}{fits} \n"
    data = f"{separator}{fits}\n{long}{separator}{{}}\n{long}".encode()
    limit = len(fits) + bool(separator)
    events, logged = read(
        data, recordSeparator=separator, bufferSize=size, maxRecordLength=limit
    )
    assert [len(event) for event in events] == [1, 0]
    told = f"Unable to read JSON record: {limit + 1} bytes, more than {limit}"
    assert logged == [told] * 2


def test_a_file_without_any_end_is_not_kept() -> None:
    """Memory is bounded by the limit."""
    tracemalloc.start()
    events, logged = read(b"x" * 20_000_000, maxRecordLength=1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert events == []
    assert len(logged) == 1
    assert peak < 21_000_000


def test_an_empty_file_has_no_events() -> None:
    """Neither has one of empty lines."""
    assert read("") == read(b"\n\n") == ([], [])


def test_events_are_read_when_they_are_asked_for() -> None:
    """A file need not be there as a whole."""
    file = io.StringIO('{"n": 1}\n' * 1000)
    events = iter(eventsFromJSONLogFile(file, bufferSize=10))
    assert next(iter(events)) == {"n": 1}
    assert file.tell() < 100


@given(
    st.lists(st.dictionaries(st.sampled_from("abc"), st.text() | st.integers())),
    st.sampled_from(["\x1e", "", "\x1e\x1f"]),
    st.integers(1, 50),
)
def test_what_is_written_is_read(
    written: list[LogEvent], separator: str, size: int
) -> None:
    """Whatever the separator and the size of pieces."""
    file = io.StringIO()
    observer = jsonFileLogObserver(file, separator)
    for event in written:
        observer(event)
    told = read(file.getvalue(), recordSeparator=separator, bufferSize=size)
    assert told == (written, [])


@given(st.binary(), st.integers(1, 9), st.integers(1, 60))
def test_no_file_makes_the_reader_fail(data: bytes, size: int, limit: int) -> None:
    """What is read from anything are dictionaries."""
    file = io.BytesIO(b'{"a": 1}\n' + data)
    with capturedLogs():
        found = eventsFromJSONLogFile(file, bufferSize=size, maxRecordLength=limit)
        assert all(isinstance(event, dict) for event in found)
