"""Connecting two protocols in memory, and moving bytes between them by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sennit.core.address import IPv4Address
from sennit.core.protocol import Protocol
from sennit.core.testing._transport import FakeTransport

__all__ = ["IOPump", "connect", "connectedServerAndClient"]

_S = TypeVar("_S", bound=Protocol)
_C = TypeVar("_C", bound=Protocol)

# Two protocols that answer each other for ever would never be quiet.
_MANY = 10_000


class IOPump:
    """Moves what two connected protocols send each other, a turn at a time.

    Attributes:
        client: The client's protocol.
        server: The server's protocol.
        clientIO: The client's transport.
        serverIO: The server's transport.
    """

    def __init__(
        self,
        client: Any,
        server: Any,
        clientIO: FakeTransport,
        serverIO: FakeTransport,
    ) -> None:
        """Connect two transports, and tell their protocols, the server's first."""
        self.client: Any = client
        self.server: Any = server
        self.clientIO: FakeTransport = clientIO
        self.serverIO: FakeTransport = serverIO
        clientIO.other = serverIO
        serverIO.other = clientIO
        for protocol, transport in ((server, serverIO), (client, clientIO)):
            transport.tell(protocol.makeConnection, transport)

    def pump(self) -> bool:
        """Let each end have one turn.

        Returns:
            Whether anything has happened.
        """
        client = self.clientIO.deliver()
        server = self.serverIO.deliver()
        return client or server

    def flush(self) -> bool:
        """Pump until nothing happens any more.

        Returns:
            Whether anything has happened.

        Raises:
            RuntimeError: When it does not end.
        """
        for turn in range(_MANY):
            if not self.pump():
                return turn > 0
        raise RuntimeError(f"still not quiet after {_MANY} turns")


def connect(server: Protocol, client: Protocol, highWater: int | None = None) -> IOPump:
    """Connect two protocols in memory.

    Args:
        server: Told of the connection first.
        client: Told of it then.
        highWater: How many bytes wait before a producer is paused; None for as many
            as a real transport has.

    Returns:
        What moves the bytes: nothing arrives before its first ``pump``.
    """
    here, there = IPv4Address("TCP", "127.0.0.1", 1), IPv4Address("TCP", "127.0.0.1", 2)
    limit = {} if highWater is None else {"highWater": highWater}
    return IOPump(
        client,
        server,
        FakeTransport(client, hostAddress=there, peerAddress=here, **limit),
        FakeTransport(server, hostAddress=here, peerAddress=there, **limit),
    )


def connectedServerAndClient(
    ServerClass: Callable[[], _S], ClientClass: Callable[[], _C]
) -> tuple[_C, _S, IOPump]:
    """Make two protocols and connect them in memory.

    Args:
        ServerClass: Makes the server's protocol.
        ClientClass: Makes the client's protocol.

    Returns:
        The client, the server, and what moves the bytes.
    """
    server, client = ServerClass(), ClientClass()
    pump = connect(server, client)
    pump.flush()
    return client, server, pump
