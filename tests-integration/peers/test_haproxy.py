"""HAProxy tells our servers of its clients, in both versions of the PROXY protocol."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

Serve = Callable[..., list[str]]

PEER = """
from sennit.core.endpoints import serverFromString
from sennit.protocols.haproxy import TLVType

class Peer(Protocol):
    def dataReceived(self, data):
        info = self.transport.proxyInfo
        kinds = ",".join(TLVType(kind).name for kind, _ in info.tlvs)
        said = f"{self.transport.getPeer()} {self.transport.getHost()} {kinds} "
        self.transport.write(said.encode() + data)
        self.transport.loseConnection()

endpoint = serverFromString(reactor, "haproxy:tcp:0:interface=127.0.0.1")
endpoint.listen(Factory.forProtocol(Peer)).addCallback(serve)
"""

CONFIGURATION = """
defaults
    mode tcp
    timeout connect 5s
    timeout client 10s
    timeout server 10s

listen forward
    bind {address}:{port}
    unique-id-format %{{+X}}o%ci%cp
    server ours 127.0.0.1:{server} {options}
"""


@contextmanager
def balancer(folder: Path, address: str, server: str, options: str) -> Iterator[int]:
    """HAProxy before a server; its port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as free:
        free.bind((address, 0))
        port = free.getsockname()[1]
    configuration = folder / "haproxy.cfg"
    configuration.write_text(
        CONFIGURATION.format(address=address, port=port, server=server, options=options)
    )
    process = subprocess.Popen(["haproxy", "-db", "-f", str(configuration)])
    try:
        yield port
    finally:
        process.terminate()
        process.wait(10)


def connect(address: str, port: int) -> socket.socket:
    """Connect as soon as somebody listens."""
    until = time.monotonic() + 10
    while True:
        try:
            return socket.create_connection((address, port), 10)
        except ConnectionRefusedError:
            assert time.monotonic() < until, "HAProxy does not come up"
            time.sleep(0.01)


@pytest.mark.parametrize(
    ("address", "kind"), [("127.0.0.1", "IPv4Address"), ("::1", "IPv6Address")]
)
@pytest.mark.parametrize(
    ("options", "values"),
    [
        ("send-proxy", ""),
        ("send-proxy-v2", ""),
        ("send-proxy-v2 proxy-v2-options crc32c,unique-id", "UNIQUE_ID,CRC32C"),
    ],
)
def test_haproxy_tells_of_the_client(
    serve: Serve, tmp_path: Path, address: str, kind: str, options: str, values: str
) -> None:
    (server,) = serve(PEER)
    with (
        balancer(tmp_path, address, server, options) as port,
        connect(address, port) as client,
    ):
        own = client.getsockname()[1]
        client.sendall(b"hello")
        said = b"".join(iter(lambda: client.recv(4096), b"")).decode()
    peer = f"{kind}(TCP, {address!r}, {own})"
    host = f"{kind}(TCP, {address!r}, {port})"
    told = said.removeprefix(f"{peer} {host} ").split(" ")
    assert told[-1] == "hello"
    assert set(told[0].split(",")) == set(values.split(","))
