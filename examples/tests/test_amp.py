"""The AMP programs: what the two sides print, and what is on the wire."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

    from conftest import Call, Run


def box(pairs: dict[bytes, bytes]) -> bytes:
    """A box as it is written, by nothing of ours."""
    parts = [
        struct.pack("!H", len(part)) + part for pair in pairs.items() for part in pair
    ]
    return b"".join(parts) + b"\0\0"


def read_box(connection: socket.socket) -> dict[bytes, bytes]:
    def string() -> bytes:
        (size,) = struct.unpack("!H", connection.recv(2, 0x100))
        return connection.recv(size, 0x100) if size else b""

    found: dict[bytes, bytes] = {}
    while key := string():
        found[key] = string()
    return found


def said(text: str) -> list[str]:
    return re.findall(r"(?:received|sending): \d", text)


def test_two_sides_count_in_turns(run: Run) -> None:
    server = run("amp/count.py", "serve", 0)
    client = run("amp/count.py", "call", server.wait_for(r"counting on port (\d+)")[1])
    server.wait_for("received: 9")
    assert said(client.interrupt()) == [
        f"{word}: {n + (word == 'sending')}"
        for n in (2, 4, 6, 8)
        for word in ("received", "sending")
    ]
    server.wait_for("Counter connection lost")
    assert said(server.interrupt())[-1] == "received: 9"


def test_sums_and_quotients(run: Run) -> None:
    server = run("amp/math_server.py", 0)
    client = run("amp/math_client.py", server.port("math on"))
    assert client.ends().splitlines() == [
        "1 + 5 = 6",
        "1234 / 2 = 617.0",
        "Divided by zero: division by zero",
        "2 + 3 = 5",
    ]
    assert "Divided: 1234 / 2 = 617.000000\n" in server.interrupt()


def test_math_on_the_wire(run: Run, call: Call) -> None:
    server = run("amp/math_server.py", 0)
    connection = call(server.port("math on"))
    asked = [
        {b"_ask": b"%d" % n, b"_command": b"Sum", b"a": b"%d" % n, b"b": b"1"}
        for n in range(50)
    ]
    connection.sendall(b"".join(map(box, asked)))
    for n in range(50):
        assert read_box(connection) == {
            b"_answer": b"%d" % n,
            b"total": b"%d" % (n + 1),
        }
    connection.sendall(box({b"_ask": b"x", b"_command": b"Nothing"}))
    assert read_box(connection)[b"_error_code"] == b"UNHANDLED"
    server.interrupt()


def test_the_smallest_client_connects_and_goes(run: Run) -> None:
    server = run("amp/basic.py", "serve", 0)
    port = server.wait_for(r"AMP on port (\d+)")[1]
    printed = run("amp/basic.py", "call", port).ends()
    assert re.search("AMP connection established.*AMP connection lost", printed, re.S)
    server.wait_for("AMP connection lost")
    server.interrupt()


def test_a_name_is_registered_once(run: Run, tmp_path: Path) -> None:
    server = run("amp/registration.py", "serve", tmp_path, 0)
    port = server.wait_for(r"registering on port (\d+)")[1]
    first = run("amp/registration.py", "call", "alice", port).ends()
    assert "Registration result: {'uid': 1}" in first
    assert (tmp_path / "alice").read_bytes() == b"1 ssh-rsa AAAAB3NzaC1yc2\n"
    second = run("amp/registration.py", "call", "alice", port).finish()
    assert "Failed to register" in second
    assert re.search(r"\.UsernameUnavailable: alice", second)
    assert (
        "Registration result: {'uid': 2}"
        in run("amp/registration.py", "call", "bob", port).ends()
    )
    server.interrupt()


def test_the_reflector_sends_any_box_back(run: Run, call: Call) -> None:
    server = run("amp/reflector.py", 0)
    connection = call(server.port("reflecting on"))
    boxes = [
        {b"hello": b"world"},
        {b"_ask": b"1", b"_command": b"Sum"},
        {b"k" * 255: b"v" * 65535, b"empty": b""},
    ]
    for each in boxes:
        connection.sendall(box(each))
        assert read_box(connection) == each
    connection.sendall(struct.pack("!H", 256) + b"k" * 256)
    assert connection.recv(1) == b""
    server.interrupt()
