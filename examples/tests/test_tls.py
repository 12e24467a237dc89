"""The server and the client over TLS know each other, and nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sennit.core.testing import CertificateAuthority

if TYPE_CHECKING:
    from conftest import Program, Run

LOCAL = "127.0.0.1"


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    return tmp_path / "authority.pem"


@pytest.fixture
def server(run: Run, authority: Path) -> Program:
    program = run("tls/echo_serv_tls.py", authority, 0)
    program.port("echo on TLS")
    return program


def test_client_and_server_echo_over_tls(
    run: Run, server: Program, authority: Path
) -> None:
    port = server.port("echo on TLS")
    client = run("tls/echo_client_tls.py", authority, port, LOCAL)
    assert client.ends().splitlines() == [
        "the server is localhost",
        "receive: b'Hello, world!'",
        "receive: b'What a fine day it is.'",
        "receive: b'Bye-bye!'",
        "connection lost: Connection was closed cleanly.",
    ]
    server.wait_for("^over:")
    assert server.interrupt().splitlines()[1:] == [
        "connected, the handshake is done",
        "over: Connection was closed cleanly.",
    ]


def test_a_client_that_trusts_somebody_else_says_why(
    run: Run, server: Program, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(CertificateAuthority("another authority").pem)
    port = server.port("echo on TLS")
    client = run("tls/echo_client_tls.py", other, port, LOCAL)
    assert client.ends() == (
        "connection failed: The certificate of the other side is not good: "
        "unable to get local issuer certificate.\n"
    )
    assert "connected" not in server.interrupt()
