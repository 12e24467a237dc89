"""What stands between a producer and a consumer."""

from __future__ import annotations

from typing import Any

import pytest

from sennit.compat.faces.protocols.pcp import (
    BasicProducerConsumerProxy,
    ProducerConsumerProxy,
)
from sennit.core.testing import StringTransport


class Producer:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def pauseProducing(self) -> None:
        self.told.append("pause")

    def resumeProducing(self) -> None:
        self.told.append("resume")

    def stopProducing(self) -> None:
        self.told.append("stop")


class Pulling(ProducerConsumerProxy):
    iAmStreaming = False


KINDS: list[type[BasicProducerConsumerProxy]] = [
    BasicProducerConsumerProxy,
    ProducerConsumerProxy,
]


@pytest.mark.parametrize("kind", KINDS)
def test_data_waits_while_it_is_paused(kind: type[BasicProducerConsumerProxy]) -> None:
    """And is passed on when it goes on, in order."""
    transport = StringTransport()
    proxy = kind(transport)
    assert transport.producer is proxy
    proxy.write(b"a")
    proxy.pauseProducing()
    proxy.writeSequence([b"b", b"c"])
    assert transport.value() == b"a"
    proxy.resumeProducing()
    assert transport.value() == b"abc"
    proxy.stopProducing()
    proxy.write(b"late")
    assert transport.value() == b"abc"


def test_the_basic_one_hands_on_what_it_is_told() -> None:
    """To its producer, and to its consumer."""
    transport: Any = StringTransport()
    finished: list[bool] = []
    transport.finish = lambda: finished.append(True)
    proxy, producer = BasicProducerConsumerProxy(transport), Producer()
    proxy.registerProducer(producer, True)
    proxy.pauseProducing()
    proxy.resumeProducing()
    proxy.stopProducing()
    assert producer.told == ["pause", "resume", "stop"]
    proxy = BasicProducerConsumerProxy(StringTransport())
    proxy.consumer = transport
    proxy.finish()
    assert finished == [True]
    assert transport.producer is None


def test_a_push_producer_is_paused_when_much_waits() -> None:
    """And goes on when it was taken."""
    transport = StringTransport()
    proxy, producer = ProducerConsumerProxy(transport), Producer()
    proxy.bufferSize = 10
    proxy.registerProducer(producer, True)
    proxy.pauseProducing()
    proxy.write(b"x" * 9)
    assert producer.told == []
    proxy.write(b"x")
    assert producer.told == ["pause"]
    proxy.resumeProducing()
    assert producer.told == ["pause", "resume"]
    assert transport.value() == b"x" * 10


def test_who_pulls_gets_a_piece_each_time() -> None:
    """What comes unasked waits, and the end of the producer is told after it."""
    transport: Any = StringTransport()
    proxy, producer = Pulling(transport), Producer()
    proxy.registerProducer(producer, False)
    assert producer.told == ["resume"]
    proxy.write("text")
    proxy.write(" waits")
    proxy.unregisterProducer()
    assert transport.producer is proxy
    transport.write = lambda data: transport.io.write(data.encode())
    proxy.resumeProducing()
    assert transport.value() == b"text waits"
    assert transport.producer is None
