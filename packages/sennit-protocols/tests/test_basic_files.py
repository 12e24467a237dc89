"""Sending files."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.core.testing import StringTransport
from sennit.protocols.basic import FileSender


class Outcome:
    """What a Deferred has fired with."""

    def __init__(self, deferred: Deferred[bytes]) -> None:
        self.results: list[object] = []
        deferred.addBoth(self.results.append)

    @property
    def error(self) -> BaseException:
        """What it has failed with."""
        [failure] = self.results
        assert isinstance(failure, Failure)
        assert isinstance(failure.value, BaseException)
        return failure.value


def test_a_file_is_sent_piece_by_piece() -> None:
    """Each time the consumer asks a piece is written; the result is the last byte."""
    sender = FileSender()
    transport: Any = StringTransport()
    sender.CHUNK_SIZE = 4
    outcome = Outcome(sender.beginFileTransfer(BytesIO(b"test content"), transport))
    assert transport.producer == sender
    assert not transport.streaming
    for count in range(3):
        assert transport.value() == b"test content"[: 4 * count]
        sender.resumeProducing()
    assert outcome.results == []
    sender.pauseProducing()
    sender.resumeProducing()
    assert outcome.results == [b"t"]
    assert transport.producer is None
    sender.resumeProducing()
    assert transport.value() == b"test content"


def test_an_empty_file_is_sent_at_once() -> None:
    """There is no last byte then."""
    sender, transport = FileSender(), StringTransport()
    outcome = Outcome(sender.beginFileTransfer(BytesIO(), transport))
    sender.resumeProducing()
    assert outcome.results == [b""]


def test_what_is_sent_may_be_transformed() -> None:
    """The transform gives what is sent; a piece of which nothing is left is passed over."""
    sender, transport = FileSender(), StringTransport()
    sender.CHUNK_SIZE = 1
    outcome = Outcome(
        sender.beginFileTransfer(
            BytesIO(b"a-b"), transport, lambda piece: piece.strip(b"-").upper()
        )
    )
    for _ in range(3):
        sender.resumeProducing()
    assert transport.value() == b"AB"
    assert outcome.results == [b"B"]


def test_a_consumer_that_stops_fails_the_transfer() -> None:
    """stopProducing is the end, and said to be so."""
    sender, transport = FileSender(), StringTransport()
    outcome = Outcome(sender.beginFileTransfer(BytesIO(b"x"), transport))
    sender.stopProducing()
    assert str(outcome.error) == "Consumer asked us to stop producing"
    sender.resumeProducing()
    sender.stopProducing()
    assert transport.value() == b""


def test_a_file_that_cannot_be_read_fails_the_transfer() -> None:
    """What reading raises is the result, and the consumer is let go."""

    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    sender, transport = FileSender(), StringTransport()
    outcome = Outcome(sender.beginFileTransfer(Broken(), transport))
    sender.resumeProducing()
    assert isinstance(outcome.error, OSError)
    assert transport.producer is None


def test_a_transfer_can_be_cancelled() -> None:
    """Cancelling the Deferred lets the consumer go; nothing more is written."""
    sender, transport = FileSender(), StringTransport()
    deferred = sender.beginFileTransfer(BytesIO(b"x"), transport)
    outcome = Outcome(deferred)
    deferred.cancel()
    assert type(outcome.error).__name__ == "CancelledError"
    assert transport.producer is None
    sender.resumeProducing()
    assert transport.value() == b""
    with pytest.raises(RuntimeError):
        transport.unregisterProducer()
