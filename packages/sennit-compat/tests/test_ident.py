"""Ident's lines may be text."""

from __future__ import annotations

from typing import Any

from sennit.compat.faces.protocols.ident import IdentClient, IdentServer
from sennit.core.testing import StringTransport


def test_a_line_may_be_text_or_bytes() -> None:
    """On either side."""
    server, client = IdentServer(), IdentClient()
    transport = StringTransport()
    server.makeConnection(transport)
    client.makeConnection(StringTransport())
    found: list[Any] = []
    for line in ("1, 2", b"1, 2"):
        server.lineReceived(line)
        client.lookup(1, 2).addCallback(found.append)
    assert transport.value() == b"1, 2 : ERROR : UNKNOWN-ERROR\r\n" * 2
    client.lineReceived("1, 2 : USERID : UNIX : joe")
    client.lineReceived(b"1, 2 : USERID : UNIX : joe")
    assert found == [("UNIX", "joe")] * 2
