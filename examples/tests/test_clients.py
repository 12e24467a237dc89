"""The line client, and what is attached to an asyncio loop."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Run

LOCAL = "127.0.0.1"


def test_echo_client_says_three_lines_and_hears_them(run: Run) -> None:
    heard = bytearray()

    def echo() -> None:
        connection, _ = listener.accept()
        with connection:
            while data := connection.recv(65536):
                heard.extend(data)
                connection.sendall(data)

    with socket.create_server((LOCAL, 0)) as listener:
        thread = threading.Thread(target=echo)
        thread.start()
        client = run("client/echo_client.py", listener.getsockname()[1], LOCAL)
        assert client.ends().splitlines() == [
            "receive: b'Hello, world!'",
            "receive: b'What a fine day it is.'",
            "receive: b'Bye-bye!'",
            "connection lost: Connection was closed cleanly.",
        ]
        thread.join()
    assert heard == b"Hello, world!\r\nWhat a fine day it is.\r\nBye-bye!\r\n"


def test_echo_client_tells_why_it_could_not_connect(run: Run, free_port: int) -> None:
    client = run("client/echo_client.py", free_port, LOCAL)
    assert client.ends() == (
        "connection failed: Connection was refused by other side: "
        "111: Connection refused.\n"
    )


def test_echo_client_and_server_of_the_examples_understand_each_other(run: Run) -> None:
    server = run("echo/echo_serv_tcp.py", 0)
    client = run("client/echo_client.py", server.port("echo on TCP"))
    assert "receive: b'Bye-bye!'" in client.ends()
    server.interrupt()


def test_a_reactor_attaches_to_the_running_asyncio_loop(run: Run) -> None:
    said = run("with_asyncio/attached.py").ends().splitlines()
    assert sorted(said[1:-1]) == [
        "good -> GOOD",
        "met -> MET",
        "morning -> MORNING",
        "well -> WELL",
    ]
    assert said[-1] == "over"
