"""What old programs have for descriptors: messages, readiness, watching."""

from __future__ import annotations

import array
import errno
import importlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sennit.compat
from sennit.compat.faces.internet import fdesc, inotify, udp, unix
from sennit.compat.faces.python import sendmsg
from sennit.core import engine, inotify as native
from sennit.core.engine import Reactor, newLoop
from sennit.core.errors import CONNECTION_LOST
from sennit.core.filepath import FilePath


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def test_a_message_carries_descriptors(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    one, other = pair
    rights = (socket.SOL_SOCKET, sendmsg.SCM_RIGHTS, array.array("i", [one.fileno()]))
    assert sendmsg.sendmsg(one, b"data", [rights]) == 4  # type: ignore[list-item]
    received = sendmsg.recvmsg(other)
    assert received.data == b"data"
    assert not received.flags & socket.MSG_CTRUNC
    [(level, kind, found)] = received.ancillary
    assert (level, kind) == (socket.SOL_SOCKET, sendmsg.SCM_RIGHTS)
    [descriptor] = array.array("i", found)
    assert os.path.samestat(os.fstat(descriptor), os.fstat(one.fileno()))
    os.close(descriptor)


def test_a_message_without_room_for_what_comes_along_says_so(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    one, other = pair
    rights = (socket.SOL_SOCKET, sendmsg.SCM_RIGHTS, array.array("i", [0] * 8))
    sendmsg.sendmsg(one, b"data", [rights])  # type: ignore[list-item]
    data, ancillary, flags = sendmsg.recvmsg(other, 2, cmsgSize=0)
    assert (data, ancillary) == (b"da", [])
    assert flags & socket.MSG_CTRUNC
    assert sendmsg.recvmsg(other, flags=socket.MSG_DONTWAIT).data == b"ta"
    with pytest.raises(BlockingIOError):
        sendmsg.recvmsg(other, flags=socket.MSG_DONTWAIT)


def test_a_socket_tells_its_family(pair: tuple[socket.socket, socket.socket]) -> None:
    assert sendmsg.getSocketFamily(pair[0]) == socket.AF_UNIX


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EINTR])
def test_an_error_is_known_by_its_number_whatever_its_class(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def failing(*args: Any) -> Any:
        error = OSError("some way or other")
        error.errno = number
        raise error

    monkeypatch.setattr(os, "write", failing)
    monkeypatch.setattr(os, "read", failing)
    assert fdesc.writeToFD(1, b"data") == 0
    assert fdesc.readFromFD(1, lambda data: None) is None
    number = errno.EPIPE
    assert fdesc.writeToFD(1, b"data") is CONNECTION_LOST


def test_the_classes_of_datagrams_and_connections_have_their_names() -> None:
    assert udp.MulticastPort is engine.MulticastPort
    assert unix.Server is unix.Client is engine.UNIXConnection
    assert unix.DatagramPort is engine.UNIXDatagramPort
    assert unix.ConnectedDatagramPort is engine.ConnectedUNIXDatagramPort


def test_watching_has_the_names_and_bytes_for_paths(tmp_path: Path) -> None:
    assert all(hasattr(inotify, name) for name in inotify.__all__)
    assert set(native.__all__) - set(inotify.__all__) == {"Callback", "INotifyError"}
    loop = newLoop("asyncio")
    reactor = Reactor(loop)
    told: list[bytes] = []

    def changed(ignored: object, path: FilePath[bytes], mask: int) -> None:
        told.append(path.path)
        reactor.stop()

    notifier = inotify.INotify(reactor)
    notifier.startReading()
    notifier.watch(FilePath(str(tmp_path)), inotify.IN_CREATE, callbacks=[changed])
    reactor.callWhenRunning((tmp_path / "file").touch)
    reactor.run()
    assert told == [os.fsencode(tmp_path / "file")]
    reactor.close()
    loop.close()


@pytest.mark.parametrize(
    ("name", "face"),
    [
        ("twisted.internet.inotify", inotify),
        ("twisted.python.sendmsg", sendmsg),
    ],
)
def test_old_programs_find_them(name: str, face: Any) -> None:
    sennit.compat.install()
    try:
        assert importlib.import_module(name) is face
    finally:
        sennit.compat.uninstall()
