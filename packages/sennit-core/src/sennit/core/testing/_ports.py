"""What a reactor in memory gives for ports and connectors, and how it finds names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from sennit.core.address import IPv4Address

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress, IHostResolution, IResolutionReceiver

__all__ = ["FakeConnector", "FakePort", "SynchronousResolver"]


class FakePort:
    """A port that nobody can reach.

    Attributes:
        listening: Whether it pretends to listen.
    """

    def __init__(self, hostAddress: IAddress) -> None:
        """Set the address it pretends to listen at."""
        self.listening: bool = True
        self._address = hostAddress

    def startListening(self) -> None:
        """Note it in ``listening``."""
        self.listening = True

    def stopListening(self) -> None:
        """Note it in ``listening``."""
        self.listening = False

    def getHost(self) -> IAddress:
        """Give the address it pretends to listen at."""
        return self._address


class FakeConnector:
    """A connector that never connects.

    Attributes:
        stoppedConnecting: Whether `stopConnecting` was called.
        connectCalls: How often `connect` was called.
    """

    def __init__(self, address: IAddress) -> None:
        """Set the address it pretends to connect to."""
        self.stoppedConnecting: bool = False
        self.connectCalls: int = 0
        self._address = address
        # Twisted's own tests look at this name.
        self._disconnected = False

    @property
    def disconnected(self) -> bool:
        """Whether `disconnect` was called."""
        return self._disconnected

    def stopConnecting(self) -> None:
        """Note it in ``stoppedConnecting``."""
        self.stoppedConnecting = True

    def disconnect(self) -> None:
        """Note it in ``disconnected``."""
        self._disconnected = True

    def connect(self) -> None:
        """Count it in ``connectCalls``."""
        self.connectCalls += 1

    def getDestination(self) -> IAddress:
        """Give the address it pretends to connect to."""
        return self._address


class _Found:
    """A resolution that is over when it begins."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Do nothing: there is nothing left to call off."""


class SynchronousResolver:
    """Finds every name at once, at 127.0.0.1."""

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        """Tell the receiver 127.0.0.1 and the port, before returning."""
        found = _Found(hostName)
        resolutionReceiver.resolutionBegan(found)
        if addressTypes is None or IPv4Address in addressTypes:
            kind: Literal["TCP", "UDP"]
            kind = "UDP" if transportSemantics == "UDP" else "TCP"
            found_address = IPv4Address(kind, "127.0.0.1", portNumber)
            resolutionReceiver.addressResolved(found_address)
        resolutionReceiver.resolutionComplete()
        return found
