"""Events as JSON, in files of one record after the other, and back.

The form is the field's: an event's dictionary, with ``log_flattened`` for what its format
shows of objects. Levels and failures are marked by a ``__class_uuid__`` each, so that they
come back as such; bytes become text, and of what cannot be written only the fact is.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import IO, Any

from sennit.core.failure import Failure
from sennit.core.log._json import dumped
from sennit.core.logger._contracts import LogEvent
from sennit.core.logger._file import FileLogObserver
from sennit.core.logger._flatten import flattenEvent
from sennit.core.logger._levels import LogLevel, Names

__all__ = ["eventAsJSON", "eventFromJSON", "jsonFileLogObserver"]

# Which class a marked dictionary stands for: part of the form of these files.
_MARK = "__class_uuid__"
_LEVEL = "02e59486-f24d-46ad-8224-3acdf2a5732a"
_FAILURE = "e76887e2-20ed-49bf-a8f8-ba25cc586f2d"


def eventAsJSON(event: LogEvent) -> str:
    """An event as JSON, on one line.

    Args:
        event: Any; where JSON has no form of a value, the fact that there was one is kept.
    """
    flat = dict(event)
    # An event that has no text is written without one.
    with contextlib.suppress(Exception):
        flattenEvent(flat)
    return dumped(flat, _written)


def eventFromJSON(eventText: str) -> LogEvent:
    """The event that `eventAsJSON` has written.

    Args:
        eventText: The JSON.

    Raises:
        ValueError: It is no JSON, or no object.
        RecursionError: It is nested too deep.
    """
    event = json.loads(eventText, object_hook=_read)
    if not isinstance(event, dict):
        raise ValueError(f"an event must be an object, not {type(event).__name__}")
    return event


def jsonFileLogObserver(
    outFile: IO[Any] | Any, recordSeparator: str = "\x1e"
) -> FileLogObserver:
    r"""An observer that writes events as JSON, each record ended by a new line.

    Args:
        outFile: Of text, or of bytes: then it is written as UTF-8.
        recordSeparator: Written before each record; the default makes the file a JSON
            text sequence (RFC 7464), "" makes it JSON lines.
    """

    def record(event: LogEvent) -> str:
        return f"{recordSeparator}{eventAsJSON(event)}\n"

    return FileLogObserver(outFile, record)


def _written(thing: object) -> Any:
    """What is written in the place of something that JSON has not."""
    if isinstance(thing, bytes):
        # One letter for each byte, so that none is lost.
        return thing.decode("latin-1")
    if isinstance(thing, LogLevel):
        return {"name": thing.name, _MARK: _LEVEL}
    if isinstance(thing, Names):
        return thing.name
    if isinstance(thing, Failure):
        state = thing.__getstate__()
        kind = thing.type
        state["value"] = thing.getErrorMessage()
        state["type"] = {
            "__module__": getattr(kind, "__module__", ""),
            "__name__": getattr(kind, "__qualname__", str(kind)),
        }
        return {**state, _MARK: _FAILURE}
    return {"unpersistable": True}


def _read(found: dict[str, Any]) -> Any:
    """What an object of JSON stands for."""
    mark = found.get(_MARK)
    if mark == _LEVEL:
        return LogLevel.__members__.get(str(found.get("name")))
    if mark == _FAILURE:
        return _failure(found) or found
    return found


def _failure(found: dict[str, Any]) -> Failure | None:
    """The failure that was written; None if it was not one of ours or Twisted's."""
    try:
        frames = [
            (str(name), str(path), int(line), local, shared)
            for name, path, line, local, shared in found["frames"]
        ]
        kind = _kind(str(found["type"]["__module__"]), str(found["type"]["__name__"]))
        parents = [str(each) for each in found["parents"]]
        count = int(found.get("count", 0))
    except (KeyError, TypeError, ValueError):
        return None
    failure = Failure.__new__(Failure)
    failure.__setstate__(
        {
            "captureVars": bool(found.get("captureVars")),
            "count": count,
            "frames": frames,
            "parents": parents,
            "pickled": 1,
            "tb": None,
            "type": kind,
            "value": found.get("value"),
        }
    )
    return failure


def _kind(module: str, name: str) -> type[BaseException] | str:
    """The class of an error, if the program has imported it; else its name."""
    kind = vars(sys.modules.get(module, object)).get(name)
    if isinstance(kind, type) and issubclass(kind, BaseException):
        return kind
    return f"{module}.{name}"
