"""socat speaks to our servers: TCP with half-close, UDP, UNIX sockets."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Serve = Callable[..., list[str]]

ECHO = """
class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)

class EchoUDP(DatagramProtocol):
    def datagramReceived(self, datagram, addr):
        self.transport.write(datagram, addr)

factory = Factory.forProtocol(Echo)
reactor.listenUNIX(sys.argv[1], factory)
serve(
    reactor.listenTCP(0, factory, interface="127.0.0.1"),
    reactor.listenUDP(0, EchoUDP(), interface="127.0.0.1"),
)
"""


def socat(address: str, data: bytes) -> bytes:
    """Send *data*, end, and return what comes back within a second after that."""
    command = ["socat", "-t", "1", "-b", "8000", "STDIO", address]
    return subprocess.run(
        command, input=data, capture_output=True, check=True, timeout=30
    ).stdout


@pytest.fixture
def addresses(serve: Serve, tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "echo"
    tcp, udp = serve(ECHO, str(path))
    return {
        "tcp": f"TCP4:127.0.0.1:{tcp}",
        "udp": f"UDP4:127.0.0.1:{udp}",
        "unix": f"UNIX-CONNECT:{path}",
    }


@pytest.mark.parametrize("kind", ["tcp", "udp", "unix"])
def test_what_socat_sends_comes_back(addresses: dict[str, str], kind: str) -> None:
    assert socat(addresses[kind], b"hello " * 1000) == b"hello " * 1000
