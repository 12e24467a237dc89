"""UNIX sockets: where to listen, where to connect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.defer import Deferred, execute
from sennit.core.endpoints._outgoing import connecting

if TYPE_CHECKING:
    from sennit.core.contracts import IListeningPort, IProtocolFactory, IReactorUNIX

__all__ = ["UNIXClientEndpoint", "UNIXServerEndpoint"]


class UNIXServerEndpoint:
    """Listens on a UNIX socket."""

    def __init__(
        self,
        reactor: IReactorUNIX,
        address: str,
        backlog: int = 50,
        mode: int = 0o666,
        wantPID: bool = False,
    ) -> None:
        """Describe the socket.

        Args:
            reactor: Where to listen.
            address: The path; a name that starts with a zero byte is abstract.
            backlog: How many connections the system may hold for us.
            mode: The permission bits of the file.
            wantPID: Hold a lock beside it, and take over what a dead holder left.
        """
        self._reactor = reactor
        self._address = address
        self._backlog = backlog
        self._mode = mode
        self._want_pid = wantPID

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        """Listen.

        Returns:
            A Deferred of the port; it fails with `CannotListenError`.
        """
        return execute(
            self._reactor.listenUNIX,
            self._address,
            protocolFactory,
            backlog=self._backlog,
            mode=self._mode,
            wantPID=self._want_pid,
        )


class UNIXClientEndpoint:
    """Connects to a UNIX socket."""

    def __init__(
        self,
        reactor: IReactorUNIX,
        path: str,
        timeout: float = 30,
        checkPID: bool = False,
    ) -> None:
        """Describe the other side.

        Args:
            reactor: What connects.
            path: The file; a name that starts with a zero byte is abstract.
            timeout: Seconds that connecting may take.
            checkPID: Fail with `BadFileError` if nobody holds the lock beside it.
        """
        self._reactor = reactor
        self._path = path
        self._timeout = timeout
        self._check_pid = checkPID

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[Any]:
        """Connect.

        Returns:
            A Deferred of the protocol, which is connected; it fails with a
            `ConnectError`. Cancelling gives the attempt up.
        """
        return connecting(
            protocolFactory,
            lambda factory: self._reactor.connectUNIX(
                self._path, factory, timeout=self._timeout, checkPID=self._check_pid
            ),
        )
