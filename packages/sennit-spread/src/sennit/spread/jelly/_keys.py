"""Keys of dictionaries and elements of sets that were made to be slow.

Two kinds make a small message cost hours. Tuples that contain each other by reference,
each twice: a hash is computed along all ways through them, two to the power of their
number, or one long tuple that is a key again and again. And numbers that have the same hash, each of which is compared with all others.
Neither comes up by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sennit.spread.jelly._errors import MalformedJelly
from sennit.spread.jelly._unknown import NotKnown

__all__ = ["FEW_KEYS", "KeyBudget", "check_keys", "put", "put_into"]

FEW_KEYS: Final = 256
"""So many keys are compared all with all in a millisecond."""

_MOST_PARTS: Final = 10_000
"""A key of so many parts, each counted as often as it is reached, is hashed in another."""

_MOST_PARTS_OF_ALL: Final = 2**20
"""No more parts have all keys of a message, or some come by reference again and again:
it has no more items, unless the limits are set higher. They are hashed in 50 ms."""


class KeyBudget:
    """What the keys of one message may cost.

    Attributes:
        left: How many parts they may yet have.
    """

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left: int = _MOST_PARTS_OF_ALL

    def spend(self, key: tuple[Any, ...]) -> None:
        """Count the parts of a key.

        Raises:
            MalformedJelly: There are too many.
        """
        most = min(_MOST_PARTS, self.left)
        parts, inner = 0, [key]
        while inner:
            some = inner.pop()
            parts += len(some)
            if parts > most:
                raise MalformedJelly(f"keys of more than {most} parts")
            inner += [each for each in some if type(each) is tuple]
        self.left -= parts


def check_keys(keys: Sequence[Any], budget: KeyBudget | None) -> None:
    """Refuse keys that were made to be slow.

    Args:
        keys: The keys, or the elements.
        budget: What they may cost; None if the message has no references.

    Raises:
        MalformedJelly: They are.
    """
    if budget is not None:
        for key in keys:
            if type(key) is tuple:
                budget.spend(key)
    if len(keys) > FEW_KEYS:
        try:
            hashes = [hash(key) for key in keys if not isinstance(key, NotKnown)]
        except TypeError as error:
            raise MalformedJelly(f"no key: {error}") from None
        distinct = len(set(hashes))
        if distinct * 2 < len(hashes):
            raise MalformedJelly(f"{len(hashes)} keys have {distinct} hashes")


def put(made: dict[Any, Any], key: Any, value: Any) -> None:
    """Put something into a dictionary that is being made.

    Raises:
        MalformedJelly: The key is none.
    """
    try:
        made[key] = value
    except TypeError as error:
        raise MalformedJelly(f"no key: {error}") from None


def put_into(made: set[Any], item: Any) -> None:
    """Put something into a set that is being made.

    Raises:
        MalformedJelly: It can be in none.
    """
    try:
        made.add(item)
    except TypeError as error:
        raise MalformedJelly(f"no element of a set: {error}") from None
