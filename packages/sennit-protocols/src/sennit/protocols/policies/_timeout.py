"""Time limits: for a protocol that sets its own, and for any protocol that does not.

Putting a limit off is the reset of one call, however often it happens: it costs as
much as looking at the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

import sennit.core
from sennit.core.failure import Failure
from sennit.core.protocol import connectionDone
from sennit.protocols.policies._wrapping import ProtocolWrapper, WrappingFactory

if TYPE_CHECKING:
    from sennit.core.contracts import IDelayedCall, IProtocol, IReactorTime

__all__ = ["TimeoutFactory", "TimeoutMixin", "TimeoutProtocol"]

# Half an hour, in seconds: longer than anybody reads before typing on.
_IDLE: Final = 30 * 60


class TimeoutMixin:
    """Gives a protocol a time limit, which what it receives may put off.

    Attributes:
        timeOut: Seconds of the limit; None for none.
    """

    timeOut: float | None = None

    _limit: IDelayedCall | None = None

    def callLater(self, period: float, func: Callable[[], object]) -> IDelayedCall:
        """Call later: to be overridden where time is somebody else's."""
        return sennit.core.reactor.callLater(period, func)

    def resetTimeout(self) -> None:
        """Let the whole time begin anew, where there is a limit."""
        if self._limit is not None and self.timeOut is not None:
            self._limit.reset(self.timeOut)

    def setTimeout(self, period: float | None) -> float | None:
        """Set the limit, from now on.

        Args:
            period: Seconds; None for no limit.

        Returns:
            The limit there was.
        """
        before, self.timeOut = self.timeOut, period
        if self._limit is None:
            if period is not None:
                self._limit = self.callLater(period, self._time_out)
        elif period is not None:
            self._limit.reset(period)
        else:
            _call_off(self._limit)
            self._limit = None
        return before

    def _time_out(self) -> None:
        self._limit = None
        self.timeoutConnection()

    def timeoutConnection(self) -> None:
        """Close the connection: the time is over; may be overridden."""
        transport: Any = getattr(self, "transport")  # noqa: B009 (the other base has it)
        transport.loseConnection()


class TimeoutProtocol(ProtocolWrapper):
    """Closes a connection on which nothing is received or written for a while.

    Attributes:
        timeoutPeriod: How long that is, in seconds; None for ever.
    """

    timeoutPeriod: float | None
    # The limit; None while there is none.
    timeoutCall: IDelayedCall | None = None

    def __init__(
        self, factory: Any, wrappedProtocol: IProtocol, timeoutPeriod: float | None
    ) -> None:
        """Wrap a protocol; the time begins now.

        Args:
            factory: The factory, with a ``callLater``.
            wrappedProtocol: The other protocol.
            timeoutPeriod: Seconds; None for no limit.
        """
        super().__init__(factory, wrappedProtocol)
        self.setTimeout(timeoutPeriod)

    def setTimeout(self, timeoutPeriod: float | None = None) -> None:
        """Set a limit, from now on.

        Args:
            timeoutPeriod: Seconds; None for no limit.
        """
        self.cancelTimeout()
        self.timeoutPeriod = timeoutPeriod
        if timeoutPeriod is not None:
            self.timeoutCall = self.factory.callLater(timeoutPeriod, self._time_out)

    def cancelTimeout(self) -> None:
        """Have no limit any more."""
        self.timeoutPeriod = None
        if self.timeoutCall is not None:
            _call_off(self.timeoutCall)
            self.timeoutCall = None

    def resetTimeout(self) -> None:
        """Let the whole time begin anew, where there is a limit."""
        if self.timeoutCall is not None and self.timeoutPeriod is not None:
            self.timeoutCall.reset(self.timeoutPeriod)

    def _time_out(self) -> None:
        self.timeoutCall = None
        self.timeoutFunc()

    def timeoutFunc(self) -> None:
        """Close the connection: the time is over; may be overridden.

        Who does not take what was written would keep it open: after the same time
        again it is aborted.
        """
        self.timeoutCall = self.factory.callLater(self.timeoutPeriod, self._give_up)
        self.loseConnection()

    def _give_up(self) -> None:
        self.timeoutCall = None
        self.abortConnection()

    def write(self, data: bytes) -> None:
        """Write, and put the limit off."""
        if not self.disconnecting:
            self.resetTimeout()
        super().write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Write several pieces, and put the limit off."""
        if not self.disconnecting:
            self.resetTimeout()
        super().writeSequence(data)

    def dataReceived(self, data: bytes) -> None:
        """Put the limit off, and hand over what was received."""
        if not self.disconnecting:
            self.resetTimeout()
        super().dataReceived(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Forget the limit, and hand over the end."""
        self.cancelTimeout()
        super().connectionLost(reason)


class TimeoutFactory(WrappingFactory):
    """Closes connections on which nothing is received or written for a while.

    Attributes:
        timeoutPeriod: How long that is, in seconds; None for ever.
    """

    protocol: Any = TimeoutProtocol

    def __init__(
        self,
        wrappedFactory: Any,
        timeoutPeriod: float | None = _IDLE,
        clock: IReactorTime | None = None,
    ) -> None:
        """Wrap a factory.

        Args:
            wrappedFactory: The other factory.
            timeoutPeriod: Seconds; None for no limit.
            clock: Counts the time; None for the global reactor.
        """
        super().__init__(wrappedFactory)
        self.timeoutPeriod = timeoutPeriod
        self.clock = clock

    def buildProtocol(self, addr: Any) -> Any:
        """Wrap a protocol of the other factory's; None where it makes none."""
        wrapped = self.wrappedFactory.buildProtocol(addr)
        if wrapped is None:
            return None
        return self.protocol(self, wrapped, timeoutPeriod=self.timeoutPeriod)


def _call_off(call: IDelayedCall) -> None:
    """Cancel a call, unless somebody else has: programs reach for the clock's calls."""
    if call.active():
        call.cancel()
