"""Programs run as a user runs them: real processes, real sockets, Ctrl-C at the end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[1]
LOCAL = "127.0.0.1"


class Program:
    """A program that runs, and all that it has printed so far."""

    def __init__(self, *argv: str) -> None:
        # An ignored SIGINT would be inherited, and the child then not interrupted.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            self.process = subprocess.Popen(
                [sys.executable, *argv],
                cwd=EXAMPLES,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        finally:
            signal.signal(signal.SIGINT, before)
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
        with self._news:
            self._news.notify_all()

    def wait_for(self, pattern: str, seconds: float = 20.0) -> re.Match[str]:
        """Return the match of a pattern in the output, as soon as there is one."""
        until = time.monotonic() + seconds
        with self._news:
            while not (found := re.search(pattern, self.text, re.MULTILINE)):
                left = until - time.monotonic()
                assert left > 0, f"no {pattern} in {self.text!r}"
                assert self._reader.is_alive(), f"ended without {pattern}: {self.text}"
                self._news.wait(min(left, 0.5))
            return found

    def port(self, what: str) -> int:
        """Return the port that the program prints after these words."""
        return int(self.wait_for(rf"^{what} port (\d+)")[1])

    def finish(self, seconds: float = 20.0) -> str:
        """Wait until it ends with status 0; return what it has printed."""
        status = self.process.wait(seconds)
        self._reader.join(5)
        assert status == 0, self.text
        return self.text

    def ends(self, seconds: float = 20.0) -> str:
        """Wait until it ends with status 0, and printed no error on its way."""
        printed = self.finish(seconds)
        assert "Traceback" not in printed
        return printed

    def interrupt(self) -> str:
        """Press Ctrl-C: it must end at once, and without complaint."""
        assert self.process.poll() is None, self.text
        self.process.send_signal(signal.SIGINT)
        printed = self.ends(8)
        assert "KeyboardInterrupt" not in printed
        return printed

    def close(self) -> None:
        """End it in any case."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(5)
        assert self.process.stdout is not None
        self.process.stdout.close()


Run = Callable[..., Program]


@pytest.fixture
def run() -> Iterator[Run]:
    """Start programs of the examples' folder; all of them are ended afterwards."""
    programs: list[Program] = []

    def start(*argv: object) -> Program:
        programs.append(Program(*map(str, argv)))
        return programs[-1]

    yield start
    for program in programs:
        program.close()


Call = Callable[[int], socket.socket]


@pytest.fixture
def call() -> Iterator[Call]:
    """Connect to ports of this machine; the sockets are closed afterwards."""
    sockets: list[socket.socket] = []

    def connect(port: int) -> socket.socket:
        sockets.append(socket.create_connection((LOCAL, port), timeout=10))
        return sockets[-1]

    yield connect
    for each in sockets:
        each.close()


@pytest.fixture
def datagrams() -> Iterator[socket.socket]:
    """A socket for datagrams, closed afterwards."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as each:
        each.settimeout(10)
        yield each


@pytest.fixture
def free_port() -> int:
    """A TCP port on which nobody listens."""
    with socket.create_server((LOCAL, 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
