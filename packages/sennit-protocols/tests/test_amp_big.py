"""Values longer than the wire's: between two of us, and not towards a classic peer."""

from __future__ import annotations

from typing import Any

import pytest

from sennit.core.defer import Deferred
from sennit.core.testing import IOPump, connectedServerAndClient
from sennit.protocols import amp

BIG = 200_000


class Swap(amp.Command):
    data: bytes
    text: str

    class Response:
        data: bytes


class Ping(amp.Command):
    pass


class Peer(amp.AMP):
    @Swap.responder
    def swap(self, data: bytes, text: str) -> bytes:
        return data[::-1]

    @Ping.responder
    def ping(self) -> dict[str, Any]:
        return {}


class ClassicPeer(Peer):
    """Knows nothing of big values."""

    maxBigBytes = 0


class SmallPeer(Peer):
    maxBigBytes = 100_000


def outcome(call: Deferred[Any], pump: IOPump) -> Any:
    found: list[Any] = []
    call.addCallbacks(found.append, lambda failure: found.append(failure.value))
    pump.flush()
    (each,) = found
    return each


def settled(pump: IOPump) -> bool:
    """Whether neither side keeps anything, and the connection is there."""
    sides = (pump.client, pump.server)
    kept = [
        (side._amp_big._kept, side._amp_big._came, side._amp_calls._waiting)
        for side in sides
    ]
    return kept == [(0, {}, {})] * 2 and pump.clientIO.connected


@pytest.mark.parametrize("size", [65_535, 65_536, BIG, 5_000_000])
def test_a_big_value_goes_there_and_back(size: int) -> None:
    _, _, pump = connectedServerAndClient(Peer, Peer)
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    response = outcome(pump.client.callRemote(Swap, data=data, text="t" * size), pump)
    assert response.data == data[::-1]
    assert settled(pump)


def test_both_sides_may_send_them_at_once() -> None:
    _, _, pump = connectedServerAndClient(Peer, Peer)
    calls = [
        side.callRemote(Swap, data=b"ab" * BIG, text="")
        for side in (pump.client, pump.server, pump.client)
    ]
    pump.flush()
    assert [outcome(call, pump).data for call in calls] == [b"ba" * BIG] * 3
    assert settled(pump)


def test_it_is_asked_once_whether_they_are_taken() -> None:
    _, _, pump = connectedServerAndClient(Peer, Peer)
    asked: list[bytes] = []
    receive = pump.server.ampBoxReceived

    def note(box: Any) -> None:
        asked.append(box.get(b"_command", b""))
        receive(box)

    pump.server.ampBoxReceived = note
    for _ in range(3):
        outcome(pump.client.callRemote(Swap, data=b"x" * BIG, text=""), pump)
    assert asked.count(b"_sennit.big") == 1


def test_nothing_of_it_is_sent_before_there_is_such_a_value() -> None:
    _, _, pump = connectedServerAndClient(ClassicPeer, Peer)
    boxes: list[Any] = []
    receive = pump.server.ampBoxReceived

    def note(box: Any) -> None:
        boxes.append(box.copy())
        receive(box)

    pump.server.ampBoxReceived = note
    outcome(pump.client.callRemote(Ping), pump)
    assert boxes == [{b"_ask": b"1", b"_command": b"Ping"}]


def test_towards_a_classic_peer_the_call_says_why_it_fails() -> None:
    _, _, pump = connectedServerAndClient(ClassicPeer, Peer)
    for _ in range(2):
        error = outcome(pump.client.callRemote(Swap, data=b"x" * BIG, text=""), pump)
        assert type(error) is amp.NoBigValues
        assert str(error) == (
            f"local value of b'data' too long: {BIG} bytes, "
            "and the other side takes 65535 a value"
        )
    assert settled(pump)
    assert outcome(pump.client.callRemote(Ping), pump) == {}


def test_an_answer_that_a_classic_peer_cannot_take_is_an_error_to_it() -> None:
    class Giant(Peer):
        @Swap.responder
        def giant(self, data: bytes, text: str) -> bytes:
            return b"x" * BIG

    _, _, pump = connectedServerAndClient(Giant, ClassicPeer)
    error = outcome(pump.client.callRemote(Swap, data=b"", text=""), pump)
    assert type(error) is amp.UnknownRemoteError
    assert "too long: 200000 bytes" in str(error)
    assert settled(pump)


def test_more_than_the_other_side_keeps_is_not_sent() -> None:
    _, _, pump = connectedServerAndClient(SmallPeer, Peer)
    error = outcome(pump.client.callRemote(Swap, data=b"x" * BIG, text=""), pump)
    assert type(error) is amp.NoBigValues
    assert error.limit == 100_000
    assert outcome(pump.client.callRemote(Swap, data=b"x" * 90_000, text=""), pump).data


@pytest.mark.parametrize("data", [b"x" * 60_000, b""])
def test_who_sends_more_all_the_same_is_hung_up_on(data: bytes) -> None:
    _, _, pump = connectedServerAndClient(SmallPeer, Peer)
    for _ in range(2000):
        if not pump.serverIO.connected:
            break
        part = amp.AmpBox(_command=b"_sennit.part", number=b"1", data=data)
        pump.client.sendBox(part)
        pump.flush()
    assert not pump.serverIO.connected
    assert pump.server._amp_big._came == {}


def test_a_box_whose_big_value_has_not_come_is_refused() -> None:
    _, _, pump = connectedServerAndClient(Peer, Peer)
    numbers = amp.AmpBox(data=b"7").serialize()
    box = amp.AmpBox({b"_ask": b"1", b"_command": b"Swap", b"_sennit.big": numbers})
    with pytest.raises(amp.MalformedAmpBox, match="has not come"):
        pump.server.dataReceived(box.serialize())


def test_a_cancelled_call_whose_value_is_not_sent_yet_is_not_sent() -> None:
    _, _, pump = connectedServerAndClient(Peer, Peer)
    call = pump.client.callRemote(Swap, data=b"x" * BIG, text="")
    call.addErrback(lambda _: None)
    call.cancel()
    pump.flush()
    assert settled(pump)


def test_the_connection_may_end_before_it_is_known() -> None:
    _, _, pump = connectedServerAndClient(Peer, Peer)
    call = pump.client.callRemote(Swap, data=b"x" * BIG, text="")
    pump.server.transport.loseConnection()
    assert isinstance(outcome(call, pump), Exception)
