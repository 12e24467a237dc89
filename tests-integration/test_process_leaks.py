"""Thousands of children leave nothing: no descriptor, no zombie, no memory."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from sennit.core.defer import Deferred, ensureDeferred, gatherResults
from sennit.core.engine import Reactor, newLoop
from sennit.core.failure import Failure
from sennit.core.protocol import ProcessProtocol

pytestmark = pytest.mark.skipif(
    not os.path.exists("/proc/self/fd"), reason="descriptors are counted in /proc"
)

CHILDREN = 1000
AT_ONCE = 4
# What the first ones cost once and for all: imports, arenas, caches.
WARM = 200
# Bytes of memory that may not come back: of a leak, each child would have its share.
SLACK = 1024 * 1024


class Child(ProcessProtocol):
    def __init__(self) -> None:
        self.said = 0
        self.ended: Deferred[None] = Deferred()

    def outReceived(self, data: bytes) -> None:
        self.said += len(data)

    def processEnded(self, reason: Failure) -> None:
        self.ended.callback(None)


def start(reactor: Reactor, number: int) -> Deferred[None]:
    """Start one, of a kind that its number tells; it is given something to read."""
    child = Child()
    if number % 10 == 0:
        with pytest.raises(FileNotFoundError):
            reactor.spawnProcess(child, "/nowhere")
    kinds: list[dict[str, Any]] = [{}, {}, {}, {"childFDs": {0: "w", 1: "r", 5: "r"}}]
    how = {"usePTY": True} if number % 20 == 0 else kinds[number % 4]
    process = reactor.spawnProcess(child, "/bin/head", ["head", "-c1"], {}, **how)
    process.write(b"x\n")
    return child.ended


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def children() -> list[str]:
    return Path("/proc/thread-self/children").read_text().split()


def resident() -> int:
    gc.collect()
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.split("VmRSS:")[1].split()[0])


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_thousands_of_children_leave_nothing(loop: str) -> None:
    made = newLoop(loop)
    reactor = Reactor(made)
    counts: list[tuple[int, int, int]] = []

    async def some(count: int) -> None:
        for number in range(0, count, AT_ONCE):
            at_once = range(number, number + AT_ONCE)
            await gatherResults([start(reactor, each) for each in at_once])
        counts.append((descriptors(), len(children()), resident()))

    async def main() -> None:
        await some(WARM)
        await some(CHILDREN)

    failures: list[Failure] = []

    def begin() -> None:
        running = ensureDeferred(main())
        running.addErrback(failures.append).addBoth(lambda _: reactor.stop())

    reactor.callWhenRunning(begin)
    reactor.run(installSignalHandlers=False)
    reactor.close()
    made.close()

    assert not failures
    (fds, born, memory), (fds_after, born_after, memory_after) = counts
    assert fds_after == fds
    assert born_after == born
    assert not reactor._binding.live
    assert memory_after - memory < SLACK
    sys.stdout.write(f"{loop}: {memory_after - memory} bytes after {CHILDREN}\n")
