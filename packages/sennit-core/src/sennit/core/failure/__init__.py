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
