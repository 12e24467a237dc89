"""What can be wrong with a path."""

from __future__ import annotations

__all__ = ["InsecurePath", "LinkError", "UnlistableError"]


class InsecurePath(ValueError):
    """A name would lead out of the folder of which it was asked."""


class LinkError(OSError):
    """Symbolic links lead in a circle."""


class UnlistableError(OSError):
    """A path cannot be listed, for it is no folder, or is not there.

    All else that may hinder the listing of a folder (rights, a failing disk) is an
    ``OSError`` of another kind.

    Attributes:
        originalException: The error that the system gave.
    """

    def __init__(self, originalException: OSError) -> None:
        super().__init__(
            originalException.errno,
            originalException.strerror,
            originalException.filename,
        )
        self.originalException = originalException
