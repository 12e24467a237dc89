"""The log in the system's log."""

from __future__ import annotations

from sennit.app.runner._errors import UsageError
from sennit.core import log

__all__ = ["SystemLog"]


class SystemLog:
    """Writes events to the system's log, a line at a time."""

    def __init__(self, prefix: str) -> None:
        """Open it.

        Args:
            prefix: What the program is called there.

        Raises:
            UsageError: The system has none.
        """
        try:
            # Windows has no such module.
            import syslog
        except ImportError:
            raise UsageError("this system has no syslog") from None
        self._syslog = syslog
        syslog.openlog(prefix, syslog.LOG_PID, syslog.LOG_DAEMON)

    def emit(self, event: log.EventDict) -> None:
        """Write one event."""
        text = log.textFromEventDict(event)
        if text is None:
            return
        error = event.get("isError")
        priority = self._syslog.LOG_ERR if error else self._syslog.LOG_INFO
        for line in text.rstrip("\n").split("\n"):
            self._syslog.syslog(priority, f"[{event.get('system', '-')}] {line}")
