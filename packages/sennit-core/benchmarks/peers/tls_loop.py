"""An echo server over the loops' own TLS: asyncio's, or with ``uvloop`` that of uvloop."""

from __future__ import annotations

import asyncio
import ssl
import sys
from typing import cast

if sys.argv[2:] == ["uvloop"]:
    from uvloop import new_event_loop
else:
    from asyncio import new_event_loop


class Echo(asyncio.Protocol):
    """Send back what comes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Answer."""
        self.transport.write(data)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
loop = new_event_loop()
server = loop.run_until_complete(
    loop.create_server(Echo, "127.0.0.1", 0, backlog=1024, ssl=context)
)
sys.stdout.write(f'{{"tls": {server.sockets[0].getsockname()[1]}}}\n')
sys.stdout.flush()
loop.run_forever()
