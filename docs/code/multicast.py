"""A service that is found by asking a group, and who asks."""

from typing import Any

from sennit.core import task
from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.protocol import DatagramProtocol

GROUP = "239.255.7.7"
# For the sake of the example, nothing leaves this host.
INTERFACE = "127.0.0.1"


class Service(DatagramProtocol):
    noisy = False

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        if datagram == b"who is there?":
            self.transport.write(b"the printer", addr)


class Asker(DatagramProtocol):
    noisy = False

    def __init__(self) -> None:
        self.found: Deferred[bytes] = Deferred()

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        self.found.callback(datagram)


async def main(reactor: Reactor) -> None:
    service = reactor.listenMulticast(0, Service(), listenMultiple=True)
    await service.joinGroup(GROUP, INTERFACE)

    asker = Asker()
    port = reactor.listenMulticast(0, asker)
    await port.setOutgoingInterface(INTERFACE)
    port.setTTL(1)
    port.write(b"who is there?", (GROUP, service.getHost().port))
    print((await asker.found).decode())

    await service.leaveGroup(GROUP, INTERFACE)


task.react(main)
