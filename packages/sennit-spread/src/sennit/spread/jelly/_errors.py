"""What can go wrong in Jelly.

Depth is budgeted as in Banana, and by the same error: `NestedTooDeep`.
"""

from __future__ import annotations

from sennit.spread.banana import NestedTooDeep as NestedTooDeep

__all__ = [
    "InsecureJelly",
    "JellyError",
    "MalformedJelly",
    "NestedTooDeep",
    "UnknownMethod",
    "UnknownName",
    "UnresolvedReference",
]


class JellyError(Exception):
    """Something is wrong with Jelly: the base of its errors."""


class InsecureJelly(JellyError):
    """Something is not allowed by the security options: to come, or to be sent."""


class MalformedJelly(JellyError, ValueError):
    """An expression has come that is no Jelly."""


class UnknownName(MalformedJelly, LookupError):
    """A class, module or function has come that would be allowed, but is not there."""


class UnknownMethod(MalformedJelly, TypeError):
    """A method has come that its object does not have."""


class UnresolvedReference(MalformedJelly):
    """An expression refers to an object that it does not contain."""
