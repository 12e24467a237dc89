"""Readers and writers of the program's own are called when they are ready."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sennit.core.engine import Reactor
from sennit.core.errors import CONNECTION_DONE
from sennit.core.failure import Failure

Drive = Callable[..., Any]


class Watched:
    """A descriptor whose turns are written down."""

    def __init__(self, fd: int, turn: Callable[[], object]) -> None:
        self.fd = fd
        self.turn = turn
        self.lost: list[Failure] = []

    def fileno(self) -> int:
        return self.fd

    def logPrefix(self) -> str:
        return "watched"

    def doRead(self) -> Any:
        return self.turn()

    doWrite = doRead

    def connectionLost(self, reason: Failure) -> None:
        self.lost.append(reason)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_a_reader_is_called_while_there_is_something_to_read(
    reactor: Reactor, drive: Drive, pipe: tuple[int, int]
) -> None:
    read: list[bytes] = []
    watched = Watched(pipe[0], lambda: read.append(os.read(pipe[0], 1)))
    reactor.addReader(watched)
    reactor.addReader(watched)
    assert reactor.getReaders() == [watched]

    async def main() -> None:
        os.write(pipe[1], b"ab")
        await asyncio.sleep(0.02)
        reactor.removeReader(watched)
        reactor.removeReader(watched)
        os.write(pipe[1], b"c")
        await asyncio.sleep(0.02)

    drive(main)
    assert read == [b"a", b"b"]
    assert reactor.getReaders() == []


def test_a_writer_is_called_while_there_is_room(
    reactor: Reactor, drive: Drive, pipe: tuple[int, int]
) -> None:
    def turn() -> None:
        os.write(pipe[1], b"x")
        reactor.removeWriter(watched)

    watched = Watched(pipe[1], turn)
    reactor.addWriter(watched)
    assert reactor.getWriters() == [watched]

    async def main() -> bytes:
        await asyncio.sleep(0.02)
        return os.read(pipe[0], 10)

    assert drive(main) == b"x"


def test_what_a_turn_returns_is_why_it_is_over(
    reactor: Reactor, drive: Drive, pipe: tuple[int, int]
) -> None:
    watched = Watched(pipe[1], lambda: CONNECTION_DONE)
    reactor.addWriter(watched)

    async def main() -> None:
        await asyncio.sleep(0.02)

    drive(main)
    assert [reason.value for reason in watched.lost] == [CONNECTION_DONE]
    assert reactor.getWriters() == []


def test_what_a_turn_raises_is_logged_and_why_it_is_over(
    reactor: Reactor,
    drive: Drive,
    pipe: tuple[int, int],
    logged: list[dict[str, Any]],
) -> None:
    watched = Watched(pipe[1], lambda: 1 / 0)
    reactor.addWriter(watched)

    async def main() -> None:
        await asyncio.sleep(0.02)

    drive(main)
    assert [reason.type for reason in watched.lost] == [ZeroDivisionError]
    assert [e["failure"].type for e in logged if e["isError"]] == [ZeroDivisionError]


def test_a_regular_file_is_always_ready(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"ab")
    fd = os.open(file, os.O_RDONLY)
    read: list[bytes] = []

    def turn() -> Any:
        read.append(os.read(fd, 1))
        return None if read[-1] else CONNECTION_DONE

    watched = Watched(fd, turn)
    reactor.addReader(watched)

    async def main() -> None:
        await asyncio.sleep(0.02)

    drive(main)
    os.close(fd)
    assert read == [b"a", b"b", b""]


def test_removing_all_returns_each_once(
    reactor: Reactor, pipe: tuple[int, int]
) -> None:
    both = Watched(pipe[0], lambda: None)
    reactor.addReader(both)
    other = Watched(pipe[1], lambda: None)
    reactor.addWriter(other)
    assert reactor.removeAll() == [both, other]
    assert reactor.removeAll() == []
