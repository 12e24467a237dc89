"""curl speaks to our servers: bytes by telnet://, and the half-close of a pipe."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

Serve = Callable[[str], list[str]]

HELLO = """
class Hello(Protocol):
    def connectionMade(self):
        self.transport.write(b"Hello, World!\\n" * 1000)
        self.transport.loseConnection()

serve(reactor.listenTCP(0, Factory.forProtocol(Hello), interface="127.0.0.1"))
"""

QUOTE = """
class Line(LineReceiver):
    def lineReceived(self, line):
        self.sendLine(b"you asked for " + line)
        self.transport.loseConnection()

serve(reactor.listenTCP(0, Factory.forProtocol(Line), interface="127.0.0.1"))
"""


def curl(*args: str) -> bytes:
    command = ["curl", "--silent", "--show-error", "--max-time", "20", *args]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, check=True
    ).stdout


def test_all_that_was_written_arrives_before_the_end(serve: Serve) -> None:
    (port,) = serve(HELLO)
    said = subprocess.run(
        ["curl", "--silent", "--max-time", "20", f"telnet://127.0.0.1:{port}"],
        stdin=subprocess.PIPE,
        capture_output=True,
    )
    assert said.stdout == b"Hello, World!\n" * 1000


def test_a_gopher_request_is_a_line(serve: Serve) -> None:
    """gopher:// sends what follows the type, and CR LF."""
    (port,) = serve(QUOTE)
    said = curl(f"gopher://127.0.0.1:{port}/0poetry")
    assert said == b"you asked for poetry\r\n"
