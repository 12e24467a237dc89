"""Naming and showing any object, also one whose own ``str`` or ``repr`` raises.

A report of an error must never become an error itself.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable

__all__ = ["qualifiedName", "safeRepr", "safeStr"]


def qualifiedName(kind: object) -> str:
    """Name a class as ``module.name``; whatever is no class is named by its text."""
    if isinstance(kind, type):
        return f"{kind.__module__}.{kind.__qualname__}"
    return safeStr(kind)


def safeStr(subject: object) -> str:
    """Give ``str(subject)``, or a text that shows how that failed."""
    return _show(str, subject)


def safeRepr(subject: object) -> str:
    """Give ``repr(subject)``, or a text that shows how that failed."""
    return _show(repr, subject)


def _show(how: Callable[[object], str], subject: object) -> str:
    if how is str and isinstance(subject, bytes):
        return subject.decode("utf-8", "backslashreplace")
    try:
        return how(subject)
    except Exception as error:
        try:
            told = "".join(traceback.format_exception(error))
        except Exception:
            told = f"{type(error).__qualname__}\n"
        return (
            f"<{type(subject).__qualname__} instance at 0x{id(subject):x}"
            f" with {how.__name__} error:\n {told}>"
        )
