"""Sites asked in memory: bytes in, an answer read by the standard library out."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from http.client import HTTPMessage, HTTPResponse
from typing import Any

import pytest

from sennit.core import log
from sennit.core.errors import ConnectionDone
from sennit.core.failure import Failure
from sennit.core.task import Clock
from sennit.core.testing import StringTransport
from sennit.web.server import Site


class Answer:
    """What a server has answered."""

    def __init__(self, data: bytes, method: str) -> None:
        class Received:
            def makefile(self, mode: str) -> io.BytesIO:
                return io.BytesIO(data)

        response = HTTPResponse(Received(), method=method)  # type: ignore[arg-type]
        response.begin()
        self.code: int = response.status
        self.headers: HTTPMessage = response.headers
        self.body: bytes = response.read()


class Conversation:
    """One connection to a site."""

    def __init__(self, site: Site) -> None:
        self.transport = StringTransport()
        protocol: Any = site.buildProtocol(self.transport.getPeer())
        self.protocol = protocol
        self.protocol.makeConnection(self.transport)
        self.method = "GET"

    def send(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> Conversation:
        """Send a request; underscores in the names of headers are hyphens."""
        self.method = method
        lines = [f"{method} {path} HTTP/1.1", f"Host: {headers.pop('host', 'here')}"]
        lines += [f"{name.replace('_', '-')}: {headers[name]}" for name in headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        self.protocol.dataReceived(head + body)
        return self

    @property
    def raw(self) -> bytes:
        """All that has been sent back."""
        return self.transport.value()

    @property
    def answer(self) -> Answer:
        """The answer to the only request."""
        return Answer(self.raw, self.method)

    def goes_away(self) -> None:
        """The client closes the connection."""
        self.protocol.connectionLost(Failure(ConnectionDone()))


Serve = Callable[..., Conversation]


@pytest.fixture
def clock() -> Clock:
    """The time that sites of the test live in."""
    return Clock()


@pytest.fixture
def talk(clock: Clock) -> Serve:
    """Begins a conversation with a root or a site: ``talk(root).send("GET", "/")``."""

    def begin(root: Any, **settings: Any) -> Conversation:
        made = root if isinstance(root, Site) else Site(root, reactor=clock, **settings)
        return Conversation(made)

    return begin


@pytest.fixture
def logged() -> Iterator[list[dict[str, Any]]]:
    """The log's events of a test, as dictionaries."""
    events: list[dict[str, Any]] = []
    logging.getLogger("sennit").propagate = False
    log.addObserver(events.append)
    yield events
    log.removeObserver(events.append)
    logging.getLogger("sennit").propagate = True
