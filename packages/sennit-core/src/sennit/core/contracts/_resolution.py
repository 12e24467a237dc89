"""From names to addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sennit.core.contracts._addresses import IAddress
    from sennit.core.defer import Deferred

__all__ = [
    "IHostResolution",
    "IHostnameResolver",
    "IReactorPluggableNameResolver",
    "IReactorPluggableResolver",
    "IResolutionReceiver",
    "IResolver",
    "IResolverSimple",
]


class IHostResolution(Protocol):
    """The search for one name's addresses, while it goes on.

    One that found nothing and knows why may say so in an attribute ``error``, an
    exception: whoever reports the failure tells it, too.
    """

    @property
    def name(self) -> str:
        """The name that is looked for."""
        ...

    def cancel(self) -> None:
        """Give the search up: the receiver is told nothing more."""


class IResolutionReceiver(Protocol):
    """Told of addresses, as they are found."""

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:
        """Take note that the search begins; called once, first."""

    def addressResolved(self, address: IAddress) -> None:
        """Take an address; called once for each."""

    def resolutionComplete(self) -> None:
        """Take note that there are no more.

        Called once, last, also after a failure; not after the search was given up.
        """


class IHostnameResolver(Protocol):
    """Finds the addresses of a name, and tells each as it is found."""

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        """Look for a name's addresses.

        Args:
            resolutionReceiver: Who is told of them.
            hostName: The name, or an address in text.
            portNumber: The port that the addresses are given.
            addressTypes: The kinds that are wanted; None for all.
            transportSemantics: What they are for: ``"TCP"`` or ``"UDP"``.
        """
        ...


class IResolverSimple(Protocol):
    """Finds one address of a name."""

    def getHostByName(
        self, name: str, timeout: Sequence[int] = (1, 3, 11, 45)
    ) -> Deferred[str]:
        """Look for a name's IPv4 address.

        Args:
            name: The name.
            timeout: How long each attempt may take, in seconds.

        Returns:
            The address in text; fails with ``DNSLookupError``, which is a
            ``TimeoutError`` when nobody has answered.
        """
        ...


class IResolver(IResolverSimple, Protocol):
    """Finds records in the Domain Name System, of every kind.

    Each method gives three lists of records: answers, authority, additional (RFC 1035
    §4.1). ``timeout`` is a sequence of seconds, one number for each attempt.
    """

    def query(self, query: Any, timeout: Sequence[int] | None = None) -> Deferred[Any]:
        """Ask a query that was made by hand."""
        ...

    def lookupAddress(
        self, name: str, timeout: Sequence[int] | None = None
    ) -> Deferred[Any]:
        """Ask for A records (IPv4 addresses)."""
        ...

    def lookupIPV6Address(
        self, name: str, timeout: Sequence[int] | None = None
    ) -> Deferred[Any]:
        """Ask for AAAA records (IPv6 addresses)."""
        ...

    def lookupCanonicalName(
        self, name: str, timeout: Sequence[int] | None = None
    ) -> Deferred[Any]:
        """Ask for CNAME records."""
        ...

    def lookupPointer(
        self, name: str, timeout: Sequence[int] | None = None
    ) -> Deferred[Any]:
        """Ask for PTR records."""
        ...

    def lookupMailExchange(
        self, name: str, timeout: Sequence[int] | None = None
    ) -> Deferred[Any]:
        """Ask for MX records."""
        ...

    def lookupNameservers(
        self, name: str, timeout: Sequence[int] | None = None
    ) -> Deferred[Any]:
        """Ask for NS records."""
        ...

    def lookupAuthority(
        self, name: str, timeout: Sequence[int] | None = None
    ) -> Deferred[Any]:
        """Ask for SOA records."""
        ...

    def lookupService(
        self, name: str, timeout: Sequence[int] | None = None
    ) -> Deferred[Any]:
        """Ask for SRV records."""
        ...

    def lookupText(
        self, name: str, timeout: Sequence[int] | None = None
    ) -> Deferred[Any]:
        """Ask for TXT records."""
        ...

    def lookupAllRecords(
        self, name: str, timeout: Sequence[int] | None = None
    ) -> Deferred[Any]:
        """Ask for records of every kind."""
        ...

    def lookupZone(
        self, name: str, timeout: Sequence[int] | None = None
    ) -> Deferred[Any]:
        """Ask for a whole zone (AXFR)."""
        ...


class IReactorPluggableResolver(Protocol):
    """A reactor whose resolver of IPv4 addresses can be replaced."""

    def installResolver(self, resolver: IResolverSimple) -> IResolverSimple:
        """Use another resolver, and give back the one used so far."""
        ...


class IReactorPluggableNameResolver(Protocol):
    """A reactor whose resolver of names can be replaced."""

    @property
    def nameResolver(self) -> IHostnameResolver:
        """The resolver that is used."""
        ...

    def installNameResolver(self, resolver: IHostnameResolver) -> IHostnameResolver:
        """Use another resolver, and give back the one used so far."""
        ...
