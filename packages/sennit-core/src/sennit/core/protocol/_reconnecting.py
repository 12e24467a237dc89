"""A client's factory that connects again, waiting longer after each failure.

The wait grows by a factor up to a ceiling, and is spread at random around its length,
so that the clients of a server that went down do not come back all at once. Only the
wait is random: what grows is the plain number, so it stays within its bounds.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any

import sennit.core
from sennit.core import log
from sennit.core.errors import NotConnectingError
from sennit.core.protocol._factory import ClientFactory

if TYPE_CHECKING:
    from sennit.core.contracts import IConnector, IDelayedCall, IReactorTime
    from sennit.core.failure import Failure

__all__ = ["ReconnectingClientFactory"]

# What concerns the process a factory lives in, and does not travel in a pickle.
_NOT_PICKLED = frozenset(
    {"_callID", "clock", "connector", "continueTrying", "delay", "retries"}
)


class ReconnectingClientFactory(ClientFactory):
    """A factory for clients that stay connected.

    Call `resetDelay` once a connection has proved good, best when the other side has
    answered; otherwise the waits keep growing.

    Attributes:
        maxDelay: The longest wait, in seconds.
        initialDelay: The first wait, in seconds.
        factor: How much longer each wait is than the one before.
        jitter: The spread of a wait, as the share of it that is one standard
            deviation; None for exact waits.
        delay: The next wait, in seconds, before it is spread.
        retries: How many attempts were made since the last success.
        maxRetries: How many attempts are made before it gives up; None for no end.
        continueTrying: Whether it still connects again.
        connector: What the last attempt was made with.
        clock: What waits; the reactor where it is None.
    """

    maxDelay: float = 3600.0
    initialDelay: float = 1.0
    # Euler's number: slow enough at first, and an hour is reached with the ninth wait.
    factor: float = math.e
    # About an eighth; the number is the field's (the molar Planck constant times c).
    jitter: float | None = 0.119626565582
    delay: float = initialDelay
    retries: int = 0
    maxRetries: int | None = None
    continueTrying: bool = True
    connector: IConnector | None = None
    clock: IReactorTime | None = None
    _callID: IDelayedCall | None = None

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """Try again, after a while."""
        if self.continueTrying:
            self.retry(connector)

    def clientConnectionLost(self, connector: IConnector, reason: Failure) -> None:
        """Connect again, after a while."""
        if self.continueTrying:
            self.retry(connector)

    def retry(self, connector: IConnector | None = None) -> None:
        """Connect again after the next wait, unless told to stop or out of attempts.

        Args:
            connector: What to connect with; None for the one used last.

        Raises:
            ValueError: When none was given, and none was used before.
        """
        connector = connector or self.connector
        if not self.continueTrying:
            self._say(f"Abandoning {connector} on explicit request")
            return
        if connector is None:
            raise ValueError("there is no connector to try again with")
        self.connector = connector
        if self.maxRetries is not None and self.retries >= self.maxRetries:
            self._say(f"Abandoning {connector} after {self.retries} retries.")
            return
        self.retries += 1
        wait = self._next_wait()
        self._say(f"{connector} will retry in {wait:.0f} seconds")
        clock = self.clock or sennit.core.reactor
        self._callID = clock.callLater(wait, self._connect_again, connector)

    def stopTrying(self) -> None:
        """Give up: no wait, no attempt goes on, and none begins."""
        if self._callID is not None:
            self._callID.cancel()
            self._callID = None
        self.continueTrying = False
        if self.connector is not None:
            try:
                self.connector.stopConnecting()
            except NotConnectingError:
                # It was waiting, or is connected, which does not end by this.
                return

    def resetDelay(self) -> None:
        """Begin the row of waits anew: the connection has proved good."""
        self.delay = self.initialDelay
        self.retries = 0
        self.continueTrying = True

    def _next_wait(self) -> float:
        wait = self.delay
        self.delay = min(self.delay * self.factor, self.maxDelay)
        if self.jitter:
            wait = random.normalvariate(wait, wait * self.jitter)
        return min(max(wait, 0.0), self.maxDelay)

    def _connect_again(self, connector: IConnector) -> None:
        self._callID = None
        connector.connect()

    def _say(self, text: str) -> None:
        if self.noisy:
            log.msg(text)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out of a pickle what concerns this process."""
        return {k: v for k, v in self.__dict__.items() if k not in _NOT_PICKLED}
