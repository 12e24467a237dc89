"""Old programs change how XML-RPC is written, by the standard library's marshaller."""

from __future__ import annotations

import io
import xmlrpc.client
from decimal import Decimal
from typing import Any

import pytest

from sennit.compat.faces.web import xmlrpc as face
from sennit.core.testing import MemoryReactorClock
from sennit.web.server import NOT_DONE_YET


class Told:
    """A request that takes notes."""

    def __init__(self, call: str) -> None:
        self.content = io.BytesIO(call.encode())
        self.headers: dict[bytes, bytes] = {}
        self.written: list[bytes] = []
        self.finished = 0

    def setHeader(self, name: bytes, value: bytes) -> None:
        self.headers[name] = value

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def finish(self) -> None:
        self.finished += 1

    def getClientAddress(self) -> str:
        return "here"


class Shop(face.XMLRPC):
    def xmlrpc_price(self, name: str) -> Decimal:
        return Decimal("1.50")


def write_decimal(self: Any, value: Decimal, write: Any) -> None:
    write(f"<value><bigdecimal>{value}</bigdecimal></value>")


@pytest.fixture
def taught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The standard library's marshaller, that knows decimals."""
    dispatch: Any = face.xmlrpclib.Marshaller.dispatch
    monkeypatch.setitem(dispatch, Decimal, write_decimal)


@pytest.mark.usefixtures("taught")
def test_results_are_written_by_a_marshaller_that_was_taught() -> None:
    """And a renderer that is called by hand has finished the request."""
    request: Any = Told(face.payloadTemplate % ("price", xmlrpc.client.dumps(("ham",))))
    assert Shop().render_POST(request) == NOT_DONE_YET
    [body] = request.written
    result: Any = xmlrpc.client.loads(body)
    assert result == ((Decimal("1.50"),), None)
    assert request.headers == {
        b"content-type": b"text/xml; charset=utf-8",
        b"content-length": b"%d" % len(body),
    }
    assert request.finished == 1


@pytest.mark.usefixtures("taught")
def test_arguments_are_written_by_it_too() -> None:
    reactor = MemoryReactorClock()
    face.Proxy(b"http://here/", reactor=reactor).callRemote("buy", Decimal("2.5"))
    factory: Any = reactor.tcpClients[0][2]
    call: Any = xmlrpc.client.loads(factory.payload)
    assert call == ((Decimal("2.5"),), "buy")
