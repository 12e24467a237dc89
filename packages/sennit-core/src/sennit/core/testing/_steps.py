"""Checks as steps: what lets one check run on a reactor and in memory alike.

A check is a generator. It does something, yields the condition it waits for, goes on
when that is true, and asserts. What turns the world meanwhile is not its business: a
reactor runs, or a pump pumps. So no check sleeps, and none knows an event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Protocol

from sennit.core.protocol import (
    ClientFactory,
    Factory,
    Protocol as StreamProtocol,
)
from sennit.core.testing._pump import IOPump, connect

if TYPE_CHECKING:
    from sennit.core.contracts import IConnector
    from sennit.core.failure import Failure

__all__ = [
    "MemoryPair",
    "ReactorPair",
    "Steps",
    "TransportPair",
    "driveReactor",
    "quiet",
    "runReactor",
]

Steps = Generator[Callable[[], object], None, None]

# Seconds: between two looks at a condition; and what nothing here should take, on a
# machine that is busy with other things.
_LOOK_EVERY = 0.001
_PATIENCE = 10.0
# Turns: after so many without news, nothing more is on its way.
_QUIET = 25
_MANY = 100_000


class TransportPair(Protocol):
    """What connects two protocols, and turns the world until a check is done."""

    def connect(self, server: StreamProtocol, client: StreamProtocol) -> None:
        """Begin to connect two protocols; may be called again for more of them.

        A connection that ends before the client has seen it begin may be told to the
        client by its ``connectionLost`` only.
        """

    def drive(self, steps: Steps) -> None:
        """Take the steps of a check, turning the world between them.

        Raises:
            AssertionError: When the check fails, or a condition does not come true.
        """


def quiet() -> Callable[[], bool]:
    """Make a condition that comes true after some turns: nothing more is coming."""
    left = _QUIET

    def turned() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    return turned


class MemoryPair:
    """Connects in memory."""

    def __init__(self) -> None:
        self._pumps: list[IOPump] = []

    def connect(self, server: StreamProtocol, client: StreamProtocol) -> None:
        """Connect two protocols, at once."""
        self._pumps.append(connect(server, client))

    def drive(self, steps: Steps) -> None:
        """Take the steps of a check, pumping between them."""
        for condition in steps:
            for _ in range(_MANY):
                if condition():
                    break
                for pump in self._pumps:
                    pump.pump()
            else:
                raise AssertionError(f"{condition!r} did not come true")


class _Clients(ClientFactory):
    """Tells the client that it was not connected."""

    noisy = False

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        protocol = self.buildProtocol(connector.getDestination())
        assert protocol is not None
        protocol.connectionLost(reason)


class ReactorPair:
    """Connects by a reactor, over TCP on this host."""

    def __init__(self, reactor: Any) -> None:
        """Set the reactor, which must not run yet."""
        self._reactor: Any = reactor

    def connect(self, server: StreamProtocol, client: StreamProtocol) -> None:
        """Listen at a free port for one connection, and connect to it."""
        factory = Factory.forProtocol(lambda: server)
        factory.noisy = False
        port = self._reactor.listenTCP(0, factory, interface="127.0.0.1")
        clients = _Clients.forProtocol(lambda: client)
        self._reactor.connectTCP("127.0.0.1", port.getHost().port, clients)

    def drive(self, steps: Steps) -> None:
        """Take the steps of a check in one run of the reactor."""
        driveReactor(self._reactor, steps)


def driveReactor(reactor: Any, steps: Steps, patience: float = _PATIENCE) -> None:
    """Run a reactor while the steps of a check are taken, then stop it.

    Args:
        reactor: What runs; it must not run yet.
        steps: The steps.
        patience: How long they may take altogether, in seconds.

    Raises:
        AssertionError: When the check fails, or takes too long.
    """
    driver = _ReactorDriver(reactor, steps)
    reactor.callWhenRunning(driver.look)
    watchdog = reactor.callLater(patience, driver.give_up)
    reactor.run()
    if watchdog.active():
        watchdog.cancel()
    if driver.error is not None:
        raise driver.error


def runReactor(reactor: Any, patience: float = _PATIENCE) -> None:
    """Run a reactor until something stops it.

    Args:
        reactor: What runs; it must not run yet.
        patience: How long that may take, in seconds.

    Raises:
        AssertionError: When nothing stops it.
    """
    slow: list[bool] = []

    def give_up() -> None:
        slow.append(True)
        reactor.stop()

    watchdog = reactor.callLater(patience, give_up)
    reactor.run()
    if watchdog.active():
        watchdog.cancel()
    if slow:
        raise AssertionError(f"nothing has stopped {reactor!r}")


class _ReactorDriver:
    """Looks at the condition a check waits for, again and again."""

    def __init__(self, reactor: Any, steps: Steps) -> None:
        self._reactor = reactor
        self._steps = steps
        self._condition: Callable[[], object] = lambda: True
        self._done = False
        self.error: BaseException | None = None

    def look(self) -> None:
        try:
            while not self._done and self._condition():
                self._condition = next(self._steps)
        except StopIteration:
            self._finish(None)
        except BaseException as error:
            self._finish(error)
        else:
            if not self._done:
                self._reactor.callLater(_LOOK_EVERY, self.look)

    def give_up(self) -> None:
        self._steps.close()
        self._finish(AssertionError(f"{self._condition!r} did not come true in time"))

    def _finish(self, error: BaseException | None) -> None:
        if not self._done:
            self._done = True
            self.error = error
            self._reactor.stop()
