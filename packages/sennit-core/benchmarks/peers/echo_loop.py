"""An echo server on the bare loop of asyncio, or with ``uvloop`` on that of uvloop."""

from __future__ import annotations

import asyncio
import sys
from typing import cast

if sys.argv[1:] == ["uvloop"]:
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


class EchoUDP(asyncio.DatagramProtocol):
    """Send back what comes, to where it came from."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer."""
        self.transport.sendto(data, addr)


loop = new_event_loop()
server = loop.run_until_complete(loop.create_server(Echo, "127.0.0.1", 0, backlog=1024))
udp, _ = loop.run_until_complete(
    loop.create_datagram_endpoint(EchoUDP, local_addr=("127.0.0.1", 0))
)
tcp_port = server.sockets[0].getsockname()[1]
udp_port = udp.get_extra_info("sockname")[1]
sys.stdout.write(f'{{"tcp": {tcp_port}, "udp": {udp_port}}}\n')
sys.stdout.flush()
loop.run_forever()
