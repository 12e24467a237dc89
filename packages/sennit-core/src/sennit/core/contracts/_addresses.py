"""What all addresses have in common: nothing but being one."""

from __future__ import annotations

from typing import Protocol

__all__ = ["IAddress"]


class IAddress(Protocol):
    """One end of a connection: equal to its like, hashable, and shown by its repr.

    The fields depend on the kind: see `sennit.core.address`.
    """
