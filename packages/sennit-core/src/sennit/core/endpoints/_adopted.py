"""A socket that listens already, inherited from whoever started the program."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sennit.core.defer import Deferred, execute, fail
from sennit.core.errors import AlreadyListened

if TYPE_CHECKING:
    from sennit.core.contracts import IListeningPort, IProtocolFactory, IReactorSocket

__all__ = ["AdoptedStreamServerEndpoint"]


class AdoptedStreamServerEndpoint:
    """Accepts on a stream socket that listens already."""

    def __init__(
        self, reactor: IReactorSocket, fileno: int, addressFamily: int
    ) -> None:
        """Describe the socket.

        Args:
            reactor: What accepts.
            fileno: The socket's descriptor, which becomes ours: it is closed when the
                port is there, which has a duplicate.
            addressFamily: ``AF_INET``, ``AF_INET6`` or ``AF_UNIX``.
        """
        self._reactor = reactor
        self._fileno = fileno
        self._family = addressFamily
        self._used = False

    def listen(self, factory: IProtocolFactory) -> Deferred[IListeningPort]:
        """Accept on the socket, once.

        Returns:
            A Deferred of the port; it fails with `AlreadyListened` the second time,
            with an OSError if the descriptor is no socket that listens, and with
            `UnsupportedAddressFamily`.
        """
        if self._used:
            return fail(AlreadyListened("an adopted socket can be listened on once"))
        self._used = True
        return execute(self._adopt, factory)

    def _adopt(self, factory: IProtocolFactory) -> IListeningPort:
        port = self._reactor.adoptStreamPort(self._fileno, self._family, factory)
        os.close(self._fileno)
        return port
