"""A line for each response, in the formats that tools read.

127.0.0.1 - - [06/Nov/1994:08:49:37 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8.5"
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from sennit.web.http._request import Request

__all__ = [
    "AccessLogFormatter",
    "combinedLogFormatter",
    "commonLogFormatter",
    "proxiedLogFormatter",
]

AccessLogFormatter: TypeAlias = Callable[[str, "Request"], "str | None"]
"""Makes the line of a response, given the time as it is to stand in it; None for none."""


def _escaped(value: bytes | None) -> str:
    """What a client has sent, as it may stand between quotes in a line."""
    text = repr((value or b"-").decode("latin-1"))[1:-1]
    return text.replace("\\'", "'").replace('"', '\\"')


def _common(timestamp: str, request: Request, client: str) -> str:
    line = b"%b %b %b" % (request.method, request.uri, request.clientproto)
    return (
        f'{client} - - {timestamp} "{_escaped(line)}" '
        f"{int(request.code)} {request.sentLength or '-'}"
    )


def _client(request: Request) -> str:
    host = getattr(request.getClientAddress(), "host", None) or "-"
    return host if isinstance(host, str) else _escaped(host)


def _combined(timestamp: str, request: Request, client: str) -> str:
    referer = _escaped(request.getHeader(b"referer"))
    agent = _escaped(request.getHeader(b"user-agent"))
    return f'{_common(timestamp, request, client)} "{referer}" "{agent}"'


def commonLogFormatter(timestamp: str, request: Request) -> str:
    """The common format: client, time, request line, status, bytes of the body."""
    return _common(timestamp, request, _client(request))


def combinedLogFormatter(timestamp: str, request: Request) -> str:
    """The combined format: the common one, and where the client came from and is."""
    return _combined(timestamp, request, _client(request))


def proxiedLogFormatter(timestamp: str, request: Request) -> str:
    """The combined format, of the client that X-Forwarded-For names.

    For a server that is reached by its proxy only: anybody else could name anybody.
    """
    forwarded: bytes = request.getHeader(b"x-forwarded-for") or b""
    named = forwarded.partition(b",")[0].strip()
    return _combined(timestamp, request, _escaped(named) if named else _client(request))
