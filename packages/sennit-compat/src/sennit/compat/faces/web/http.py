"""``twisted.web.http``: the server's engine, as old clients and programs know it.

A request of HTTP/1.1 needs no Host header; ``;`` divides the pairs that `parse_qs` reads,
as ``&`` does; what is refused is answered by a status line alone; and access logs have
the client between quotes.
"""

from __future__ import annotations

from typing import Any

from zope.interface import provider

from sennit.compat.faces.web._httpclient import HTTPClient as HTTPClient
from sennit.compat.faces.web.iweb import (
    IAccessLogFormatter,
    INonQueuedRequestFactory,
)
from sennit.core import testing
from sennit.core.engine import Reactor
from sennit.web import http
from sennit.web.http import (
    RESPONSES as RESPONSES,
    Headers as Headers,
    PotentialDataLoss as PotentialDataLoss,
    Request as Request,
)

__all__ = sorted({*http.__all__, "HTTPClient", "StringTransport"})

globals().update({name: getattr(http, name) for name in http.__all__})

H2_ENABLED = False
"""HTTP/2 is not spoken."""


class HTTPChannel(http.HTTPChannel):
    """As it is, without the need of a Host header.

    Attributes:
        maxHeaders: Headers of a request.
        totalHeadersSize: Bytes of a head.
    """

    requireHost = False
    maxHeaders: int = 500
    totalHeadersSize: int = 16384

    def dataReceived(self, data: bytes) -> None:
        """Take bytes; the budgets of the head may have been set meanwhile."""
        reader = self._reader
        reader.maxHead, reader.maxHeaders = self.totalHeadersSize, self.maxHeaders
        super().dataReceived(data)

    def makeConnection(self, transport: Any) -> None:
        """Attach the transport; requests are told that they do not wait."""
        make = self.requestFactory
        interface: Any = INonQueuedRequestFactory
        if not interface.providedBy(make):
            self.requestFactory: Any = lambda channel: make(channel, False)
        super().makeConnection(transport)

    def refusal(self, code: int) -> bytes:
        """A status line, and nothing else; what is wrong is always the request."""
        return b"HTTP/1.1 400 Bad Request\r\n\r\n"


class HTTPFactory(http.HTTPFactory):
    """As it is, without the need of a Host header."""

    protocol: Any = HTTPChannel
    requireHost = False

    def __init__(
        self,
        logPath: str | bytes | None = None,
        timeout: float | None = 60,
        logFormatter: Any = None,
        reactor: Any = None,
        **budgets: Any,
    ) -> None:
        make = combinedLogFormatter if logFormatter is None else logFormatter
        super().__init__(logPath, timeout, make, reactor, **budgets)

    def logTime(self) -> str:
        """What time it is, by the clock of a test if there is one."""
        if isinstance(self.reactor, Reactor):
            return super().logTime()
        return http.datetimeToLogString(self.reactor.seconds())


class StringTransport(testing.StringTransport):
    """Keeps what is written."""

    def getvalue(self) -> bytes:
        """All of it."""
        return self.value()


def parse_qs(
    qs: bytes,
    keep_blank_values: bool | int = 0,
    strict_parsing: bool | int = 0,
) -> dict[bytes, list[bytes]]:
    """As it is, with ``;`` between pairs, too."""
    return http.parse_qs(qs.replace(b";", b"&"), keep_blank_values, strict_parsing)


@provider(IAccessLogFormatter)  # type: ignore[untyped-decorator]
def combinedLogFormatter(timestamp: str, request: Any) -> str:
    """As it is, with the client between quotes."""
    return _quoted(http.combinedLogFormatter(timestamp, request))


@provider(IAccessLogFormatter)  # type: ignore[untyped-decorator]
def proxiedLogFormatter(timestamp: str, request: Any) -> str:
    """As it is, with the client between quotes."""
    return _quoted(http.proxiedLogFormatter(timestamp, request))


def _quoted(line: str) -> str:
    client, dashes, rest = line.partition(" - - ")
    return f'"{client}"{dashes}{rest}'
