"""Commands that one distribution adds and another runs."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from threading import Thread

import pytest

LOCAL = "127.0.0.1"


@pytest.fixture
def greeter() -> Iterator[int]:
    """A port that greets one client."""
    with socket.create_server((LOCAL, 0)) as listener:

        def greet() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"hello")

        thread = Thread(target=greet)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


def test_portforward_is_a_command_of_sennit(greeter: int) -> None:
    with socket.create_server((LOCAL, 0)) as free:
        port = free.getsockname()[1]
    words = ["portforward", LOCAL, str(greeter)]
    where = ["--listen", f"tcp:{port}:interface={LOCAL}"]
    with subprocess.Popen(
        [sys.executable, "-m", "sennit.app", *words, *where],
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        for line in program.stdout:
            if "Starting factory" in line:
                break
        with socket.create_connection((LOCAL, port), 10) as connection:
            assert connection.recv(5, socket.MSG_WAITALL) == b"hello"
        program.send_signal(signal.SIGTERM)
        assert program.stdout.read().endswith("Server Shut Down.\n")
        assert program.wait(10) == 0
