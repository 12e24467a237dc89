"""Connections that are kept for the next request to the same place.

A connection that has been kept may be ended by the server in the very moment it is used
again; nobody can know before. So a request that does no harm when it comes twice is sent
once more, over a new connection, if the one that was kept gives no answer (RFC 9110
§9.2.2, RFC 9112 §9.3.1).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sennit.core.defer import CancelledError, Deferred, DeferredList, succeed
from sennit.core.failure import Failure
from sennit.core.protocol import Factory
from sennit.web.client._bodies import rewound
from sennit.web.client._budgets import DEFAULT_LIMITS, ResponseLimits
from sennit.web.client._connection import HTTP11ClientProtocol, State
from sennit.web.client._errors import (
    RequestNotSent,
    RequestTransmissionFailed,
    ResponseNeverReceived,
)

if TYPE_CHECKING:
    from sennit.core.contracts import (
        IDelayedCall,
        IReactorTime,
        IStreamClientEndpoint,
    )
    from sennit.web.client._request import Request
    from sennit.web.client._response import Response

__all__ = ["HTTPConnectionPool"]

# Methods whose requests may come twice (RFC 9110 §9.2.2).
_IDEMPOTENT: Final = frozenset(
    (b"GET", b"HEAD", b"OPTIONS", b"TRACE", b"PUT", b"DELETE")
)


class _Kept(NamedTuple):
    """A connection that waits to be used again, and until when."""

    connection: HTTP11ClientProtocol
    until: float


class HTTPConnectionPool:
    """Connections that are kept for the next request to the same place.

    Attributes:
        persistent: Whether any are kept.
        maxPersistentPerHost: How many are kept for each place. More are made when more
            requests are under way; these are then ended.
        cachedConnectionTimeout: Seconds that one is kept: servers keep them for one to
            five minutes.
        retryAutomatically: Whether a request is sent again if a connection that was kept
            has given no answer.
        limits: The budgets of each response.
    """

    maxPersistentPerHost: int = 2
    cachedConnectionTimeout: float = 240
    retryAutomatically: bool = True
    limits: ResponseLimits = DEFAULT_LIMITS

    def __init__(self, reactor: IReactorTime, persistent: bool = True) -> None:
        """Make an empty one.

        Args:
            reactor: What counts the time.
            persistent: Whether connections are kept.
        """
        self._reactor = reactor
        self.persistent: bool = persistent
        # By place, those that were used last at the end. Only connections that are idle
        # are here; one that is taken out is the taker's.
        self._kept: dict[Hashable, list[_Kept]] = {}
        # Looks for those that are too old: one timer for all, since most are used again
        # before their time.
        self._sweeping: IDelayedCall | None = None

    def getConnection(
        self, key: Hashable, endpoint: IStreamClientEndpoint
    ) -> Deferred[Any]:
        """Take a connection that was kept, or make one.

        Args:
            key: The place: connections of the same key serve the same requests.
            endpoint: What makes a connection to it.

        Returns:
            Something that has the method ``request`` of `HTTP11ClientProtocol`.
        """
        connection = self._take(key)
        if connection is None:
            return self._new(key, endpoint)
        if not self.retryAutomatically:
            return succeed(connection)
        return succeed(_Retrying(connection, self, key, endpoint))

    def closeCachedConnections(self) -> Deferred[Any]:
        """End all connections that are kept.

        Returns:
            It fires when they have ended.
        """
        kept, self._kept = self._kept, {}
        self._rest()
        return DeferredList(
            [each.connection.abort() for place in kept.values() for each in place]
        )

    def _take(self, key: Hashable) -> HTTP11ClientProtocol | None:
        """Take the connection that was used last, of those that are not ending."""
        kept = self._kept.pop(key, [])
        while kept:
            connection = kept.pop().connection
            if connection.state is State.IDLE:
                if kept:
                    self._kept[key] = kept
                return connection
        return None

    def _new(
        self, key: Hashable, endpoint: IStreamClientEndpoint
    ) -> Deferred[HTTP11ClientProtocol]:
        return endpoint.connect(_Connecting(self, key))  # type: ignore[return-value]

    def _keep(self, key: Hashable, connection: HTTP11ClientProtocol) -> None:
        """Keep a connection that is idle; the one idle longest makes room for it."""
        if self.maxPersistentPerHost < 1:
            connection.transport.loseConnection()
            return
        place = self._kept.setdefault(key, [])
        if len(place) >= self.maxPersistentPerHost:
            place.pop(0).connection.transport.loseConnection()
        seconds = self.cachedConnectionTimeout
        place.append(_Kept(connection, self._reactor.seconds() + seconds))
        if self._sweeping is None:
            self._sweeping = self._reactor.callLater(seconds, self._sweep)

    def _sweep(self) -> None:
        """End those that were kept for too long."""
        self._sweeping = None
        now = self._reactor.seconds()
        for key, place in list(self._kept.items()):
            while place and place[0].until <= now:
                place.pop(0).connection.transport.loseConnection()
            if not place:
                del self._kept[key]
        if self._kept:
            due = min(place[0].until for place in self._kept.values())
            self._sweeping = self._reactor.callLater(due - now, self._sweep)

    def _forget(self, key: Hashable, connection: HTTP11ClientProtocol) -> None:
        """Strike a connection that has ended, if it is kept."""
        place = self._kept.get(key, [])
        place[:] = [each for each in place if each.connection is not connection]
        if not place:
            self._kept.pop(key, None)
        self._rest()

    def _rest(self) -> None:
        """Look for old ones no more, while there are none."""
        sweeping = self._sweeping
        if sweeping is not None and not self._kept:
            self._sweeping = None
            sweeping.cancel()


class _Connecting(Factory):
    """Makes the connections of one place."""

    noisy = False

    def __init__(self, pool: HTTPConnectionPool, key: Hashable) -> None:
        self._pool = pool
        self._key = key

    def buildProtocol(self, addr: object) -> HTTP11ClientProtocol:
        """Make a connection that comes back to the pool."""
        pool, key = self._pool, self._key
        connection = HTTP11ClientProtocol(lambda it: pool._keep(key, it), pool.limits)
        connection.whenLost = lambda it: pool._forget(key, it)
        return connection

    def __repr__(self) -> str:
        return f"<connections to {self._key!r}>"


class _Retrying:
    """A connection that was kept, and what makes another one in its place."""

    __slots__ = ("_connection", "_endpoint", "_key", "_pool")

    def __init__(
        self,
        connection: HTTP11ClientProtocol,
        pool: HTTPConnectionPool,
        key: Hashable,
        endpoint: IStreamClientEndpoint,
    ) -> None:
        self._connection = connection
        self._pool = pool
        self._key = key
        self._endpoint = endpoint

    @property
    def state(self) -> State:
        """What it is at."""
        return self._connection.state

    def request(self, request: Request) -> Deferred[Response]:
        """Send a request; once more if nothing is answered."""
        answered = self._connection.request(request)
        if _may_come_twice(request):
            return answered.addErrback(self._again, request)
        return answered

    def abort(self) -> Deferred[None]:
        """End the connection."""
        return self._connection.abort()

    def _again(self, reason: Failure, request: Request) -> Any:
        if not _is_stale(reason):
            return reason
        request.bodyProducer = rewound(request.bodyProducer)
        made = self._pool._new(self._key, self._endpoint)
        if request.patience is not None:
            request.patience.connecting(made)
        return made.addCallback(lambda connection: connection.request(request))


def _may_come_twice(request: Request) -> bool:
    producer = request.bodyProducer
    return request.method in _IDEMPOTENT and (
        producer is None or hasattr(producer, "rewind")
    )


def _is_stale(reason: Failure) -> bool:
    """Whether the connection has ended without a word, and not by us."""
    if reason.check(CancelledError, TimeoutError) is not None:
        return False
    kinds = (RequestNotSent, RequestTransmissionFailed, ResponseNeverReceived)
    return reason.check(*kinds) is not None
