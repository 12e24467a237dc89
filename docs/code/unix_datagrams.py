"""Datagrams between programs of one host."""

import tempfile
from pathlib import Path
from typing import Any

from sennit.core import task
from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.protocol import ConnectedDatagramProtocol, DatagramProtocol


class Journal(DatagramProtocol):
    noisy = False
    transport: Any

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        if addr is not None:
            self.transport.write(b"noted: " + datagram, addr)


class Writer(ConnectedDatagramProtocol):
    noisy = False
    transport: Any

    def __init__(self) -> None:
        self.answered: Deferred[bytes] = Deferred()

    def startProtocol(self) -> None:
        self.transport.write(b"it is done")

    def datagramReceived(self, datagram: bytes) -> None:  # type: ignore[override]
        self.answered.callback(datagram)


async def main(reactor: Reactor) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "journal"))
        reactor.listenUNIXDatagram(path, Journal(), mode=0o622)
        writer = Writer()
        reactor.connectUNIXDatagram(path, writer, bindAddress=f"{path}-writer")
        print((await writer.answered).decode())


task.react(main)
