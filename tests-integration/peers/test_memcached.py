"""The memcache client against Debian's memcached, over TCP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sennit.core.endpoints import TCP4ClientEndpoint, connectProtocol
from sennit.protocols.memcache import ClientError, MemCacheProtocol, NoSuchCommand


@pytest.fixture
def server() -> Iterator[int]:
    """The port of a server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = ["memcached", "-l", "127.0.0.1", "-p", str(port), "-U", "0", "-I", "4m"]
    if os.getuid() == 0:
        command += ["-u", "nobody"]
    process = subprocess.Popen(command)
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except ConnectionRefusedError:
            assert time.monotonic() < until, "memcached does not come up"
            time.sleep(0.01)
    yield port
    process.terminate()
    process.wait(10)


async def test_every_command_is_understood(reactor: Any, server: int) -> None:
    endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", server)
    client: Any = await connectProtocol(endpoint, MemCacheProtocol())
    assert (await client.version()).startswith(b"1.")
    assert await client.set(b"k", b"one\r\ntwo", flags=7)
    assert await client.get(b"k") == (7, b"one\r\ntwo")
    assert await client.get(b"none") == (0, None)
    assert not await client.add(b"k", b"x")
    assert await client.add(b"n", b"5")
    assert await client.replace(b"k", b"b")
    assert not await client.replace(b"none", b"b")
    assert await client.append(b"k", b"c")
    assert await client.prepend(b"k", b"a")
    flags, cas, value = await client.get(b"k", withIdentifier=True)
    assert (flags, value) == (0, b"abc")
    assert await client.checkAndSet(b"k", b"new", cas)
    assert not await client.checkAndSet(b"k", b"newer", cas)
    assert not await client.checkAndSet(b"none", b"x", cas)
    assert await client.increment(b"n", 3) == 8
    assert await client.decrement(b"n", 10) == 0
    assert await client.increment(b"none") is False
    with pytest.raises(ClientError):
        await client.increment(b"k")
    assert await client.getMultiple([b"k", b"none", b"n"]) == {
        b"k": (0, b"new"),
        b"none": (0, None),
        b"n": (0, b"0"),
    }
    assert await client.delete(b"k")
    assert not await client.delete(b"k")
    assert b"curr_items" in await client.stats()
    assert isinstance(await client.stats(b"settings"), dict)
    large = os.urandom(3_000_000)
    assert await client.set(b"large", large)
    many = [client.get(b"large"), client.get(b"n"), client.version()]
    assert (await many[0])[1] == large
    assert (await many[1])[1] == b"0"
    assert await many[2]
    assert await client.flushAll()
    assert await client.get(b"n") == (0, None)
    client.transport.loseConnection()


async def test_what_the_server_does_not_know_is_an_error(
    reactor: Any, server: int
) -> None:
    class Daring(MemCacheProtocol):
        def sendLine(self, line: bytes) -> None:
            super().sendLine(line.replace(b"version", b"frobnicate"))

    endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", server)
    client: Any = await connectProtocol(endpoint, Daring())
    with pytest.raises(NoSuchCommand):
        await client.version()
    client.transport.loseConnection()


def test_the_client_of_the_docs_counts(server: int) -> None:
    program = Path(__file__).parents[2] / "docs" / "code" / "memcache_client.py"
    for count in (b"1", b"2"):
        command = [sys.executable, str(program), str(server)]
        said = subprocess.run(command, capture_output=True, timeout=30, check=True)
        first, second = said.stdout.splitlines()
        assert first == b"visit " + count
        assert second == b"{b'visits': (0, b'" + count + b"'), b'guests': (0, None)}"
