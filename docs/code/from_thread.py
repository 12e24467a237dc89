"""Into a thread, from there into the reactor and back, and the result."""

import threading

from sennit.core import reactor, task, threads
from sennit.core.engine import Reactor


def in_the_reactor(what: str) -> str:
    assert threading.current_thread() is threading.main_thread()
    return f"{what}, heard"


def in_a_thread() -> str:
    assert threading.current_thread() is not threading.main_thread()
    return threads.blockingCallFromThread(reactor, in_the_reactor, "hello")


async def main(reactor: Reactor) -> None:
    print(await threads.deferToThread(in_a_thread))


task.react(main)
