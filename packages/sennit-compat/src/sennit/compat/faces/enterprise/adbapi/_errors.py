"""What goes wrong with connections to databases."""

from __future__ import annotations

__all__ = ["ConnectionLost"]


class ConnectionLost(Exception):
    """A connection was found dead when it was rolled back; there will be a new one.

    What was done in the transaction is lost: whoever asked may ask again.
    """
