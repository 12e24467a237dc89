"""Any bytes, in any pieces, are objects or a named error; never more than is allowed.

    pip install atheris && python packages/sennit-spread/fuzz/fuzz_banana.py [FOLDER]

The first byte says how the rest is cut. The folder keeps what was interesting.
"""

from __future__ import annotations

import sys
from typing import Any

import atheris

with atheris.instrument_imports():
    from sennit.spread import banana, jelly
    from sennit.spread.banana import wire

LIMITS = banana.Limits(maxItem=2000, maxDepth=20, maxItems=500, maxBytes=4000)


class Thing:
    """May come."""


OPTIONS = jelly.SecurityOptions()
OPTIONS.allowInstancesOf(Thing)


def read(data: bytes, size: int) -> tuple[list[Any], bool]:
    """Read expressions out of pieces of one size, and tell whether all is well."""
    decoder = banana.Decoder(wire.INCOMING, LIMITS)
    made: list[Any] = []
    try:
        for at in range(0, len(data), size):
            made += decoder.expressions(data[at : at + size])
    except banana.BananaError:
        return made, False
    return made, True


def check(data: bytes) -> None:
    """Read it whole and in pieces; make objects of it, and these bytes again."""
    if len(data) < 2:
        return
    size, data = data[0] + 1, data[1:]
    (whole, is_well), (cut, is_cut_well) = read(data, len(data)), read(data, size)
    assert repr(cut) == repr(whole[: len(cut)])
    assert is_well == is_cut_well
    plain = None
    if len(data) <= min(LIMITS.maxItems, LIMITS.maxBytes):
        plain = jelly.plainFromBytes(data, 0, OPTIONS, LIMITS)
    for number, expression in enumerate(whole):
        try:
            made = jelly.unjelly(expression, OPTIONS)
        except (jelly.JellyError, jelly.NestedTooDeep):
            assert number or plain is None
            continue
        if not number and plain is not None:
            assert repr(plain[0]) == repr(made)
        try:
            again = jelly.jellyToBytes(made, OPTIONS)
        except banana.BananaError:
            continue
        assert again == banana.encode(jelly.jelly(made, OPTIONS))


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
