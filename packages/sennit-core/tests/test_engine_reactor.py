"""The reactor starts, stops and starts again, on its own loop and on others'."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from sennit.core import defer, task
from sennit.core.engine import Reactor, newLoop
from sennit.core.errors import ReactorAlreadyRunning, ReactorNotRunning
from sennit.core.protocol import ClientFactory, Factory, Protocol
from sennit.core.threads import (
    blockingCallFromThread,
    deferToThread,
    deferToThreadPool,
)

Logged = list[dict[str, Any]]


def test_a_reactor_runs_again_after_it_was_stopped(reactor: Reactor) -> None:
    turns: list[int] = []
    for turn in range(3):
        reactor.callWhenRunning(turns.append, turn)
        reactor.callLater(0, reactor.stop)
        reactor.run(installSignalHandlers=False)
        assert not reactor.running
    assert turns == [0, 1, 2]


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_what_is_due_later_is_not_called_while_the_loop_is_being_closed(
    loop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENNIT_LOOP", loop)
    reactor = Reactor()
    called: list[object] = []

    def end() -> None:
        reactor.stop()
        reactor.callLater(0, called.append, "too late")
        reactor.callLater(0.001, called.append, "later still")

    async def linger() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.01)

    reactor.callWhenRunning(lambda: called.append(asyncio.ensure_future(linger())))
    reactor.callWhenRunning(end)
    reactor.run(installSignalHandlers=False)
    del called[:]
    reactor.close()
    assert called == []


def test_what_was_called_when_running_has_a_running_loop(reactor: Reactor) -> None:
    seen = []

    def look() -> None:
        seen.append((reactor.running, asyncio.get_running_loop() is reactor.loop))
        reactor.stop()

    reactor.callWhenRunning(look)
    reactor.run(installSignalHandlers=False)
    assert seen == [(True, True)]


def test_stop_without_run_is_an_error(reactor: Reactor) -> None:
    with pytest.raises(ReactorNotRunning):
        reactor.stop()


def test_a_second_stop_is_an_error(reactor: Reactor) -> None:
    caught = []

    def twice() -> None:
        reactor.stop()
        try:
            reactor.stop()
        except ReactorNotRunning as error:
            caught.append(error)

    reactor.callWhenRunning(twice)
    reactor.run(installSignalHandlers=False)
    assert len(caught) == 1


def test_run_while_running_is_an_error(reactor: Reactor) -> None:
    caught = []

    def again() -> None:
        try:
            reactor.run()
        except ReactorAlreadyRunning as error:
            caught.append(error)
        reactor.stop()

    reactor.callWhenRunning(again)
    reactor.run(installSignalHandlers=False)
    assert len(caught) == 1


def test_shutdown_waits_for_deferreds_and_coroutines(reactor: Reactor) -> None:
    order: list[str] = []
    held: defer.Deferred[None] = defer.Deferred()

    def before() -> defer.Deferred[None]:
        order.append("before")
        reactor.callLater(0.01, held.callback, None)
        return held.addCallback(lambda _: order.append("waited"))

    async def also_before() -> None:
        await asyncio.sleep(0.001)
        order.append("coroutine")

    reactor.addSystemEventTrigger("after", "shutdown", order.append, "after")
    reactor.addSystemEventTrigger("during", "shutdown", order.append, "during")
    reactor.addSystemEventTrigger("before", "shutdown", before)
    reactor.addSystemEventTrigger("before", "shutdown", also_before)
    reactor.callWhenRunning(reactor.stop)
    reactor.run(installSignalHandlers=False)
    assert order == ["before", "coroutine", "waited", "during", "after"]


def test_shutdown_has_a_deadline(reactor: Reactor, logged: Logged) -> None:
    reactor.shutdownTimeout = 0.02
    never: defer.Deferred[None] = defer.Deferred()
    reactor.addSystemEventTrigger("before", "shutdown", lambda: never)
    reactor.callWhenRunning(reactor.stop)
    reactor.run(installSignalHandlers=False)
    assert [e["why"] for e in logged if e["isError"]] == [
        "triggers before shutdown, or threads, have not ended in time"
    ]


def test_shutdown_waits_for_threads_and_threads_for_the_reactor(
    reactor: Reactor,
) -> None:
    order: list[str] = []
    asked = threading.Event()

    def work() -> None:
        asked.set()
        order.append(blockingCallFromThread(reactor, later))

    def later() -> defer.Deferred[str]:
        return task.deferLater(reactor, 0.05, lambda: "answered")

    def stop() -> None:
        asked.wait(5)
        reactor.stop()

    reactor.callWhenRunning(reactor.callInThread, work)
    reactor.callLater(0.01, stop)
    reactor.run(installSignalHandlers=False)
    assert order == ["answered"]


def test_a_thread_that_hangs_does_not_hang_the_shutdown(
    reactor: Reactor, logged: Logged
) -> None:
    reactor.shutdownTimeout = 0.05
    release = threading.Event()
    reactor.callWhenRunning(reactor.callInThread, release.wait, 5)
    reactor.callLater(0.01, reactor.stop)
    reactor.run(installSignalHandlers=False)
    release.set()
    assert [e["failure"].type for e in logged if e["isError"]] == [defer.TimeoutError]


def test_shutdown_closes_what_is_open(
    reactor: Reactor, drive: Callable[..., Any]
) -> None:
    lost: list[str] = []
    clients: list[socket.socket] = []

    class Watcher(Protocol):
        def connectionLost(self, reason: Any = None) -> None:
            lost.append(reason.type.__name__)

    port = reactor.listenTCP(0, Factory.forProtocol(Watcher), interface="127.0.0.1")
    number = port.getHost().port

    async def main() -> None:
        clients.append(socket.create_connection(("127.0.0.1", number)))
        await asyncio.sleep(0.05)

    drive(main)
    clients[0].close()
    assert lost == ["ConnectionLost"]
    assert not port.connected


def test_a_client_that_connects_again_when_it_is_lost_does_not_hold_the_end_up(
    reactor: Reactor, drive: Callable[..., Any]
) -> None:
    class Stubborn(ClientFactory):
        noisy = False
        protocol = Protocol

        def clientConnectionLost(self, connector: Any, reason: Any) -> None:
            if reactor.running:
                connector.connect()

        clientConnectionFailed = clientConnectionLost

    port = reactor.listenTCP(0, Factory.forProtocol(Protocol), interface="127.0.0.1")

    async def main() -> None:
        made = reactor.connectTCP("127.0.0.1", port.getHost().port, Stubborn())
        while made.state != "connected":
            await asyncio.sleep(0.001)

    drive(main)
    assert not reactor.running


def test_crash_ends_the_loop_and_fires_nothing(reactor: Reactor) -> None:
    fired: list[str] = []
    trigger = reactor.addSystemEventTrigger("during", "shutdown", fired.append, "x")
    reactor.callWhenRunning(reactor.crash)
    reactor.run(installSignalHandlers=False)
    assert fired == []
    assert not reactor.running
    reactor.removeSystemEventTrigger(trigger)


def test_iterate_turns_the_loop_by_hand(reactor: Reactor) -> None:
    called: list[int] = []
    reactor.callLater(0, called.append, 1)
    for _ in range(3):
        reactor.iterate()
    assert called == [1]


def test_a_reactor_attaches_to_the_loop_that_runs() -> None:
    made = Reactor()
    order: list[str] = []

    async def main() -> str:
        made.callWhenRunning(order.append, "running")
        await task.deferLater(made, 0.001, order.append, "later")
        return await deferToThreadPool(made, made.getThreadPool(), lambda: "thread")

    assert asyncio.run(main()) == "thread"
    assert order == ["running", "later"]
    assert made.loop is None
    assert not made.running


def test_an_attached_reactor_needs_no_run() -> None:
    made = Reactor()

    async def main() -> None:
        made.callLater(0, int)
        with pytest.raises(ReactorAlreadyRunning, match="attached"):
            made.run()

    asyncio.run(main())


def test_what_was_asked_for_before_any_loop_is_done_once_attached() -> None:
    made = Reactor()
    order: list[str] = []
    made.callWhenRunning(order.append, "startup")
    made.callLater(0, order.append, "timer")
    echo = Factory.forProtocol(_Echo)
    port = made.listenTCP(0, echo, interface="127.0.0.1")
    number = port.getHost().port

    async def main() -> bytes:
        made.callWhenRunning(int)
        reader, writer = await asyncio.open_connection("127.0.0.1", number)
        writer.write(b"ping")
        data = await reader.readexactly(4)
        writer.close()
        return data

    assert asyncio.run(main()) == b"ping"
    assert sorted(order) == ["startup", "timer"]
    assert not port.connected


def test_one_reactor_serves_one_asyncio_run_after_the_other() -> None:
    made = Reactor()

    async def main() -> float:
        begun = made.seconds()
        await task.deferLater(made, 0.01, int)
        return made.seconds() - begun

    assert all(asyncio.run(main()) >= 0.01 for _ in range(3))


def test_a_reactor_goes_from_its_own_loop_to_a_foreign_one_and_back() -> None:
    made = Reactor()
    called: list[str] = []

    async def main() -> None:
        await task.deferLater(made, 0, called.append, "foreign")

    def own() -> None:
        made.callLater(0, called.append, "own")
        made.callLater(0.001, made.stop)
        made.run(installSignalHandlers=False)

    own()
    asyncio.run(main())
    own()
    made.close()
    assert called == ["own", "foreign", "own"]


def test_a_loop_that_is_run_in_pieces_stays_attached() -> None:
    loop = newLoop("asyncio")
    made = Reactor()
    called: list[int] = []

    async def cell(number: int) -> None:
        await task.deferLater(made, 0, called.append, number)

    for number in range(3):
        loop.run_until_complete(cell(number))
        assert made.loop is loop
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
    assert called == [0, 1, 2]
    assert made.loop is None


def test_reactors_run_side_by_side_in_threads() -> None:
    results: dict[int, bytes] = {}

    def work(number: int) -> None:
        made = Reactor()
        port = made.listenTCP(0, Factory.forProtocol(_Echo), interface="127.0.0.1")

        async def main() -> None:
            where = port.getHost().port
            reader, writer = await asyncio.open_connection("127.0.0.1", where)
            writer.write(b"%d" % number)
            results[number] = await reader.readexactly(1)
            writer.close()

        made.callWhenRunning(
            lambda: defer.ensureDeferred(main()).addBoth(lambda _: made.stop())
        )
        made.run()
        made.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert results == {0: b"0", 1: b"1", 2: b"2"}


@pytest.mark.parametrize("name", ["asyncio", "uvloop"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_shuts_down_in_order(name: str, number: signal.Signals) -> None:
    program = """
import sys
from sennit.core import log, reactor
log.startLogging(sys.stdout)
reactor.addSystemEventTrigger("before", "shutdown", print, "closing")
reactor.callWhenRunning(print, "up")
reactor.run()
print("over")
"""
    # A SIGINT that is ignored here would be inherited, and the child not interrupted.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        env={**os.environ, "SENNIT_LOOP": name},
        text=True,
    ) as child:
        signal.signal(signal.SIGINT, before)
        assert child.stdout is not None
        lines = []
        for line in child.stdout:
            lines.append(line.partition("] ")[2].rstrip())
            if lines[-1] == "up":
                child.send_signal(number)
    assert child.returncode == 0
    assert lines == [
        "Log opened.",
        "up",
        f"Received {number.name}, shutting down.",
        "closing",
        "Main loop terminated.",
        "over",
    ]


def test_importing_the_reactor_makes_no_loop() -> None:
    program = (
        "import sys, sennit.core\n"
        "from sennit.core import reactor\n"
        "assert reactor.loop is None\n"
        "assert 'uvloop' not in sys.modules\n"
        "assert 'zope.interface' not in sys.modules\n"
        "assert sennit.core.reactor is reactor\n"
        "import sennit.core.reactor as same\n"
        "assert same is reactor\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("wanted", "module"), [("asyncio", "asyncio"), ("uvloop", "uvloop"), ("", "uvloop")]
)
def test_the_environment_chooses_the_loop(
    wanted: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENNIT_LOOP", wanted)
    loop = newLoop()
    loop.close()
    assert type(loop).__module__.startswith(module)


def test_a_factory_of_ones_own_may_make_the_loop() -> None:
    loop = newLoop("asyncio:SelectorEventLoop")
    loop.close()
    assert isinstance(loop, asyncio.SelectorEventLoop)


@pytest.mark.parametrize("name", ["fast", "asyncio:Event"])
def test_a_loop_that_cannot_be_is_refused_by_name(name: str) -> None:
    with pytest.raises((ValueError, AttributeError), match=r"asyncio|loop"):
        newLoop(name)


def test_thread_results_come_back_to_the_reactor(
    reactor: Reactor, drive: Callable[..., Any]
) -> None:
    async def main() -> tuple[bool, bool]:
        here = threading.get_ident()
        pool = reactor.getThreadPool()
        there = await deferToThreadPool(reactor, pool, threading.get_ident)
        return threading.get_ident() == here, there == here

    assert drive(main) == (True, False)


def test_the_global_reactor_is_the_default_of_deferToThread() -> None:
    async def main() -> int:
        return await deferToThread(lambda: 42)

    assert asyncio.run(main()) == 42


class _Echo(Protocol):
    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)
