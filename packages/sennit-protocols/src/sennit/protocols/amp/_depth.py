"""How deep values are nested: types of arguments may contain themselves."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from typing import Any, Final

from sennit.protocols.amp._errors import NestedTooDeep

__all__ = ["MAX_DEPTH", "nested"]

MAX_DEPTH: Final = 32
"""How deep lists and records may be nested in each other.

A value of 65,535 bytes has room for some thousands, which would exhaust the stack. Data
for people hardly goes below ten; each level is one more pair of lengths.
"""


class _Nested(threading.local, AbstractContextManager[None]):
    """Counts the levels that one thread is in."""

    depth = 0

    def __enter__(self) -> None:
        if self.depth >= MAX_DEPTH:
            raise NestedTooDeep(f"nested more than {MAX_DEPTH} levels deep")
        self.depth += 1

    def __exit__(self, *exc_info: Any) -> None:
        self.depth -= 1


nested = _Nested()
"""Entered for each level of a value that is read or written."""
