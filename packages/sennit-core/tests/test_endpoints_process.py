"""Endpoints for child processes, standard input and output, and inherited sockets."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import pytest
from zope.interface.verify import verifyObject

from sennit.core import interfaces, tls
from sennit.core.address import PipeAddress, ProcessAddress
from sennit.core.defer import Deferred
from sennit.core.endpoints import (
    AdoptedStreamServerEndpoint,
    ProcessConnection,
    ProcessEndpoint,
    StandardErrorBehavior,
    StandardIOEndpoint,
    TCP4ClientEndpoint,
    connectProtocol,
    wrapClientTLS,
)
from sennit.core.engine import Reactor
from sennit.core.errors import (
    AlreadyListened,
    ConnectionAborted,
    ConnectionDone,
    ConnectionLost,
    NoProtocol,
    ProcessTerminated,
    UnsupportedAddressFamily,
    UnsupportedSocketType,
)
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol
from sennit.core.testing import CertificateAuthority, MemoryReactor

Drive = Callable[..., Any]
Logged = list[dict[str, Any]]


class Listener(Protocol):
    """Keeps what it is told."""

    transport: Any

    def __init__(self) -> None:
        self.data = b""
        self.reason: Any = None
        self.lost: Deferred[None] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.data += data

    def connectionLost(self, reason: Failure) -> None:  # type: ignore[override]
        self.reason = reason.value
        self.lost.callback(None)


class HalfListener(Listener):
    """One that goes on when a side is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.halves: list[str] = []

    def readConnectionLost(self) -> None:
        self.halves.append("read")

    def writeConnectionLost(self) -> None:
        self.halves.append("write")


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.001)


def nothing_built() -> Factory:
    factory = Factory()
    factory.buildProtocol = lambda addr: None  # type: ignore[method-assign]
    return factory


def shell(reactor: Any, script: str, **kw: Any) -> ProcessEndpoint:
    return ProcessEndpoint(reactor, "/bin/sh", ["sh", "-c", script], **kw)


# Child processes


def test_a_child_is_the_other_side(reactor: Reactor, drive: Drive) -> None:
    async def main() -> Listener:
        listener = Listener()
        made = await connectProtocol(shell(reactor, "cat"), listener)
        assert made is listener
        assert isinstance(listener.transport, ProcessConnection)
        listener.transport.write(b"good ")
        listener.transport.writeSequence([b"morn", b"ing"])
        listener.transport.loseWriteConnection()
        await listener.lost
        return listener

    listener = drive(main)
    assert listener.data == b"good morning"
    assert type(listener.reason) is ConnectionDone


def test_the_factory_is_told_the_program(reactor: Reactor, drive: Drive) -> None:
    asked: list[Any] = []

    class Asked(Factory):
        def buildProtocol(self, addr: Any) -> Any:
            asked.append(addr)
            return Listener()

    async def main() -> None:
        listener = await shell(reactor, "exit").connect(Asked())
        asked.extend([listener.transport.getPeer(), listener.transport.getHost()])
        await listener.lost

    drive(main)
    assert asked == [ProcessAddress("/bin/sh")] * 3


@pytest.mark.parametrize("script", ["exit 3", "kill -9 $$"])
def test_a_child_that_fails_is_a_connection_that_is_lost(
    reactor: Reactor, drive: Drive, script: str
) -> None:
    async def main() -> Any:
        listener = await connectProtocol(shell(reactor, script), Listener())
        await listener.lost
        return listener.reason

    reason = drive(main)
    assert type(reason) is ProcessTerminated
    assert isinstance(reason, ConnectionLost)


def test_how_it_is_started_is_passed_on(reactor: Reactor, drive: Drive) -> None:
    async def main() -> bytes:
        endpoint = ProcessEndpoint(
            reactor,
            "sh",
            ["me", "-c", "echo $0 $A; pwd; read x <&7"],
            {"A": "b", "PATH": os.defpath},
            "/usr",
            childFDs={0: "w", 1: "r", 7: 0},
        )
        listener = await connectProtocol(endpoint, Listener())
        await listener.lost
        return listener.data

    assert drive(main) == b"me b\n/usr\n"


def test_it_may_have_a_terminal(reactor: Reactor, drive: Drive) -> None:
    async def main() -> bytes:
        endpoint = shell(reactor, "test -t 0 && echo here", usePTY=1)
        listener = await connectProtocol(endpoint, Listener())
        await listener.lost
        return listener.data

    assert drive(main) == b"here\r\n"


@pytest.mark.parametrize("behaviour", StandardErrorBehavior)
def test_what_comes_by_standard_error_is_logged_or_dropped(
    reactor: Reactor, drive: Drive, logged: Logged, behaviour: StandardErrorBehavior
) -> None:
    async def main() -> None:
        endpoint = shell(reactor, "echo bad >&2", errFlag=behaviour)
        listener = await connectProtocol(endpoint, Listener())
        await listener.lost
        assert listener.data == b""

    drive(main)
    told = [event for event in logged if event.get("data") == b"bad\n"]
    assert len(told) == (behaviour is StandardErrorBehavior.LOG)


def test_a_protocol_may_go_on_when_a_side_ends(reactor: Reactor, drive: Drive) -> None:
    async def main() -> HalfListener:
        endpoint = shell(reactor, "exec 1>&-; read x; exit $x")
        listener = await connectProtocol(endpoint, HalfListener())
        await until(lambda: listener.halves)
        listener.transport.write(b"3\n")
        listener.transport.loseWriteConnection()
        await listener.lost
        return listener

    listener = drive(main)
    assert listener.halves == ["read", "write"]
    assert listener.reason.exitCode == 3


def test_without_that_the_end_of_the_output_is_the_end(
    reactor: Reactor, drive: Drive
) -> None:
    async def main() -> Any:
        endpoint = shell(reactor, "exec 1>&-; cat; exit 4")
        listener = await connectProtocol(endpoint, Listener())
        await listener.lost
        return listener.reason

    assert drive(main).exitCode == 4


def test_to_abort_is_to_kill(reactor: Reactor, drive: Drive) -> None:
    async def main() -> Any:
        listener = await connectProtocol(shell(reactor, "read x <&2"), Listener())
        listener.transport.write(b"x" * 1_000_000)
        listener.transport.abortConnection()
        assert listener.reason is None
        await listener.lost
        listener.transport.abortConnection()
        return listener.reason

    assert type(drive(main)) is ConnectionAborted


def test_a_protocol_that_fails_loses_its_connection(
    reactor: Reactor, drive: Drive, logged: Logged
) -> None:
    class Bad(Listener):
        def dataReceived(self, data: bytes) -> None:
            raise LookupError("bad")

    async def main() -> Any:
        listener = await connectProtocol(shell(reactor, "echo x; cat"), Bad())
        await listener.lost
        return listener.reason

    assert type(drive(main)) is LookupError
    said = [str(event["failure"].value) for event in logged if "failure" in event]
    assert said == ["bad"]


def test_flow_is_controlled_both_ways(reactor: Reactor, drive: Drive) -> None:
    class Source:
        left = 300

        def resumeProducing(self) -> None:
            listener.transport.write(b"x" * 1000)
            self.left -= 1
            if not self.left:
                listener.transport.unregisterProducer()

        def stopProducing(self) -> None: ...

    listener = Listener()

    async def main() -> bytes:
        await connectProtocol(shell(reactor, "cat"), listener)
        source = Source()
        listener.transport.pauseProducing()
        listener.transport.registerProducer(source, False)
        listener.transport.loseWriteConnection()
        # The pipes, and cat between them, hold so much; the rest waits to be asked for.
        left = -1
        while left != source.left:
            left = source.left
            await asyncio.sleep(0.01)
        assert listener.data == b""
        assert source.left > 0
        listener.transport.resumeProducing()
        await listener.lost
        return listener.data

    assert drive(main) == b"x" * 300_000


RELAY = """
import os, socket, sys, threading
sock = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def pump():
    while data := sock.recv(65536):
        os.write(1, data)
threading.Thread(target=pump).start()
while data := os.read(0, 65536):
    sock.sendall(data)
sock.shutdown(socket.SHUT_WR)
"""


def test_tls_can_be_spoken_through_a_child(reactor: Reactor, drive: Drive) -> None:
    class Shout(Protocol):
        def dataReceived(self, data: bytes) -> None:
            self.transport.write(data.upper())

    authority = CertificateAuthority()
    served = tls.serverOptions(authority.issue("localhost"))

    async def main() -> Listener:
        factory = Factory.forProtocol(Shout)
        port = reactor.listenSSL(0, factory, served, interface="127.0.0.1")
        args = [sys.executable, "-S", "-E", "-c", RELAY, str(port.getHost().port)]
        relay = ProcessEndpoint(reactor, sys.executable, args)
        trusting = tls.clientOptions("localhost", trustRoot=authority.pem)
        client = wrapClientTLS(trusting, relay)
        listener = await connectProtocol(client, Listener())
        listener.transport.write(b"x" * 300_000)
        await until(lambda: len(listener.data) == 300_000)
        listener.transport.loseConnection()
        await listener.lost
        return listener

    listener = drive(main)
    assert listener.data == b"X" * 300_000
    assert type(listener.reason) is ConnectionDone


def test_what_cannot_be_started_fails(reactor: Reactor, drive: Drive) -> None:
    async def main() -> None:
        with pytest.raises(FileNotFoundError, match="nowhere"):
            await connectProtocol(ProcessEndpoint(reactor, "/nowhere"), Listener())
        with pytest.raises(NoProtocol):
            await shell(reactor, "exit").connect(nothing_built())

    drive(main)


def test_the_endpoints_keep_their_contracts(reactor: Reactor) -> None:
    window: Any = interfaces
    endpoint = ProcessEndpoint(reactor, "/bin/true")
    verifyObject(window.IStreamClientEndpoint, endpoint)
    for transport in (window.ITransport, window.IConsumer, window.IPushProducer):
        verifyObject(transport, ProcessConnection(Listener()))
    for server in (
        StandardIOEndpoint(reactor),
        AdoptedStreamServerEndpoint(reactor, 0, socket.AF_INET),
    ):
        verifyObject(window.IStreamServerEndpoint, server)


# Standard input and output


def test_standard_input_and_output_are_served(reactor: Reactor, drive: Drive) -> None:
    served: list[Any] = []

    class Served(Factory):
        def buildProtocol(self, addr: Any) -> Any:
            served.append(addr)
            return Listener()

    async def main() -> None:
        transport = await StandardIOEndpoint(reactor).listen(Served())
        listener: Any = transport.protocol
        transport.write(b"out")
        await listener.lost
        served.extend([listener.data, type(listener.reason)])
        with pytest.raises(NoProtocol):
            await StandardIOEndpoint(reactor).listen(nothing_built())

    kept = os.dup(0), os.dup(1)
    (stdin, typing), (reading, stdout) = os.pipe(), os.pipe()
    os.dup2(stdin, 0)
    os.dup2(stdout, 1)
    os.write(typing, b"in")
    os.close(typing)
    try:
        drive(main)
        assert os.read(reading, 100) == b"out"
    finally:
        for number, fd in enumerate(kept):
            os.dup2(fd, number)
        for fd in (*kept, stdin, stdout, reading):
            os.close(fd)
    assert served == [PipeAddress(), b"in", ConnectionDone]


# Inherited sockets


def test_a_socket_that_listens_is_adopted_once(reactor: Reactor, drive: Drive) -> None:
    class Hello(Protocol):
        def connectionMade(self) -> None:
            self.transport.write(b"hello")
            self.transport.loseConnection()

    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    endpoint = AdoptedStreamServerEndpoint(reactor, listening.detach(), socket.AF_INET)

    async def main() -> bytes:
        adopted = await endpoint.listen(Factory.forProtocol(Hello))
        assert adopted.getHost().port == port  # type: ignore[attr-defined]
        with pytest.raises(AlreadyListened):
            await endpoint.listen(Factory.forProtocol(Hello))
        client = TCP4ClientEndpoint(reactor, "127.0.0.1", port)
        listener = await connectProtocol(client, Listener())
        await listener.lost
        return listener.data

    assert drive(main) == b"hello"


@pytest.mark.parametrize(
    ("family", "kind"),
    [(77, UnsupportedAddressFamily), (socket.AF_INET, UnsupportedSocketType)],
)
def test_what_is_no_such_socket_stays_its_givers(
    reactor: Reactor, drive: Drive, family: int, kind: type[Exception]
) -> None:
    async def main() -> None:
        endpoint = AdoptedStreamServerEndpoint(reactor, sock.fileno(), family)
        with pytest.raises(kind):
            await endpoint.listen(Factory())

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        drive(main)
        assert sock.getsockname() == ("0.0.0.0", 0)


def test_adopting_is_asked_of_whatever_reactor() -> None:
    fd = os.open(os.devnull, os.O_RDONLY)
    memory = MemoryReactor()
    factory = Factory()
    AdoptedStreamServerEndpoint(memory, fd, socket.AF_INET).listen(factory)
    assert memory.adoptedPorts == [(fd, socket.AF_INET, factory)]
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(fd)
