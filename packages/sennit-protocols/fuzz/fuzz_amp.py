"""Any bytes, in any pieces, are boxes or a named error; and never more than is allowed.

    pip install atheris && python packages/sennit-protocols/fuzz/fuzz_amp.py [FOLDER]

The first bytes say how the rest is cut. The folder keeps what was interesting.
"""

from __future__ import annotations

import sys
from contextlib import suppress

import atheris

with atheris.instrument_imports():
    from sennit.protocols import amp
    from sennit.protocols.amp._wire import BoxReader

MAX_KEYS, MAX_BYTES = 20, 5000

TREE: list[tuple[str, amp.Argument]] = [("name", amp.Unicode(optional=True))]
TREE.append(("children", amp.AmpList(TREE, optional=True)))

KINDS = [
    amp.Integer(),
    amp.Unicode(),
    amp.Float(),
    amp.Boolean(),
    amp.Decimal(),
    amp.DateTime(),
    amp.ListOf(amp.ListOf(amp.Integer())),
    amp.AmpList(TREE),
]


def read(data: bytes, size: int) -> list[amp.AmpBox]:
    """Read boxes out of pieces of one size."""
    reader = BoxReader(amp.AmpBox, MAX_KEYS, MAX_BYTES)
    boxes: list[amp.AmpBox] = []
    try:
        for at in range(0, len(data), size):
            boxes += reader.boxes(data[at : at + size])
    except amp.AmpError:
        pass
    for box in boxes:
        assert len(box) <= MAX_KEYS
        assert amp.parseString(box.serialize()) == [box]
    return boxes


def check(data: bytes) -> None:
    """Read it whole and in pieces, and each value as every type."""
    if len(data) < 2:
        return
    size, data = data[0] + 1, data[1:]
    whole, cut = read(data, len(data)), read(data, size)
    assert cut == whole[: len(cut)] or whole == cut[: len(whole)]
    for box in whole:
        for value in box.values():
            for kind in KINDS:
                with suppress(ValueError, TypeError, KeyError, ArithmeticError):
                    kind.fromStringProto(value, None)


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
