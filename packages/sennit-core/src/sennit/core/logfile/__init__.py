"""Log files that make room for themselves: by size, by day, or when others have moved them.

A file is rotated before a write, never within one. What cannot be rotated is written on,
and the log says so once; it is tried again after a minute. A file that somebody else has
moved away (``logrotate``) is opened anew by `BaseLogFile.reopen`, and not moved by us.
"""

from __future__ import annotations

from sennit.core.logfile._base import BaseLogFile as BaseLogFile
from sennit.core.logfile._daily import DailyLogFile as DailyLogFile
from sennit.core.logfile._reader import LogReader as LogReader
from sennit.core.logfile._sized import LogFile as LogFile

__all__ = ["BaseLogFile", "DailyLogFile", "LogFile", "LogReader"]
