"""A reactor that refuses everything: for tests of what programs do then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from sennit.core.testing._ports import SynchronousResolver

if TYPE_CHECKING:
    from sennit.core.contracts import IHostnameResolver

__all__ = ["RaisingMemoryReactor"]


class RaisingMemoryReactor:
    """Raises an error of the test's choice whenever something is to be opened."""

    def __init__(
        self,
        listenException: Exception | None = None,
        connectException: Exception | None = None,
    ) -> None:
        """Set what is raised.

        Args:
            listenException: By the ``listen`` and ``adopt`` methods; a RuntimeError
                if None.
            connectException: By the ``connect`` methods; a RuntimeError if None.
        """
        self.nameResolver: IHostnameResolver = SynchronousResolver()
        self._listen_error = listenException or RuntimeError("refused to listen")
        self._connect_error = connectException or RuntimeError("refused to connect")

    def installNameResolver(self, resolver: IHostnameResolver) -> IHostnameResolver:
        """Use another resolver, and give back the one used so far."""
        before, self.nameResolver = self.nameResolver, resolver
        return before

    def listenTCP(
        self, port: int, factory: Any, backlog: int = 50, interface: str = ""
    ) -> NoReturn:
        """Raise."""
        raise self._listen_error

    def connectTCP(
        self,
        host: str,
        port: int,
        factory: Any,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> NoReturn:
        """Raise."""
        raise self._connect_error

    def listenSSL(
        self,
        port: int,
        factory: Any,
        contextFactory: Any,
        backlog: int = 50,
        interface: str = "",
    ) -> NoReturn:
        """Raise."""
        raise self._listen_error

    def connectSSL(
        self,
        host: str,
        port: int,
        factory: Any,
        contextFactory: Any,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> NoReturn:
        """Raise."""
        raise self._connect_error

    def listenUNIX(
        self,
        address: str | bytes,
        factory: Any,
        backlog: int = 50,
        mode: int = 0o666,
        wantPID: bool = False,
    ) -> NoReturn:
        """Raise."""
        raise self._listen_error

    def connectUNIX(
        self,
        address: str | bytes,
        factory: Any,
        timeout: float | None = 30,
        checkPID: bool = False,
    ) -> NoReturn:
        """Raise."""
        raise self._connect_error

    def listenUDP(
        self,
        port: int,
        protocol: Any,
        interface: str = "",
        maxPacketSize: int = 8192,
    ) -> NoReturn:
        """Raise."""
        raise self._listen_error

    def adoptStreamPort(
        self, fileDescriptor: int, addressFamily: int, factory: Any
    ) -> NoReturn:
        """Raise."""
        raise self._listen_error

    def adoptStreamConnection(
        self, fileDescriptor: int, addressFamily: int, factory: Any
    ) -> NoReturn:
        """Raise."""
        raise self._connect_error

    def adoptDatagramPort(
        self,
        fileDescriptor: int,
        addressFamily: int,
        protocol: Any,
        maxPacketSize: int = 8192,
    ) -> NoReturn:
        """Raise."""
        raise self._listen_error
