"""Ten thousand idle connections and an echo load fit into one process, and little memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

resource = pytest.importorskip("resource", reason="descriptor limits are POSIX")

CONNECTIONS = 10_000
# Each side has a descriptor a connection, and some for itself.
DESCRIPTORS = CONNECTIONS + 200
# Twisted has 1.8 KiB, a bare loop 1.3; a buffer for each would be far above this.
MOST_BYTES = 8 * 1024

SERVER = """
import resource, sys
from sennit.core import reactor
from sennit.core.protocol import Factory, Protocol

class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)

limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
port = reactor.listenTCP(0, Factory.forProtocol(Echo), 1024, "127.0.0.1")
print(port.getHost().port, flush=True)
reactor.run()
"""

CLIENT = """
import json, resource, socket, sys
port, connections, limit = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))

def say(what, **more):
    print(json.dumps({"what": what, **more}), flush=True)
    sys.stdin.readline()

def echo(number, data):
    sockets[number].sendall(data)
    back = b""
    while len(back) < len(data):
        piece = sockets[number].recv(65536)
        assert piece, f"connection {number} ended"
        back += piece
    assert back == data, f"connection {number} heard {back!r}"

sockets = []
for number in range(connections):
    sockets.append(socket.create_connection(("127.0.0.1", port), timeout=20))
    if number % 100 == 99:
        echo(number, b"here")  # the server must keep pace with accepting
say("idle")
some = range(0, connections, connections // 100)
for turn in range(100):
    for number in some:
        echo(number, b"turn %d of %d" % (turn, number))
say("loaded", echoes=100 * len(some))
"""


@contextmanager
def running(program: str, *args: int) -> Iterator[subprocess.Popen[str]]:
    """Run a program in a process of its own, which ends with this block."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, args)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def line_of(process: subprocess.Popen[str]) -> str:
    """Return the next line that a program prints."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"ended with {process.wait()}"
    return line


def go_on(process: subprocess.Popen[str]) -> None:
    """Let a client that waits go on."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def resident(process: subprocess.Popen[str]) -> int:
    """Return the bytes of memory of a process."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return 1024 * int(status.split("VmRSS:")[1].split()[0])


def test_ten_thousand_idle_connections_and_an_echo_load(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Memory is bounded by the connection, and the load on some reaches its peers."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard not in (-1, resource.RLIM_INFINITY) and hard < DESCRIPTORS:
        pytest.skip(f"{DESCRIPTORS} descriptors are needed, the limit is {hard}")
    if not os.path.exists("/proc/self/status"):
        pytest.skip("memory is read from /proc")
    with running(SERVER, DESCRIPTORS) as server:
        port = int(line_of(server))
        before = resident(server)
        with running(CLIENT, port, CONNECTIONS, DESCRIPTORS) as client:
            assert json.loads(line_of(client)) == {"what": "idle"}
            idle = resident(server)
            go_on(client)
            loaded = json.loads(line_of(client))
            assert loaded == {"what": "loaded", "echoes": 10_000}
            busy = resident(server)
        assert server.poll() is None
    each, after = (idle - before) / CONNECTIONS, (busy - before) / CONNECTIONS
    with capsys.disabled():
        sys.stdout.write(
            f"\n{CONNECTIONS} connections: {each / 1024:.2f} KiB each when idle, "
            f"{after / 1024:.2f} KiB after an echo load on 100 of them\n"
        )
    assert each < MOST_BYTES
    assert after < MOST_BYTES
