"""A limit on the bytes per second of all connections of a factory together.

Each second it is counted what was received and written. Who was over the limit waits for
as long as the surplus takes at the limit's rate: reading is paused on every connection,
and so is every producer. What a protocol writes without being a producer is counted, but
cannot be held back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from sennit.core import log
from sennit.core.failure import Failure
from sennit.core.protocol import connectionDone
from sennit.protocols._pacing import PacedProducer
from sennit.protocols.policies._wrapping import ProtocolWrapper, WrappingFactory

if TYPE_CHECKING:
    from sennit.core.contracts import (
        IDelayedCall,
        IProtocol,
        IPullProducer,
        IPushProducer,
        IReactorTime,
    )

__all__ = ["ThrottlingFactory", "ThrottlingProtocol"]

# Seconds between two looks at what was counted: the limits are per second.
_SECOND: Final = 1


class ThrottlingProtocol(ProtocolWrapper):
    """Counts what goes through it, and waits when the factory says so.

    Attributes:
        producer: Who writes here, and waits; registering sets it.
    """

    factory: ThrottlingFactory
    producer: Any = None

    def __init__(self, factory: ThrottlingFactory, wrappedProtocol: IProtocol) -> None:
        """Wrap a protocol."""
        super().__init__(factory, wrappedProtocol)
        # Paces the producer, if it is registered; one that is only set is paused.
        self._paced: PacedProducer | None = None
        # Reading waits if either wants it to.
        self._throttled = False
        self._paused = False

    def dataReceived(self, data: bytes) -> None:
        """Count, and hand over what was received."""
        self.factory.registerRead(len(data))
        super().dataReceived(data)

    def write(self, data: bytes) -> None:
        """Count, and write."""
        self.factory.registerWritten(len(data))
        super().write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Count, and write several pieces."""
        pieces = list(data)
        self.factory.registerWritten(sum(map(len, pieces)))
        super().writeSequence(pieces)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Forget the producer, and hand over the end."""
        if self._paced is not None:
            self._paced.end()
        super().connectionLost(reason)

    # The other protocol's flow

    def pauseProducing(self) -> None:
        """Read no more until `resumeProducing`."""
        self._paused = True
        self.transport.pauseProducing()

    def resumeProducing(self) -> None:
        """Read on, unless that has to wait."""
        self._paused = False
        if not self._throttled:
            self.transport.resumeProducing()

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Let a producer write here, paced by the transport and the limit."""
        paced = PacedProducer(producer, streaming, self.factory.callLater)
        super().registerProducer(paced, True)
        self.producer, self._paced = producer, paced
        paced.begin(self.factory.writesThrottled)

    def unregisterProducer(self) -> None:
        """The producer is through."""
        if self._paced is not None:
            self._paced.end()
        self.producer = self._paced = None
        super().unregisterProducer()

    # What the factory tells

    def throttleReads(self) -> None:
        """Receive nothing for now."""
        self._throttled = True
        if not self.disconnecting:
            self.transport.pauseProducing()

    def unthrottleReads(self) -> None:
        """Receive again, unless the other protocol has paused."""
        self._throttled = False
        if not self.disconnecting and not self._paused:
            self.transport.resumeProducing()

    def throttleWrites(self) -> None:
        """Have the producer, if there is one, write nothing for now."""
        if self._paced is not None:
            self._paced.hold()
        elif self.producer is not None:
            self.producer.pauseProducing()

    def unthrottleWrites(self) -> None:
        """Have the producer write again."""
        if self._paced is not None:
            self._paced.release()
        elif self.producer is not None:
            self.producer.resumeProducing()


class ThrottlingFactory(WrappingFactory):
    """Limits the bytes per second of its connections together, and their number.

    Attributes:
        connectionCount: How many connections there are.
        maxConnectionCount: How many there may be; None for any number.
        readLimit: How many bytes a second may be received; None for any number.
        writeLimit: How many bytes a second may be written; None for any number.
        readThisSecond: How many bytes were received since last looked at.
        writtenThisSecond: How many bytes were written since last looked at.
        readsThrottled: Whether nothing is received for now.
        writesThrottled: Whether producers write nothing for now.
    """

    protocol: Any = ThrottlingProtocol

    def __init__(
        self,
        wrappedFactory: Any,
        maxConnectionCount: int | None = None,
        readLimit: float | None = None,
        writeLimit: float | None = None,
        clock: IReactorTime | None = None,
    ) -> None:
        """Wrap a factory.

        Args:
            wrappedFactory: The other factory.
            maxConnectionCount: How many connections there may be at once.
            readLimit: Bytes a second.
            writeLimit: Bytes a second.
            clock: Counts the seconds; None for the global reactor.

        Raises:
            ValueError: A limit is not above 0.
        """
        for limit in (readLimit, writeLimit):
            if limit is not None and not limit > 0:
                raise ValueError(f"a limit is a number of bytes above 0, not {limit}")
        super().__init__(wrappedFactory)
        self.connectionCount: int = 0
        self.maxConnectionCount = maxConnectionCount
        self.readLimit = readLimit
        self.writeLimit = writeLimit
        self.readThisSecond: int = 0
        self.writtenThisSecond: int = 0
        # Each waits from the first connection to the last.
        self.unthrottleReadsID: IDelayedCall | None = None
        self.checkReadBandwidthID: IDelayedCall | None = None
        self.unthrottleWritesID: IDelayedCall | None = None
        self.checkWriteBandwidthID: IDelayedCall | None = None
        self.clock = clock

    @property
    def readsThrottled(self) -> bool:
        """Whether nothing is received for now."""
        return self.unthrottleReadsID is not None

    @property
    def writesThrottled(self) -> bool:
        """Whether producers write nothing for now."""
        return self.unthrottleWritesID is not None

    def registerWritten(self, length: int) -> None:
        """Count bytes that were written."""
        self.writtenThisSecond += length

    def registerRead(self, length: int) -> None:
        """Count bytes that were received."""
        self.readThisSecond += length

    # Looking at what was counted

    def checkReadBandwidth(self) -> None:
        """Hold reading back if it was too much; look again in a second."""
        surplus = _surplus(self.readThisSecond, self.readLimit)
        if surplus > 0 and not self.readsThrottled:
            self.throttleReads()
            self.unthrottleReadsID = self.callLater(surplus, self.unthrottleReads)
        self.readThisSecond = 0
        self.checkReadBandwidthID = self.callLater(_SECOND, self.checkReadBandwidth)

    def checkWriteBandwidth(self) -> None:
        """Hold producers back if it was too much; look again in a second."""
        surplus = _surplus(self.writtenThisSecond, self.writeLimit)
        if surplus > 0 and not self.writesThrottled:
            self.throttleWrites()
            self.unthrottleWritesID = self.callLater(surplus, self.unthrottleWrites)
        self.writtenThisSecond = 0
        self.checkWriteBandwidthID = self.callLater(_SECOND, self.checkWriteBandwidth)

    def throttleReads(self) -> None:
        """Have every connection receive nothing for now."""
        log.msg(f"Throttling reads on {self}")
        for each in list(self.protocols):
            each.throttleReads()

    def unthrottleReads(self) -> None:
        """Have every connection receive again."""
        self.unthrottleReadsID = None
        log.msg(f"Stopped throttling reads on {self}")
        for each in list(self.protocols):
            each.unthrottleReads()

    def throttleWrites(self) -> None:
        """Have every producer write nothing for now."""
        log.msg(f"Throttling writes on {self}")
        for each in list(self.protocols):
            each.throttleWrites()

    def unthrottleWrites(self) -> None:
        """Have every producer write again."""
        self.unthrottleWritesID = None
        log.msg(f"Stopped throttling writes on {self}")
        for each in list(self.protocols):
            each.unthrottleWrites()

    # Connections

    def buildProtocol(self, addr: Any) -> Any:
        """Wrap a protocol of the other factory's; None where there are too many."""
        limit = self.maxConnectionCount
        if limit is not None and self.connectionCount >= limit:
            log.msg(f"{self.logPrefix()}: refused {addr}: {limit} are connected")
            return None
        return super().buildProtocol(addr)

    def registerProtocol(self, p: Any) -> None:
        """Count a connection; the first lets the looking begin."""
        super().registerProtocol(p)
        self.connectionCount += 1
        if self.connectionCount == 1:
            if self.readLimit is not None:
                self.checkReadBandwidth()
            if self.writeLimit is not None:
                self.checkWriteBandwidth()
        if self.readsThrottled:
            p.throttleReads()

    def unregisterProtocol(self, p: Any) -> None:
        """Count a connection less; the last lets the looking end."""
        super().unregisterProtocol(p)
        self.connectionCount -= 1
        if self.connectionCount == 0:
            for name in (
                "unthrottleReadsID",
                "checkReadBandwidthID",
                "unthrottleWritesID",
                "checkWriteBandwidthID",
            ):
                call = getattr(self, name)
                if call is not None:
                    call.cancel()
                    setattr(self, name, None)


def _surplus(count: int, limit: float | None) -> float:
    """How many seconds more than one the bytes of one take."""
    return 0 if limit is None else count / limit - _SECOND
