"""Servers of ours, each a process of its own, for programs and clients of others."""

from __future__ import annotations

import importlib.util
import json
import os
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sennit.core.testing import CertificateAuthority

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


LARGE = bytes(range(256)) * 40_000


class Served(NamedTuple):
    """The site of web_site.py.

    Attributes:
        port: Where it is.
        tls: The same over TLS.
        folder: What it was given: ``files``, the UNIX socket ``socket``, ``roots.pem``
            to trust it by, and what it has logged, in ``log``.
        large: What is in ``files/large.bin``.
    """

    port: int
    tls: int
    folder: Path
    large: bytes = LARGE

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def secure(self) -> str:
        return f"https://localhost:{self.tls}"

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.folder / "roots.pem")

    def state(self) -> dict[str, int]:
        """What its process holds."""
        with urllib.request.urlopen(f"{self.url}/state", timeout=10) as answer:
            told: dict[str, int] = json.load(answer)
        return told


@pytest.fixture(scope="module", params=["asyncio", "uvloop"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A site that has something of everything, on each loop."""
    if request.param == "uvloop" and importlib.util.find_spec("uvloop") is None:
        pytest.skip("uvloop is not installed")
    folder = tmp_path_factory.mktemp("site")
    authority = CertificateAuthority()
    (folder / "server.pem").write_bytes(authority.issue("localhost"))
    (folder / "roots.pem").write_bytes(authority.pem)
    (folder / "files").mkdir()
    (folder / "files" / "large.bin").write_bytes(LARGE)
    program = Path(__file__).with_name("web_site.py")
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            [sys.executable, str(program), str(folder)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, "SENNIT_LOOP": request.param},
        ) as process,
    ):
        assert process.stdout is not None
        try:
            port, tls = map(int, process.stdout.readline().split())
            yield Served(port, tls, folder)
        finally:
            process.terminate()
