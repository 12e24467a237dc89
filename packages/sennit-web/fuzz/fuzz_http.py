"""Any bytes are HTTP or a named error: on a connection, in any pieces, and in each part.

    pip install atheris && python packages/sennit-web/fuzz/fuzz_http.py [FOLDER]

The first bytes say how the rest is cut. The folder keeps what was interesting.
"""

from __future__ import annotations

import sys
from contextlib import suppress

import atheris

with atheris.instrument_imports():
    from sennit.core.task import Clock
    from sennit.core.testing import StringTransport
    from sennit.web import http
    from sennit.web.http import parseRange, satisfiable
    from sennit.web.http._forms import parse_options

# More requests than that come in no input.
MANY = 1000


class Echo(http.Request):
    """Looks at all that a request has, and sends its body back."""

    def process(self) -> None:
        """Answer with the body."""
        self.channel.served.append((self.method, self.uri, self.content.read()))
        _ = self.args, self.received_cookies, self.getUser(), self.getRequestHostname()
        self.setHeader(b"x", self.uri)
        self.respond(self.channel.served[-1][-1])


class Server(http.HTTPChannel):
    """Keeps what it has served."""

    requestFactory = Echo

    def __init__(self) -> None:
        super().__init__()
        self.served: list[tuple[bytes, bytes, bytes]] = []


FACTORY = http.HTTPFactory(
    reactor=Clock(), maxHead=2000, maxHeaders=20, maxBody=5000, maxFields=20
)
FACTORY.protocol = Server


def serve(data: bytes, size: int) -> tuple[list[tuple[bytes, bytes, bytes]], bytes]:
    """What is served of data in pieces of a size, and what is answered."""
    server = FACTORY.buildProtocol(None)
    assert isinstance(server, Server)
    transport = StringTransport()
    server.makeConnection(transport)
    for at in range(0, len(data), size):
        if transport.disconnecting:
            break
        server.dataReceived(data[at : at + size])
    server.connectionLost()
    assert len(server.served) < MANY
    return server.served, transport.value()


def check(data: bytes) -> None:
    """Serve it whole and in pieces, and read each part of HTTP from it."""
    if len(data) < 2:
        return
    size, data = data[0] + 1, data[1:]
    whole, answered = serve(data, len(data))
    cut, _ = serve(data, size)
    # A connection is refused at the same place, or earlier by what is known then.
    assert whole == cut, (whole, cut)
    for line in answered.split(b"\r\n"):
        assert b"\n" not in line or b"\n" in data
    with suppress(http.MalformedForm):
        http.parseMultipart(
            data, b"multipart/form-data; boundary=" + data[:9], maxFields=9
        )
    with suppress(ValueError):
        http.stringToDatetime(data)
    with suppress(ValueError):
        satisfiable(parseRange(data), 1000)
    with suppress(ValueError):
        http.fromChunk(data)
    http.parse_qs(data, 1)
    parse_options(data)


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
