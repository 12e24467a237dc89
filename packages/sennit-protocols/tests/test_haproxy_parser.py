"""PROXY headers of both versions, in any pieces, right and wrong."""

from __future__ import annotations

import socket
import struct
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from sennit.core.address import IPv4Address, IPv6Address, UNIXAddress
from sennit.protocols.haproxy import (
    InvalidNetworkProtocol,
    InvalidProxyHeader,
    MissingAddressData,
    ProxyHeaderParser,
    ProxyInfo,
    TLVType,
)

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
LINE = b"PROXY TCP4 192.0.2.1 192.0.2.9 56324 443\r\n"
IPV4 = (
    socket.inet_aton("192.0.2.1")
    + socket.inet_aton("192.0.2.9")
    + struct.pack("!HH", 56324, 443)
)
IPV6 = (
    socket.inet_pton(socket.AF_INET6, "2001:db8::1")
    + socket.inet_pton(socket.AF_INET6, "2001:db8::9")
    + struct.pack("!HH", 56324, 443)
)


def header(network: int, rest: bytes, command: int = 0x21) -> bytes:
    return SIGNATURE + struct.pack("!BBH", command, network, len(rest)) + rest


def tlv(kind: int, value: bytes) -> bytes:
    return struct.pack("!BH", kind, len(value)) + value


def parse(data: bytes) -> ProxyInfo:
    """The header that the data begin with; it is all there."""
    found = ProxyHeaderParser().feed(data)
    assert found is not None
    return found[0]


# Version 1


def test_a_line_tells_both_addresses() -> None:
    """Of IPv4, and of IPv6."""
    info = parse(LINE)
    assert info.source == IPv4Address("TCP", "192.0.2.1", 56324)
    assert info.destination == IPv4Address("TCP", "192.0.2.9", 443)
    assert info.header == LINE
    assert info.tlvs == ()
    info = parse(b"PROXY TCP6 2001:db8::1 ::9 0 65535\r\n")
    assert info.source == IPv6Address("TCP", "2001:db8::1", 0)
    assert info.destination == IPv6Address("TCP", "::9", 65535)


@pytest.mark.parametrize("rest", [b"", b" whatever stands there"])
def test_a_line_may_know_nothing(rest: bytes) -> None:
    """What follows UNKNOWN is not looked at."""
    info = parse(b"PROXY UNKNOWN" + rest + b"\r\n")
    assert (info.source, info.destination) == (None, None)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"PROXY TCP5 1.1.1.1 1.1.1.1 1 1", InvalidNetworkProtocol),
        (b"PROXY tcp4 1.1.1.1 1.1.1.1 1 1", InvalidNetworkProtocol),
        (b"PROXY ", InvalidNetworkProtocol),
        (b"PROXY TCP4 1.1.1.1 1.1.1.1 1", MissingAddressData),
        (b"PROXY TCP4", MissingAddressData),
        (b"PROXY TCP4 1.1.1.1 1.1.1.1 1 1 1", InvalidProxyHeader),
        (b"PROXY TCP4  1.1.1.1 1.1.1.1 1 1", InvalidProxyHeader),
        (b"PROXY TCP4 ::1 ::1 1 1", InvalidProxyHeader),
        (b"PROXY TCP6 1.1.1.1 1.1.1.1 1 1", InvalidProxyHeader),
        (b"PROXY TCP4 1.1.1.256 1.1.1.1 1 1", InvalidProxyHeader),
        (b"PROXY TCP4 1.1.1.1 1.1.1.1 65536 1", InvalidProxyHeader),
        (b"PROXY TCP4 1.1.1.1 1.1.1.1 1 01", InvalidProxyHeader),
        (b"PROXY TCP4 1.1.1.1 1.1.1.1 1 +1", InvalidProxyHeader),
        (b"PROXY TCP4 1.1.1.1 1.1.1.1 1 -1", InvalidProxyHeader),
        (b"PROXY TCP4 \xb9.1.1.1 1.1.1.1 1 1", InvalidProxyHeader),
        (b"PROXY TCP4 1.1.1.1\x00 1.1.1.1 1 1", InvalidProxyHeader),
    ],
)
def test_a_broken_line_is_told(line: bytes, error: type[Exception]) -> None:
    """By a named error."""
    with pytest.raises(error):
        ProxyHeaderParser().feed(line + b"\r\n")


def test_a_line_has_107_bytes_at_most() -> None:
    """With its end; what does not end by then is refused, and no more is kept."""
    longest = b"PROXY UNKNOWN ".ljust(105, b"x") + b"\r\n"
    assert parse(longest).header == longest
    parser = ProxyHeaderParser()
    assert parser.feed(b"PROXY UNKNOWN ".ljust(106, b"x")) is None
    with pytest.raises(InvalidProxyHeader, match="107"):
        parser.feed(b"x")
    with pytest.raises(InvalidProxyHeader, match="107"):
        ProxyHeaderParser().feed(b"PROXY UNKNOWN ".ljust(106, b"x") + b"\r\n")


# Version 2


def test_a_header_tells_both_addresses() -> None:
    """Of IPv4 and IPv6, of TCP and UDP."""
    info = parse(header(0x11, IPV4))
    assert info.source == IPv4Address("TCP", "192.0.2.1", 56324)
    assert info.destination == IPv4Address("TCP", "192.0.2.9", 443)
    assert parse(header(0x12, IPV4)).source == IPv4Address("UDP", "192.0.2.1", 56324)
    info = parse(header(0x21, IPV6))
    assert info.source == IPv6Address("TCP", "2001:db8::1", 56324)
    assert info.destination == IPv6Address("TCP", "2001:db8::9", 443)
    assert parse(header(0x22, IPV6)).source == IPv6Address("UDP", "2001:db8::1", 56324)


def test_addresses_may_be_of_unix_sockets() -> None:
    """A path, a name of the abstract namespace, one as long as can be, or none."""
    rest = b"/run/a".ljust(108, b"\0") + b"\0abstract".ljust(108, b"\0")
    info = parse(header(0x31, rest))
    assert info.source == UNIXAddress("/run/a")
    assert info.destination == UNIXAddress("\0abstract")
    info = parse(header(0x32, b"x" * 108 + bytes(108)))
    assert info.source == UNIXAddress(b"x" * 108)
    assert info.destination == UNIXAddress(None)


@pytest.mark.parametrize(
    ("network", "command"), [(0x11, 0x20), (0xFF, 0x20), (0, 0x21)]
)
def test_a_proxy_may_speak_for_itself(network: int, command: int) -> None:
    """LOCAL, or of no network: whatever else there is, is not looked at."""
    info = parse(header(network, b"anything", command))
    assert (info.source, info.destination, info.tlvs) == (None, None, ())


def test_more_values_are_there_by_their_type() -> None:
    """In order, also those that nobody knows; LOCAL has none."""
    rest = tlv(TLVType.AUTHORITY, b"example.org") + tlv(0xE0, b"") + tlv(0xE0, b"x")
    info = parse(header(0x11, IPV4 + rest))
    assert info.tlvs == ((2, b"example.org"), (0xE0, b""), (0xE0, b"x"))
    assert info.tlv(TLVType.AUTHORITY) == b"example.org"
    assert info.tlv(0xE0) == b""
    assert info.tlv(TLVType.ALPN) is None


def checked(checksum: bytes) -> bytes:
    rest = tlv(TLVType.CRC32C, checksum) + tlv(TLVType.UNIQUE_ID, b"id")
    return header(0x11, IPV4 + rest)


def castagnoli(data: bytes) -> int:
    """The checksum, bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def test_a_checksum_must_be_right() -> None:
    """It is that of the header with zeros in its place."""
    assert castagnoli(b"123456789") == 0xE3069283
    right = castagnoli(checked(bytes(4)))
    info = parse(checked(right.to_bytes(4, "big")))
    assert info.tlv(TLVType.UNIQUE_ID) == b"id"
    with pytest.raises(InvalidProxyHeader, match="checksum is wrong"):
        parse(checked((right ^ 1).to_bytes(4, "big")))
    with pytest.raises(InvalidProxyHeader, match="4 bytes"):
        parse(checked(b"abc"))


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (header(0x11, IPV4, 0x22), InvalidProxyHeader),
        (header(0x11, IPV4, 0x11), InvalidProxyHeader),
        (header(0x41, IPV4), InvalidNetworkProtocol),
        (header(0x13, IPV4), InvalidNetworkProtocol),
        (header(0x10, IPV4), InvalidNetworkProtocol),
        (header(0x11, IPV4[:-1]), MissingAddressData),
        (header(0x21, IPV4), MissingAddressData),
        (header(0x31, IPV6), MissingAddressData),
        (header(0x11, IPV4 + b"\x02"), InvalidProxyHeader),
        (header(0x11, IPV4 + b"\x02\x00\x05four"), InvalidProxyHeader),
    ],
)
def test_a_broken_header_is_told(data: bytes, error: type[Exception]) -> None:
    """By a named error."""
    with pytest.raises(error):
        ProxyHeaderParser().feed(data)


def test_a_header_has_16_kib_at_most() -> None:
    """One that announces more is refused before it comes."""
    rest = IPV4 + tlv(0xE0, bytes(16384 - 16 - 12 - 3))
    assert len(parse(header(0x11, rest)).header) == 16384
    with pytest.raises(InvalidProxyHeader, match="16385"):
        ProxyHeaderParser().feed(header(0x11, rest + b"x")[:16])
    with pytest.raises(InvalidProxyHeader, match="of 20"):
        ProxyHeaderParser(limit=20).feed(header(0x11, IPV4))


# Both


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1", b"P\r", b"\r\nx", b"PROXX", b"\0"])
def test_what_is_no_header_is_known_by_its_first_wrong_byte(data: bytes) -> None:
    """Nothing is waited for that could not change it."""
    with pytest.raises(InvalidProxyHeader, match="no PROXY header"):
        ProxyHeaderParser().feed(data)


VALID = [
    LINE,
    b"PROXY UNKNOWN\r\n",
    header(0x11, IPV4 + tlv(TLVType.ALPN, b"h2")),
    header(0x21, IPV6),
    header(0, b"", 0x20),
]


@settings(deadline=None)
@given(
    data=st.sampled_from(VALID),
    rest=st.binary(max_size=20),
    places=st.lists(st.integers(0, 100), max_size=10),
)
def test_any_split_gives_the_same_header(
    data: bytes, rest: bytes, places: list[int]
) -> None:
    """And what comes after it, as far as it has come, is given back."""
    stream = data + rest
    ends = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    parser, whole = ProxyHeaderParser(), parse(data)
    for begin, end in pairwise(ends):
        found = parser.feed(stream[begin:end])
        if found is not None:
            assert found == (whole, stream[len(data) : end])
            assert end >= len(data)
            return
    raise AssertionError("no header")


@settings(deadline=None)
@given(
    data=st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=200).map(lambda rest: b"PROXY TCP4 " + rest + b"\r\n"),
        st.builds(
            header, st.integers(0, 255), st.binary(max_size=300), st.integers(0, 255)
        ),
        st.builds(lambda rest: header(0x11, IPV4 + rest), st.binary(max_size=100)),
    )
)
def test_any_bytes_give_a_header_or_a_named_error(data: bytes) -> None:
    """Never another error."""
    try:
        found = ProxyHeaderParser().feed(data)
    except InvalidProxyHeader:
        return
    assert found is None or found[0].header + found[1] == data
