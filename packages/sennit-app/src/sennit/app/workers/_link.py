"""A worker's line to its supervisor."""

from __future__ import annotations

import os
import socket
from collections.abc import MutableMapping
from typing import Any, Self

from sennit.app.workers._messages import MessageReader, encoded, listOf
from sennit.core import log
from sennit.core.engine import Bindable, PathBindable
from sennit.core.errors import CannotListenError

__all__ = ["VARIABLE", "SupervisorLink"]

VARIABLE = "SENNIT_WORKER"
"""The environment's variable with the line's descriptor and the worker's name."""

# Seconds to wait for a socket. The supervisor does little else; one that takes longer
# is stopped, or is looked at in a debugger.
_PATIENCE = 30.0


class SupervisorLink:
    """Asks the supervisor for sockets, and notices its end.

    Asking stands still until the answer is there: a port is bound, or is an error, in
    the line that asks for it.
    """

    def __init__(self, sock: socket.socket, name: str = "worker") -> None:
        """Use a socket.

        Args:
            sock: the line.
            name: what the supervisor calls this worker.
        """
        self.name = name
        self._socket = sock
        self._socket.settimeout(_PATIENCE)
        self._reactor: Any = None

    @classmethod
    def fromEnvironment(
        cls, environ: MutableMapping[str, str] | None = None
    ) -> Self | None:
        """Find the line, and take it out of the environment; None if this is no worker.

        Args:
            environ: Where to look; the environment of this process if None.
        """
        environ = os.environ if environ is None else environ
        told = environ.pop(VARIABLE, None)
        if told is None:
            return None
        number, _, name = told.partition(" ")
        os.set_inheritable(int(number), False)
        return cls(socket.socket(fileno=int(number)), name)

    def attach(self, reactor: Any) -> None:
        """Have a reactor's ports use the supervisor's sockets, and end when it ends."""
        self._reactor = reactor
        reactor.socketSource = self.boundSocket
        reactor.addReader(self)

    def ready(self) -> None:
        """Tell that all services have started."""
        self._socket.sendall(encoded({"ready": True}))

    def boundSocket(self, bindable: Bindable) -> socket.socket:
        """Ask for a socket.

        Raises:
            CannotListenError: The supervisor cannot have it, or does not answer.
        """
        place, port = _place(bindable)
        try:
            self._socket.sendall(encoded({"bind": listOf(bindable)}))
            answer, descriptor = self._answer()
            if descriptor is None:
                raise OSError(answer.get("errno", 0), answer.get("strerror", "refused"))
            return socket.socket(fileno=descriptor)
        except OSError as error:
            raise CannotListenError(place, port, error) from error

    def _answer(self) -> tuple[dict[str, Any], int | None]:
        reader = MessageReader()
        found: list[int] = []
        while True:
            data, descriptors, _, _ = socket.recv_fds(self._socket, 4096, 1)
            found += descriptors
            if not data:
                raise ConnectionError("the supervisor is gone")
            for message in reader.feed(data):
                return message, found[0] if found else None

    # As a reader: the supervisor never speaks first, so there is but one thing to read.

    def fileno(self) -> int:
        """The line's descriptor."""
        return self._socket.fileno()

    def doRead(self) -> None:
        """The supervisor is gone: nobody would ever stop this worker."""
        log.msg("the supervisor is gone: this worker stops")
        self._reactor.removeReader(self)
        self._reactor.stop()

    def connectionLost(self, reason: Any) -> None:
        """The reactor has stopped."""
        self._socket.close()

    def logPrefix(self) -> str:
        """How the log calls it."""
        return "supervisor"


def _place(bindable: Bindable) -> tuple[str, Any]:
    if isinstance(bindable, PathBindable):
        return "", bindable.path
    return bindable.interface, bindable.port
