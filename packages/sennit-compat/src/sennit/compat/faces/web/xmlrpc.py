"""``twisted.web.xmlrpc``: what is sent is written by the standard library.

Programs have taught its marshaller types of their own, or have put their own ``dumps`` in
the place of that of ``xmlrpclib``, which they find here.
"""

from __future__ import annotations

import xmlrpc.client as xmlrpclib
from collections.abc import Callable, Iterable
from typing import Any, Final

from sennit.core.protocol import Protocol
from sennit.web import xmlrpc as native
from sennit.web.resource import NOT_DONE_YET
from sennit.web.xmlrpc import (
    FAILURE as FAILURE,
    NOT_FOUND as NOT_FOUND,
    Binary as Binary,
    Boolean as Boolean,
    DateTime as DateTime,
    Fault as Fault,
    Handler as Handler,
    NoSuchFunction as NoSuchFunction,
    XMLRPCIntrospection as XMLRPCIntrospection,
    addIntrospection as addIntrospection,
    withRequest as withRequest,
)

__all__ = [
    "Binary",
    "Boolean",
    "DateTime",
    "FAILURE",
    "Fault",
    "Handler",
    "NOT_FOUND",
    "NoSuchFunction",
    "Proxy",
    "QueryFactory",
    "QueryProtocol",
    "XMLRPC",
    "XMLRPCIntrospection",
    "addIntrospection",
    "payloadTemplate",
    "withRequest",
    "xmlrpclib",
]

payloadTemplate: Final = (
    "<?xml version='1.0'?>\n"
    "<methodCall>\n<methodName>%s</methodName>\n%s\n</methodCall>\n"
)
"""A call: the procedure's name, and the arguments as ``xmlrpclib.dumps`` writes them."""


class QueryProtocol(native.QueryProtocol):
    """Sends one call and reads its answer."""

    userAgent = b"Twisted/XMLRPClib"


class QueryFactory(native.QueryFactory):
    """One call, and the Deferred of its result."""

    protocol: Callable[[], Protocol] | None = QueryProtocol

    def dumpPayload(self, method: str, args: Iterable[Any], allowNone: bool) -> bytes:
        """Write the call."""
        params = xmlrpclib.dumps(tuple(args), allow_none=allowNone)
        return (payloadTemplate % (method, params)).encode("utf-8")


class Proxy(native.Proxy):
    """Calls the procedures of a server."""

    queryFactory = QueryFactory


class XMLRPC(native.XMLRPC):
    """A resource whose ``xmlrpc_`` methods can be called.

    `render_POST` has always finished its request by itself: programs call it for that.
    """

    def render_POST(self, request: Any) -> int:
        """Answer a call."""
        request.setHeader(b"content-type", b"text/xml; charset=utf-8")
        answer = super().render_POST(request)
        if isinstance(answer, bytes):
            request.setHeader(b"content-length", b"%d" % len(answer))
            request.write(answer)
            request.finish()
        return NOT_DONE_YET

    def dumpResult(self, result: Any) -> bytes:
        """Write the answer to a call."""
        answer = result if isinstance(result, Fault) else (result,)
        text = xmlrpclib.dumps(answer, methodresponse=True, allow_none=self.allowNone)
        return text.encode("utf-8")
