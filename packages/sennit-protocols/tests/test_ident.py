"""Whose is a connection?"""

from __future__ import annotations

import os
import pwd
import sys
from typing import Any

import pytest

from sennit.core.defer import Deferred, fail
from sennit.core.errors import ConnectionLost
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, Factory, connectionDone
from sennit.core.testing import StringTransport
from sennit.protocols.ident import (
    HiddenUser,
    IdentClient,
    IdentError,
    IdentServer,
    InvalidPort,
    NoUser,
    ProcIdentServer,
    ProcServerMixin,
)


class Fixed(IdentServer):
    """Gives one answer."""

    answer: Any = ("UNIX", "joe")

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def lookup(self, serverAddress: Any, clientAddress: Any) -> Any:
        self.asked.append((serverAddress, clientAddress))
        return self.answer


def ask(server: IdentServer, question: bytes) -> Any:
    transport = StringTransport()
    server.makeConnection(transport)
    server.dataReceived(question + b"\r\n")
    return transport


def test_a_question_is_about_a_connection_of_both() -> None:
    """By the ports; the hosts are those that talk now."""
    server = Fixed()
    transport = ask(server, b"6191 , 23")
    assert transport.value() == b"6191, 23 : USERID : UNIX : joe\r\n"
    assert server.asked == [(("10.0.0.1", 6191), ("192.168.1.1", 23))]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (IdentError, b"UNKNOWN-ERROR"),
        (NoUser, b"NO-USER"),
        (HiddenUser, b"HIDDEN-USER"),
        (InvalidPort, b"INVALID-PORT"),
    ],
)
def test_an_error_is_told_by_its_name(error: type[Exception], told: bytes) -> None:
    """Those of RFC 1413."""
    server = Fixed()
    server.answer = fail(error())
    assert ask(server, b"1, 2").value() == b"1, 2 : ERROR : " + told + b"\r\n"


def test_a_server_tells_nothing_unless_it_is_meant_to() -> None:
    """What is not overridden knows nobody."""
    assert ask(IdentServer(), b"1, 2").value() == b"1, 2 : ERROR : UNKNOWN-ERROR\r\n"


@pytest.mark.parametrize("question", [b"0, 1", b"1, 65536", b"-1, 1"])
def test_a_port_is_a_number_of_sixteen_bits(question: bytes) -> None:
    """And not zero."""
    assert ask(Fixed(), question).value().endswith(b"ERROR : INVALID-PORT\r\n")


@pytest.mark.parametrize("question", [b"", b"1", b"1, 2, 3", b"a, b"])
def test_what_is_no_question_ends_the_connection(question: bytes) -> None:
    """Nobody knows what to answer."""
    transport = ask(Fixed(), question)
    assert transport.value() == b""
    assert transport.disconnecting


class Asking:
    """A client that has asked two questions."""

    def __init__(self) -> None:
        self.client, self.transport = IdentClient(), StringTransport()
        self.client.makeConnection(self.transport)
        self.results: list[Any] = []
        for ports in ((1, 2), (3, 4)):
            self.client.lookup(*ports).addBoth(self.results.append)


def test_a_client_asks_one_question_after_the_other() -> None:
    """The second when the first is answered."""
    asking = Asking()
    assert asking.transport.value() == b"1, 2\r\n"
    asking.client.dataReceived(b"1, 2 : USERID : UNIX , US-ASCII : a:b\r\n")
    assert asking.results == [("UNIX", "a:b")]
    assert asking.transport.value() == b"1, 2\r\n3, 4\r\n"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"1, 2 : ERROR : NO-USER", NoUser),
        (b"1, 2 : ERROR : HIDDEN-USER", HiddenUser),
        (b"1, 2 : ERROR : INVALID-PORT", InvalidPort),
        (b"1, 2 : ERROR : UNKNOWN-ERROR", IdentError),
        (b"1, 2 : ERROR : X-BUSY", IdentError),
        (b"what?", IdentError),
    ],
)
def test_an_answer_may_be_an_error(answer: bytes, error: type[Exception]) -> None:
    """By its name."""
    asking = Asking()
    asking.client.dataReceived(answer + b"\r\n")
    assert asking.results[0].type is error


def test_a_lost_connection_answers_nothing_any_more() -> None:
    """All that wait fail, and so does who asks then."""
    asking = Asking()
    asking.client.connectionLost(connectionDone)
    assert [each.type for each in asking.results] == [IdentError, IdentError]
    late: list[Any] = []
    asking.client.lookup(1, 2).addErrback(late.append)
    assert late[0].check(ConnectionLost)


def test_an_answer_to_nothing_ends_the_connection() -> None:
    """It is nobody's."""
    client, transport = IdentClient(), StringTransport()
    client.makeConnection(transport)
    client.dataReceived(b"1, 2 : USERID : UNIX : joe\r\n")
    assert transport.disconnecting


LINE = (
    "   1: 0100007F:0277 0200007F:0CEA 01 00000000:00000000 00:00000000 00000000"
    "     7        0 12345 1 0000000000000000 20 4 30 10 -1"
)


@pytest.mark.skipif(sys.byteorder != "little", reason="the table is of a little-endian")
def test_the_systems_table_is_read() -> None:
    """Addresses are hexadecimal, in the order of this machine."""

    class Table(ProcServerMixin):
        def entries(self) -> list[str]:
            return [LINE]

        def getUsername(self, uid: int) -> str:
            return f"user {uid}"

    table = Table()
    ours, theirs = ("127.0.0.1", 631), ("127.0.0.2", 3306)
    assert table.parseLine(LINE) == (ours, theirs, 7)
    assert table.lookup(ours, theirs) == ("LINUX", "user 7")
    with pytest.raises(NoUser):
        table.lookup(ours, ("127.0.0.2", 1))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this table")
async def test_our_own_connection_is_ours(reactor: Any) -> None:
    """As the system tells, over sockets."""
    made: Deferred[IdentClient] = Deferred()
    lost: Deferred[None] = Deferred()

    class Client(IdentClient):
        def connectionMade(self) -> None:
            made.callback(self)

        def connectionLost(self, reason: Failure = connectionDone) -> None:
            super().connectionLost(reason)
            lost.callback(None)

    factory = Factory.forProtocol(ProcIdentServer)
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    number = port.getHost().port
    reactor.connectTCP("127.0.0.1", number, ClientFactory.forProtocol(Client))
    client = await made
    ours: Any = client.transport.getHost()
    system, user = await client.lookup(number, ours.port)
    assert (system, user) == ("LINUX", pwd.getpwuid(os.getuid()).pw_name)
    with pytest.raises(NoUser):
        await client.lookup(1, 1)
    client.transport.loseConnection()
    await lost
    await port.stopListening()
