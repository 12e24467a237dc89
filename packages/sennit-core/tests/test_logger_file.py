"""Observers that write events to files."""

from __future__ import annotations

import io
import threading
from typing import Any

import pytest

from sennit.core.failure import Failure
from sennit.core.logger import FileLogObserver, LogEvent, textFileLogObserver


class Recorder:
    """A file that tells what is done with it."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def write(self, data: object) -> None:
        self.calls.append(f"write {data!r}")

    def flush(self) -> None:
        self.calls.append("flush")


def test_what_is_made_of_an_event_is_written_and_flushed() -> None:
    """Where nothing is made of it, nothing is done."""
    file = Recorder()
    observer = FileLogObserver(file, lambda event: event.get("text"))
    for event in ({"text": "one"}, {"text": None}, {"text": ""}, {}):
        observer(event)
    assert file.calls == ["write 'one'", "flush"]


class Binary(Recorder):
    """A file that is told by its mode to be one of bytes."""

    mode = "rb+"


@pytest.mark.parametrize(
    ("file", "written"),
    [
        (io.StringIO(), "- [-#-] caf\xe9\n"),
        (io.BytesIO(), b"- [-#-] caf\xc3\xa9\n"),
        (Binary(), [r"write b'- [-#-] caf\xc3\xa9\n'", "flush"]),
    ],
)
def test_files_of_text_get_text_and_those_of_bytes_bytes(
    file: Any, written: object
) -> None:
    """In UTF-8."""
    textFileLogObserver(file)({"log_format": "caf\xe9"})
    found = file.calls if isinstance(file, Binary) else file.getvalue()
    assert found == written


def test_letters_that_the_file_has_not_are_written_by_number() -> None:
    """The line is there all the same."""
    data = io.BytesIO()
    file = io.TextIOWrapper(data, "latin-1", newline="\n")
    textFileLogObserver(file)({"log_format": "caf\xe9 \u1234"})
    assert data.getvalue() == b"- [-#-] caf\xe9 \\u1234\n"


def test_the_time_is_written_in_the_form_that_is_told() -> None:
    """None is a dash."""
    file = io.StringIO()
    event: LogEvent = {"log_format": "x", "log_time": 1.25}
    textFileLogObserver(file, "%f")(event)
    textFileLogObserver(file, None)(event)
    textFileLogObserver(file)({})
    assert file.getvalue() == "250000 [-#-] x\n- [-#-] x\n"


def test_failures_are_written_with_their_tracebacks() -> None:
    """The lines after the first begin with a tab; a broken failure is no obstacle."""

    class Broken:
        def getTraceback(self) -> str:
            raise KeyError("no traceback")

    file = io.StringIO()
    observer = textFileLogObserver(file)
    observer({"log_format": "x", "log_failure": Failure(KeyError("k"))})
    observer({"log_format": "y", "log_failure": Broken()})
    first, *middle, last = file.getvalue().splitlines()
    assert first == "- [-#-] x"
    assert "\tFailure: builtins.KeyError: 'k'" in middle
    assert last == "\t(UNABLE TO OBTAIN TRACEBACK FROM EVENT):'no traceback'"


def test_threads_do_not_mix_their_lines() -> None:
    """A line is written and flushed before another begins."""
    file = Recorder()
    observer = textFileLogObserver(file)

    def write() -> None:
        for _ in range(200):
            observer({"log_format": "x"})

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert file.calls == ["write '- [-#-] x\\n'", "flush"] * 800
