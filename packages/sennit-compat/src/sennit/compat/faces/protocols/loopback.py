"""``twisted.protocols.loopback``: two protocols of one process talk to each other."""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from zope.interface import implementer

import sennit.core
from sennit.core.defer import Deferred, gatherResults
from sennit.core.errors import ConnectionDone
from sennit.core.failure import Failure
from sennit.core.interfaces import IAddress, IConsumer, ITransport
from sennit.core.protocol import ClientFactory, connectionDone
from sennit.protocols.policies import ProtocolWrapper, WrappingFactory

__all__ = [
    "collapsingPumpPolicy",
    "identityPumpPolicy",
    "loopbackAsync",
    "loopbackTCP",
    "loopbackUNIX",
]


class _LoopbackQueue:
    """What one side has written and the other not received; None is the end.

    Its name is Twisted's, for pump policies are handed one.
    """

    def __init__(self, notify: Callable[[], object] = lambda: None) -> None:
        self._pieces: deque[bytes | None] = deque()
        self._notify = notify
        self.ended: bool = False

    def put(self, piece: bytes | None) -> None:
        """Add a piece, or the end; nothing after the end."""
        if not self.ended:
            self.ended = piece is None
            self._pieces.append(piece)
            self._notify()

    def get(self) -> bytes | None:
        """Take the first piece."""
        return self._pieces.popleft()

    def __len__(self) -> int:
        return len(self._pieces)


def identityPumpPolicy(queue: _LoopbackQueue, target: Any) -> None:
    """Deliver each piece as it was written."""
    while queue:
        piece = queue.get()
        if piece is None:
            break
        target.dataReceived(piece)


def collapsingPumpPolicy(queue: _LoopbackQueue, target: Any) -> None:
    """Deliver all that was written as one piece."""
    pieces = [queue.get() for _ in range(len(queue))]
    data = b"".join(piece for piece in pieces if piece is not None)
    if data:
        target.dataReceived(data)


@implementer(IAddress)
class _LoopbackAddress:
    """The address of either side."""


@implementer(ITransport, IConsumer)
class _LoopbackTransport:
    """What one side writes to."""

    disconnecting = False

    def __init__(self, queue: _LoopbackQueue) -> None:
        self._queue = queue
        self._producer: Any = None

    def write(self, data: bytes) -> None:
        """Write."""
        self._queue.put(data)

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        """Write several pieces as one."""
        self._queue.put(b"".join(iovec))

    def loseConnection(self) -> None:
        """End when everything is delivered."""
        self.disconnecting = True
        self._queue.put(None)

    def abortConnection(self) -> None:
        """End."""
        self.loseConnection()

    def getPeer(self) -> _LoopbackAddress:
        """The address of the other side."""
        return _LoopbackAddress()

    def getHost(self) -> _LoopbackAddress:
        """The address of this side."""
        return _LoopbackAddress()

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let a producer write here; one that pulls is asked each turn."""
        self._producer = producer
        if not streaming:
            self._pull()

    def unregisterProducer(self) -> None:
        """The producer is through."""
        self._producer = None

    def _pull(self) -> None:
        if self._producer is not None:
            self._producer.resumeProducing()
            sennit.core.reactor.callLater(0, self._pull)


class _Relay:
    """Delivers in turns of the reactor, never while somebody is writing."""

    def __init__(
        self, server: Any, client: Any, policy: Callable[[_LoopbackQueue, Any], object]
    ) -> None:
        self.finished: Deferred[None] = Deferred()
        self._policy = policy
        self._scheduled = False
        self._to_client = _LoopbackQueue(self._schedule)
        self._to_server = _LoopbackQueue(self._schedule)
        self._ways = ((self._to_client, client), (self._to_server, server))
        server.makeConnection(_LoopbackTransport(self._to_client))
        client.makeConnection(_LoopbackTransport(self._to_server))

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            sennit.core.reactor.callLater(0, self._deliver)

    def _deliver(self) -> None:
        for queue, target in self._ways:
            if queue:
                self._policy(queue, target)
        self._scheduled = False
        if any(queue.ended and not queue for queue, _ in self._ways):
            for _, target in self._ways:
                target.connectionLost(Failure(ConnectionDone()))
            self._scheduled = True
            self.finished.callback(None)
        elif any(queue for queue, _ in self._ways):
            self._schedule()


def loopbackAsync(
    server: Any,
    client: Any,
    pumpPolicy: Callable[[_LoopbackQueue, Any], object] = identityPumpPolicy,
) -> Deferred[None]:
    """Connect two protocols in memory.

    Args:
        server: The one.
        client: The other.
        pumpPolicy: Called with what was written and with whom it is for, to deliver.

    Returns:
        A Deferred that fires when both have lost the connection.
    """
    return _Relay(server, client, pumpPolicy).finished


class _FireOnClose(ProtocolWrapper):
    """Fires its factory's Deferred at the end of the connection."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        super().connectionLost(reason)
        self.factory.closed.callback(None)


class _OneFactory(WrappingFactory):
    """Gives out one protocol, and knows when that is through."""

    protocol = _FireOnClose
    noisy = False

    def __init__(self, protocol: Any) -> None:
        inner = ClientFactory()
        inner.noisy = False
        inner.protocol = lambda: protocol
        super().__init__(inner)
        self.closed: Deferred[None] = Deferred()

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        self.closed.errback(reason)


def _connected(
    server: Any,
    client: Any,
    listen: Callable[[_OneFactory], Any],
    connect: Callable[[Any, _OneFactory], object],
) -> Deferred[None]:
    one, other = _OneFactory(server), _OneFactory(client)
    port = listen(one)
    connect(port, other)
    both = gatherResults([one.closed, other.closed])
    return both.addBoth(lambda _: port.stopListening())


def loopbackTCP(
    server: Any, client: Any, port: int = 0, noisy: bool = True
) -> Deferred[None]:
    """Connect two protocols through TCP on this machine.

    Args:
        server: The one.
        client: The other.
        port: Number of the port; 0 for one that is free.
        noisy: Ignored.

    Returns:
        A Deferred that fires when both have lost the connection.
    """
    here = "127.0.0.1"
    reactor = sennit.core.reactor
    return _connected(
        server,
        client,
        lambda factory: reactor.listenTCP(port, factory, interface=here),
        lambda at, factory: reactor.connectTCP(here, at.getHost().port, factory),
    )


def loopbackUNIX(server: Any, client: Any, noisy: bool = True) -> Deferred[None]:
    """Connect two protocols through a UNIX socket.

    Args:
        server: The one.
        client: The other.
        noisy: Ignored.

    Returns:
        A Deferred that fires when both have lost the connection.
    """
    path = os.path.join(tempfile.mkdtemp(), "socket")
    reactor = sennit.core.reactor

    def tidy(result: Any) -> Any:
        os.rmdir(os.path.dirname(path))
        return result

    return _connected(
        server,
        client,
        lambda factory: reactor.listenUNIX(path, factory),
        lambda at, factory: reactor.connectUNIX(path, factory),
    ).addBoth(tidy)
