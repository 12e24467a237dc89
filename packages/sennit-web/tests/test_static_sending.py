"""Large files over real sockets: whole, in order, and never more or less than was said."""

from __future__ import annotations

import asyncio
import os
import re
import zlib
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from sennit.core import tls
from sennit.core.defer import Deferred, ensureDeferred
from sennit.core.endpoints import (
    TCP4ClientEndpoint,
    connectProtocol,
    wrapClientTLS,
)
from sennit.core.engine import Reactor, newLoop
from sennit.core.failure import Failure
from sennit.core.protocol import Protocol, connectionDone
from sennit.core.testing import CertificateAuthority
from sennit.web.resource import EncodingResourceWrapper
from sennit.web.server import GzipEncoderFactory, Site
from sennit.web.static import File
from sennit.web.static._sender import SENDFILE_FROM, FileSender

Drive = Callable[..., Any]

# More than the sockets of a connection take while nobody reads.
LARGE = 24 * 1024 * 1024


def content(size: int = LARGE) -> bytes:
    return (bytes(range(251)) * (size // 251 + 1))[:size]


# Seconds after which a test that hangs is given up.
PATIENCE = 20.0


@pytest.fixture(params=["asyncio", "uvloop"])
def reactor(request: pytest.FixtureRequest) -> Iterator[Reactor]:
    """A reactor on a loop of its own."""
    loop = newLoop(request.param)
    made = Reactor(loop)
    yield made
    made.close()
    loop.close()


@pytest.fixture
def drive(reactor: Reactor) -> Drive:
    """Runs a coroutine function on the reactor, from start to shutdown."""

    def run(main: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        outcome: list[Any] = []

        def ended(result: Any) -> None:
            outcome.append(result)
            reactor.stop()

        def begin() -> None:
            ensureDeferred(main()).addTimeout(PATIENCE, reactor).addBoth(ended)

        reactor.callWhenRunning(begin)
        reactor.run(installSignalHandlers=False)
        if isinstance(outcome[0], Failure):
            outcome[0].raiseException()
        return outcome[0]

    return run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    www = tmp_path / "www"
    www.mkdir()
    (www / "large.bin").write_bytes(content())
    (www / "small.txt").write_bytes(b"small")
    return www


@pytest.fixture
def senders(monkeypatch: pytest.MonkeyPatch) -> list[FileSender]:
    """Those that were made, one for each response by ``sendfile``."""
    made: list[FileSender] = []
    start = FileSender.start

    def noted(sender: FileSender) -> None:
        made.append(sender)
        start(sender)

    monkeypatch.setattr(FileSender, "start", noted)
    return made


class Client(Protocol):
    """Keeps what comes, and can be told to read no more."""

    def __init__(self, enough: int | None = None) -> None:
        self.data = bytearray()
        self.enough = enough
        self.over: Deferred[bytes] = Deferred()
        self.had_enough: Deferred[None] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.data += data
        if self.enough is not None and len(self.data) >= self.enough:
            self.enough = None
            self.transport.pauseProducing()  # type: ignore[attr-defined]
            self.had_enough.callback(None)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.over.callback(bytes(self.data))


def request(path: str, *fields: str, close: bool = True) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: here", *fields]
    if close:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode()


def serve(reactor: Reactor, resource: Any, **settings: Any) -> TCP4ClientEndpoint:
    site = Site(resource, reactor=reactor, **settings)
    port = reactor.listenTCP(0, site, interface="127.0.0.1")
    return TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)


async def asked(server: TCP4ClientEndpoint, data: bytes, client: Client) -> Client:
    await connectProtocol(server, client)
    client.transport.write(data)
    return client


async def eventually(condition: Callable[[], object]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it has not come true")


def split(answer: bytes) -> tuple[bytes, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


def length(head: bytes) -> int:
    found = re.search(rb"Content-Length: (\d+)", head)
    assert found is not None
    return int(found[1])


def test_a_large_file_is_sent_whole(
    reactor: Reactor, drive: Drive, root: Path, senders: list[FileSender]
) -> None:
    """By the system, and the file is closed."""

    async def main() -> bytes:
        server = serve(reactor, File(str(root)))
        client = await asked(server, request("/large.bin"), Client())
        return await client.over

    head, body = split(drive(main))
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert length(head) == LARGE
    assert body == content()
    (sender,) = senders
    assert sender.fileObject.closed
    assert sender.request is None


@pytest.mark.parametrize(
    ("asked_for", "expected"),
    [
        ("bytes=5-", content()[5:]),
        (f"bytes=-{SENDFILE_FROM}", content()[-SENDFILE_FROM:]),
    ],
)
def test_so_is_a_large_part(
    reactor: Reactor,
    drive: Drive,
    root: Path,
    senders: list[FileSender],
    asked_for: str,
    expected: bytes,
) -> None:
    async def main() -> bytes:
        server = serve(reactor, File(str(root)))
        field = f"Range: {asked_for}"
        client = await asked(server, request("/large.bin", field), Client())
        return await client.over

    head, body = split(drive(main))
    assert head.startswith(b"HTTP/1.1 206")
    assert body == expected
    assert len(senders) == 1


def test_and_several_large_parts(
    reactor: Reactor, drive: Drive, root: Path, senders: list[FileSender]
) -> None:
    """With what stands between them, as much as the head says."""
    middle = LARGE // 2

    async def main() -> bytes:
        server = serve(reactor, File(str(root)))
        field = f"Range: bytes={middle}-,0-{middle - 10}"
        client = await asked(server, request("/large.bin", field), Client())
        return await client.over

    head, body = split(drive(main))
    assert length(head) == len(body)
    assert len(senders) == 1
    boundary = b"--" + re.findall(rb'boundary="(\w+)"', head)[0]
    _, first, second, end = body.split(b"\r\n" + boundary)
    assert first.partition(b"\r\n\r\n")[2] == content()[middle:]
    assert second.partition(b"\r\n\r\n")[2] == content()[: middle - 9]
    assert end == b"--\r\n"


def test_requests_that_wait_are_answered_in_order(
    reactor: Reactor, drive: Drive, root: Path, senders: list[FileSender]
) -> None:
    """Small ones before, between and after large ones, all sent at once."""
    paths = ["/small.txt", "/large.bin", "/small.txt", "/large.bin", "/small.txt"]

    async def main() -> bytes:
        server = serve(reactor, File(str(root)))
        data = b"".join(request(path, close=False) for path in paths[:-1])
        client = await asked(server, data + request(paths[-1]), Client())
        return await client.over

    rest = drive(main)
    for path in paths:
        head, rest = split(rest)
        size = length(head)
        assert rest[:size] == (root / path[1:]).read_bytes()
        rest = rest[size:]
    assert rest == b""
    assert len(senders) == 2


def test_many_large_answers_that_are_taken_at_once_nest_not(
    reactor: Reactor, drive: Drive, root: Path
) -> None:
    (root / "just.bin").write_bytes(content(SENDFILE_FROM))
    many = 60

    async def main() -> bytes:
        server = serve(reactor, File(str(root)))
        data = request("/just.bin", close=False) * (many - 1) + request("/just.bin")
        client = await asked(server, data, Client())
        return await client.over

    assert drive(main).count(b"HTTP/1.1 200 OK") == many


def test_head_of_a_large_file_sends_nothing(
    reactor: Reactor, drive: Drive, root: Path, senders: list[FileSender]
) -> None:
    async def main() -> bytes:
        server = serve(reactor, File(str(root)))
        data = request("/large.bin").replace(b"GET", b"HEAD")
        client = await asked(server, data, Client())
        return await client.over

    head, body = split(drive(main))
    assert (length(head), body, senders) == (LARGE, b"", [])


def test_over_tls_a_producer_sends_it(
    reactor: Reactor, drive: Drive, root: Path, senders: list[FileSender]
) -> None:
    """The system cannot encrypt."""
    authority = CertificateAuthority()

    async def main() -> bytes:
        options = tls.serverOptions(authority.issue("localhost"))
        site = Site(File(str(root)), reactor=reactor)
        port = reactor.listenSSL(0, site, options, interface="127.0.0.1")
        client = Client()
        plain = TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)
        theirs = tls.clientOptions("localhost", trustRoot=authority.pem)
        await connectProtocol(wrapClientTLS(theirs, plain), client)
        client.transport.write(request("/large.bin"))
        return await client.over

    head, body = split(drive(main))
    assert (length(head), senders) == (LARGE, [])
    assert body == content()


def test_through_an_encoder_a_producer_sends_it(
    reactor: Reactor, drive: Drive, root: Path, senders: list[FileSender]
) -> None:
    async def main() -> bytes:
        wrapped = EncodingResourceWrapper(File(str(root)), [GzipEncoderFactory()])
        (root / "large.txt").write_bytes(content())
        server = serve(reactor, wrapped)
        data = request("/large.txt", "Accept-Encoding: gzip").replace(b"1.1", b"1.0")
        client = await asked(server, data, Client())
        return await client.over

    head, body = split(drive(main))
    assert b"Content-Encoding: gzip" in head
    assert zlib.decompress(body, 31) == content()
    assert senders == []


# A file that is changed meanwhile


async def interrupted(
    reactor: Reactor, root: Path, change: Callable[[], object]
) -> bytes:
    """Ask for a large file, and change something when some of it has come."""
    server = serve(reactor, File(str(root)))
    client = await asked(server, request("/large.bin"), Client(enough=100_000))
    await client.had_enough
    change()
    client.transport.resumeProducing()  # type: ignore[attr-defined]
    return await client.over


def test_a_file_that_grows_is_sent_as_it_was_announced(
    reactor: Reactor, drive: Drive, root: Path
) -> None:
    def grow() -> None:
        with open(root / "large.bin", "ab") as file:
            file.write(b"more" * 1000)

    head, body = split(drive(lambda: interrupted(reactor, root, grow)))
    assert (length(head), len(body)) == (LARGE, LARGE)
    assert body == content()


def test_a_file_that_is_replaced_is_sent_as_it_was(
    reactor: Reactor, drive: Drive, root: Path
) -> None:
    def replace() -> None:
        (root / "new").write_bytes(b"new")
        os.replace(root / "new", root / "large.bin")

    _, body = split(drive(lambda: interrupted(reactor, root, replace)))
    assert body == content()


def shorter(root: Path) -> Callable[[], None]:
    return lambda: os.truncate(root / "large.bin", LARGE // 2)


def test_a_file_that_shrinks_ends_the_connection(
    reactor: Reactor, drive: Drive, root: Path, senders: list[FileSender], logged: Any
) -> None:
    """So the client knows that it has not got all."""
    head, body = split(drive(lambda: interrupted(reactor, root, shorter(root))))
    assert length(head) == LARGE
    assert len(body) < LARGE
    assert content().startswith(body)
    assert senders[0].fileObject.closed
    assert any("is cut short" in str(event.get("message")) for event in logged)


def test_so_it_does_where_a_producer_sends_it(
    reactor: Reactor,
    drive: Drive,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    logged: Any,
) -> None:
    monkeypatch.setattr(FileSender, "can", staticmethod(lambda request: False))
    head, body = split(drive(lambda: interrupted(reactor, root, shorter(root))))
    assert length(head) == LARGE
    assert len(body) < LARGE
    assert content().startswith(body)


def test_a_small_file_that_shrinks_ends_the_connection(
    reactor: Reactor,
    drive: Drive,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    logged: Any,
) -> None:
    """Between the look at its size and the reading."""
    reading = os.pread

    def late(fd: int, size: int, offset: int) -> bytes:
        os.truncate(root / "small.txt", 2)
        return reading(fd, size, offset)

    monkeypatch.setattr("sennit.web.static._delivery.os.pread", late)

    async def main() -> list[bytes]:
        server = serve(reactor, File(str(root)))
        found = []
        for field in ([], ["Range: bytes=1-3"]):
            (root / "small.txt").write_bytes(b"small")
            client = await asked(server, request("/small.txt", *field), Client())
            found.append(await client.over)
        return found

    assert drive(main) == [b"", b""]


# A client that goes, or takes nothing


def open_files(name: str) -> int:
    """How many descriptors of a file of that name are open."""
    count = 0
    for fd in os.listdir("/proc/self/fd"):
        try:
            count += name in os.readlink(f"/proc/self/fd/{fd}")
        except FileNotFoundError:
            continue
    return count


@pytest.fixture(params=["sendfile", "producer"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "producer":
        monkeypatch.setattr(FileSender, "can", staticmethod(lambda request: False))
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_a_client_that_goes_leaves_nothing_open(
    reactor: Reactor, drive: Drive, root: Path
) -> None:
    async def main() -> None:
        server = serve(reactor, File(str(root)))
        client = await asked(server, request("/large.bin"), Client(enough=100_000))
        await client.had_enough
        await eventually(lambda: open_files("large.bin") == 1)
        client.transport.abortConnection()  # type: ignore[attr-defined]
        await client.over
        await eventually(lambda: open_files("large.bin") == 0)

    drive(main)


@pytest.mark.usefixtures("way")
def test_a_client_that_takes_nothing_is_cut_off(
    reactor: Reactor, drive: Drive, root: Path, logged: Any
) -> None:
    """And leaves nothing open."""

    async def main() -> bytes:
        server = serve(reactor, File(str(root)), stallTimeout=0.2)
        client = await asked(server, request("/large.bin"), Client(enough=100_000))
        await client.had_enough
        await eventually(lambda: open_files("large.bin") == 1)
        await eventually(lambda: open_files("large.bin") == 0)
        client.transport.resumeProducing()  # type: ignore[attr-defined]
        return await client.over

    assert len(drive(main)) < LARGE


@pytest.mark.usefixtures("way")
def test_a_client_that_is_slow_is_not(
    reactor: Reactor, drive: Drive, root: Path
) -> None:
    """It takes a little now and then, over several times that limit."""

    async def main() -> bytes:
        server = serve(reactor, File(str(root)), stallTimeout=0.4)
        client = await asked(server, request("/large.bin"), Client(enough=100_000))
        await client.had_enough
        for _ in range(8):
            size = len(client.data)
            client.had_enough = Deferred()
            client.enough = size + 2_500_000
            client.transport.resumeProducing()  # type: ignore[attr-defined]
            await client.had_enough
            await asyncio.sleep(0.15)
        client.transport.resumeProducing()  # type: ignore[attr-defined]
        return await client.over

    assert split(drive(main))[1] == content()
