"""A server that ticks, and a client that stays connected to it: services, both.

usage: sennit run ticker:server      (in this folder)
       sennit run ticker:client

LISTEN and CONNECT in the environment are the endpoints, if not those of port 8751.
"""

import os

from sennit.app import strports
from sennit.app.internet import ClientService, TimerService
from sennit.app.service import Application, Service
from sennit.core import reactor
from sennit.core.defer import Deferred
from sennit.core.endpoints import clientFromString
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol, connectionDone
from sennit.protocols.basic import LineReceiver

LISTEN = os.environ.get("LISTEN", "tcp:8751:interface=127.0.0.1")
CONNECT = os.environ.get("CONNECT", "tcp:127.0.0.1:8751")


class Tick(Protocol):
    factory: "Ticker"

    def connectionMade(self) -> None:
        self.factory.listeners.append(self)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.factory.listeners.remove(self)


class Ticker(Factory):
    protocol = Tick

    def __init__(self) -> None:
        self.ticks = 0
        self.listeners: list[Tick] = []

    def tick(self) -> None:
        self.ticks += 1
        for each in self.listeners:
            each.transport.write(b"tick %d\r\n" % self.ticks)


def server() -> Application:
    ticker = Ticker()
    application = Application("ticker")
    strports.service(LISTEN, ticker).setServiceParent(application)
    TimerService(0.2, ticker.tick).setServiceParent(application)
    return application


class Ear(LineReceiver):
    def connectionMade(self) -> None:
        self.gone: Deferred[None] = Deferred()

    def lineReceived(self, line: bytes) -> None:
        print("heard", line.decode())

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.gone.callback(None)


class Listener(Service):
    """Tells of each connection, for as long as it runs."""

    def __init__(self, connection: ClientService) -> None:
        self.connection = connection

    def startService(self) -> None:
        super().startService()
        self.spawn(self.tell())

    async def tell(self) -> None:
        while True:
            ear = await self.connection.whenConnected()
            print("connected")
            await ear.gone
            print("disconnected")


def client() -> Application:
    endpoint = clientFromString(reactor, CONNECT)
    connection = ClientService(
        endpoint, Factory.forProtocol(Ear), retryPolicy=lambda failures: 0.2
    )
    application = Application("listener")
    connection.setServiceParent(application)
    Listener(connection).setServiceParent(application)
    return application
