"""Whether a step is as AMP has it: only then it may be passed by, for speed."""

from __future__ import annotations

from typing import Any

__all__ = ["is_method"]


def is_method(bound: Any, function: Any) -> bool:
    """Whether an object's method is this function, overridden by no class or object.

    Not by looking into the object's ``__dict__``: Python reads the attributes of an
    object faster as long as nobody has asked for that.
    """
    return getattr(bound, "__func__", None) is function
