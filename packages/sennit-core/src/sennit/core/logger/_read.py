r"""Reading files of JSON records, also those that were damaged.

A record begins with a separator and ends with a new line. Where the separator is empty,
records are lines. What cannot be read is told in the log and left out: half a record at
the end, where the program died in writing it; lines that something else has written
between; and records beyond the limit, which are not kept while they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any

from sennit.core.logger._contracts import LogEvent
from sennit.core.logger._json import eventFromJSON
from sennit.core.logger._logger import Logger

__all__ = ["eventsFromJSONLogFile"]

_RS = b"\x1e"

# Bytes of one record: a traceback with all variables has some 100 KB. It bounds what a
# file without any new line makes the reader keep.
_LIMIT = 16 * 2**20

# Bytes of a record that cannot be read that the log shows.
_SHOWN = 1000

_log = Logger(__name__.rpartition(".")[0])


def eventsFromJSONLogFile(
    inFile: IO[Any],
    recordSeparator: str | None = None,
    bufferSize: int = 4096,
    maxRecordLength: int = _LIMIT,
) -> Iterable[LogEvent]:
    r"""Read the events of a file that `jsonFileLogObserver` has written.

    Args:
        inFile: Of text, or of bytes in UTF-8; it is read as events are asked for.
        recordSeparator: What stands before each record; None is to find out: ``\x1e`` if
            the file begins so, else nothing.
        bufferSize: How much is read at once: bytes, or letters.
        maxRecordLength: Bytes of the longest record that is read.

    Returns:
        The events. What is no event is told in the log, and left out.
    """
    chunks = _chunks(inFile, bufferSize)
    if recordSeparator is None:
        first = next(chunks, b"")
        separator = _RS if first.startswith(_RS) else b""
        chunks = _after(first, chunks)
    else:
        separator = recordSeparator.encode()
    for record, ended in _records(chunks, separator or b"\n", maxRecordLength):
        event = _event(record, ended or not separator)
        if event is not None:
            yield event


def _chunks(file: IO[Any], size: int) -> Iterator[bytes]:
    while data := file.read(size):
        yield data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _records(
    chunks: Iterable[bytes], separator: bytes, limit: int
) -> Iterator[tuple[bytes, bool]]:
    """What stands between separators, and whether a new line ends it."""
    kept = bytearray()
    # How many bytes of a record that is too long were thrown away.
    skipped = 0
    for chunk in chunks:
        # A separator may have begun with what is kept.
        start = max(0, len(kept) - len(separator) + 1)
        kept += chunk
        while (end := kept.find(separator, start)) >= 0:
            if skipped or end > limit:
                _too_long(skipped + end, limit)
                skipped = 0
            else:
                yield _record(kept[:end])
            del kept[: end + len(separator)]
            start = 0
        # The end may be a part of a separator, and none of the record.
        surplus = len(kept) - len(separator) + 1
        if skipped or surplus > limit:
            skipped += surplus
            del kept[:surplus]
    if skipped or len(kept) > limit:
        _too_long(skipped + len(kept), limit)
    else:
        yield _record(kept)


def _record(data: bytearray) -> tuple[bytes, bool]:
    return bytes(data), data.endswith(b"\n")


def _event(record: bytes, whole: bool) -> LogEvent | None:
    if not record.strip():
        return None
    try:
        text = record.decode("utf-8")
    except UnicodeDecodeError:
        _unreadable("Unable to decode UTF-8 for JSON record: {record!r}", record)
        return None
    if not whole:
        _unreadable("Unable to read truncated JSON record: {record!r}", record)
        return None
    try:
        return eventFromJSON(text)
    except (RecursionError, ValueError):
        _unreadable("Unable to read JSON record: {record!r}", record)
        return None


def _unreadable(format: str, record: bytes) -> None:
    _log.error(format, record=record[:_SHOWN], length=len(record))


def _too_long(length: int, limit: int) -> None:
    _log.error(
        "Unable to read JSON record: {length} bytes, more than {limit}",
        length=length,
        limit=limit,
    )
