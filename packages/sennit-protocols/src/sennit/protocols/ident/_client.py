"""Asking whose a connection is."""

from __future__ import annotations

from typing import Final

from sennit.core.defer import Deferred, fail
from sennit.core.errors import ConnectionLost
from sennit.core.failure import Failure
from sennit.core.protocol import connectionDone
from sennit.protocols.basic import LineOnlyReceiver
from sennit.protocols.ident._errors import HiddenUser, IdentError, InvalidPort, NoUser

__all__ = ["IdentClient"]

_ERRORS: Final = {
    each.identDescription: each for each in (HiddenUser, InvalidPort, NoUser)
}


class IdentClient(LineOnlyReceiver):
    """Asks a host about its connections to this one, one question after the other.

    Attributes:
        queries: What was asked and not answered: Deferreds, with the port there and the
            port here. The question of the first was sent.
    """

    MAX_LENGTH: int = 1000

    _lost = False

    def __init__(self) -> None:
        self.queries: list[tuple[Deferred[tuple[str, str]], int, int]] = []

    def lookup(self, portOnServer: int, portOnClient: int) -> Deferred[tuple[str, str]]:
        """Ask whose a connection is.

        Args:
            portOnServer: The port there.
            portOnClient: The port here.

        Returns:
            Fires with the name of the system and of the user; fails with an
            `IdentError`, or when the connection is lost.
        """
        if self._lost:
            return fail(ConnectionLost("the connection to the server is over"))
        answer: Deferred[tuple[str, str]] = Deferred()
        self.queries.append((answer, portOnServer, portOnClient))
        if len(self.queries) == 1:
            self._ask()
        return answer

    def _ask(self) -> None:
        _, there, here = self.queries[0]
        self.sendLine(b"%d, %d" % (there, here))

    def lineReceived(self, line: bytes) -> None:
        """Read an answer; ask what is next."""
        if not self.queries:
            # Nothing was asked.
            self.transport.loseConnection()
            return
        answer, _, _ = self.queries.pop(0)
        if self.queries:
            self._ask()
        try:
            result = _read(line.decode("utf-8", "replace"))
        except IdentError as error:
            answer.errback(Failure(error))
        else:
            answer.callback(result)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """There will be no more answers."""
        self._lost = True
        asked, self.queries = self.queries, []
        for answer, _, _ in asked:
            answer.errback(Failure(IdentError(f"connection lost: {reason.value}")))


def _read(line: str) -> tuple[str, str]:
    """Read an answer (RFC 1413, section 6.2)."""
    parts = [part.strip() for part in line.split(":", 3)]
    if len(parts) == 4 and parts[1] == "USERID":
        # A system may tell its characters, too: "UNIX , US-ASCII".
        return parts[2].partition(",")[0].strip(), parts[3]
    if len(parts) == 3 and parts[1] == "ERROR":
        known = _ERRORS.get(parts[2])
        raise IdentError(line) if known is None else known()
    raise IdentError(line)
