"""Servers for programs of the system to talk to."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

PREAMBLE = """
import sys
from sennit.core import reactor
from sennit.core.protocol import DatagramProtocol, Factory, Protocol
from sennit.protocols.basic import LineReceiver

def serve(*ports):
    print(*(port.getHost().port for port in ports), flush=True)
    reactor.run()
"""


@pytest.fixture
def serve() -> Iterator[Callable[..., list[str]]]:
    """Run a program that ends with ``serve(port, …)``; give the ports' numbers."""
    servers: list[subprocess.Popen[str]] = []

    def start(program: str, *args: str) -> list[str]:
        command = [sys.executable, "-c", PREAMBLE + program, *args]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        servers.append(server)
        assert server.stdout is not None
        return server.stdout.readline().split()

    yield start
    for server in servers:
        server.terminate()
        server.communicate(timeout=10)
