"""A server's endpoint as a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.app.service import Service
from sennit.core.defer import CancelledError, Deferred, maybeDeferred
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.app.contracts import Outcome
    from sennit.core.contracts import (
        IListeningPort,
        IProtocolFactory,
        IStreamServerEndpoint,
    )

__all__ = ["StreamServerEndpointService"]


class StreamServerEndpointService(Service):
    """Listens at an endpoint while it runs.

    Attributes:
        endpoint: Where.
        factory: Builds the protocols.
    """

    # Whether starting raises what is known at once to be wrong; strports sets it.
    _raiseSynchronously: bool | None = False
    # The port, or that there is none; set from the start until the end.
    _waitingForPort: Deferred[IListeningPort | None] | None = None

    def __init__(
        self, endpoint: IStreamServerEndpoint, factory: IProtocolFactory
    ) -> None:
        self.endpoint = endpoint
        self.factory = factory

    def privilegedStartService(self) -> Deferred[None]:
        """Listen.

        Returns:
            Fires when it does; fails with `CannotListenError`.
        """
        super().privilegedStartService()
        told: Deferred[None] = Deferred()

        def listens(port: IListeningPort) -> IListeningPort:
            told.callback(None)
            return port

        def failed(failure: Failure) -> None:
            if failure.check(CancelledError):
                told.callback(None)
            else:
                told.errback(failure)

        listening: Deferred[Any] = self.endpoint.listen(self.factory)
        self._waitingForPort = listening.addCallbacks(listens, failed)
        if self._raiseSynchronously and told.called:
            raised: list[Failure] = []
            told.addErrback(raised.append)
            for each in raised:
                each.raiseException()
        return told

    def startService(self) -> Outcome:
        """Listen, unless it does already.

        Returns:
            A Deferred as that of `privilegedStartService`; None if it listens already.
        """
        super().startService()
        if self._waitingForPort is None:
            return self.privilegedStartService()
        return None

    def stopService(self) -> Deferred[None]:
        """Listen no more; connections that were made stay."""
        own: Deferred[Any] = maybeDeferred(super().stopService)
        waiting, self._waitingForPort = self._waitingForPort, None
        if waiting is None:
            return own
        waiting.cancel()

        def close(port: IListeningPort | None) -> Any:
            return None if port is None else port.stopListening()

        return waiting.addCallback(close).addCallback(lambda _: own)
