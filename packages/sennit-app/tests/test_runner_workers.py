"""Workers as their users meet them: real processes, signals, clients all the while."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Program, Start

# Each client is told who serves it, and may say something first.
TELL = """
import os
from sennit.app import internet, service
from sennit.core import reactor
from sennit.core.endpoints import TCP4ServerEndpoint
from sennit.core.protocol import Factory, Protocol

class Tell(Protocol):
    def dataReceived(self, data):
        if data == b"late":
            return reactor.callLater(0.6, self.tell)
        self.tell()

    def tell(self):
        self.transport.write(b"{version} %d" % os.getpid())
        self.transport.loseConnection()

application = service.Application("tell")
factory = Factory.forProtocol(Tell)
factory.noisy = False
endpoint = TCP4ServerEndpoint(reactor, {port}, interface="127.0.0.1")
listening = internet.StreamServerEndpointService(endpoint, factory)
listening.setServiceParent(application)
"""


class Clients:
    """Connects again and again, in threads of their own, and counts what comes of it."""

    def __init__(self, port: int, rate: float, threads: int) -> None:
        self.answers: list[bytes] = []
        self.errors: list[str] = []
        self._port = port
        self._pause = threads / rate
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def _run(self) -> None:
        due = time.monotonic()
        while not self._over.is_set():
            try:
                self.answers.append(ask(self._port))
            except OSError as error:
                self.errors.append(repr(error))
            due += self._pause
            time.sleep(max(0.0, due - time.monotonic()))

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()


def ask(port: int, word: bytes = b"who") -> bytes:
    """Return what a client is told: a version, and a process."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(word)
        answer = b""
        while data := connection.recv(100):
            answer += data
    if not answer:
        raise ConnectionError("the connection ended without an answer")
    return answer


@pytest.fixture
def tell(tmp_path: Path, port: int) -> Callable[[str], None]:
    """Writes a version of the server."""

    def write(version: str) -> None:
        text = TELL.format(version=version, port=port)
        (tmp_path / "tell.tac").write_text(text)

    return write


@pytest.fixture
def served(sennit: Start, tell: Callable[[str], None]) -> Program:
    """Two workers that serve the first version."""
    tell("one")
    program = sennit("run", "--workers", 2, "tell.tac")
    program.wait_for("2 workers are ready")
    return program


@pytest.fixture
def clients(port: int) -> Iterator[Callable[..., Clients]]:
    """Clients that go on until the test is over."""
    all_of_them: list[Clients] = []

    def start(rate: float = 200, threads: int = 4) -> Clients:
        all_of_them.append(Clients(port, rate, threads))
        return all_of_them[-1]

    yield start
    for each in all_of_them:
        each.end()


def workers_of(program: Program) -> list[int]:
    """The processes of the workers that there are."""
    children = f"/proc/{program.process.pid}/task/{program.process.pid}/children"
    return [int(each) for each in Path(children).read_text().split()]


def test_a_reload_under_load_refuses_and_resets_nobody(
    served: Program,
    clients: Callable[..., Clients],
    tell: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """At 200 connections a second, three times in a row."""
    load = clients(200)
    for number, version in enumerate(("two", "three", "four"), 1):
        tell(version)
        served.send(signal.SIGHUP)
        served.wait_for(rf"(?s)(reload: done.*){{{number}}}")
    time.sleep(0.2)
    load.end()
    with capsys.disabled():
        told = f"{len(load.answers)} connections, {len(load.errors)} failed"
        sys.stdout.write(f"\n3 reloads: {told}\n")
    assert load.errors == []
    assert {answer.split()[0] for answer in load.answers} >= {b"one", b"four"}
    assert load.answers[-1].startswith(b"four ")
    served.send(signal.SIGTERM)
    assert served.ends() == 0


def test_a_worker_that_crashes_is_replaced(served: Program, port: int) -> None:
    first = workers_of(served)
    assert len(first) == 2
    os.kill(first[0], signal.SIGKILL)
    served.wait_for(r"worker \d \(pid \d+\) has ended: .*signal 9.*started again in")
    while len(found := workers_of(served)) < 2 or first[0] in found:
        assert ask(port).startswith(b"one ")
    assert first[1] in found


def test_a_new_program_that_is_wrong_ends_the_reload_and_nothing_else(
    served: Program, tmp_path: Path, port: int
) -> None:
    before = workers_of(served)
    (tmp_path / "tell.tac").write_text("application = 1 +")
    served.send(signal.SIGHUP)
    served.wait_for("reload given up, the old workers go on")
    served.wait_for(r"tell\.tac, line 1: invalid syntax")
    while workers_of(served) != before:
        assert set(before) <= set(workers_of(served))
    assert ask(port).startswith(b"one ")


def test_a_client_that_is_being_served_is_served_to_the_end(
    served: Program, tell: Callable[[str], None], port: int
) -> None:
    answers: list[bytes] = []
    client = threading.Thread(target=lambda: answers.append(ask(port, b"late")))
    client.start()
    time.sleep(0.2)
    tell("two")
    served.send(signal.SIGHUP)
    client.join()
    served.wait_for("reload: done")
    assert answers[0].startswith(b"one ")


def test_one_process_alone_can_let_its_clients_finish_too(
    sennit: Start, tell: Callable[[str], None], port: int
) -> None:
    tell("one")
    program = sennit("run", "--drain", 5, "tell.tac")
    program.wait_for("Starting factory|starting on")
    answers: list[bytes] = []
    client = threading.Thread(target=lambda: answers.append(ask(port, b"late")))
    client.start()
    time.sleep(0.2)
    program.send(signal.SIGTERM)
    client.join()
    assert program.ends() == 0
    assert answers[0].startswith(b"one ")


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("application = 1 +", 78, r"tell\.tac, line 1: invalid syntax"),
        ("import nowhere_to_be_found", 78, "No module named 'nowhere_to_be_found'"),
        (None, 66, r"tell\.tac cannot be read"),
    ],
)
def test_what_no_worker_can_run_ends_it_all(
    sennit: Start, tmp_path: Path, text: str | None, status: int, said: str
) -> None:
    if text is not None:
        (tmp_path / "tell.tac").write_text(text)
    program = sennit("run", "--workers", 2, "tell.tac")
    assert program.ends() == status
    assert re.search(said, program.text)
    assert "has not come to be ready" in program.text


def test_workers_end_with_their_supervisor(served: Program) -> None:
    workers = workers_of(served)
    served.send(signal.SIGKILL)
    served.process.wait(10)
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_files_that_change_are_run_at_once(
    sennit: Start, tell: Callable[[str], None], port: int
) -> None:
    pytest.importorskip("watchfiles")
    tell("one")
    program = sennit("run", "--reload", "tell.tac")
    program.wait_for("1 worker is ready")
    # The watch begins in a thread, and says nothing of it.
    until = time.monotonic() + 15
    number = 0
    while "reload: done" not in program.text:
        assert time.monotonic() < until
        number += 1
        tell(f"two-{number}")
        time.sleep(0.5)
    assert ask(port).startswith(b"two-")
    program.send(signal.SIGINT)
    assert program.ends() == 0


def test_a_service_manager_is_told(
    sennit: Start, tell: Callable[[str], None], tmp_path: Path
) -> None:
    """Ready, alive, reloading, ready again, stopping."""
    told: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)

        def wait_for(word: str) -> None:
            while not told or word not in told[-1]:
                told.append(manager.recv(1000).decode())

        tell("one")
        environment = {
            "NOTIFY_SOCKET": str(tmp_path / "notify"),
            "WATCHDOG_USEC": "200000",
        }
        program = sennit("run", "--workers", 1, "tell.tac", env=environment)
        wait_for("READY=1")
        assert told == ["READY=1"]
        wait_for("WATCHDOG=1")
        wait_for("WATCHDOG=1")
        program.send(signal.SIGHUP)
        wait_for("RELOADING=1")
        wait_for("READY=1")
        program.send(signal.SIGTERM)
        wait_for("STOPPING=1")
        assert program.ends() == 0


def test_sockets_of_systemd_are_listened_on(sennit: Start, tmp_path: Path) -> None:
    """The number of the process is in the environment, as systemd puts it there."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        (tmp_path / "activated.py").write_text(
            "import os, sys\n"
            "os.dup2(int(sys.argv[1]), 3)\n"
            "os.environ.update(LISTEN_FDS='1', LISTEN_FDNAMES='web')\n"
            "os.environ['LISTEN_PID'] = str(os.getpid())\n"
            "from sennit.app.cli import main\n"
            "main(['run', 'echoes:Echo', '--listen', 'systemd:INET:name=web'])\n"
        )
        (tmp_path / "echoes.py").write_text(
            "from sennit.core.protocol import Protocol\n"
            "class Echo(Protocol):\n"
            "    def dataReceived(self, data): self.transport.write(data)\n"
        )
        number = listening.fileno()
        program = sennit(number, script="activated.py", descriptors=[number])
        program.wait_for("starting on")
        with socket.create_connection(listening.getsockname(), 10) as connection:
            connection.sendall(b"hello")
            assert connection.recv(5, socket.MSG_WAITALL) == b"hello"
        program.send(signal.SIGINT)
        assert program.ends() == 0
