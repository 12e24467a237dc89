"""Thousands of connections and handshakes, good and bad ones, leave nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sennit.core.testing import CertificateAuthority, selfSigned

if not os.path.exists("/proc/self/fd"):
    pytest.skip("descriptors are counted in /proc", allow_module_level=True)

# All come twice, and the first round is not judged: what is made once (caches, arenas,
# imports) is there then.
PROGRAM = """
import asyncio, collections, gc, json, os, sys
from pathlib import Path
from sennit.core import reactor, task, tls
from sennit.core.defer import Deferred, DeferredList
from sennit.core.endpoints import SSL4ClientEndpoint, TCP4ClientEndpoint, connectProtocol
from sennit.core.protocol import Factory, Protocol

folder = Path(sys.argv[1])

def read(name):
    return (folder / name).read_bytes()

class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)

class Silent(Protocol):
    "Never answers."

class Rude(Protocol):
    def dataReceived(self, data):
        self.transport.loseConnection()

class Upgraded(Protocol):
    def connectionMade(self):
        self.transport.startTLS(tls.serverOptions(read("localhost.pem")))

    def dataReceived(self, data):
        self.transport.write(data)

class Asking(Protocol):
    def __init__(self, before=None):
        self.before = before
        self.lost = Deferred()

    def connectionMade(self):
        if self.before is not None:
            self.before(self.transport)
        self.transport.write(b"x" * 1000)

    def dataReceived(self, data):
        self.transport.loseConnection()

    def connectionLost(self, reason):
        self.lost.callback(reason.type.__name__)

class HalfHello(Asking):
    "As much of a handshake as a client that goes away has sent."
    def connectionMade(self):
        self.transport.write(bytes.fromhex("160301010001000100"))
        self.transport.loseConnection()

class Mute(Asking):
    def connectionMade(self):
        pass

def listen(protocol, options=None):
    factory = Factory.forProtocol(protocol)
    factory.noisy = False
    if options is None:
        port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    else:
        port = reactor.listenSSL(0, factory, options, interface="127.0.0.1")
    return port.getHost().port

def trusting(**more):
    return tls.clientOptions("localhost", trustRoot=read("authority.pem"), **more)

def prepared():
    "For each kind: how many, how, and what it comes to."
    plain, upgraded, rude, silent = map(listen, (Echo, Upgraded, Rude, Silent))
    good = listen(Echo, tls.serverOptions(read("localhost.pem"), handshakeTimeout=0.1))
    bad = listen(Echo, tls.serverOptions(read("stranger.pem")))

    def tcp(port, protocol=Asking, *args):
        endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", port)
        return lambda: connectProtocol(endpoint, protocol(*args))

    def over_tls(port, options):
        endpoint = SSL4ClientEndpoint(reactor, "127.0.0.1", port, options)
        return lambda: connectProtocol(endpoint, Asking())

    options = trusting()
    return {
        "tcp": (3000, tcp(plain), "ConnectionDone"),
        "good": (300, over_tls(good, options), "ConnectionDone"),
        "upgraded": (
            100,
            tcp(upgraded, Asking, lambda transport: transport.startTLS(options)),
            "ConnectionDone",
        ),
        "not trusted": (200, over_tls(bad, options), "VerifyError"),
        "cut by the server": (100, over_tls(rude, options), "SSLError"),
        "cut by the client": (100, tcp(good, HalfHello), "ConnectionDone"),
        "silent server": (
            100, over_tls(silent, trusting(handshakeTimeout=0.1)), "TimeoutError"
        ),
        "silent client": (100, tcp(good, Mute), "ConnectionDone"),
    }

async def outcome(connect):
    try:
        client = await connect()
    except Exception as error:
        return type(error).__name__
    return await client.lost

async def all_of(count, connect):
    told = collections.Counter()
    for begin in range(0, count, 50):
        some = [Deferred.fromCoroutine(outcome(connect)) for _ in range(50)]
        told.update(result for _, result in await DeferredList(some))
    return told

async def state():
    for _ in range(5):
        await asyncio.sleep(0.01)
        gc.collect()
    kinds = collections.Counter(
        f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.get_objects()
    )
    return {
        "descriptors": len(os.listdir("/proc/self/fd")),
        "open": len(reactor._binding.live),
        "delayed": len(reactor.getDelayedCalls()),
        "objects": kinds,
        "KiB": int(Path("/proc/self/statm").read_text().split()[1]) * 4,
    }

async def main(reactor):
    kinds = prepared()
    wrong = {}
    states = []
    for _ in range(2):
        for name, (count, connect, expected) in kinds.items():
            told = await all_of(count, connect)
            if set(told) != {expected}:
                wrong[name] = told
        states.append(await state())
    print(json.dumps({"states": states, "wrong": wrong}))

task.react(main)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of an authority, of a host, and one that nobody trusts."""
    folder = tmp_path_factory.mktemp("pem")
    authority = CertificateAuthority()
    (folder / "authority.pem").write_bytes(authority.pem)
    (folder / "localhost.pem").write_bytes(authority.issue("localhost"))
    (folder / "stranger.pem").write_bytes(selfSigned("localhost"))
    return folder


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_connections_and_handshakes_leave_nothing_behind(
    loop: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Descriptors, what is open, objects of each class and memory are as before."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)],
        env={**os.environ, "SENNIT_LOOP": loop},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    before, after = found["states"]
    more = {
        kind: f"{before['objects'].get(kind, 0)} -> {count}"
        for kind, count in after["objects"].items()
        # The interpreter's own may move by a few: what grows, grows with each.
        if count > before["objects"].get(kind, 0) + 20
    }
    grown = after["KiB"] - before["KiB"]
    with capsys.disabled():
        sys.stdout.write(
            f"\n4000 connections on {loop}: {after['descriptors']} descriptors, "
            f"{grown:+} KiB\n"
        )
    assert found["wrong"] == {}
    for what in ("descriptors", "open", "delayed"):
        assert after[what] == before[what]
    assert more == {}
    # One object or buffer of a KiB that each connection leaves would be 4 MiB.
    assert grown < 2048
