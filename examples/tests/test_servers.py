"""The talk's servers, and the chat, do over real sockets what they say."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Call, Run

LOCAL = "127.0.0.1"


def read_all(connection: socket.socket) -> bytes:
    """Return all until the other side hangs up."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


def read_exactly(connection: socket.socket, size: int) -> bytes:
    """Return so many bytes."""
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        assert piece, f"the connection ended after {data!r}"
        data += piece
    return data


def echoes(connection: socket.socket, data: bytes) -> bool:
    """Tell whether what is sent comes back."""
    connection.sendall(data)
    return read_exactly(connection, len(data)) == data


def echoes_datagram(datagrams: socket.socket, port: int, data: bytes) -> bool:
    """Tell whether a datagram comes back from where it was sent to."""
    datagrams.sendto(data, (LOCAL, port))
    return datagrams.recvfrom(65536) == (data, (LOCAL, port))


def test_a_forwarded_port_answers_as_the_other(run: Run, call: Call) -> None:
    server = run("hello/hello_serv.py", 0)
    port = server.port("hello on TCP")
    forward = run("portforward/portforward.py", LOCAL, port)
    own = forward.port("forwarding TCP")
    for _ in range(3):
        assert read_all(call(own)) == b"Hello, World!\n"
    forward.interrupt()
    server.interrupt()


def test_hello_greets_every_client_and_hangs_up(run: Run, call: Call) -> None:
    server = run("hello/hello_serv.py", 0)
    port = server.port("hello on TCP")
    for _ in range(3):
        assert read_all(call(port)) == b"Hello, World!\n"
    server.interrupt()


def test_echo_sends_every_byte_back_to_several_clients(run: Run, call: Call) -> None:
    server = run("echo/echo_serv_tcp.py", 0)
    port = server.port("echo on TCP")
    clients = [call(port) for _ in range(3)]
    for number, client in enumerate(clients):
        assert echoes(client, b"client %d" % number)
    assert echoes(clients[0], bytes(range(256)) * 500)
    server.interrupt()


def test_echo_sends_datagrams_back(run: Run, datagrams: socket.socket) -> None:
    server = run("udp/echo_serv_udp.py", 0)
    port = server.port("echo on UDP")
    for data in (b"one", b"", b"x" * 8000):
        assert echoes_datagram(datagrams, port, data)
    server.interrupt()


def test_all_of_the_above_serves_three_in_one_process(
    run: Run, call: Call, datagrams: socket.socket
) -> None:
    server = run("together/all_of_the_above.py", 0, 0, 0)
    assert read_all(call(server.port("hello on TCP"))) == b"Hello, World!\n"
    assert echoes(call(server.port("echo on TCP")), b"stream")
    assert echoes_datagram(datagrams, server.port("echo on UDP"), b"datagram")
    server.interrupt()


def test_qotd_fetches_quotes_for_many_clients_at_once(run: Run, call: Call) -> None:
    server = run("qotd/qotd_serv.py", 0)
    port = server.port("quotes on TCP")
    with ThreadPoolExecutor(15) as pool:
        quotes = list(pool.map(lambda _: read_all(call(port)), range(15)))
    assert quotes == [b"I am a fish!\n"] * 15
    server.interrupt()


def test_qotd_says_so_when_its_database_fails(run: Run, call: Call) -> None:
    server = run("qotd/qotd_serv_fail.py", 0)
    connection = call(server.port("quotes on TCP"))
    assert read_all(connection) == b"Internal server error!"
    server.interrupt()


def test_hooks_are_called_in_order(run: Run, call: Call) -> None:
    server = run("hooks/hooks.py", 0)
    connection = call(server.port("hooks on TCP"))
    connection.sendall(b"good morning")
    server.wait_for("good morning")
    connection.sendall(b"stop")
    assert read_all(connection) == b""
    lines = server.ends().splitlines()
    assert [line for line in lines if not line.startswith("hooks on")] == [
        "startFactory",
        "buildProtocol TCP 127.0.0.1",
        "connectionMade from 127.0.0.1",
        "dataReceived b'good morning'",
        "dataReceived b'stop'",
        "stopFactory",
        "connectionLost: Connection was closed cleanly.",
        "reactor done",
    ]


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no UNIX sockets here")
def test_reactor_methods_listen_everywhere_and_stop_in_time(
    run: Run, call: Call, datagrams: socket.socket, tmp_path: Path
) -> None:
    path = tmp_path / "socket"
    server = run("reactor_methods/reactor_methods.py", path, 1.5, 0, 0)
    server.wait_for("^running")
    assert read_all(call(server.port("TCP"))) == b"tcp"
    datagrams.sendto(b"hello", (LOCAL, server.port("UDP")))
    assert datagrams.recv(100) == b"udp: hello"
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        assert read_all(connection) == b"unix"
    assert server.ends().endswith("called later: time is up\nstopped\n")
    assert not path.exists()


def test_chat_tells_each_what_the_others_say(run: Run, call: Call) -> None:
    server = run("chat/chat_serv.py", 0)
    port = server.port("chat on TCP")

    def enter(name: bytes) -> socket.socket:
        connection = call(port)
        greeting = b"What is your name?\nWelcome, %s.\n" % name
        connection.sendall(name + b"\r\n")
        assert read_exactly(connection, len(greeting)) == greeting
        return connection

    ann, ben = enter(b"Ann"), enter(b"Ben")
    ben.sendall(b"Good ")
    ben.sendall(b"day.\n")
    heard = b"Ben has come.\n<Ben> Good day.\n"
    assert read_exactly(ann, len(heard)) == heard
    again = call(port)
    again.sendall(b"Ann\nCid\n")
    asked = b"What is your name?\nAnother name, please.\nWelcome, Cid.\n"
    assert read_exactly(again, len(asked)) == asked
    ben.close()
    heard = b"Cid has come.\nBen has gone.\n"
    assert read_exactly(ann, len(heard)) == heard
    server.interrupt()
