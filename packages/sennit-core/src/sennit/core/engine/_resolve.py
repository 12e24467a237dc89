"""From a host's name to an address.

`ThreadedResolver` asks the system (``getaddrinfo``) in the reactor's thread pool; any
object with its method may take its place (``reactor.installResolver``).
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from sennit.core.defer import Deferred, fail, succeed
from sennit.core.engine._sockets import isIPAddress, isIPv6Address
from sennit.core.errors import DNSLookupError
from sennit.core.failure import Failure
from sennit.core.threads import deferToThreadPool

if TYPE_CHECKING:
    from sennit.core.contracts import IReactorThreads, IReactorTime

    class _Reactor(IReactorThreads, IReactorTime, Protocol):
        """What resolving needs."""


__all__ = ["ThreadedResolver", "resolved"]

# Seconds between the attempts of a lookup, as classic resolvers take them. The system
# makes its own attempts; their sum is how long we wait for it.
_TIMEOUT = (1, 3, 11, 45)


class ThreadedResolver:
    """Resolves names by the system, without blocking the reactor."""

    def __init__(self, reactor: _Reactor) -> None:
        self._reactor = reactor

    def getHostByName(
        self, name: str, timeout: Sequence[int] | None = None
    ) -> Deferred[str]:
        """Look up one address of a host.

        Args:
            name: The host's name.
            timeout: Seconds for each attempt; their sum is waited for.

        Returns:
            A Deferred of an IPv4 address; an IPv6 one for a host that has no other.
            It fails with `DNSLookupError` if the name leads nowhere in time.
        """
        patience = sum(timeout or _TIMEOUT)

        def explained(failure: Failure) -> Failure:
            failure.trap(OSError, UnicodeError)
            return Failure(DNSLookupError(f"{name!r}: {failure.getErrorMessage()}"))

        found = deferToThreadPool(
            self._reactor, self._reactor.getThreadPool(), _look_up, name
        )
        found.addTimeout(patience, self._reactor)
        found.addErrback(explained)
        return found


def _look_up(name: str) -> str:
    found: list[Any] = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)
    address: str = found[0][4][0]
    return address


def resolved(name: str, resolver: Any, timeout: Sequence[int]) -> Deferred[str]:
    """Resolve a name, or see that there is nothing to resolve.

    An address is its own, the empty name is all of IPv4 and ``<broadcast>`` all hosts.
    """
    if not name:
        return succeed("0.0.0.0")
    if name == "<broadcast>" or isIPAddress(name) or isIPv6Address(name):
        return succeed("255.255.255.255" if name == "<broadcast>" else name)
    try:
        found: Deferred[str] = resolver.getHostByName(name, timeout)
    except Exception:
        return fail()
    return found
