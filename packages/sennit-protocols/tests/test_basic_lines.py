"""Lines: however they come, and whatever happens between them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from sennit.core import log
from sennit.core.testing import StringTransport
from sennit.protocols.basic import LineOnlyReceiver, LineReceiver

RECEIVERS: list[type[LineOnlyReceiver]] = [LineOnlyReceiver, LineReceiver]


def connected(protocol: Any) -> Any:
    """The protocol, with a transport that takes notes."""
    protocol.lines = []
    protocol.makeConnection(StringTransport())
    return protocol


def collector(base: type[LineOnlyReceiver]) -> Any:
    """A connected protocol that keeps its lines."""

    class Collector(base):  # type: ignore[misc, valid-type]
        def lineReceived(self, line: bytes) -> None:
            self.lines.append(line)

    return connected(Collector())


def cut(stream: bytes, places: Iterable[int]) -> list[bytes]:
    """The stream in pieces."""
    ends = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [stream[a:b] for a, b in pairwise(ends)]


cuts = st.lists(st.integers(0, 1 << 20), max_size=30)


@pytest.mark.parametrize("base", RECEIVERS)
@settings(deadline=None)
@given(
    data=st.lists(st.sampled_from([b"a", b"bc", b"\r", b"\n", b"\r\n", b""])),
    places=cuts,
    delimiter=st.sampled_from([b"\r\n", b"\n", b"\r\n\r\n", b"bca"]),
)
def test_any_split_gives_the_same_lines(
    base: type[LineOnlyReceiver], data: list[bytes], places: list[int], delimiter: bytes
) -> None:
    """The lines are those of the whole stream, however it is cut."""
    stream = b"".join(data)
    protocol = collector(base)
    protocol.delimiter = delimiter
    for piece in cut(stream, places):
        protocol.dataReceived(piece)
    assert protocol.lines == stream.split(delimiter)[:-1]


DELIMITERS = [b"\n", b"\r\n", b";", b"END"]


class Obedient(LineReceiver):
    """Does what its lines say."""

    delimiter = b"\n"
    MAX_LENGTH = 20

    def __init__(self) -> None:
        self.seen: list[tuple[str, bytes]] = []
        self.raw_left = 0

    def note(self, what: str, data: bytes) -> None:
        """Keep what has happened; raw data as one, however it was cut."""
        if what == "raw" and self.seen and self.seen[-1][0] == "raw":
            data = self.seen.pop()[1] + data
        self.seen.append((what, data))

    def lineReceived(self, line: bytes) -> None:
        self.note("line", line)
        verb, number = line[:1], int(line[1:]) if line[1:].isdigit() else 0
        if verb == b"r":
            self.raw_left = number
            self.note("raw", b"")
            self.setRawMode()
            if not number:
                self.setLineMode()
        elif verb == b"d":
            self.delimiter = DELIMITERS[number % 4]
        elif verb == b"m":
            self.MAX_LENGTH = number
        elif verb == b"p":
            self.pauseProducing()
        elif verb == b"n":
            self.dataReceived(b"")
        elif verb == b"q":
            self.transport.loseConnection()

    def rawDataReceived(self, data: bytes) -> None:
        mine, rest = data[: self.raw_left], data[self.raw_left :]
        self.note("raw", mine)
        self.raw_left -= len(mine)
        if not self.raw_left:
            self.setLineMode(rest)

    def lineLengthExceeded(self, line: bytes) -> None:
        self.note("exceeded", b"")
        super().lineLengthExceeded(line)


def obeyed(stream: bytes) -> list[tuple[str, bytes]]:
    """What an `Obedient` must see: the same rules, for a stream that is all there."""
    seen: list[tuple[str, bytes]] = []
    delimiter, limit, at = b"\n", 20, 0
    while (end := stream.find(delimiter, at)) >= 0:
        line = stream[at:end]
        if len(line) > limit:
            return [*seen, ("exceeded", b"")]
        seen.append(("line", line))
        at = end + len(delimiter)
        verb, number = line[:1], int(line[1:]) if line[1:].isdigit() else 0
        if verb == b"r":
            seen.append(("raw", stream[at : at + number]))
            at += number
        elif verb == b"d":
            delimiter = DELIMITERS[number % 4]
        elif verb == b"m":
            limit = number
        elif verb == b"q":
            return seen
    if len(stream) - at >= limit + len(delimiter):
        seen.append(("exceeded", b""))
    return seen


WORDS = [
    b"r0",
    b"r1",
    b"r7",
    b"d0",
    b"d1",
    b"d2",
    b"d3",
    b"m3",
    b"m99",
    b"p",
    b"n",
    b"q",
]
TEXTS = [*DELIMITERS, b"\r", b"x", b"EN", b"y" * 9, b"z" * 21]


@settings(max_examples=400, deadline=None)
@given(
    words=st.lists(st.sampled_from([*WORDS, *TEXTS, *DELIMITERS]), max_size=40),
    places=cuts,
)
def test_whatever_happens_the_cuts_do_not_matter(
    words: list[bytes], places: list[int]
) -> None:
    """Raw mode, new delimiters and limits, pauses, nested calls and the end: all the same."""
    stream = b"".join(words)
    protocol = Obedient()
    protocol.makeConnection(StringTransport())
    for piece in cut(stream, places):
        protocol.dataReceived(piece)
        while protocol.paused and not protocol.transport.disconnecting:  # type: ignore[attr-defined]
            protocol.resumeProducing()
    assert protocol.seen == obeyed(stream)


@pytest.mark.parametrize("base", RECEIVERS)
def test_a_line_that_is_too_long_ends_the_connection(
    base: type[LineOnlyReceiver],
) -> None:
    """It is hung up on, logged with its address; nothing after it is delivered."""
    told: list[log.EventDict] = []
    log.addObserver(told.append)
    protocol = collector(base)
    protocol.dataReceived(b"a\r\n" + b"x" * 16385 + b"\r\nb\r\n")
    protocol.dataReceived(b"c\r\n")
    log.removeObserver(told.append)
    assert protocol.lines == [b"a"]
    assert protocol.transport.disconnecting
    assert log.textFromEventDict(told[0]) == (
        "Collector: a line of more than 16384 bytes, from "
        "IPv4Address(TCP, '192.168.1.1', 54321); closing the connection"
    )


@pytest.mark.parametrize("base", RECEIVERS)
@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_line_without_end_is_not_kept_for_ever(
    base: type[LineOnlyReceiver], size: int
) -> None:
    """As soon as a line can only be too long the connection ends."""
    protocol = collector(base)
    protocol.MAX_LENGTH = 100
    for count in range(0, 300, size):
        assert protocol.transport.disconnecting == (count >= 102)
        protocol.dataReceived(b"x" * size)


@pytest.mark.parametrize("base", RECEIVERS)
def test_the_longest_line_may_come_with_half_its_end(
    base: type[LineOnlyReceiver],
) -> None:
    """What may be the beginning of the delimiter does not count."""
    protocol = collector(base)
    protocol.dataReceived(b"x" * 16384 + b"\r")
    protocol.dataReceived(b"\n")
    assert protocol.lines == [b"x" * 16384]


def test_what_is_too_long_is_told_with_all_that_follows() -> None:
    """lineLengthExceeded gets what was not delivered, and may go on with it."""

    class Lenient(LineReceiver):
        MAX_LENGTH = 3

        def lineReceived(self, line: bytes) -> None:
            self.lines.append(line)

        def lineLengthExceeded(self, line: bytes) -> None:
            self.lines.append(b"!" + line)
            self.setLineMode(line[line.index(b"\r\n") + 2 :])

        lines: list[bytes]

    protocol = connected(Lenient())
    protocol.dataReceived(b"ab\r\ncdef\r\ngh\r\nij")
    protocol.dataReceived(b"\r\n")
    assert protocol.lines == [b"ab", b"!cdef\r\ngh\r\nij", b"gh", b"ij"]


@pytest.mark.parametrize("base", RECEIVERS)
@pytest.mark.parametrize("text", [b"a\r\n", b"a\r\nb\r\nc\r\n"])
def test_nothing_is_delivered_after_closing(
    base: type[LineOnlyReceiver], text: bytes
) -> None:
    """Not the lines of the same chunk, and not those of later ones."""

    class Closing(base):  # type: ignore[misc, valid-type]
        def lineReceived(self, line: bytes) -> None:
            self.lines.append(line)
            self.transport.loseConnection()

    protocol = connected(Closing())
    protocol.dataReceived(text)
    protocol.dataReceived(b"d\r\n")
    assert protocol.lines == [b"a"]


@pytest.mark.parametrize("base", RECEIVERS)
def test_nothing_is_delivered_after_closing_between_chunks(
    base: type[LineOnlyReceiver],
) -> None:
    """Closing while no line is being delivered counts, too."""
    protocol = collector(base)
    protocol.dataReceived(b"a\r\nb")
    protocol.transport.loseConnection()
    protocol.dataReceived(b"\r\n")
    protocol.dataReceived(b"c\r\nd\r\n")
    assert protocol.lines == [b"a"]


@pytest.mark.parametrize("base", RECEIVERS)
def test_data_received_within_a_line_comes_after_the_chunk(
    base: type[LineOnlyReceiver],
) -> None:
    """A nested dataReceived neither overtakes nor gets lost."""

    class Nesting(base):  # type: ignore[misc, valid-type]
        def lineReceived(self, line: bytes) -> None:
            self.lines.append(line)
            if line == b"a":
                self.dataReceived(b"d\r\ne")

    for text in (b"a\r\nb\r\nc", b"a\r\n"):
        protocol = connected(Nesting())
        protocol.dataReceived(text)
        protocol.dataReceived(b"f\r\n")
        rest = text[3:].split(b"\r\n")
        expected = b"\r\n".join([b"a", *rest[:-1], rest[-1] + b"d", b"ef"])
        assert b"\r\n".join(protocol.lines) == expected


@pytest.mark.parametrize("base", RECEIVERS)
@pytest.mark.parametrize("text", [b"bad\r\n", b"bad\r\nb\r\n"])
def test_an_error_loses_nothing_else(base: type[LineOnlyReceiver], text: bytes) -> None:
    """What lineReceived raises reaches the caller; the lines after it stay."""

    class Failing(base):  # type: ignore[misc, valid-type]
        def lineReceived(self, line: bytes) -> None:
            if line == b"bad":
                raise ValueError(line)
            self.lines.append(line)

    protocol = connected(Failing())
    protocol.dataReceived(b"a\r\n")
    with pytest.raises(ValueError, match="bad"):
        protocol.dataReceived(text)
    protocol.dataReceived(b"c\r\n")
    assert protocol.lines == [b"a", *text.split(b"\r\n")[1:-1], b"c"]


def test_lines_may_come_before_the_transport() -> None:
    """Without a transport lines are delivered all the same."""
    protocol = collector(LineReceiver)
    protocol.transport = None
    protocol.dataReceived(b"a\r\nb\r\nc")
    protocol.dataReceived(b"\r\n")
    assert protocol.lines == [b"a", b"b", b"c"]


def test_the_buffer_can_be_taken() -> None:
    """clearLineBuffer gives all that was not delivered, and forgets it."""

    class Taking(LineReceiver):
        taken = b""

        def lineReceived(self, line: bytes) -> None:
            self.dataReceived(b"!")
            self.taken = self.clearLineBuffer()

    protocol = connected(Taking())
    assert protocol.clearLineBuffer() == b""
    protocol.dataReceived(b"a\r\nb\r\nc\r\nd")
    assert protocol.taken == b"b\r\nc\r\nd!"
    protocol.dataReceived(b"e\r\n")
    assert protocol.taken == b"!"
    protocol.dataReceived(b"half")
    assert protocol.clearLineBuffer() == b"half"


def test_raw_data_and_back() -> None:
    """setRawMode gives the rest of the chunk at once; errors are what it returns."""

    class Raw(LineReceiver):
        got: bytes = b""

        def lineReceived(self, line: bytes) -> None:
            self.setRawMode()

        def rawDataReceived(self, data: bytes) -> str:
            self.got += data
            return "outcome"

    protocol = connected(Raw())
    assert protocol.dataReceived(b"raw\r\nabc\r\ndef") == "outcome"
    assert protocol.got == b"abc\r\ndef"
    assert not protocol.line_mode
    protocol.dataReceived(b"ghi")
    assert protocol.got == b"abc\r\ndefghi"


def test_changing_modes_often_neither_recurses_nor_crawls() -> None:
    """Ten thousand changes within one chunk."""

    class Flipping(LineReceiver):
        delimiter = b"\n"
        lines: list[bytes]

        def lineReceived(self, line: bytes) -> None:
            self.lines.append(line)
            self.setRawMode()

        def rawDataReceived(self, data: bytes) -> None:
            self.setLineMode(data[1:])

    protocol = connected(Flipping())
    protocol.dataReceived(b"x\ny" * 10000)
    assert protocol.lines == [b"x"] * 10000


def test_pausing_holds_back_what_was_received() -> None:
    """While paused nothing is delivered; resuming goes on where it was, to the next pause."""

    class Pausing(LineReceiver):
        lines: list[bytes]

        def lineReceived(self, line: bytes) -> None:
            self.lines.append(line)
            self.pauseProducing()

    protocol = connected(Pausing())
    protocol.dataReceived(b"a\r\nb\r\n")
    assert protocol.lines == [b"a"]
    assert protocol.transport.producerState == "paused"
    protocol.dataReceived(b"c\r\nd")
    assert protocol.lines == [b"a"]
    protocol.resumeProducing()
    assert protocol.lines == [b"a", b"b"]
    protocol.resumeProducing()
    protocol.resumeProducing()
    assert protocol.lines == [b"a", b"b", b"c"]
    assert protocol.transport.producerState == "producing"
    protocol.dataReceived(b"\r\n")
    assert protocol.lines == [b"a", b"b", b"c", b"d"]
    protocol.stopProducing()
    assert protocol.transport.producerState == "stopped"
    protocol.dataReceived(b"e\r\n")
    assert len(protocol.lines) == 4


def test_settings_may_be_properties() -> None:
    """A subclass may compute its limit and delimiter."""

    class Computed(LineReceiver):
        lines: list[bytes]

        @property
        def delimiter(self) -> bytes:  # type: ignore[override]
            return b";"

        @property
        def MAX_LENGTH(self) -> int:  # type: ignore[override]
            return 2

        def lineReceived(self, line: bytes) -> None:
            self.lines.append(line)

    protocol = connected(Computed())
    protocol.dataReceived(b"a;bc;")
    assert not protocol.transport.disconnecting
    protocol.dataReceived(b"def;")
    assert protocol.lines == [b"a", b"bc"]
    assert protocol.transport.disconnecting


@pytest.mark.parametrize("base", RECEIVERS)
def test_sending_and_what_is_to_be_overridden(base: type[LineOnlyReceiver]) -> None:
    """sendLine adds the delimiter and takes bytes only; lineReceived must be written."""
    protocol = connected(base())
    protocol.sendLine(b"hello")
    assert protocol.transport.value() == b"hello\r\n"
    with pytest.raises(TypeError):
        protocol.sendLine("hello")
    with pytest.raises(NotImplementedError):
        protocol.lineReceived(b"")
    if isinstance(protocol, LineReceiver):
        with pytest.raises(NotImplementedError):
            protocol.rawDataReceived(b"")
