"""How much of a message is taken from strangers."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["LIMITS", "Limits"]


class Limits(NamedTuple):
    """The budgets of a message, each with its reason."""

    maxBytes: int = 4 * 1024 * 1024
    """Bytes of XML: a document or a picture of three megabytes, in base64."""

    maxValues: int = 100_000
    """Values in a message. Each takes a few hundred bytes of memory while it is read:
    so a message takes some tens of megabytes at most."""

    maxDepth: int = 64
    """Arrays and structs within each other, and the value in the innermost: more than
    data of this kind ever has, and far less than Python's stack."""


LIMITS: Final = Limits()
