"""What can be wrong with watching."""

from __future__ import annotations

__all__ = ["INotifyError"]


class INotifyError(OSError):
    """The system does not watch: there is no such path, or it has no watches left."""
