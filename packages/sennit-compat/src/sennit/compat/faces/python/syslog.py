"""``twisted.python.syslog``: the log in the system's log.

Systems without one, such as Windows, have no such module, as they have not in Python.
"""

from __future__ import annotations

import syslog as stdsyslog
from collections.abc import Callable

from sennit.core import log

__all__ = ["DEFAULT_FACILITY", "DEFAULT_OPTIONS", "SyslogObserver", "startLogging"]

DEFAULT_OPTIONS = 0
DEFAULT_FACILITY: int = stdsyslog.LOG_USER


class SyslogObserver:
    """Writes events of the log to the system's log.

    Args:
        prefix: Name of the program.
        options: Options of the system's log, as ``syslog.openlog`` takes them.
        facility: What kind of program it is.
    """

    openlog: Callable[[str, int, int], None] = staticmethod(stdsyslog.openlog)
    syslog: Callable[[int, str], None] = staticmethod(stdsyslog.syslog)

    def __init__(
        self,
        prefix: str,
        options: int = DEFAULT_OPTIONS,
        facility: int = DEFAULT_FACILITY,
    ) -> None:
        self.openlog(prefix, options, facility)

    def emit(self, eventDict: log.EventDict) -> None:
        """Write one event, a line at a time.

        Args:
            eventDict: The event. Its ``syslogPriority`` and ``syslogFacility`` count;
                without a priority, errors are alerts and all else information.
        """
        text = log.textFromEventDict(eventDict)
        if text is None:
            return
        usual = stdsyslog.LOG_ALERT if eventDict.get("isError") else stdsyslog.LOG_INFO
        priority = int(eventDict.get("syslogPriority", usual))
        facility = int(eventDict.get("syslogFacility", 0))
        first, *rest = text.rstrip("\n").split("\n")
        for line in (first, *(f"\t{each}" for each in rest)):
            self.syslog(priority | facility, f"[{eventDict.get('system', '-')}] {line}")


def startLogging(
    prefix: str = "Twisted",
    options: int = DEFAULT_OPTIONS,
    facility: int = DEFAULT_FACILITY,
    setStdout: bool | int = 1,
) -> None:
    """Start logging to the system's log.

    Args:
        prefix: Name of the program.
        options: Options of the system's log, as ``syslog.openlog`` takes them.
        facility: What kind of program it is.
        setStdout: Whether what is printed is logged.
    """
    observer = SyslogObserver(prefix, options, facility)
    log.startLoggingWithObserver(observer.emit, bool(setStdout))
