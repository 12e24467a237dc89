"""What every reactor does within one host: UNIX datagrams, descriptors, groups."""

from __future__ import annotations

import os
import socket
import tempfile
from typing import Any

from sennit.core.protocol import (
    ClientFactory,
    ConnectedDatagramProtocol,
    DatagramProtocol,
    Factory,
)
from sennit.core.testing._checks import Checks, Recorder
from sennit.core.testing._steps import Steps, driveReactor

__all__ = ["CHECKS"]

_checks: Checks[Any] = Checks(driveReactor)

# For whatever a site likes (RFC 2365), and on the loopback interface only.
_GROUP, _INTERFACE = "239.255.99.99", "127.0.0.1"


class _Mailbox(DatagramProtocol):
    noisy = False
    transport: Any

    def __init__(self) -> None:
        self.got: list[tuple[bytes, Any]] = []

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        self.got.append((datagram, addr))


class _Caller(ConnectedDatagramProtocol):
    noisy = False
    transport: Any

    def __init__(self) -> None:
        self.got: list[bytes] = []

    def datagramReceived(  # type: ignore[override]
        self, datagram: bytes
    ) -> None:
        self.got.append(datagram)


@_checks.add
def unix_datagrams_go_both_ways(reactor: Any) -> Steps:
    """Each comes with its sender's path, and to that an answer goes."""
    server, client = _Mailbox(), _Caller()
    with tempfile.TemporaryDirectory() as folder:
        there, here = os.path.join(folder, "there"), os.path.join(folder, "here")
        port = reactor.listenUNIXDatagram(there, server)
        connected = reactor.connectUNIXDatagram(there, client, bindAddress=here)
        client.transport.write(b"ask")
        yield lambda: server.got == [(b"ask", here)]
        server.transport.write(b"answer", here)
        yield lambda: client.got == [b"answer"]
        for each in (port, connected):
            each.stopListening()
        yield lambda: not os.path.exists(there) and not os.path.exists(here)


@_checks.add
def a_descriptor_is_passed(reactor: Any) -> Steps:
    """It arrives before its byte, and stands for the same file."""
    server, client = Recorder(), Recorder()
    came: list[tuple[int, bytes]] = []
    taker: Any = server
    taker.fileDescriptorReceived = lambda number: came.append((number, server.data))
    factory = Factory.forProtocol(lambda: server)
    clients = ClientFactory.forProtocol(lambda: client)
    factory.noisy = clients.noisy = False
    ours, theirs = socket.socketpair()
    with tempfile.TemporaryDirectory() as folder, ours, theirs:
        path = os.path.join(folder, "there")
        port = reactor.listenUNIX(path, factory)
        reactor.connectUNIX(path, clients)
        yield lambda: client.made and server.made
        client.transport.sendFileDescriptor(theirs.fileno())
        client.transport.write(b"!")
        yield lambda: server.data == b"!"
        [(number, before)] = came
        assert before == b"", "the byte came first"
        with socket.socket(fileno=number) as received:
            received.send(b"through")
        assert ours.recv(10) == b"through"
        port.stopListening()
        yield lambda: not os.path.exists(path)


@_checks.add
def a_group_is_heard_while_it_is_joined(reactor: Any) -> Steps:
    """Multicast comes to those who have joined, and to nobody else."""
    hearer, speaker = _Mailbox(), _Mailbox()
    port = reactor.listenMulticast(0, hearer)
    there = (_GROUP, port.getHost().port)
    reactor.listenMulticast(0, speaker)
    done: list[object] = []
    for change in (
        hearer.transport.joinGroup(_GROUP, _INTERFACE),
        speaker.transport.setOutgoingInterface(_INTERFACE),
    ):
        change.addCallback(done.append)
    yield lambda: len(done) == 2
    speaker.transport.write(b"heard", there)
    yield lambda: [datagram for datagram, _ in hearer.got] == [b"heard"]
    hearer.transport.leaveGroup(_GROUP, _INTERFACE).addCallback(done.append)
    yield lambda: len(done) == 3
    speaker.transport.write(b"too late", there)
    speaker.transport.write(b"direct", (_INTERFACE, there[1]))
    yield lambda: len(hearer.got) > 1
    assert [datagram for datagram, _ in hearer.got] == [b"heard", b"direct"]


CHECKS = _checks.checks
