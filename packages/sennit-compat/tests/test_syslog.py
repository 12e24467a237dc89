from __future__ import annotations

import syslog as stdsyslog
from typing import Any

import pytest

from sennit.compat.faces.python import syslog
from sennit.core import log


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the system's log is told."""
    calls: list[Any] = []

    def note(*args: object) -> None:
        calls.append(args)

    monkeypatch.setattr(syslog.SyslogObserver, "openlog", staticmethod(note))
    monkeypatch.setattr(syslog.SyslogObserver, "syslog", staticmethod(note))
    return calls


def test_an_event_is_a_line_with_its_system(written: list[Any]) -> None:
    observer = syslog.SyslogObserver("program", 1, 2)
    observer.emit({"message": ("hello",), "isError": 0, "system": "Echo"})
    assert written == [("program", 1, 2), (stdsyslog.LOG_INFO, "[Echo] hello")]


def test_further_lines_are_indented(written: list[Any]) -> None:
    observer = syslog.SyslogObserver("program")
    observer.emit({"message": ("one\ntwo\n",), "isError": 0, "system": "-"})
    assert [text for _, text in written[1:]] == ["[-] one", "[-] \ttwo"]


def test_an_event_may_tell_its_priority(written: list[Any]) -> None:
    observer = syslog.SyslogObserver("program")
    event = {"message": ("m",), "isError": 1, "system": "-"}
    observer.emit(event)
    observer.emit({**event, "syslogPriority": stdsyslog.LOG_DEBUG})
    observer.emit({**event, "syslogFacility": stdsyslog.LOG_MAIL})
    assert [priority for priority, _ in written[1:]] == [
        stdsyslog.LOG_ALERT,
        stdsyslog.LOG_DEBUG,
        stdsyslog.LOG_ALERT | stdsyslog.LOG_MAIL,
    ]


def test_an_event_without_a_text_is_not_written(written: list[Any]) -> None:
    syslog.SyslogObserver("program").emit({"message": (), "isError": 0, "system": "-"})
    assert len(written) == 1


def test_the_log_is_written_once_it_is_started(
    written: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    observers: list[Any] = []
    monkeypatch.setattr(
        log, "startLoggingWithObserver", lambda *args: observers.append(args)
    )
    syslog.startLogging("program", setStdout=0)
    emit, printed = observers[0]
    emit({"message": ("hello",), "isError": 0, "system": "-"})
    assert printed is False
    assert written == [
        ("program", syslog.DEFAULT_OPTIONS, syslog.DEFAULT_FACILITY),
        (stdsyslog.LOG_INFO, "[-] hello"),
    ]
