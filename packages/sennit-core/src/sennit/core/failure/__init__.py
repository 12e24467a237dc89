"""Failure: an exception as a value, with its traceback.

``d.addErrback(handle)`` calls ``handle(failure)``. There `Failure.trap` lets only the
named errors through to the rest of the handler, `Failure.value` is the exception and
`Failure.getTraceback` its text.
"""

from __future__ import annotations

from sennit.core.failure._failure import (
    DefaultException as DefaultException,
    Failure as Failure,
    NoCurrentExceptionError as NoCurrentExceptionError,
    startDebugMode as startDebugMode,
)
from sennit.core.failure._format import format_frames as format_frames

__all__ = [
    "DefaultException",
    "Failure",
    "NoCurrentExceptionError",
    "format_frames",
    "startDebugMode",
]

# The name that a traceback shows and a pickle holds is the one to import it by.
for _name in __all__:
    _kind = globals()[_name]
    if isinstance(_kind, type) and issubclass(_kind, BaseException):
        _kind.__module__ = __name__
