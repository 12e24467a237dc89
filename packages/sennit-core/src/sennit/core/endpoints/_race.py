"""A race between the addresses of a host: who is connected first wins.

`Eyeballs` says what is tried when; here it is done. Addresses come from the reactor's
``nameResolver`` and are tried as they come, each by a TCP endpoint of its own; time is
the reactor's. Whatever ends a race ends all of it: the search, the attempts, the timers.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from sennit.core import log
from sennit.core.address import HostnameAddress, IPv4Address, IPv6Address
from sennit.core.defer import Deferred
from sennit.core.endpoints._eyeballs import Eyeballs
from sennit.core.endpoints._tcp import TCP4ClientEndpoint, TCP6ClientEndpoint
from sennit.core.engine._names._name import isLiteral
from sennit.core.engine._names._search import Resolution, lookupError
from sennit.core.engine._sockets import isIPv6Address
from sennit.core.errors import (
    ConnectingCancelledError,
    DNSTimeoutError,
    NoRouteError,
)
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.contracts import (
        IAddress,
        IDelayedCall,
        IHostResolution,
        IProtocolFactory,
        IReactorPluggableNameResolver,
        IReactorTCP,
        IReactorTime,
    )

    class NamingReactor(
        IReactorTCP, IReactorTime, IReactorPluggableNameResolver, Protocol
    ):
        """What connecting by name needs."""


__all__ = ["Race"]

# Failures that tell of this host only: it has no way out for that family.
_NO_WAY: Final = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class Race:
    """One call of ``connect``: the search and the attempts, until one has won."""

    def __init__(
        self,
        reactor: NamingReactor,
        host: str,
        port: int,
        timeout: float,
        bindAddress: tuple[str, int] | None,
        eyeballs: Eyeballs,
        factory: IProtocolFactory,
    ) -> None:
        self.made: Deferred[Any] = Deferred(self._cancelled)
        self._reactor = reactor
        self._host = host
        self._port = port
        self._timeout = timeout
        self._bind_address = bindAddress
        self._eyeballs = eyeballs
        self._factory = factory
        self._attempts: list[Deferred[Any]] = []
        self._failures: list[tuple[IAddress, Failure]] = []
        self._resolution: IHostResolution | None = None
        self._searching = True
        # Why there are no addresses, if it is for us that there are none.
        self._given_up: DNSTimeoutError | None = None
        self._over = False
        # Whether attempts are being begun: they may fail, or win, before that is done.
        self._busy = False
        self._next: IDelayedCall | None = None
        self._patience: IDelayedCall | None = None

    # The search

    def start(self) -> None:
        """Look for the addresses; a host that is one needs no resolver."""
        types: list[type[IAddress]] = [IPv6Address, IPv4Address]
        if self._bind_address is not None and isLiteral(self._bind_address[0]):
            types = types[:1] if isIPv6Address(self._bind_address[0]) else types[1:]
        if isLiteral(self._host):
            Resolution(self, self._host, self._port, types, "TCP").begin()
            return
        if self._timeout:
            self._patience = self._reactor.callLater(self._timeout, self._too_slow)
        try:
            self._reactor.nameResolver.resolveHostName(
                self, self._host, portNumber=self._port, addressTypes=types
            )
        except Exception:
            failure = Failure()
            if not self._over:
                self._end()
                self.made.errback(failure)

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:
        """Keep what can be given up."""
        self._resolution = resolutionInProgress

    def addressResolved(self, address: IAddress) -> None:
        """Try it when its time comes; what is no IP address is of no use."""
        if not self._over and isinstance(address, IPv4Address | IPv6Address):
            self._eyeballs.found(address, self._reactor.seconds())
            self._step()

    def resolutionComplete(self) -> None:
        """There are no more."""
        if self._over:
            return
        self._searching = False
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        self._eyeballs.searched(self._reactor.seconds())
        self._step()

    def _too_slow(self) -> None:
        """Do with the addresses that have come."""
        self._patience = None
        late = f"{self._host!r}: nobody has answered in {self._timeout:g} s"
        self._given_up = DNSTimeoutError(late)
        self._stop_searching()
        self.resolutionComplete()

    def _stop_searching(self) -> None:
        searching, self._searching = self._searching, False
        if searching and self._resolution is not None:
            try:
                self._resolution.cancel()
            except Exception:
                log.err(None, f"{self._resolution!r} could not be given up")

    # The attempts

    def _step(self) -> None:
        """Begin the attempts whose time has come; then wait for the next one's."""
        if self._busy:
            return
        self._busy = True
        now = self._reactor.seconds
        while not self._over and (address := self._eyeballs.take(now())) is not None:
            self._attempt(address)
        self._busy = False
        if self._over:
            return
        if self._next is not None:
            self._next.cancel()
            self._next = None
        if self._eyeballs.over:
            self._fail()
        elif (due := self._eyeballs.due) is not None:
            self._next = self._reactor.callLater(max(0, due - now()), self._wake)

    def _wake(self) -> None:
        self._next = None
        self._step()

    def _attempt(self, address: IPv4Address | IPv6Address) -> None:
        host, endpoint_for = address.host, TCP4ClientEndpoint
        if isinstance(address, IPv6Address):
            endpoint_for = TCP6ClientEndpoint
            if address.scopeID:
                host += f"%{address.scopeID}"
        endpoint = endpoint_for(
            self._reactor,
            host,
            address.port,
            self._timeout,
            self._bind_address,
        )
        attempt = endpoint.connect(self._factory)
        self._attempts.append(attempt)

        def won(protocol: Any) -> None:
            self._attempts.remove(attempt)
            self._end()
            self.made.callback(protocol)

        def lost(failure: Failure) -> None:
            self._attempts.remove(attempt)
            if not self._over:
                self._failures.append((address, failure))
                self._eyeballs.failed(self._reactor.seconds())
                self._step()

        attempt.addCallbacks(won, lost)

    # The end

    def _fail(self) -> None:
        self._end()
        if self._failures:
            self.made.errback(_verdict(self._failures))
        else:
            nothing = self._given_up or lookupError(self._host, self._resolution)
            self.made.errback(nothing)

    def _cancelled(self, made: Deferred[Any]) -> None:
        # First all is let go of, then who waits is told.
        self._end()
        address = HostnameAddress(self._host.encode("ascii"), self._port)
        made.errback(ConnectingCancelledError(address))

    def _end(self) -> None:
        """Let go of all that goes on."""
        self._over = True
        self._stop_searching()
        for timer in (self._next, self._patience):
            if timer is not None:
                timer.cancel()
        self._next = self._patience = None
        for attempt in list(self._attempts):
            attempt.cancel()


def _verdict(failures: Sequence[tuple[IAddress, Failure]]) -> Failure:
    """The failure that says most, with notes on all of them."""
    told = [failure for _, failure in failures]
    chosen = next(filter(_tells_of_them, reversed(told)), told[-1])
    if len(told) > 1:
        for address, failure in failures:
            chosen.value.add_note(f"{address!r}: {failure.getErrorMessage()}")
    return chosen


def _tells_of_them(failure: Failure) -> bool:
    """Whether a failure tells of the other side, not of our having no way to it."""
    number = getattr(failure.value, "errno", None)
    return not isinstance(failure.value, NoRouteError) and number not in _NO_WAY
