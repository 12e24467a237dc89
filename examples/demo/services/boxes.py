"""Every box comes back as it was sent: AMP below its commands."""

import time

from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.failure import Failure
from sennit.core.protocol import Factory
from sennit.protocols.amp import AMP, AmpBox, IBoxSender
from services.service import LOCAL, Said, Service, connect

__all__ = ["SERVICE"]


class Boxes:
    """Takes boxes in the place of commands."""

    sender: IBoxSender

    def startReceivingBoxes(self, boxSender: IBoxSender) -> None:
        self.sender = boxSender

    def ampBoxReceived(self, box: AmpBox) -> None:
        self.sender.sendBox(box)

    def stopReceivingBoxes(self, reason: Failure) -> None:
        """Nothing is kept of a connection."""


class Asking(Boxes):
    """Sends boxes, and waits for each."""

    waiting: Deferred[AmpBox]

    def ask(self, box: AmpBox) -> Deferred[AmpBox]:
        self.waiting = Deferred()
        self.sender.sendBox(box)
        return self.waiting

    def ampBoxReceived(self, box: AmpBox) -> None:
        self.waiting.callback(box)


def start(reactor: Reactor) -> int:
    factory = Factory.forProtocol(lambda: AMP(boxReceiver=Boxes()))
    port = reactor.listenTCP(0, factory, interface=LOCAL)
    return port.getHost().port


async def talk(reactor: Reactor, port: int) -> Said:
    asking = Asking()
    client = await connect(reactor, port, AMP(boxReceiver=asking))
    trips: list[float] = []
    for number in range(100):
        box = AmpBox({b"number": b"%d" % number, b"text": b"as it was sent"})
        begun = time.perf_counter()
        assert await asking.ask(box) == box
        trips.append(time.perf_counter() - begun)
    client.transport.loseConnection()
    return Said("100 boxes, each came back", trips)


SERVICE = Service("boxes of AMP", "nc 127.0.0.1 {port}", start, talk)
