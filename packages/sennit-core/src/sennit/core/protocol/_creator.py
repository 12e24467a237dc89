"""Connecting without a factory: a protocol class in, a connected protocol out.

The Deferred fires in a later turn than ``connectionMade``, so that the protocol has
finished its greeting before the caller gets hold of it. It can be cancelled all that
time: while connecting, and between the connection and the firing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sennit.core.defer import Deferred
from sennit.core.protocol._factory import ClientFactory
from sennit.core.protocol._protocol import Protocol

if TYPE_CHECKING:
    from sennit.core.contracts import IAddress, IConnector, IDelayedCall
    from sennit.core.failure import Failure

__all__ = ["ClientCreator"]

_P = TypeVar("_P", bound=Protocol)


class ClientCreator(Generic[_P]):
    """Connects protocols of one class, each by a single call."""

    def __init__(
        self,
        reactor: Any,
        protocolClass: Callable[..., _P],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Set what is made for each connection.

        Args:
            reactor: What connects: an ``IReactorTime`` that has the method wanted.
            protocolClass: What makes the protocol.
            *args: For the protocol.
            **kwargs: For the protocol.
        """
        self.reactor: Any = reactor
        self.protocolClass: Callable[..., _P] = protocolClass
        self.args: tuple[Any, ...] = args
        self.kwargs: dict[str, Any] = kwargs

    def connectTCP(
        self,
        host: str,
        port: int,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> Deferred[_P]:
        """Connect over TCP; the arguments are those of ``reactor.connectTCP``.

        Returns:
            The protocol, connected; or the failure to connect.
        """
        attempt = self._attempt()
        return attempt.begin(
            self.reactor.connectTCP(
                host, port, attempt, timeout=timeout, bindAddress=bindAddress
            )
        )

    def connectUNIX(
        self, address: str | bytes, timeout: float | None = 30, checkPID: bool = False
    ) -> Deferred[_P]:
        """Connect to a UNIX socket; the arguments are ``reactor.connectUNIX``'s.

        Returns:
            The protocol, connected; or the failure to connect.
        """
        attempt = self._attempt()
        return attempt.begin(
            self.reactor.connectUNIX(
                address, attempt, timeout=timeout, checkPID=checkPID
            )
        )

    def connectSSL(
        self,
        host: str,
        port: int,
        contextFactory: Any,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> Deferred[_P]:
        """Connect over TLS; the arguments are those of ``reactor.connectSSL``.

        Returns:
            The protocol, connected; or the failure to connect.
        """
        attempt = self._attempt()
        return attempt.begin(
            self.reactor.connectSSL(
                host,
                port,
                attempt,
                contextFactory,
                timeout=timeout,
                bindAddress=bindAddress,
            )
        )

    def _attempt(self) -> _Attempt[_P]:
        protocol = self.protocolClass(*self.args, **self.kwargs)
        return _Attempt(self.reactor, protocol)


class _Attempt(ClientFactory, Generic[_P]):
    """The factory of one connection."""

    noisy = False

    def __init__(self, reactor: Any, instance: _P) -> None:
        self._reactor = reactor
        self._instance = instance
        self._connector: IConnector | None = None
        self._firing: IDelayedCall | None = None
        self._deferred: Deferred[_P] = Deferred(self._cancelled)

    def begin(self, connector: IConnector) -> Deferred[_P]:
        self._connector = connector
        return self._deferred

    def buildProtocol(self, addr: IAddress) -> _P:
        self._fire_soon(self._deferred.callback, self._instance)
        return self._instance

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        self._fire_soon(self._deferred.errback, reason)

    def _fire_soon(self, fire: Callable[[Any], object], result: object) -> None:
        self._firing = self._reactor.callLater(0, fire, result)

    def _cancelled(self, deferred: Deferred[_P]) -> None:
        if self._firing is not None:
            self._firing.cancel()
        if self._connector is not None:
            self._connector.disconnect()

    def __repr__(self) -> str:
        return f"<ClientCreator factory: {self._instance!r}>"
