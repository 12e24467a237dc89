"""Each kind of resolver in the place of the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sennit.core import log
from sennit.core.address import IPv4Address
from sennit.core.defer import Deferred, maybeDeferred
from sennit.core.engine._names._name import isLiteral
from sennit.core.engine._names._search import Resolution, lookupError
from sennit.core.engine._names._system import PATIENCE
from sennit.core.errors import DNSLookupError, DNSTimeoutError
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.contracts import (
        IAddress,
        IHostnameResolver,
        IHostResolution,
        IReactorTime,
        IResolutionReceiver,
        IResolverSimple,
    )

__all__ = ["FromSimple", "OneAddress"]


class OneAddress:
    """Gives one address of those that a resolver tells.

    Attributes:
        original: That resolver.
    """

    def __init__(self, original: IHostnameResolver, clock: IReactorTime) -> None:
        self.original = original
        self._clock = clock

    def getHostByName(
        self, name: str, timeout: Sequence[int] | None = None
    ) -> Deferred[str]:
        """Look up one address of a host.

        Args:
            name: The host's name.
            timeout: Seconds for each attempt; their sum is waited for.

        Returns:
            A Deferred of an IPv4 address, the first that is told; of an IPv6 one for a
            host that has no other. It fails with `DNSLookupError`, which is a
            `DNSTimeoutError` if nobody has answered in time.
        """
        search = _First(name)
        self.original.resolveHostName(search, name)

        def late(outcome: object, seconds: float) -> None:
            raise DNSTimeoutError(f"{name!r}: nobody has answered in {seconds:g} s")

        if not search.found.called:
            search.found.addTimeout(sum(timeout or PATIENCE), self._clock, late)
        return search.found


class _First:
    """Waits for the first IPv4 address, and keeps the first of another kind."""

    def __init__(self, name: str) -> None:
        self.found: Deferred[str] = Deferred(self._cancelled)
        self._name = name
        self._other: str | None = None
        self._resolution: IHostResolution | None = None

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:
        self._resolution = resolutionInProgress

    def addressResolved(self, address: IAddress) -> None:
        host: str | None = getattr(address, "host", None)
        zone = getattr(address, "scopeID", 0)
        if host is None or self.found.called:
            return
        if isinstance(address, IPv4Address):
            self.found.callback(host)
            self._cancelled()
        elif self._other is None:
            self._other = f"{host}%{zone}" if zone else host

    def resolutionComplete(self) -> None:
        if self.found.called:
            return
        if self._other is not None:
            self.found.callback(self._other)
        else:
            self.found.errback(lookupError(self._name, self._resolution))

    def _cancelled(self, _: object = None) -> None:
        if self._resolution is not None:
            self._resolution.cancel()


class FromSimple:
    """Tells of the one address that a simple resolver finds.

    Attributes:
        original: That resolver.
    """

    def __init__(self, original: IResolverSimple) -> None:
        self.original = original

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Resolution:
        """Look for a name's address; see `IHostnameResolver`.

        Simple resolvers find IPv4 addresses: where none is wanted, none is asked for.

        Raises:
            TypeError: The name is no text.
            ValueError: The semantics are neither TCP's nor UDP's.
        """
        resolution = Resolution(
            resolutionReceiver, hostName, portNumber, addressTypes, transportSemantics
        )
        name = resolution.begin()
        if name is None:
            return resolution
        if IPv4Address not in resolution.wanted:
            resolution.complete()
            return resolution

        def tell(host: str) -> None:
            if not isLiteral(host):
                raise DNSLookupError(
                    f"{name!r}: {host!r} was found, which is no address"
                )
            resolution.found(host)
            resolution.complete()

        def explain(failure: Failure) -> None:
            error = failure.value
            expected = isinstance(error, OSError | UnicodeError)
            if not expected and not resolution.over:
                log.err(failure, f"{self.original!r} has failed with {name!r}")
            resolution.complete(error if isinstance(error, Exception) else None)

        found = maybeDeferred(self.original.getHostByName, name)
        resolution.searching(found.cancel)
        found.addCallback(tell)
        found.addErrback(explain)
        return resolution
