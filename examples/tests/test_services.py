"""The services, run by ``sennit run`` and by ``sennit twistd``."""

from __future__ import annotations

import re
import signal
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Call, Program

COMMANDS = {"run": ("run",), "twistd": ("twistd", "-n", "--pidfile=", "-y")}
EXAMPLES = Path(__file__).resolve().parents[1]

LINE = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} \[([^\]]*)\] (.*)$"


@pytest.fixture(params=sorted(COMMANDS))
def serve(
    request: pytest.FixtureRequest,
    run: Callable[..., Program],
    free_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str], Program]:
    """Starts a .tac file, on a free port."""
    monkeypatch.setenv("LISTEN", f"tcp:{free_port}:interface=127.0.0.1")

    def start(name: str) -> Any:
        words = COMMANDS[request.param]
        server = run("-m", "sennit.app", *words, f"services/{name}")
        server.wait_for("Starting factory")
        return server

    return start


def test_the_log_of_the_counting_server(
    serve: Callable[[str], Program], run: Callable[..., Program], free_port: int
) -> None:
    server = serve("count_server.tac")
    client = run("amp/count.py", "call", free_port)
    server.wait_for("received: 9")
    client.interrupt()
    server.wait_for("Counter connection lost")
    text = server.interrupt()
    lines = [f"[{m[1]}] {m[2]}" for m in re.finditer(LINE, text, re.MULTILINE)]
    host = rf"IPv4Address\(TCP, '127\.0\.0\.1', {free_port}\)"
    peer = r"IPv4Address\(TCP, '127\.0\.0\.1', \d+\)"
    serving = r"\[Counter,0,127\.0\.0\.1\] "
    expected = [
        r"\[-\] Log opened\.",
        r"\[-\] (sennit run|twistd) \S+ \(.+ \d+\.\d+\.\d+\) starting up\.",
        r"\[-\] reactor class: [\w.]+\.",
        rf"\[-\] Factory starting on {free_port}",
        r"\[-\] Starting factory <.*Factory.*>",
        rf"\[[\w.]*Factory\] Counter connection established \(HOST:{host} PEER:{peer}\)",
        *(
            serving + f"{word}: {n + (word == 'sending')}"
            for n in (1, 3, 5, 7, 9)
            for word in ("received", "sending")
            if n < 9 or word == "received"
        ),
        rf"{serving}Counter connection lost \(HOST:{host} PEER:{peer}\)",
        r"\[-\] Received SIGINT, shutting down\.",
        rf"\[-\] \(TCP Port {free_port} Closed\)",
        r"\[-\] Stopping factory <.*Factory.*>",
        r"\[-\] Main loop terminated\.",
        r"\[-\] Server Shut Down\.",
    ]
    assert len(lines) == len(expected), lines
    for line, pattern in zip(lines, expected, strict=True):
        assert re.fullmatch(pattern, line), line


def test_the_reflector_is_a_service(
    serve: Callable[[str], Program], call: Call, free_port: int
) -> None:
    server = serve("reflector_server.tac")
    box = struct.pack("!H1sH5sH", 1, b"k", 5, b"value", 0)
    with call(free_port) as connection:
        connection.sendall(box)
        assert connection.recv(len(box), 0x100) == box
    server.interrupt()


def test_users_are_registered_where_the_server_runs(
    serve: Callable[[str], Program],
    run: Callable[..., Program],
    free_port: int,
) -> None:
    server = serve("registration_server.tac")
    # The program runs in the folder of the examples: a name that is taken there is
    # all that is needed.
    client = run("amp/registration.py", "call", "README.md", free_port)
    assert ".UsernameUnavailable: README.md" in client.finish()
    server.interrupt()


def test_the_smallest_server_is_a_service(run: Callable[..., Program]) -> None:
    server = run("-m", "sennit.app", "run", "services/basic_server.tac")
    server.wait_for("Factory starting on 8750")
    client = run("amp/basic.py", "call")
    server.wait_for("AMP connection lost")
    client.ends()
    server.interrupt()


def test_a_client_stays_connected_to_a_server_that_comes_and_goes(
    run: Callable[..., Program], free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LISTEN", f"tcp:{free_port}:interface=127.0.0.1")
    monkeypatch.setenv("CONNECT", f"tcp:127.0.0.1:{free_port}")
    monkeypatch.setenv("PYTHONPATH", str(EXAMPLES / "services"))
    start = ("-m", "sennit.app", "run")
    listener = run(*start, "ticker:client")
    for time in (1, 2):
        server = run(*start, "ticker:server")
        listener.wait_for(rf"(?s)(\] connected.*heard tick.*){{{time}}}")
        server.process.send_signal(signal.SIGTERM)
        server.finish()
        listener.wait_for(rf"(?s)(\] disconnected.*){{{time}}}")
    printed = listener.interrupt()
    assert printed.count("] connected") == printed.count("] disconnected") == 2
