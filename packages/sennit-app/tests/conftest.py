"""The command as its users meet it: a real process, and what it prints."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

# Seconds after which a program that should have ended, or said something, never will.
PATIENCE = 20.0

LINE = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} \[([^\]]*)\] (.*)$"

ECHO = """
from sennit.app import internet, service
from sennit.core import reactor
from sennit.core.endpoints import TCP4ServerEndpoint
from sennit.core.protocol import Factory, Protocol

class Echo(Protocol):
    def dataReceived(self, data):
        print("received", data.decode())
        self.transport.write(data)

application = service.Application("echo")
endpoint = TCP4ServerEndpoint(reactor, {port}, interface="127.0.0.1")
listening = internet.StreamServerEndpointService(endpoint, Factory.forProtocol(Echo))
listening.setServiceParent(application)
"""


class Program:
    """A command that runs, and what it has printed."""

    def __init__(
        self,
        folder: Path,
        words: Iterable[object],
        env: Mapping[str, str],
        descriptors: Collection[int],
    ) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *map(str, words)],
            cwd=folder,
            env={**os.environ, **env},
            pass_fds=descriptors,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # An ignored SIGINT would be inherited.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        self.text = ""
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.text += line
                self._news.notify_all()

    def wait_for(self, pattern: str) -> re.Match[str]:
        until = time.monotonic() + PATIENCE
        with self._news:
            while not (found := re.search(pattern, self.text, re.MULTILINE)):
                assert time.monotonic() < until, f"no {pattern} in {self.text}"
                assert self._reader.is_alive(), f"ended without {pattern}: {self.text}"
                self._news.wait(0.2)
            return found

    def send(self, number: int) -> None:
        self.process.send_signal(number)

    def ends(self) -> int:
        status = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return status

    def lines(self) -> list[str]:
        return [f"[{m[1]}] {m[2]}" for m in re.finditer(LINE, self.text, re.MULTILINE)]

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()


Start = Callable[..., Program]


@pytest.fixture
def sennit(tmp_path: Path) -> Iterator[Start]:
    """Starts the command in a folder of the test's own.

    Args:
        words: Of its command line.
        script: A program to run in its place.
        env: What its environment has more.
        descriptors: What it inherits.
    """
    programs: list[Program] = []

    def start(
        *words: object,
        script: str = "",
        env: Mapping[str, str] = MappingProxyType({}),
        descriptors: Collection[int] = (),
    ) -> Program:
        first = (script,) if script else ("-m", "sennit.app")
        programs.append(Program(tmp_path, (*first, *words), env, descriptors))
        return programs[-1]

    yield start
    for program in programs:
        program.close()


@pytest.fixture
def port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number: int = listener.getsockname()[1]
    return number


@pytest.fixture
def echo_at(tmp_path: Path) -> Callable[[int], str]:
    """Writes a server's file, for a port."""

    def write(port: int) -> str:
        (tmp_path / "echo.tac").write_text(ECHO.format(port=port))
        return "echo.tac"

    return write


@pytest.fixture
def echo(echo_at: Callable[[int], str], port: int) -> str:
    """A server's file."""
    return echo_at(port)
