"""Commands that one distribution adds and another runs."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

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


@contextmanager
def running(folder: Path, *words: str) -> Iterator[int]:
    """Run a command that listens, until the end; give its port."""
    with socket.create_server((LOCAL, 0)) as free:
        port: int = free.getsockname()[1]
    where = ["--listen", f"tcp:{port}:interface={LOCAL}"]
    with subprocess.Popen(
        [sys.executable, "-m", "sennit.app", *words, *where],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        said = ""
        for line in program.stdout:
            said += line
            if "Starting factory" in line:
                break
        else:
            pytest.fail(said)
        yield port
        program.send_signal(signal.SIGTERM)
        assert program.stdout.read().endswith("Server Shut Down.\n")
        assert program.wait(10) == 0


def test_portforward_is_a_command_of_sennit(greeter: int, tmp_path: Path) -> None:
    with (
        running(tmp_path, "portforward", LOCAL, str(greeter)) as port,
        socket.create_connection((LOCAL, port), 10) as connection,
    ):
        assert connection.recv(5, socket.MSG_WAITALL) == b"hello"


@pytest.mark.parametrize("name", ["Hello", "hello", "made"])
def test_a_resource_can_be_run(tmp_path: Path, name: str) -> None:
    """So can its class, and a function that makes one."""
    (tmp_path / "shop.py").write_text(
        "from sennit.web.resource import Resource\n"
        "class Hello(Resource):\n"
        "    isLeaf = True\n"
        "    def render_GET(self, request): return b'hello ' + request.path\n"
        "hello = Hello()\n"
        "def made(): return Hello()\n"
    )
    with (
        running(tmp_path, "run", f"shop:{name}") as port,
        urlopen(f"http://{LOCAL}:{port}/you", timeout=10) as answer,
    ):
        assert answer.read() == b"hello /you"
