"""Texts of objects that may refuse to give one."""

from __future__ import annotations

import sys
import traceback

__all__ = ["safe_repr", "safe_str"]


def safe_repr(o: object) -> str:
    """The ``repr`` of an object, or a text with the traceback that it raised."""
    try:
        return repr(o)
    except Exception:
        return _broken(o, "repr")


def safe_str(o: object) -> str:
    """The text of an object, or one with the traceback that it raised.

    Bytes are decoded as UTF-8 where they are.
    """
    if isinstance(o, bytes):
        try:
            return o.decode()
        except UnicodeDecodeError:
            return repr(o)
    try:
        return str(o)
    except Exception:
        return _broken(o, "str")


def _broken(o: object, what: str) -> str:
    """What is shown of an object whose text cannot be had."""
    trace = traceback.format_exception(*sys.exc_info(), chain=False)
    try:
        name = type(o).__name__
        shown = f"<{name} instance at 0x{id(o):x} with {what} error:"
    except Exception:
        shown = f"<BROKEN CLASS AT 0x{id(type(o)):x} with {what} error:"
    return f"{shown}\n{''.join(trace)}>"
