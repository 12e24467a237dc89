"""Pieces of lengths that are known before."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.core.testing import StringTransport
from sennit.protocols.stateful import StatefulProtocol


class Strings(StatefulProtocol):
    """Strings after their lengths in a byte; an empty one ends the connection."""

    def __init__(self) -> None:
        self.strings: list[bytes] = []

    def getInitialState(self) -> Any:
        return self.length, 1

    def length(self, data: bytes) -> Any:
        if not data[0]:
            self.transport.loseConnection()
            return None
        return self.string, data[0]

    def string(self, data: bytes) -> Any:
        self.strings.append(data)
        return self.length, 1


@given(
    strings=st.lists(st.binary(min_size=1, max_size=255), max_size=10),
    places=st.lists(st.integers(0, 3000), max_size=20),
)
def test_any_split_gives_the_same_pieces(
    strings: list[bytes], places: list[int]
) -> None:
    """Each function is called with just what it wants; none after the end."""
    protocol = Strings()
    protocol.makeConnection(StringTransport())
    stream = b"".join(bytes([len(each)]) + each for each in strings) + b"\0\1x"
    ends = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    for begin, end in pairwise(ends):
        protocol.dataReceived(stream[begin:end])
    assert protocol.strings == strings


def test_a_state_may_stay() -> None:
    """None is for the same again; also inside of itself, and after an error."""
    seen: list[bytes] = []

    class Pairs(StatefulProtocol):
        def getInitialState(self) -> Any:
            return self.pair, 2

        def pair(self, data: bytes) -> None:
            seen.append(data)
            if data == b"!!":
                raise OSError("no")
            if data == b"??":
                self.dataReceived(b"xy")

    protocol = Pairs()
    protocol.makeConnection(StringTransport())
    with pytest.raises(OSError, match="no"):
        protocol.dataReceived(b"ab??!!cd")
    protocol.dataReceived(b"")
    assert seen == [b"ab", b"??", b"!!", b"cd", b"xy"]


def test_there_must_be_a_first_state() -> None:
    """It is asked for when the first bytes come."""
    with pytest.raises(NotImplementedError, match="getInitialState"):
        StatefulProtocol().dataReceived(b"x")
