"""What marks a result as more than a value."""

from __future__ import annotations

__all__ = ["Special"]


class Special:
    """The common base of Failure and Deferred, and of nothing else that users see.

    The chain of a Deferred asks of every result whether it is one of the two; with a
    common base that is one ``isinstance`` instead of two, and most results are
    neither.
    """

    __slots__ = ()
