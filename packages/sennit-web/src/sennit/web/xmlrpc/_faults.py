"""The faults that the server itself answers with."""

from __future__ import annotations

from typing import Final
from xmlrpc.client import Fault

__all__ = ["FAILURE", "NOT_FOUND", "NoSuchFunction"]

NOT_FOUND: Final = 8001
"""The code of a call of a procedure that is not there."""

FAILURE: Final = 8002
"""The code of a call that cannot be read, that failed, or whose result cannot be sent."""


class NoSuchFunction(Fault):
    """There is no procedure of that name."""
