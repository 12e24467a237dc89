"""startLogging, and what is printed meanwhile."""
# ruff: noqa: T201 - printing is what is tested

from __future__ import annotations

import io
import re
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sennit.core import log


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """The file of a log that is started.

    (No fixture: pytest replaces the streams between a test's phases.)
    """
    text = io.StringIO()
    observer = log.startLogging(text)
    assert observer is not None
    yield text
    observer.stop()


def entries(file: io.StringIO) -> list[str]:
    """The log without its times."""
    return [line.split(" ", 2)[-1] for line in file.getvalue().splitlines()]


def test_the_log_is_opened_and_written() -> None:
    """Every line has time, zone, system and text."""
    with logged() as file:
        log.msg("received: 1", system="Counter,0,127.0.0.1")
        lines = file.getvalue().splitlines()
        assert entries(file) == ["[-] Log opened.", "[Counter,0,127.0.0.1] received: 1"]
        for line in lines:
            assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} \[", line)


def test_what_is_printed_is_logged_with_the_system() -> None:
    """Lines are logged when they end, under the system of the code that prints."""
    with logged() as file:
        print("half", end=" ")
        log.callWithContext({"system": "S"}, print, "whole\nnext")
        print("oops", file=sys.stderr)
        assert entries(file)[1:] == ["[S] half whole", "[S] next", "[-] oops"]


def test_threads_do_not_mix_their_lines() -> None:
    """What one thread has begun to print is not ended by another."""
    with logged() as file:
        print("one", end="")
        other = threading.Thread(target=print, args=("two",))
        other.start()
        other.join()
        print()
        assert entries(file)[1:] == ["[-] two", "[-] one"]


def test_warnings_are_logged() -> None:
    """A warning is a line of the log."""
    with logged() as file:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            log.showwarning(UserWarning("careful"), UserWarning, "file.py", 3)
        assert entries(file)[1:] == ["[-] file.py:3: builtins.UserWarning: careful"]


def test_stopping_gives_everything_back() -> None:
    """The streams and the warnings are as before when the last observer is gone."""
    before = (sys.stdout, sys.stderr, warnings.showwarning)
    one = log.startLogging(io.StringIO())
    assert isinstance(sys.stdout, log.StdioOnnaStick)
    ours = sys.stdout
    assert ours.encoding == before[0].encoding
    assert log.startLogging(ours) is None
    two = log.startLogging(io.StringIO())
    assert sys.stdout is ours
    assert one is not None
    assert two is not None
    one.stop()
    assert sys.stdout is ours
    two.stop()
    assert (sys.stdout, sys.stderr, warnings.showwarning) == before


def test_printing_may_be_left_alone() -> None:
    """With setStdout false the streams stay."""
    before = sys.stdout
    told: list[log.EventDict] = []
    log.startLoggingWithObserver(told.append, setStdout=0)
    assert sys.stdout is before
    log.removeObserver(told.append)
    assert [event["message"] for event in told] == [("Log opened.",)]


def test_an_observer_may_print(capfd: pytest.CaptureFixture[str]) -> None:
    """What it prints goes to the real stream, not round and round."""

    def observer(event: log.EventDict) -> None:
        print("seen", *event["message"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "__stdout__", sys.stdout)
        log.startLoggingWithObserver(observer)
        print("x")
        log.removeObserver(observer)
    assert capfd.readouterr().out == "seen Log opened.\nseen x\n"


def test_the_stream_is_a_text_stream() -> None:
    """It can be asked what streams are asked, takes str only, and is never closed."""
    stream = log.StdioOnnaStick(isError=1, encoding="utf-8")
    assert stream.writable()
    assert not stream.isatty()
    assert stream.encoding == "utf-8"
    with pytest.raises(io.UnsupportedOperation):
        stream.fileno()
    with pytest.raises(TypeError, match="bytes"):
        stream.write(b"x")  # type: ignore[arg-type]
    stream.close()
    assert not stream.closed


def test_lines_written_at_once_are_messages() -> None:
    """writelines logs each, printed and with the stream's isError."""
    told: list[log.EventDict] = []
    log.addObserver(told.append)
    log.StdioOnnaStick(isError=1).writelines(["one", "two\n"])
    log.removeObserver(told.append)
    assert [event["message"] for event in told] == [("one",), ("two",)]
    assert all(event["printed"] and event["isError"] for event in told)
