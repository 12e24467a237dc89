"""UNIX sockets: their modes, their locks, and what dead programs leave."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sennit.core.address import UNIXAddress
from sennit.core.engine import Reactor
from sennit.core.errors import CannotListenError
from sennit.core.protocol import Factory, Protocol

Drive = Callable[..., Any]


class Echo(Protocol):
    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)


def echo() -> Factory:
    factory = Factory.forProtocol(Echo)
    factory.noisy = False
    return factory


async def asked(path: str) -> bytes:
    # Connected by hand: uvloop does not find abstract names.
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(path)
    reader, writer = await asyncio.open_unix_connection(sock=sock)
    writer.write(b"ping")
    data = await reader.readexactly(4)
    writer.close()
    return data


def left_by_a_dead_program(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(path))


def dead_pid() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    return child.pid


@pytest.mark.parametrize("address", [str, os.fsencode])
def test_a_socket_serves_and_is_gone_after_closing(
    reactor: Reactor, drive: Drive, tmp_path: Path, address: Callable[[str], Any]
) -> None:
    path = tmp_path / "s"
    port = reactor.listenUNIX(address(str(path)), echo(), mode=0o600)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert port.getHost() == UNIXAddress(str(path))

    async def main() -> bytes:
        return await asked(str(path))

    assert drive(main) == b"ping"
    assert not path.exists()


def test_an_abstract_name_has_no_file(reactor: Reactor, drive: Drive) -> None:
    name = f"\0sennit-test-{os.getpid()}-{id(reactor)}"
    reactor.listenUNIX(name, echo())

    async def main() -> bytes:
        return await asked(name)

    assert drive(main) == b"ping"


def test_a_socket_in_use_is_an_error_and_stays(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    path = str(tmp_path / "s")
    reactor.listenUNIX(path, echo())
    with pytest.raises(CannotListenError, match="in use"):
        reactor.listenUNIX(path, echo())

    async def main() -> bytes:
        return await asked(path)

    assert drive(main) == b"ping"


def test_what_a_dead_program_left_is_taken_over(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    path = tmp_path / "s"
    left_by_a_dead_program(path)
    reactor.listenUNIX(str(path), echo())

    async def main() -> bytes:
        return await asked(str(path))

    assert drive(main) == b"ping"


def test_a_file_that_is_no_socket_is_left_alone(
    reactor: Reactor, tmp_path: Path
) -> None:
    path = tmp_path / "s"
    path.write_text("precious")
    for want_pid in (False, True):
        with pytest.raises(CannotListenError):
            reactor.listenUNIX(str(path), echo(), wantPID=want_pid)
    assert path.read_text() == "precious"
    assert not os.path.lexists(f"{path}.lock")


def test_the_lock_names_the_process_and_keeps_others_out(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    path = str(tmp_path / "s")
    reactor.listenUNIX(path, echo(), wantPID=True)
    assert os.readlink(path + ".lock") == str(os.getpid())
    with pytest.raises(CannotListenError):
        reactor.listenUNIX(path, echo(), wantPID=True)

    async def main() -> bytes:
        return await asked(path)

    assert drive(main) == b"ping"
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("holder", [str(dead_pid()), "nonsense"])
def test_a_lock_that_nobody_living_holds_is_taken_over(
    reactor: Reactor, drive: Drive, tmp_path: Path, holder: str
) -> None:
    path = tmp_path / "s"
    left_by_a_dead_program(path)
    os.symlink(holder, f"{path}.lock")
    reactor.listenUNIX(str(path), echo(), wantPID=True)

    async def main() -> bytes:
        return await asked(str(path))

    assert drive(main) == b"ping"


def test_a_file_that_another_made_since_is_not_removed(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    path = tmp_path / "s"
    port = reactor.listenUNIX(str(path), echo())

    async def main() -> None:
        path.unlink()
        path.write_text("another's")
        await port.stopListening()

    drive(main)
    assert path.read_text() == "another's"
