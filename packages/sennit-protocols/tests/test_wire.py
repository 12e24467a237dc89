"""The small servers."""

from __future__ import annotations

import struct
import time
from typing import Any

import pytest

from sennit.core.protocol import Protocol
from sennit.core.testing import StringTransport, connect
from sennit.protocols import wire


def connected(protocol: Protocol) -> Any:
    """The transport of a protocol that is connected now."""
    transport = StringTransport()
    protocol.makeConnection(transport)
    return transport


def test_echo_gives_back() -> None:
    """In the pieces that came."""
    echo = wire.Echo()
    transport = connected(echo)
    echo.dataReceived(b"a")
    echo.dataReceived(b"bc")
    assert transport.value() == b"abc"


def test_echo_reads_no_more_than_is_taken_back() -> None:
    """Who does not read his echo cannot send without end."""
    client = Protocol()
    pump = connect(wire.Echo(), client, highWater=1000)
    pump.flush()
    pump.clientIO.pauseProducing()
    for _ in range(100):
        client.transport.write(b"x" * 1000)
        pump.flush()
    assert len(pump.clientIO._buffer) >= 90_000
    assert len(pump.serverIO._buffer) <= 10_000


def test_discard_is_silent() -> None:
    """Whatever comes."""
    discard = wire.Discard()
    transport = connected(discard)
    discard.dataReceived(b"abc")
    assert transport.value() == b""


def test_chargen_sends_when_it_is_asked() -> None:
    """Lines of 72 characters, each one further; at the end it hangs up."""
    chargen = wire.Chargen()
    transport = connected(chargen)
    assert transport.producer is chargen
    assert not transport.streaming
    chargen.resumeProducing()
    lines = transport.value().split(b"\r\n")
    assert {len(line) for line in lines[:-1]} == {72}
    assert lines[0].startswith(b' !"#$')
    assert lines[1].startswith(b'!"#$')
    assert lines[94].startswith(b'~ !"#')
    chargen.stopProducing()
    assert transport.disconnecting


@pytest.mark.parametrize("kind", [wire.QOTD, wire.Who, wire.Daytime])
def test_who_says_one_thing_hangs_up(kind: type[Protocol]) -> None:
    """After a line or more."""
    transport = connected(kind())
    assert transport.value().endswith(b"\r\n")
    assert transport.disconnecting


def test_what_is_said_can_be_told_otherwise() -> None:
    """The quote, and the users."""

    class Quote(wire.QOTD):
        def getQuote(self) -> bytes:
            return b"fish"

    class Users(wire.Who):
        def getUsers(self) -> bytes:
            return b"nobody"

    assert connected(Quote()).value() == b"fish"
    assert connected(Users()).value() == b"nobody"


def test_daytime_can_be_read() -> None:
    """By people and by programs."""
    said = connected(wire.Daytime()).value().decode().strip()
    then = time.strptime(said)
    assert abs(time.mktime(then) - time.mktime(time.gmtime())) < 10


def test_time_counts_from_1900() -> None:
    """RFC 868: 2,208,988,800 corresponds to 1970."""
    (seconds,) = struct.unpack("!I", connected(wire.Time()).value())
    assert abs(seconds - 2_208_988_800 - time.time()) < 10
