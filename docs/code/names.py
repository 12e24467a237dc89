"""A resolver of our own: it knows some names, and asks the one before for the others."""

from collections.abc import Sequence

from sennit.core import task
from sennit.core.address import IPv4Address
from sennit.core.contracts import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IResolutionReceiver,
)
from sennit.core.engine import Reactor
from sennit.core.errors import DNSLookupError

OURS = {"db.internal": "10.0.0.7", "cache.internal": "10.0.0.8"}


class Known:
    """A search that is over as soon as it begins."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing goes on."""


class OurNames:
    def __init__(self, before: IHostnameResolver) -> None:
        self.before = before

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        if hostName not in OURS:
            return self.before.resolveHostName(
                resolutionReceiver,
                hostName,
                portNumber,
                addressTypes,
                transportSemantics,
            )
        search = Known(hostName)
        resolutionReceiver.resolutionBegan(search)
        if addressTypes is None or IPv4Address in addressTypes:
            address = IPv4Address("TCP", OURS[hostName], portNumber)
            resolutionReceiver.addressResolved(address)
        resolutionReceiver.resolutionComplete()
        return search


async def main(reactor: Reactor) -> None:
    reactor.installNameResolver(OurNames(reactor.nameResolver))
    print(await reactor.resolve("db.internal"))
    print(await reactor.resolve("localhost"))
    try:
        await reactor.resolve("nowhere.invalid")
    except DNSLookupError as error:
        print(error)


task.react(main)
