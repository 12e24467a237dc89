"""A resolver in memory: it knows what the test has told it, when the test tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from sennit.core.address import IPv4Address, IPv6Address

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress, IResolutionReceiver

__all__ = ["MemoryResolver", "MemorySearch"]


class MemorySearch:
    """A search that goes on until the test ends it, or whoever searches gives it up.

    Attributes:
        name: What is looked for.
        portNumber: The port that the addresses are given.
        addressTypes: The kinds that are wanted; None for all.
        transportSemantics: ``"TCP"`` or ``"UDP"``.
        cancelled: Whether it was given up.
        error: Why nothing is found; whoever reports the failure tells it.
    """

    def __init__(
        self,
        receiver: IResolutionReceiver,
        name: str,
        portNumber: int,
        addressTypes: Sequence[type[IAddress]] | None,
        transportSemantics: str,
    ) -> None:
        self.name = name
        self.portNumber = portNumber
        self.addressTypes = addressTypes
        self.transportSemantics = transportSemantics
        self.cancelled: bool = False
        self.error: Exception | None = None
        self._receiver = receiver

    def tell(self, *found: str | IAddress) -> None:
        """Tell the receiver of addresses, in text or made, whatever kinds it wants."""
        kind: Literal["TCP", "UDP"]
        kind = "UDP" if self.transportSemantics == "UDP" else "TCP"
        for each in found:
            if isinstance(each, str):
                family = IPv6Address if ":" in each else IPv4Address
                each = family(kind, each, self.portNumber)
            self._receiver.addressResolved(each)

    def complete(self) -> None:
        """Tell the receiver that there are no more."""
        self._receiver.resolutionComplete()

    def cancel(self) -> None:
        """Note it in ``cancelled``."""
        self.cancelled = True


class MemoryResolver:
    """Finds what it is given at once; searches for other names are in the test's hand.

    Attributes:
        searches: All that were asked for, in their order.
    """

    def __init__(self, hosts: Mapping[str, Sequence[str | IAddress]] = {}) -> None:
        """Give it what it knows.

        Args:
            hosts: The addresses of each name, in the order they are told in.
        """
        self.searches: list[MemorySearch] = []
        self._hosts = dict(hosts)

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> MemorySearch:
        """Begin a search; a name that it knows is complete before this returns."""
        search = MemorySearch(
            resolutionReceiver, hostName, portNumber, addressTypes, transportSemantics
        )
        self.searches.append(search)
        resolutionReceiver.resolutionBegan(search)
        if hostName in self._hosts:
            search.tell(*self._hosts[hostName])
            search.complete()
        return search
