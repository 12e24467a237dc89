"""Banana over a connection: the dialect, expressions both ways, and what ends it."""

from __future__ import annotations

from typing import Any

import pytest

from sennit.core.testing import StringTransport
from sennit.spread import banana
from sennit.spread.banana import Banana


class Peer(Banana):
    """Keeps what it is told."""

    def __init__(self, isClient: bool = True) -> None:
        super().__init__(isClient)
        self.ready = 0
        self.got: list[Any] = []

    def connectionReady(self) -> None:
        self.ready += 1

    def expressionReceived(self, lst: Any) -> None:
        self.got.append(lst)


def connected(peer: Banana) -> StringTransport:
    """Connect a peer to nothing."""
    transport = StringTransport()
    peer.makeConnection(transport)
    return transport


def agreed(server: Banana, client: Banana) -> tuple[StringTransport, StringTransport]:
    """Connect two peers, and have them agree on a dialect."""
    at_server, at_client = connected(server), connected(client)
    client.dataReceived(at_server.value())
    server.dataReceived(at_client.value())
    at_server.clear()
    at_client.clear()
    return at_server, at_client


def test_the_server_offers_and_the_client_chooses_the_best() -> None:
    """Both then speak ``pb``, and are told once that they may send."""
    server, client = Peer(False), Peer(True)
    at_server, at_client = connected(server), connected(client)
    assert at_server.value() == b"\x02\x80\x02\x82pb\x04\x82none"
    assert at_client.value() == b""
    client.dataReceived(at_server.value())
    assert at_client.value() == b"\x02\x82pb"
    server.dataReceived(at_client.value())
    assert server.currentDialect == client.currentDialect == b"pb"
    assert (server.ready, client.ready) == (1, 1)
    assert server.got == client.got == []


@pytest.mark.parametrize("dialect", [b"pb", b"none"])
def test_both_dialects_carry_the_same(dialect: bytes) -> None:
    """Words are short in one of them only; what arrives is the same."""

    class Picky(Peer):
        knownDialects = [dialect]

    server, client = Peer(False), Picky(True)
    at_server, at_client = agreed(server, client)
    assert server.currentDialect == dialect
    client.sendEncoded([b"list", b"x"])
    assert (at_client.value() == b"\x02\x80\x08\x87\x01\x82x") == (dialect == b"pb")
    server.dataReceived(at_client.value())
    server.sendEncoded((1, b"None"))
    client.dataReceived(at_server.value())
    assert server.got == [[b"list", b"x"]]
    assert client.got == [[1, b"None"]]


@pytest.mark.parametrize("is_client", [True, False])
@pytest.mark.parametrize("first", [1, b"other", [b"other"], [], [1], 2.5])
def test_no_dialect_in_common_ends_the_connection(first: Any, is_client: bool) -> None:
    """Nor do expressions come before a dialect is chosen."""
    peer = Peer(is_client)
    transport = connected(peer)
    peer.dataReceived(banana.encode(first))
    assert transport.disconnecting
    assert (peer.currentDialect, peer.ready, peer.got) == (None, 0, [])


def test_what_follows_the_dialect_in_one_piece_is_read_by_it() -> None:
    """The first expression may come together with the choice."""
    server = Peer(False)
    connected(server)
    server.dataReceived(b"\x02\x82pb\x02\x80\x08\x87\x05\x87\x01")
    server.dataReceived(b"\x81")
    assert server.got == [[b"list", b"dictionary"], 1]


def test_words_before_the_dialect_are_errors() -> None:
    """Nobody has agreed on a vocabulary then."""
    server = Peer(False)
    connected(server)
    with pytest.raises(banana.UnknownWord):
        server.dataReceived(b"\x08\x87")


def test_after_an_error_nothing_more_is_read() -> None:
    """The connection ends; what comes until then is dropped."""
    server, client = Peer(False), Peer(True)
    agreed(server, client)
    with pytest.raises(banana.ItemTooLong, match="655360 are the limit"):
        server.dataReceived(b"\x01\x81\x01\x00\x28\x82")
    server.dataReceived(b"\x01\x81")
    assert server.got == [1]


def test_the_limits_are_settings_of_the_protocol() -> None:
    """Each may be set in a subclass."""

    class Small(Peer):
        sizeLimit = 4
        maxDepth = 2
        maxItems = 6
        maxBytes = 20

    def refused(data: bytes, error: type[Exception]) -> None:
        peer = Small(False)
        agreed(peer, Peer(True))
        with pytest.raises(error):
            peer.dataReceived(data)

    refused(banana.encode(b"12345"), banana.ItemTooLong)
    refused(banana.encode([[[1]]]), banana.NestedTooDeep)
    refused(banana.encode([[1, 2], [3, 4], [5]]), banana.TooManyItems)
    refused(banana.encode([b"1234"] * 4), banana.MessageTooLong)
    with pytest.raises(banana.ItemTooLong):
        Small(False).sendEncoded(b"12345")


def test_the_limit_of_digits_is_a_setting() -> None:
    """For one connection, and for those made from now on."""
    peer = Peer(False)
    agreed(peer, Peer(True))
    peer.setPrefixLimit(2)
    peer.dataReceived(b"\x01\x01\x81")
    with pytest.raises(banana.NumberTooLong):
        peer.dataReceived(b"\x01\x01\x01\x81")
    try:
        banana.setPrefixLimit(1)
        assert Peer().prefixLimit == 1
    finally:
        banana.setPrefixLimit(banana.DEFAULT_LIMITS.maxPrefix)
    assert peer.prefixLimit == 2


def test_what_cannot_be_sent_sends_nothing() -> None:
    """Not even the part before it."""
    peer = Peer(True)
    transport = connected(peer)
    with pytest.raises(banana.Unsendable, match="str"):
        peer.sendEncoded([1, "text"])
    assert transport.value() == b""


def test_bytes_that_arrive_while_an_expression_is_handled_wait_for_their_turn() -> None:
    """Expressions are handed over in the order in which they came."""

    class Echo(Peer):
        def expressionReceived(self, lst: Any) -> None:
            if lst == 1:
                self.dataReceived(b"\x03\x81")
            super().expressionReceived(lst)

    peer = Echo(False)
    agreed(peer, Peer(True))
    peer.dataReceived(b"\x01\x81\x02\x81")
    assert peer.got == [1, 2, 3]


def test_an_error_of_the_users_loses_no_bytes() -> None:
    """The engine ends the connection; but if it goes on, it goes on behind it."""

    class Faulty(Peer):
        def expressionReceived(self, lst: Any) -> None:
            super().expressionReceived(lst)
            if lst == 1:
                raise LookupError("a fault")

    peer = Faulty(False)
    agreed(peer, Peer(True))
    with pytest.raises(LookupError):
        peer.dataReceived(b"\x01\x81\x02\x81")
    peer.dataReceived(b"\x03\x81")
    assert peer.got == [1, 2, 3]


class Answering(Peer):
    """Answers each expression, and ends the connection after a 0."""

    gathers = True
    writes: int

    def expressionReceived(self, lst: Any) -> None:
        self.sendEncoded(lst)
        if lst == 0:
            self.flush()
            self.transport.loseConnection()


def test_answers_may_go_out_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """With ``gathers``, one write has all that was sent while a chunk was read."""
    peer = Answering(False)
    transport, _ = agreed(peer, Peer(True))
    writes: list[bytes] = []
    monkeypatch.setattr(transport, "write", writes.append)
    peer.dataReceived(b"\x01\x81\x02\x81")
    peer.sendEncoded(5)
    peer.dataReceived(b"\x03\x81\x00\x81")
    assert writes == [b"\x01\x81\x02\x81", b"\x05\x81", b"\x03\x81\x00\x81"]
    assert transport.disconnecting


class Quick(Peer):
    """Reads messages that are one integer of one digit itself."""

    def quickly(self, data: bytes, at: int) -> tuple[int, Any] | None:
        if data[at : at + 2] == b"\x07\x81":
            return at + 2, "seven"
        return None

    def messageReceived(self, message: Any) -> None:
        self.got.append(message)


def test_a_protocol_may_read_whole_messages_itself() -> None:
    """Those it does not take become expressions, in their order."""
    peer = Quick(False)
    agreed(peer, Peer(True))
    for byte in b"\x07\x81\x02\x80\x07\x81":
        peer.dataReceived(bytes((byte,)))
    peer.dataReceived(b"\x07\x81\x07\x81\x01\x81\x07\x81\x07")
    peer.dataReceived(b"\x81")
    assert peer.got == ["seven", [7, 7], "seven", 1, "seven", "seven"]
