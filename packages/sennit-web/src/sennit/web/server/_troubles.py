"""What a request is answered with when its resource cannot, and what the log is told."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sennit.core import log
from sennit.core.failure import Failure
from sennit.web.pages import errorPage
from sennit.web.resource import Resource
from sennit.web.resource._markup import HTML, error_page
from sennit.web.util import formatFailure

if TYPE_CHECKING:
    from sennit.web.server._request import Request

__all__ = [
    "failure_page",
    "forget_answer",
    "log_failure",
    "log_head",
    "no_answer",
    "not_allowed",
    "server_wide",
    "supportedMethods",
]

supportedMethods: tuple[bytes, ...] = (
    *(b"GET", b"HEAD", b"POST"),
    *(b"DELETE", b"OPTIONS", b"PATCH", b"PUT"),
)
"""The methods that a resource refuses with 405; any other is not known: a 501."""

# What a renderer has said of a body that is not sent now.
_OF_THE_BODY: Final = (
    *(b"accept-ranges", b"cache-control", b"content-disposition", b"content-encoding"),
    *(b"content-language", b"content-length", b"content-range", b"etag", b"expires"),
    b"last-modified",
)

_WRONG: Final = (
    "Processing Failed",
    "Something has gone wrong here. The log has more.",
)

# Characters of an object's repr in a message: who has returned it knows the rest.
_SHOWN: Final = 200


def not_allowed(request: Request, allowed: Sequence[bytes]) -> Resource:
    """The answer to a method that the resource does not answer.

    Args:
        request: The request.
        allowed: The methods that it does.
    """
    method = request.method.decode("ascii", "backslashreplace")
    if request.method not in supportedMethods:
        detail = f"This server does not know the method {method}."
        return errorPage(501, "Method Not Implemented", detail)
    # RFC 9110 §15.5.6: a 405 has to tell which are.
    request.setHeader(b"allow", b", ".join(allowed))
    here = request.uri.decode("ascii", "backslashreplace")
    known = ", ".join(each.decode("ascii", "backslashreplace") for each in allowed)
    detail = f"What is at {here} does not answer {method}. It answers {known}."
    return errorPage(405, "Method Not Allowed", detail)


def server_wide(request: Request) -> bytes:
    """The answer to ``OPTIONS *``, which asks of no resource (RFC 9110 §9.3.7)."""
    allowed = supportedMethods
    if request.method != b"OPTIONS":
        request.setResponseCode(405)
        allowed = (b"OPTIONS",)
    request.setHeader(b"allow", b", ".join(allowed))
    return b""


def no_answer(request: Request, resrc: object, answer: object) -> Resource:
    """The answer in the place of what a renderer has returned, and is none."""
    log.msg(
        f"{resrc!r} has answered {_line(request)} with {repr(answer)[:_SHOWN]}; it has to"
        " be bytes, a resource, NOT_DONE_YET, or a Deferred or a coroutine of these",
        logLevel=logging.ERROR,
    )
    return errorPage(500, *_WRONG)


def log_head(resrc: object) -> None:
    """Log that a resource's GET is used for HEAD, which the resource might answer."""
    log.msg(
        f"Using GET to fake a HEAD request for {resrc!r}",
        log_format="Using GET to fake a HEAD request for {resrc!r}",
        resrc=resrc,
    )


def log_failure(request: Request, failure: Failure) -> None:
    """Log that a renderer has failed, with the client and what it has asked for."""
    log.err(failure, f"the answer to {_line(request)} has failed")


def _line(request: Request) -> str:
    """The request line, and who has sent it."""
    words = (request.method, request.uri, request.clientproto)
    line = b" ".join(words).decode("ascii", "backslashreplace")
    address = request.getClientAddress()
    return f"{line!r} of {getattr(address, 'host', address)}"


def forget_answer(request: Request) -> None:
    """Take back what was said of a body that is not sent now."""
    request.encoder = None
    for name in _OF_THE_BODY:
        request.responseHeaders.removeHeader(name)


def failure_page(request: Request, failure: Failure) -> bytes:
    """The page that tells the client; with the traceback only if the site says so."""
    request.setResponseCode(500)
    request.setHeader(b"content-type", HTML)
    if request.site.displayTracebacks:
        return formatFailure(failure)
    return error_page(500, *_WRONG)
