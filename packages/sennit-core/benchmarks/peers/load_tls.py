"""The load of the TLS benchmark: a ping-pong that looks at what comes back.

    load_tls.py echo PORT CONNECTIONS SIZE SECONDS    one message under way on each
    load_tls.py connect PORT 1 SIZE SECONDS           connect, one message, close

Prints one line of JSON: {"operations": N, "seconds": S}. A wrong answer ends it with
status 1.
"""

from __future__ import annotations

import json
import socket
import ssl
import sys
import time

# For the certificate of the benchmark, which nobody vouches for.
CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
CONTEXT.check_hostname = False
CONTEXT.verify_mode = ssl.CERT_NONE


def connect(port: int) -> ssl.SSLSocket:
    """Connect, and shake hands."""
    plain = socket.create_connection(("127.0.0.1", port), 10)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return CONTEXT.wrap_socket(plain)


def hear(connection: ssl.SSLSocket, expected: bytes) -> None:
    """Read an answer, and look at it."""
    got = b""
    while len(got) < len(expected):
        piece = connection.recv(65536)
        if not piece:
            sys.exit("the connection ended")
        got += piece
    if got != expected:
        sys.exit(f"{expected[:40]!r} came back as {got[:40]!r}")


def echo(connections: list[ssl.SSLSocket], number: int, size: int) -> int:
    """A message on each connection, there and back."""
    messages = [
        f"{number:010} {at:04} ".encode().ljust(size, b".")
        for at in range(len(connections))
    ]
    for connection, message in zip(connections, messages, strict=True):
        connection.sendall(message)
    for connection, message in zip(connections, messages, strict=True):
        hear(connection, message)
    return len(connections)


def once(port: int, number: int, size: int) -> int:
    """A connection for one message, which both sides agree to end."""
    connection = connect(port)
    echo([connection], number, size)
    connection.unwrap().close()
    return 1


def main() -> None:
    """Do as the arguments say."""
    mode, (port, count, size) = sys.argv[1], map(int, sys.argv[2:5])
    connections = [connect(port) for _ in range(count)] if mode == "echo" else []
    done = number = 0
    begun = time.monotonic()
    while (took := time.monotonic() - begun) < float(sys.argv[5]):
        number += 1
        if mode == "echo":
            done += echo(connections, number, size)
        else:
            done += once(port, number, size)
    sys.stdout.write(json.dumps({"operations": done, "seconds": took}) + "\n")


if __name__ == "__main__":
    main()
