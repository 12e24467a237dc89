"""Services that travel in a pickle without what belongs to one process."""

from __future__ import annotations

from typing import Any, ClassVar

from sennit.app.service import Service

__all__ = ["VolatileService"]


class VolatileService(Service):
    """A service with attributes that a pickle or a copy does not have.

    Attributes:
        volatile: Their names. The class says what they are before the service starts.
    """

    volatile: ClassVar[list[str]] = []

    def __getstate__(self) -> dict[str, Any]:
        """All but the volatile ones."""
        state = super().__getstate__()
        return {name: each for name, each in state.items() if name not in self.volatile}
