"""``twisted.protocols.pcp``: what stands between a producer and a consumer.

Data may be bytes or, as with Twisted, text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["BasicProducerConsumerProxy", "ProducerConsumerProxy"]


class BasicProducerConsumerProxy:
    """Passes on what it is told, and keeps what comes while it may not write.

    Attributes:
        consumer: Who takes the data; None when it wants no more.
        producer: Who makes it; None if nobody does.
        producerIsStreaming: Whether that is a push producer.
        iAmStreaming: Whether this is one.
        outstandingPull: Whether the consumer has asked, and got nothing yet.
        paused: Whether the consumer wants nothing for now.
    """

    consumer: Any = None
    producer: Any = None
    producerIsStreaming: bool | None = None
    iAmStreaming: bool = True
    outstandingPull: bool = False
    paused: bool = False

    def __init__(self, consumer: Any) -> None:
        self._waiting: Any = b""
        if consumer is not None:
            self.consumer = consumer
            consumer.registerProducer(self, self.iAmStreaming)

    # A producer

    def pauseProducing(self) -> None:
        """Write nothing for now."""
        self.paused = True
        if self.producer is not None:
            self.producer.pauseProducing()

    def resumeProducing(self) -> None:
        """Write what waits, and ask for more."""
        self.paused = False
        sent = self._flush()
        if not self.iAmStreaming:
            self.outstandingPull = not sent
        self._ask()

    def stopProducing(self) -> None:
        """Nothing more is wanted."""
        self.consumer = None
        if self.producer is not None:
            self.producer.stopProducing()

    # A consumer

    def write(self, data: Any) -> None:
        """Pass data on, or keep it."""
        self._waiting = self._waiting + data if self._waiting else data
        if not self.paused and (self.iAmStreaming or self.outstandingPull):
            self.outstandingPull = False
            self._flush()

    def writeSequence(self, data: Iterable[Any]) -> None:
        """Pass pieces on, one after the other."""
        for piece in data:
            self.write(piece)

    def finish(self) -> None:
        """Tell the consumer that it was all."""
        if self.consumer is not None:
            self.consumer.finish()
        self.unregisterProducer()

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let a producer write."""
        self.producer = producer
        self.producerIsStreaming = streaming

    def unregisterProducer(self) -> None:
        """The producer is through."""
        self.producer = self.producerIsStreaming = None
        self._leave()

    def _ask(self) -> None:
        if self.producer is not None:
            self.producer.resumeProducing()

    def _leave(self) -> None:
        if self.consumer is not None:
            self.consumer.unregisterProducer()

    def _flush(self) -> int:
        """Write what waits, as much as may be; how much that was."""
        if not self._waiting or self.consumer is None:
            return 0
        sent = self._writeSomeData(self._waiting)
        self._waiting = self._waiting[sent:]
        return sent

    def _writeSomeData(self, data: Any) -> int:
        self.consumer.write(data)
        return len(data)


class ProducerConsumerProxy(BasicProducerConsumerProxy):
    """Keeps data for a consumer, and paces the producer by how much that is.

    Attributes:
        bufferSize: How many bytes wait before a push producer is paused.
        producerPaused: Whether it is.
        unregistered: Whether the producer is through.
    """

    bufferSize: int = 65536
    producerPaused: bool = False
    unregistered: bool = False

    def pauseProducing(self) -> None:
        """Write nothing for now; the producer may go on until too much waits."""
        self.paused = True

    def resumeProducing(self) -> None:
        """Write what waits, and ask for more."""
        super().resumeProducing()
        if self.unregistered and not self._waiting:
            self._leave()

    def write(self, data: Any) -> None:
        """Pass data on, or keep it."""
        super().write(data)
        if self.producerIsStreaming and len(self._waiting) >= self.bufferSize:
            self.producerPaused = True
            self.producer.pauseProducing()

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let a producer write; one that has to be asked is asked at once."""
        self.unregistered = False
        super().registerProducer(producer, streaming)
        if not streaming:
            producer.resumeProducing()

    def unregisterProducer(self) -> None:
        """The producer is through; so are we when nothing waits any more."""
        self.producer: Any = None
        self.producerIsStreaming: bool | None = None
        self.unregistered = True
        if not self._waiting:
            self._leave()

    def _ask(self) -> None:
        if self.producer is None:
            return
        if self.producerIsStreaming:
            if self.producerPaused and len(self._waiting) < self.bufferSize:
                self.producerPaused = False
                self.producer.resumeProducing()
        elif self.iAmStreaming or self.outstandingPull:
            self.producer.resumeProducing()
