"""Which form of a body a client takes: ``Accept-Encoding`` (RFC 9110 §12.5.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

__all__ = ["MAX_CODINGS", "parseCodings", "preferredCoding"]

MAX_CODINGS: Final = 32
"""How many codings of a field are looked at: there are about ten in the world."""

_CODING: Final = re.compile(
    rb"[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*"
    rb"(?:;[ \t]*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*)?\Z"
)
_ALIASES: Final = {b"x-gzip": b"gzip", b"x-compress": b"compress"}


def parseCodings(value: bytes) -> dict[bytes, float]:
    """Read a list of codings with their weights.

    What is no coding in it is passed over, and so are those after `MAX_CODINGS`.

    Returns:
        The weights by coding in lower case, from 0, which refuses it, to 1.
    """
    weights: dict[bytes, float] = {}
    for each in value.split(b",", MAX_CODINGS)[:MAX_CODINGS]:
        if match := _CODING.match(each):
            name, weight = match.groups()
            name = name.lower()
            weights[_ALIASES.get(name, name)] = 1.0 if weight is None else float(weight)
    return weights


def preferredCoding(value: bytes | None, offered: Sequence[bytes]) -> bytes | None:
    """Choose the coding that a client likes best.

    Args:
        value: The request's Accept-Encoding; None if it has none.
        offered: The codings there are, the one that we like best first.

    Returns:
        One of those offered; None for the body as it is: because the client takes
        none of them, or likes that better.
    """
    if not value or not offered:
        return None
    weights = parseCodings(value)
    others = weights.get(b"*", 0.0)
    # Whoever names codings and not identity would rather have them.
    best, weight = None, weights.get(b"identity", 0.0)
    for coding in offered:
        liked = weights.get(coding, others)
        if liked > weight or (liked == weight > 0 and best is None):
            best, weight = coding, liked
    return best
