"""Workers share sockets, are replaced, and change without anybody noticing."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.app.workers import SupervisorLink, WorkerFailed, WorkerPool
from sennit.app.workers._messages import (
    BadMessage,
    MessageReader,
    bindableFrom,
    encoded,
    listOf,
)
from sennit.app.workers._sockets import Asked, SharedSockets
from sennit.app.workers._worker import Worker
from sennit.core import task
from sennit.core.defer import Deferred
from sennit.core.endpoints import TCP4ClientEndpoint, connectProtocol
from sennit.core.engine import InetBindable, PathBindable, Reactor
from sennit.core.errors import CannotListenError
from sennit.core.failure import Failure
from sennit.core.protocol import Protocol, connectionDone
from sennit.core.task import Clock

pytestmark = pytest.mark.sennit(timeout=30)

onBothLoops = pytest.mark.sennit(loop=["asyncio", "uvloop"], timeout=30)

# Tells each client its version and its process, and hangs up.
WORKER = """
import os
from sennit.app.workers import SupervisorLink
from sennit.core import protocol, reactor

class Tell(protocol.Protocol):
    def connectionMade(self):
        self.transport.write(b"{version} %d" % os.getpid())
        self.transport.loseConnection()

factory = protocol.Factory.forProtocol(Tell)
factory.noisy = False
link = SupervisorLink.fromEnvironment()
link.attach(reactor)
listening = reactor.listenTCP({port}, factory, interface="127.0.0.1")
reactor.callWhenRunning(link.ready)
print("serving", flush=True)
reactor.run()
"""


class Heard(Protocol):
    """Keeps what it hears, until the end."""

    def __init__(self) -> None:
        self.data = b""
        self.over: Deferred[bytes] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.data += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.over.callback(self.data)


class Site:
    """A pool of workers of one program, which can be changed."""

    def __init__(self, reactor: Reactor, folder: Path) -> None:
        self.reactor = reactor
        self.path = folder / "worker.py"
        self.lines: list[bytes] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.program("old")
        self.pool = WorkerPool(
            [sys.executable, str(self.path)], 2, self.lines.append, reactor=reactor
        )

    def program(self, version: str, text: str = WORKER) -> None:
        self.path.write_text(text.format(version=version, port=self.port))

    async def ask(self) -> list[str]:
        endpoint = TCP4ClientEndpoint(self.reactor, "127.0.0.1", self.port)
        heard = await connectProtocol(endpoint, Heard())
        return (await heard.over).decode().split()

    async def until(self, told: Callable[[list[str]], bool]) -> list[str]:
        while not told(answer := await self.ask()):
            await task.deferLater(self.reactor, 0.01)
        return answer


@pytest.fixture
async def site(reactor: Reactor, tmp_path: Path) -> AsyncIterator[Site]:
    made = Site(reactor, tmp_path)
    yield made
    await made.pool.stopService()


@onBothLoops
async def test_all_workers_serve_one_port(site: Site) -> None:
    await site.pool.startService()
    pids = {worker.transport.pid for worker in site.pool.workers}
    assert len(pids) == 2
    seen: set[str] = set()
    while len(seen) < 2:
        seen.add((await site.ask())[1])
    assert {int(pid) for pid in seen} == pids
    assert site.lines.count(b"serving\n") == 2


async def test_a_worker_that_dies_is_replaced(site: Site) -> None:
    await site.pool.startService()
    dead = site.pool.workers[0].transport.pid
    assert dead is not None
    os.kill(dead, signal.SIGKILL)
    while site.pool.workers[0].transport.pid == dead:
        assert (await site.ask())[0] == "old"
        await task.deferLater(site.reactor, 0.01)
    await site.until(lambda told: int(told[1]) == site.pool.workers[0].transport.pid)


@onBothLoops
async def test_a_reload_refuses_nobody(site: Site) -> None:
    await site.pool.startService()
    answers: list[list[str]] = []
    done: list[bool] = []
    site.program("new")
    site.pool.reload().addCallback(done.append)
    while not done:
        answers.append(await site.ask())
        await task.deferLater(site.reactor, 0.001)
    answers.append(await site.ask())
    assert done == [True]
    assert (answers[0][0], answers[-1][0]) == ("old", "new")
    assert {answer[0] for answer in answers} == {"old", "new"}


async def test_a_new_program_that_fails_leaves_the_old_one(site: Site) -> None:
    await site.pool.startService()
    site.program("bad", "raise SystemExit(3)")
    assert await site.pool.reload() is False
    assert (await site.ask())[0] == "old"
    site.program("new")
    assert await site.pool.reload() is True
    assert (await site.ask())[0] == "new"


async def test_a_reload_that_is_asked_for_twice_sees_the_last_program(
    site: Site,
) -> None:
    await site.pool.startService()
    site.program("middle")
    first = site.pool.reload()
    site.program("last")
    assert site.pool.reload() is first
    await first
    assert (await site.ask())[0] == "last"


async def test_what_is_not_ready_at_the_start_ends_it_all(site: Site) -> None:
    site.program("bad", "raise SystemExit(78)")
    with pytest.raises(WorkerFailed, match="has not come to be ready") as e:
        await site.pool.startService()
    assert e.value.status == 78
    assert site.pool.workers == []


async def test_what_is_never_ready_ends_after_a_while(site: Site) -> None:
    site.program("slow", "import time; time.sleep(60)")
    site.pool.startTimeout = 0.3
    with pytest.raises(WorkerFailed, match="it takes too long"):
        await site.pool.startService()


async def test_a_taken_port_is_an_error_in_the_worker(site: Site) -> None:
    taken = socket.create_server(("127.0.0.1", site.port))
    with taken, pytest.raises(WorkerFailed):
        await site.pool.startService()
    assert any(b"Address already in use" in line for line in site.lines)


async def test_what_does_not_end_is_killed(site: Site) -> None:
    stubborn = WORKER + "\nimport time\nwhile True: time.sleep(1)"
    site.program("old", stubborn.replace("reactor.run()", STUBBORN))
    site.pool.patience = 0.2
    await site.pool.startService()
    await site.pool.stopService()
    assert site.pool.workers == []


STUBBORN = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
reactor.callWhenRunning(reactor.callLater, 0, reactor.stop)
reactor.run(installSignalHandlers=False)
"""


# The parts.


def test_any_free_port_is_another_one_each_time() -> None:
    first, second = Asked(), Asked()
    anything = InetBindable("TCP", "", 0)
    keys = [first.keyOf(anything), first.keyOf(anything)]
    assert keys[0] != keys[1]
    assert [second.keyOf(anything), second.keyOf(anything)] == keys
    fixed = InetBindable("TCP", "", 80)
    assert first.keyOf(fixed) == first.keyOf(fixed) == second.keyOf(fixed)


def test_sockets_that_nobody_asks_for_are_closed(tmp_path: Path) -> None:
    sockets = SharedSockets()
    path = PathBindable(str(tmp_path / "socket"))
    tcp = sockets.get("tcp", InetBindable("TCP", "127.0.0.1", 0))
    unix = sockets.get("unix", path)
    assert sockets.get("unix", path) is unix
    sockets.keepOnly({"tcp"})
    assert tcp.fileno() >= 0
    assert unix.fileno() == -1
    assert not os.path.exists(path.path)
    sockets.close()
    assert tcp.fileno() == -1


@pytest.mark.parametrize(
    "bindable",
    [InetBindable("UDP", "::1", 53), PathBindable("/run/x", 0o600, True)],
    ids=["inet", "path"],
)
def test_what_is_asked_for_is_understood(bindable: Any) -> None:
    assert listOf(bindableFrom(listOf(bindable))) == listOf(bindable)


@pytest.mark.parametrize(
    "parts", [None, [], ["TCP"], ["TCP", 1, 2], ["SCTP", "", 1], ["UNIX", "x", "y", 0]]
)
def test_what_cannot_be_bound_is_a_named_error(parts: Any) -> None:
    with pytest.raises(BadMessage):
        bindableFrom(parts)


@given(st.lists(st.binary(max_size=30)))
def test_any_bytes_are_messages_or_a_named_error(pieces: list[bytes]) -> None:
    reader = MessageReader()
    try:
        for piece in (encoded({"ready": True}), *pieces):
            for message in reader.feed(piece):
                assert isinstance(message, dict)
    except BadMessage:
        pass


def test_a_message_has_an_end() -> None:
    with pytest.raises(BadMessage, match="more than"):
        MessageReader().feed(b"x" * 5000)


def test_a_process_that_is_no_worker_has_no_line() -> None:
    assert SupervisorLink.fromEnvironment({}) is None


def test_a_supervisor_that_is_gone_gives_no_sockets() -> None:
    ours, theirs = socket.socketpair()
    link = SupervisorLink(ours)
    theirs.close()
    with pytest.raises(CannotListenError):
        link.boundSocket(InetBindable("TCP", "", 80))
    ours.close()


def test_a_worker_that_dies_while_it_asks_harms_nobody() -> None:
    """Its end is told by the process; here the answer just finds nobody."""
    clock: Any = Clock()
    clock.addReader = clock.removeReader = lambda reader: None
    sockets = SharedSockets()
    worker = Worker("worker 1", clock, sockets, lambda line: None, lambda *_: None)
    ours, theirs = socket.socketpair()
    worker._line = ours
    theirs.sendall(encoded({"bind": ["TCP", "127.0.0.1", 0]}))
    theirs.close()
    worker.doRead()
    assert worker.fileno() == -1
    sockets.close()
