"""Consumers and transports that take data at once, and give it on as a bucket allows.

Whoever produces for one is paused while anything waits; what waits is sent when the
bucket has drained, without being asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import sennit.core
from sennit.protocols._pacing import PacedProducer

if TYPE_CHECKING:
    from sennit.core.contracts import (
        IDelayedCall,
        IPullProducer,
        IPushProducer,
        IReactorTime,
    )
    from sennit.protocols.htb import Bucket, IBucketFilter

__all__ = ["ShapedConsumer", "ShapedProtocolFactory", "ShapedTransport"]


class ShapedConsumer:
    """Takes data at once, and gives it to another consumer as a bucket allows.

    Whoever produces for it is paused while anything waits.

    Attributes:
        consumer: The other consumer.
        bucket: The bucket.
        producer: Who produces for it; None if nobody is registered.
    """

    def __init__(
        self, consumer: Any, bucket: Bucket, clock: IReactorTime | None = None
    ) -> None:
        """Begin to shape.

        Args:
            consumer: Where data goes; it may pause us.
            bucket: What allows it.
            clock: Has us wait; None for the global reactor.
        """
        self.consumer: Any = consumer
        self.bucket: Bucket = bucket
        self.producer: Any = None
        self._clock = clock
        self._waiting = bytearray()
        self._full = False
        self._paced: PacedProducer | None = None
        self._retry: IDelayedCall | None = None
        # What is called when nothing waits any more, and nobody produces.
        self._then: Callable[[], object] | None = None
        self._over = False
        bucket._users += 1
        consumer.registerProducer(self, True)

    # A consumer

    def write(self, data: bytes) -> None:
        """Send bytes when they are allowed; they stay in order."""
        if self._over or self._then is not None:
            return
        self._waiting += data
        self._send()

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        """Send several pieces, as if they were joined."""
        self.write(b"".join(iovec))

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Let a producer write, which is paused while anything waits.

        Raises:
            RuntimeError: One is registered already.
        """
        if self._over:
            producer.stopProducing()
            return
        if self.producer is not None:
            raise RuntimeError(
                f"{producer!r} cannot be registered before {self.producer!r} is done"
            )
        self.producer = producer
        self._paced = PacedProducer(producer, streaming, self._call_later)
        self._paced.begin(held=bool(self._waiting))

    def unregisterProducer(self) -> None:
        """The producer is through."""
        if self._paced is not None:
            self._paced.end()
        self.producer = self._paced = None
        self._finish()

    # A producer

    def pauseProducing(self) -> None:
        """The other consumer is full."""
        self._full = True

    def resumeProducing(self) -> None:
        """The other consumer has room."""
        self._full = False
        self._send()

    def stopProducing(self) -> None:
        """The other consumer is gone: what waits is dropped."""
        paced = self._paced
        self._release()
        if paced is not None:
            paced.stopProducing()

    def _send(self) -> None:
        while self._waiting and not self._full and not self._over:
            allowed = self.bucket.add(len(self._waiting))
            if not allowed:
                self._wait()
                break
            data = bytes(self._waiting[:allowed])
            del self._waiting[:allowed]
            self.consumer.write(data)
        if self._paced is not None:
            # It may be what has written.
            self._paced.hold() if self._waiting else self._paced.release()
        self._finish()

    def _wait(self) -> None:
        if self._retry is None:
            wait = self.bucket.secondsUntil(len(self._waiting))
            # Never at once: a bucket that drains by fractions would be asked for ever.
            self._retry = self._call_later(max(wait, 0.001), self._try_again)

    def _try_again(self) -> None:
        self._retry = None
        self._send()

    def _end_with(self, then: Callable[[], object]) -> None:
        if not self._over and self._then is None:
            self._then = then
            self._finish()

    def _finish(self) -> None:
        if self._then is None or self._waiting or self.producer is not None:
            return
        if not self._over:
            self._release()
            self.consumer.unregisterProducer()
            self._then()

    def _release(self) -> None:
        if self._over:
            return
        self._over = True
        self._waiting.clear()
        self.bucket._users -= 1
        self.producer = self._paced = None
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None

    def _call_later(self, delay: float, f: Callable[[], object]) -> IDelayedCall:
        clock = sennit.core.reactor if self._clock is None else self._clock
        return clock.callLater(delay, f)


class ShapedTransport(ShapedConsumer):
    """A transport whose writes are shaped; all else is the real transport's."""

    def loseConnection(self) -> None:
        """Close when everything that waits is sent."""
        self._end_with(self.consumer.loseConnection)

    def loseWriteConnection(self) -> None:
        """Close our direction when everything that waits is sent."""
        self._end_with(self.consumer.loseWriteConnection)

    @property
    def disconnecting(self) -> bool:
        """Whether it is closing."""
        return self._then is not None or self.consumer.disconnecting

    def __getattr__(self, name: str) -> Any:
        return getattr(self.consumer, name)


class ShapedProtocolFactory:
    """Makes protocols on shaped transports; to be a factory's ``protocol``."""

    def __init__(
        self,
        protoClass: Callable[..., Any],
        bucketFilter: IBucketFilter,
        clock: IReactorTime | None = None,
    ) -> None:
        """Say which protocols, and which buckets.

        Args:
            protoClass: Makes a protocol.
            bucketFilter: Gives the bucket for a transport.
            clock: Has the transports wait; None for the global reactor.
        """
        self.protocol = protoClass
        self.bucketFilter = bucketFilter
        self._clock = clock

    def __call__(self, *a: Any, **kw: Any) -> Any:
        """Make a protocol, whose transport will be shaped."""
        protocol = self.protocol(*a, **kw)
        connect = protocol.makeConnection

        def makeConnection(transport: Any) -> Any:
            bucket = self.bucketFilter.getBucketFor(transport)
            return connect(ShapedTransport(transport, bucket, self._clock))

        protocol.makeConnection = makeConnection
        return protocol
