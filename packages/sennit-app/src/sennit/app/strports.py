"""Services and ports from the description of an endpoint: ``"tcp:8080"``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sennit.core
from sennit.app.internet import StreamServerEndpointService
from sennit.core.endpoints import serverFromString
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.contracts import IListeningPort, IProtocolFactory

__all__ = ["listen", "service"]


def service(
    description: str, factory: IProtocolFactory, reactor: Any = None
) -> StreamServerEndpointService:
    """Make a service that listens where a description says.

    If it cannot listen, and that is known at once, starting it raises what is wrong.

    Args:
        description: See `sennit.core.endpoints.serverFromString`.
        factory: Builds the protocols.
        reactor: Where to listen; the program's reactor if None.

    Raises:
        EndpointStringError: The description cannot be understood.
    """
    endpoint = serverFromString(_reactor(reactor), description)
    made = StreamServerEndpointService(endpoint, factory)
    made._raiseSynchronously = True
    return made


def listen(
    description: str, factory: IProtocolFactory, reactor: Any = None
) -> IListeningPort:
    """Listen now where a description says.

    Args:
        description: See `sennit.core.endpoints.serverFromString`.
        factory: Builds the protocols.
        reactor: Where to listen; the program's reactor if None.

    Returns:
        The port.

    Raises:
        CannotListenError: The port is taken, for instance.
        EndpointStringError: The description cannot be understood.
        RuntimeError: An endpoint of that kind needs time to listen: use `service`.
    """
    results: list[Any] = []
    listening = serverFromString(_reactor(reactor), description).listen(factory)
    listening.addBoth(results.append)
    if not results:
        listening.cancel()
        raise RuntimeError(f"{description!r} needs time to listen: use a service")
    if isinstance(results[0], Failure):
        results[0].raiseException()
    port: IListeningPort = results[0]
    return port


def _reactor(reactor: Any) -> Any:
    return sennit.core.reactor if reactor is None else reactor
