"""``twisted.internet.base``: what programs import of the reactor's own parts."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from typing import Any

from zope.interface import implementer

from sennit.core import defer, threads
from sennit.core._timers import DelayedCall as DelayedCall
from sennit.core.defer import Deferred
from sennit.core.engine import (
    Connector as BaseConnector,
    Port as BasePort,
    Reactor as ReactorBase,
)
from sennit.core.errors import DNSLookupError
from sennit.core.failure import Failure
from sennit.core.interfaces import IResolverSimple

__all__ = [
    "BaseConnector",
    "BasePort",
    "BlockingResolver",
    "DelayedCall",
    "ReactorBase",
    "ThreadedResolver",
]


@implementer(IResolverSimple)
class BlockingResolver:
    """Asks the system for addresses, and blocks until it answers."""

    def getHostByName(
        self, name: str, timeout: Sequence[int] = (1, 3, 11, 45)
    ) -> Deferred[str]:
        """The address of a host.

        Args:
            name: The host's name.
            timeout: Ignored.
        """
        try:
            return defer.succeed(socket.gethostbyname(name))
        except OSError:
            return defer.fail(DNSLookupError(f"address {name!r} not found"))


@implementer(IResolverSimple)
class ThreadedResolver:
    """Asks the system for addresses, in a thread of the reactor's pool.

    Args:
        reactor: The reactor.
    """

    def __init__(self, reactor: Any) -> None:
        self.reactor = reactor

    def getHostByName(
        self, name: str, timeout: Sequence[int] = (1, 3, 11, 45)
    ) -> Deferred[str]:
        """The address of a host.

        Args:
            name: The host's name.
            timeout: Seconds, whose sum is waited.
        """

        def failed(failure: Failure) -> Failure:
            failure.trap(OSError, defer.TimeoutError)
            return Failure(DNSLookupError(f"address {name!r} not found"))

        pool = self.reactor.getThreadPool()
        lookup: Callable[[str], str] = socket.gethostbyname
        found = threads.deferToThreadPool(self.reactor, pool, lookup, name)
        found.addTimeout(sum(timeout), self.reactor)
        return found.addErrback(failed)
