"""Length-prefixed strings and netstrings, however they come."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from sennit.core.testing import StringTransport
from sennit.protocols.basic import (
    Int8StringReceiver,
    Int16StringReceiver,
    Int32StringReceiver,
    IntNStringReceiver,
    NetstringReceiver,
    StatefulStringProtocol,
    StringTooLongError,
)

INTS: list[type[IntNStringReceiver]] = [
    Int8StringReceiver,
    Int16StringReceiver,
    Int32StringReceiver,
]
RECEIVERS: list[type[IntNStringReceiver | NetstringReceiver]] = [
    *INTS,
    NetstringReceiver,
]


def collector(base: type) -> Any:
    """A connected protocol that keeps its strings."""

    class Collector(base):  # type: ignore[misc]
        def stringReceived(self, string: bytes) -> None:
            self.strings.append(string)

    protocol: Any = Collector()
    protocol.strings = []
    protocol.makeConnection(StringTransport())
    return protocol


def sent(base: type, *strings: bytes) -> bytes:
    """The strings as they are sent."""
    protocol = collector(base)
    for string in strings:
        protocol.sendString(string)
    value: bytes = protocol.transport.value()
    return value


@pytest.mark.parametrize("base", RECEIVERS)
@settings(deadline=None)
@given(
    strings=st.lists(st.binary(max_size=40)),
    places=st.lists(st.integers(0, 1 << 20), max_size=30),
)
def test_any_split_gives_the_same_strings(
    base: type, strings: list[bytes], places: list[int]
) -> None:
    """What was sent is received, however the stream is cut."""
    stream = sent(base, *strings)
    ends = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    protocol = collector(base)
    for a, b in pairwise(ends):
        protocol.dataReceived(stream[a:b])
    assert protocol.strings == strings


@settings(deadline=None)
@given(
    data=st.lists(st.sampled_from([b"0", b"1", b"2", b"12", b":", b",", b"a", b"xyz"]))
)
def test_a_netstring_receiver_stands_anything(data: list[bytes]) -> None:
    """Any bytes are strings, or end the connection; byte by byte or at once."""
    stream = b"".join(data)
    whole, dribble = collector(NetstringReceiver), collector(NetstringReceiver)
    whole.MAX_LENGTH = dribble.MAX_LENGTH = 13
    whole.dataReceived(stream)
    for place in range(len(stream)):
        dribble.dataReceived(stream[place : place + 1])
    assert whole.strings == dribble.strings
    assert whole.brokenPeer == dribble.brokenPeer == whole.transport.disconnecting


@pytest.mark.parametrize(
    "bad", [b"9" * 22, b"abc", b":a,", b"4:abcde", b"01:a,", b"51:", b"-1:", b"1 :a,"]
)
def test_what_is_no_netstring_ends_the_connection(bad: bytes) -> None:
    """At the first byte that cannot be right, and nothing is delivered after it."""
    protocol = collector(NetstringReceiver)
    protocol.MAX_LENGTH = 50
    protocol.dataReceived(b"1:a," + bad)
    assert protocol.transport.disconnecting
    assert protocol.brokenPeer
    protocol.dataReceived(b"1:b,")
    assert protocol.strings == [b"a"]


@pytest.mark.parametrize("base", INTS)
def test_a_length_over_the_limit_ends_the_connection(
    base: type[IntNStringReceiver],
) -> None:
    """Before the string has come; strings before it are delivered."""
    protocol = collector(base)
    protocol.MAX_LENGTH = 10
    protocol.dataReceived(sent(base, b"a") + struct.pack(base.structFormat, 11))
    assert protocol.strings == [b"a"]
    assert protocol.transport.disconnecting


@pytest.mark.parametrize("base", INTS)
def test_a_string_too_long_is_not_sent(base: type[IntNStringReceiver]) -> None:
    """A string whose length the prefix cannot tell is refused."""
    protocol = collector(base)
    if base is Int32StringReceiver:
        protocol.prefixLength = 1
    with pytest.raises(StringTooLongError):
        protocol.sendString(b"x" * (1 << (8 * protocol.prefixLength)))
    assert protocol.transport.value() == b""


@pytest.mark.parametrize("base", INTS)
def test_recvd_is_what_is_left(base: type[IntNStringReceiver]) -> None:
    """It can be read and replaced, before, within and after stringReceived."""
    seen: list[tuple[bytes, bytes]] = []

    class Switching(base):  # type: ignore[misc, valid-type]
        recvd: bytes

        def stringReceived(self, string: bytes) -> None:
            seen.append((string, self.recvd))
            if string == b"a":
                self.recvd = sent(base, b"x")

    protocol: Any = Switching()
    assert protocol.recvd == b""
    protocol.makeConnection(StringTransport())
    protocol.recvd = b""
    protocol.dataReceived(sent(base, b"a", b"b")[:-1])
    assert seen == [(b"a", sent(base, b"b")[:-1]), (b"x", b"")]
    half = sent(base, b"c")[:-1]
    protocol.dataReceived(half)
    assert protocol.recvd == half


@pytest.mark.parametrize("base", RECEIVERS)
def test_what_is_not_delivered_can_be_taken_back(base: type) -> None:
    """As when TLS begins behind a string: the rest is no string any more."""

    protocol = collector(base)
    taken: list[bytes] = []
    protocol.stringReceived = lambda string: taken.extend(
        (string, protocol.clearLineBuffer())
    )
    assert protocol.clearLineBuffer() == b""
    behind = sent(base, b"behind")
    protocol.dataReceived(sent(base, b"the last") + behind)
    assert taken == [b"the last", behind]
    assert protocol.clearLineBuffer() == b""


@pytest.mark.parametrize("base", INTS)
def test_pausing_holds_back_strings(base: type[IntNStringReceiver]) -> None:
    """While paused nothing is delivered; resuming goes on where it was."""

    class Pausing(base):  # type: ignore[misc, valid-type]
        def stringReceived(self, string: bytes) -> None:
            self.strings.append(string)
            self.pauseProducing()

    protocol = collector(Pausing)
    protocol.stringReceived = Pausing.stringReceived.__get__(protocol)
    protocol.dataReceived(sent(base, b"a", b"b"))
    protocol.dataReceived(sent(base, b"c"))
    assert protocol.strings == [b"a"]
    protocol.resumeProducing()
    protocol.resumeProducing()
    assert protocol.strings == [b"a", b"b", b"c"]


@pytest.mark.parametrize("base", RECEIVERS)
def test_nothing_is_delivered_after_closing(base: type) -> None:
    """Not the strings of the same chunk, and not those of later ones."""

    class Closing(base):  # type: ignore[misc]
        def stringReceived(self, string: bytes) -> None:
            self.strings.append(string)
            self.transport.loseConnection()

    protocol = collector(Closing)
    protocol.stringReceived = Closing.stringReceived.__get__(protocol)
    protocol.dataReceived(sent(base, b"a", b"b"))
    protocol.dataReceived(sent(base, b"c"))
    assert protocol.strings == [b"a"]


@pytest.mark.parametrize("base", RECEIVERS)
def test_data_received_within_a_string_comes_after_the_chunk(base: type) -> None:
    """A nested dataReceived neither overtakes nor gets lost."""

    class Nesting(base):  # type: ignore[misc]
        def stringReceived(self, string: bytes) -> None:
            self.strings.append(string)
            if string == b"a":
                self.dataReceived(sent(base, b"c"))

    protocol = collector(Nesting)
    protocol.stringReceived = Nesting.stringReceived.__get__(protocol)
    protocol.dataReceived(sent(base, b"a", b"b"))
    assert protocol.strings == [b"a", b"b", b"c"]


def test_a_long_string_in_small_pieces_is_joined_once() -> None:
    """A string of 8 MiB in pieces of 1 KiB; quadratic copying would not come to an end."""
    protocol = collector(Int32StringReceiver)
    protocol.MAX_LENGTH = 1 << 23
    stream = sent(Int32StringReceiver, b"x" * (1 << 23))
    for place in range(0, len(stream), 1024):
        protocol.dataReceived(stream[place : place + 1024])
    assert [len(string) for string in protocol.strings] == [1 << 23]


@pytest.mark.parametrize("base", [*RECEIVERS, IntNStringReceiver])
def test_what_is_to_be_overridden(base: type[NetstringReceiver]) -> None:
    """stringReceived must be written."""
    with pytest.raises(NotImplementedError):
        base().stringReceived(b"")


def test_a_stateful_protocol_has_a_method_for_each_state() -> None:
    """Each string goes to the method of the state; "done" ends the connection."""

    class Dialogue(StatefulStringProtocol, NetstringReceiver):
        heard: tuple[bytes, ...] = ()

        def proto_init(self, string: bytes) -> str:
            self.heard += (b"init", string)
            return "more"

        def proto_more(self, string: bytes) -> str:
            self.heard += (b"more", string)
            return {b"stop": "done", b"lost": "nowhere"}.get(string, "more")

    protocol = Dialogue()
    transport = StringTransport()
    protocol.makeConnection(transport)
    protocol.dataReceived(b"1:a,1:b,4:stop,1:c,")
    assert protocol.heard == (b"init", b"a", b"more", b"b", b"more", b"stop")
    assert transport.disconnecting
    other = Dialogue()
    other.makeConnection(StringTransport())
    other.dataReceived(b"1:a,4:lost,1:b,")
    assert other.state == "nowhere"
