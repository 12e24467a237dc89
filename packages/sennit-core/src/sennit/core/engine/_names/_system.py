"""From a host's name to its addresses, by the system: ``getaddrinfo`` in the pool.

The order of what the system finds is kept: it is sorted by which address is the best to
connect to from here (RFC 6724), as the administrator has set it (``gai.conf``).
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from sennit.core.address import IPv4Address, IPv6Address
from sennit.core.engine._names._search import Resolution
from sennit.core.failure import Failure
from sennit.core.threads import deferToThreadPool

if TYPE_CHECKING:
    from sennit.core.contracts import (
        IAddress,
        IReactorThreads,
        IReactorTime,
        IResolutionReceiver,
    )

    class _Reactor(IReactorThreads, IReactorTime, Protocol):
        """What resolving needs."""


__all__ = ["PATIENCE", "SystemResolver"]

# Seconds between the attempts of a lookup, as classic resolvers take them. The system
# makes its own attempts; the sum of these is how long we wait for it.
PATIENCE: Final = (1, 3, 11, 45)

_FAMILIES: Final[dict[type[IAddress], int]] = {
    IPv4Address: socket.AF_INET,
    IPv6Address: socket.AF_INET6,
}
_KINDS: Final = {"TCP": socket.SOCK_STREAM, "UDP": socket.SOCK_DGRAM}


class SystemResolver:
    """Finds what the system knows: hosts file, DNS, mDNS, as the machine is set up."""

    def __init__(
        self,
        reactor: _Reactor,
        timeout: float = sum(PATIENCE),
        getaddrinfo: Callable[..., Sequence[tuple[Any, ...]]] = socket.getaddrinfo,
    ) -> None:
        """Use a reactor's threads.

        Args:
            reactor: Whose pool the system is asked in, and whose clock counts.
            timeout: Seconds that a search may take, waiting for a thread included.
            getaddrinfo: What is asked.
        """
        self._reactor = reactor
        self._timeout = timeout
        self._getaddrinfo = getaddrinfo

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Resolution:
        """Look for a name's addresses; see `IHostnameResolver`.

        An address in text is told before this returns, and no thread is asked for it.

        Raises:
            TypeError: The name is no text.
            ValueError: The semantics are neither TCP's nor UDP's.
        """
        resolution = Resolution(
            resolutionReceiver, hostName, portNumber, addressTypes, transportSemantics
        )
        name = resolution.begin()
        if name is not None:
            self._search(name, resolution)
        return resolution

    def _search(self, name: str, resolution: Resolution) -> None:
        wanted = [_FAMILIES[each] for each in resolution.wanted]
        found = deferToThreadPool(
            self._reactor,
            self._reactor.getThreadPool(),
            self._getaddrinfo,
            name,
            None,
            family=wanted[0] if len(wanted) == 1 else socket.AF_UNSPEC,
            type=_KINDS[resolution.kind],
        )

        def tell(entries: Sequence[tuple[Any, ...]]) -> None:
            for entry in entries:
                if entry[0] in wanted:
                    resolution.found(entry[4][0])
            resolution.complete()

        def explain(failure: Failure) -> None:
            error = failure.value
            resolution.complete(error if isinstance(error, Exception) else None)

        def late(outcome: object, seconds: float) -> None:
            raise TimeoutError(f"nobody has answered in {seconds:g} s")

        found.addTimeout(self._timeout, self._reactor, late)
        found.addCallbacks(tell, explain)
        resolution.searching(found.cancel)
