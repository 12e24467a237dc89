"""An observer that gives events to a logger of the standard library."""

from __future__ import annotations

import logging

from sennit.core.log._event import recordIn
from sennit.core.log._records import recordOf
from sennit.core.logger._contracts import LogEvent
from sennit.core.logger._format import EventText, eventAsText
from sennit.core.logger._levels import LogLevel

__all__ = ["STDLibLogObserver"]


class STDLibLogObserver:
    """Logs events with a logger of the standard library.

    What the program's publisher is told goes to `logging` without it, by the loggers of
    the namespaces. Once this observes that publisher, it goes by way of this one's
    logger instead. Its use is for a publisher of your own.

    Attributes:
        logger: The logger.
        stackDepth: See `__init__`.
    """

    defaultStackDepth: int = 4
    """The ``stackDepth`` of an observer whose caller is the one to be named."""

    # Read by the bus, which gives no event to `logging` twice.
    _relays_to_logging = True

    def __init__(self, name: str = "twisted", stackDepth: int = 4) -> None:
        """Log with a logger.

        Args:
            name: The logger's name.
            stackDepth: How many frames to look up for the place that a record names:
                4 is who calls the observer. Frames of the log itself are passed over.
        """
        self.logger: logging.Logger = logging.getLogger(name)
        self.stackDepth = stackDepth

    def __call__(self, event: LogEvent) -> None:
        """Log the event, unless it came from `logging`."""
        level = event.get("log_level")
        number = level.number if isinstance(level, LogLevel) else logging.INFO
        if recordIn(event) is not None or not self.logger.isEnabledFor(number):
            return
        depth = max(1, self.stackDepth - self.defaultStackDepth + 2)
        failure = event.get("log_failure")
        text: object = EventText(event)
        if failure is not None and not isinstance(failure.value, BaseException):
            # A failure that was read from a file: `logging` shows only exceptions.
            text = eventAsText(event, includeTimestamp=False, includeSystem=False)
        record = recordOf(self.logger, number, text, failure, depth)
        self.logger.handle(record)
