"""What listening and connecting give: the port, and the connector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sennit.core.contracts._addresses import IAddress
    from sennit.core.defer import Deferred

__all__ = ["IConnector", "IListeningPort"]


class IListeningPort(Protocol):
    """A port that accepts connections, or receives datagrams."""

    def startListening(self) -> None:
        """Listen again after `stopListening`.

        Raises:
            sennit.core.errors.CannotListenError: When the port cannot be opened.
        """

    def stopListening(self) -> Deferred[None] | None:
        """Close the port; connections that were accepted live on.

        Returns:
            Fires when it is closed; None if it is already.
        """

    def getHost(self) -> IAddress:
        """Tell the address it listens at."""
        ...


class IConnector(Protocol):
    """A client's connection, in the making, made, or over."""

    def stopConnecting(self) -> None:
        """Give the attempt up.

        Raises:
            sennit.core.errors.NotConnectingError: When none is going on.
        """

    def disconnect(self) -> None:
        """End whatever there is: the attempt, or the connection."""

    def connect(self) -> None:
        """Try again, after the attempt has failed or the connection was lost.

        Raises:
            RuntimeError: When there is an attempt or a connection.
        """

    def getDestination(self) -> IAddress:
        """Tell the address it connects to, as it was given."""
        ...
