"""Answering whose a connection is."""

from __future__ import annotations

from typing import Any

from sennit.core import log
from sennit.core.defer import maybeDeferred
from sennit.core.failure import Failure
from sennit.protocols.basic import LineOnlyReceiver
from sennit.protocols.ident._errors import IdentError, InvalidPort

__all__ = ["IdentServer"]

_Address = tuple[str, int]


class IdentServer(LineOnlyReceiver):
    """Answers questions about connections between this host and who asks."""

    # "65535, 65535" with many spaces; RFC 1413 knows no longer line than 1000.
    MAX_LENGTH: int = 1000

    def lineReceived(self, line: bytes) -> None:
        """Read a question: the port here, and the port there."""
        ports = line.split(b",")
        try:
            here, there = map(int, ports)
        except ValueError:
            self.invalidQuery()
            return
        if 0 < here < 65536 and 0 < there < 65536:
            self.validQuery(here, there)
        else:
            self._answer_error(Failure(InvalidPort()), here, there)

    def invalidQuery(self) -> None:
        """Hang up on who asks what cannot be understood."""
        self.transport.loseConnection()

    def validQuery(self, portOnServer: int, portOnClient: int) -> None:
        """Look up a connection, and answer when it was found."""
        ours: Any = self.transport.getHost()
        theirs: Any = self.transport.getPeer()
        found = maybeDeferred(
            self.lookup, (ours.host, portOnServer), (theirs.host, portOnClient)
        )
        found.addCallback(self._answer, portOnServer, portOnClient)
        found.addErrback(self._answer_error, portOnServer, portOnClient)

    def _answer(self, found: tuple[str, str], here: int, there: int) -> None:
        system, user = found
        self.sendLine(f"{here}, {there} : USERID : {system} : {user}".encode())

    def _answer_error(self, reason: Failure, here: int, there: int) -> None:
        if reason.check(IdentError):
            told = reason.value.identDescription
        else:
            log.err(reason, "looking up whose a connection is has failed")
            told = IdentError.identDescription
        self.sendLine(f"{here}, {there} : ERROR : {told}".encode())

    def lookup(self, serverAddress: _Address, clientAddress: _Address) -> Any:
        """Tell whose a connection is; to be overridden.

        Args:
            serverAddress: Our side of it, a host and a port.
            clientAddress: The side of who asks.

        Returns:
            The name of the system (``UNIX``) and of the user; or a Deferred of them.

        Raises:
            IdentError: It cannot or must not be told.
        """
        raise IdentError
