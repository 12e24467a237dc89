"""``twisted.runner.inetd``: connections that are handed to a process each."""

from __future__ import annotations

import os
from typing import Any

import sennit.core
from sennit.compat.faces.runner.inetdconf import InetdService
from sennit.core.protocol import ProcessProtocol, Protocol, ServerFactory
from sennit.protocols import wire

__all__ = ["InetdFactory", "InetdProtocol", "internalProtocols"]

internalProtocols: dict[str, type[Protocol]] = {
    "chargen": wire.Chargen,
    "daytime": wire.Daytime,
    "discard": wire.Discard,
    "echo": wire.Echo,
    "time": wire.Time,
}
"""The services that need no process, by their names."""


class InetdProtocol(Protocol):
    """Starts the service's program, with the connection as its input and output."""

    def connectionMade(self) -> None:
        """Start it, and let go of the connection: it is the program's from here on."""
        factory: Any = self.factory
        connection: Any = self.transport
        connection.pauseProducing()
        descriptor = os.dup(connection.getHandle().fileno())
        errors = descriptor if factory.stderrFile is None else factory.stderrFile
        try:
            # Programs expect that; the loop reads it no more.
            os.set_blocking(descriptor, True)
            sennit.core.reactor.spawnProcess(
                ProcessProtocol(),
                factory.service.program,
                factory.service.programArgs,
                env=None,
                uid=factory.uid,
                gid=factory.gid,
                childFDs={0: descriptor, 1: descriptor, 2: errors},
            )
        finally:
            os.close(descriptor)
            connection.loseConnection()


class InetdFactory(ServerFactory):
    """Serves one service of ``inetd.conf``.

    Args:
        service: The service.

    Attributes:
        stderrFile: The descriptor of what the programs write errors to; None for the
            connection.
        uid: As whom they run; None for whom we run as.
        gid: Likewise their group.
    """

    protocol: Any = InetdProtocol
    stderrFile: int | None = None
    uid: int | None = None
    gid: int | None = None

    def __init__(self, service: InetdService) -> None:
        self.service = service
