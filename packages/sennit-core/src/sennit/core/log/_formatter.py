"""The classic line for handlers of the standard library."""

from __future__ import annotations

import logging
from datetime import datetime

from sennit.core.log import context
from sennit.core.log._text import classicLine, classicTime

__all__ = ["ClassicFormatter"]


class ClassicFormatter(logging.Formatter):
    """Formats records as ``2013-03-27 11:05:22-0500 [Counter,0,127.0.0.1] received: 1``.

    The lines after the first, a traceback's too, are indented by a tab. Records of
    other loggers, made outside of any connection, show the logger's name.
    """

    def __init__(self, datefmt: str | None = None) -> None:
        """Show systems from now on.

        Args:
            datefmt: How the time is written, for `datetime.strftime`; None is the
                classic form.
        """
        super().__init__(datefmt=datefmt)
        context.showSystem()

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """When the record was made."""
        if datefmt is None:
            return classicTime(record.created)
        return datetime.fromtimestamp(record.created).strftime(datefmt)

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line, or as several."""
        text = record.getMessage()
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        parts = [text, record.exc_text]
        if record.stack_info:
            parts.append(self.formatStack(record.stack_info))
        about = vars(record)
        system = about.get("log_system") or about.get("system") or context.system.get()
        if system == "-" and "system" not in about:
            system = record.name
        when = self.formatTime(record, self.datefmt)
        return classicLine(when, system, "\n".join(part for part in parts if part))
