"""The server's side: a resource whose methods are called over HTTP.

A procedure mostly has its result at once; then the answer is what `render_POST` returns,
and nothing is made that could wait. Only for results that come later somebody watches
whether the client is still there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar
from xmlrpc.client import Fault

from sennit.core import log
from sennit.core.defer import CancelledError, Deferred, ensureDeferred
from sennit.core.failure import Failure
from sennit.web.resource import NOT_DONE_YET, Resource
from sennit.web.xmlrpc._errors import (
    BudgetExceeded,
    DocumentTypeRefused,
    XMLRPCError,
)
from sennit.web.xmlrpc._faults import FAILURE, NOT_FOUND, NoSuchFunction
from sennit.web.xmlrpc._incoming import loadCall
from sennit.web.xmlrpc._limits import LIMITS, Limits
from sennit.web.xmlrpc._outgoing import dumpResponse

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = ["Handler", "XMLRPC", "withRequest"]

_F = TypeVar("_F", bound=Callable[..., Any])

_PREFIX: Final = "xmlrpc_"

# Characters of a procedure's name in the log; the names of real ones are shorter.
_SHOWN: Final = 100


def withRequest(f: _F) -> _F:
    """Mark a procedure as one that gets the request before its arguments."""
    f.withRequest = True  # type: ignore[attr-defined]
    return f


class Handler:
    """A call in progress that keeps its state in an object of its own.

    A procedure returns one, made for the call. Overridden is `run`, which fires `result`
    in the end.

    Attributes:
        resource: What the procedure belongs to.
        result: The Deferred of the call's result.
    """

    def __init__(self, resource: XMLRPC, *args: Any) -> None:
        """Begin at once.

        Args:
            resource: What the procedure belongs to.
            args: What `run` is called with.
        """
        self.resource = resource
        self.result: Deferred[Any] = Deferred()
        self.run(*args)

    def run(self, *args: Any) -> None:
        """Begin what takes time. To be overridden.

        Raises:
            NotImplementedError: It is not.
        """
        raise NotImplementedError(f"{type(self).__name__} has no run()")


class XMLRPC(Resource):
    """A resource whose methods with names that begin with ``xmlrpc_`` can be called.

    They are called with the arguments sent, and return a value, a `Fault`, a Deferred
    of either, a `Handler`, or are ``async def``. A `Fault` may be raised as well; any
    other error is logged here, and the caller gets to know only that there was one.

    Where a client goes away before its result is there, what it waits for is cancelled.

    Attributes:
        allowNone: Whether None may be sent.
        useDateTime: Whether dates come as `datetime.datetime`.
        limits: How much of a call is taken.
        separator: What stands between the prefix of a sub-handler and the rest of a name.
        subHandlers: What has been put below, by prefix.
    """

    # Codes of faults; a subclass may have others.
    NOT_FOUND: int = NOT_FOUND
    FAILURE: int = FAILURE

    isLeaf: bool = True
    allowedMethods: tuple[bytes, ...] = (b"POST",)
    separator: str = "."

    def __init__(
        self,
        allowNone: bool = False,
        useDateTime: bool = False,
        *,
        limits: Limits = LIMITS,
    ) -> None:
        """Begin without sub-handlers.

        Args:
            allowNone: Whether None may be sent, as the ``nil`` that not every client
                knows; otherwise a result that has one is a fault.
            useDateTime: Whether dates come as `datetime.datetime` rather than
                `xmlrpc.client.DateTime`.
            limits: How much of a call is taken.
        """
        super().__init__()
        self.allowNone = allowNone
        self.useDateTime = useDateTime
        self.limits = limits
        self.subHandlers: dict[str, XMLRPC] = {}

    def putSubHandler(self, prefix: str, handler: XMLRPC) -> None:
        """Have another resource's procedures called by names with a prefix.

        Args:
            prefix: What their names begin with, before the separator.
            handler: What has the procedures; it answers for its own sub-handlers.
        """
        self.subHandlers[prefix] = handler

    def getSubHandler(self, prefix: str) -> XMLRPC | None:
        """What has the procedures with this prefix; None if nothing has."""
        return self.subHandlers.get(prefix)

    def getSubHandlerPrefixes(self) -> list[str]:
        """The prefixes by which sub-handlers were put."""
        return list(self.subHandlers)

    def lookupProcedure(self, procedurePath: str) -> Callable[..., Any]:
        """Find what a name stands for. May be overridden.

        Args:
            procedurePath: The name as the call has it.

        Raises:
            NoSuchFunction: There is no such procedure.
        """
        if self.separator in procedurePath:
            prefix, _, rest = procedurePath.partition(self.separator)
            handler = self.getSubHandler(prefix)
            if handler is None:
                raise NoSuchFunction(self.NOT_FOUND, f"no such subHandler {prefix}")
            return handler.lookupProcedure(rest)
        procedure: Any = getattr(self, _PREFIX + procedurePath, None)
        if procedure is None:
            raise NoSuchFunction(self.NOT_FOUND, f"procedure {procedurePath} not found")
        if not callable(procedure):
            raise NoSuchFunction(
                self.NOT_FOUND, f"procedure {procedurePath} not callable"
            )
        found: Callable[..., Any] = procedure
        return found

    def listProcedures(self) -> list[str]:
        """The names of the procedures of this resource, without sub-handlers'."""
        names = (name for name in dir(type(self)) if name.startswith(_PREFIX))
        return [name.removeprefix(_PREFIX) for name in names]

    def render_POST(self, request: Request) -> bytes | int:
        """Answer a call."""
        # Not setHeader: without one, no object of headers is made for the answer.
        request.defaultContentType = b"text/xml; charset=utf-8"
        content = request.content
        content.seek(0)
        try:
            name, args = loadCall(
                content.read(self.limits.maxBytes + 1), self.limits, self.useDateTime
            )
        except XMLRPCError as error:
            log.msg(f"{_peer(request)} sent no call of XML-RPC that is taken: {error}")
            if isinstance(error, BudgetExceeded | DocumentTypeRefused):
                request.setHeader(b"connection", b"close")
            return self.dumpResult(
                Fault(self.FAILURE, f"Can't deserialize input: {error}")
            )
        result = self.callProcedure(request, name, args)
        if isinstance(result, Deferred):
            return self._answer_later(result, request, name)
        return self._answer(result, request, name)

    def callProcedure(self, request: Request, name: str, args: list[Any]) -> Any:
        """Call a procedure on behalf of a client.

        Returns:
            Its result; or a `Fault`, if it raised one, or failed, which is logged; or a
            Deferred of either.
        """
        try:
            procedure = self.lookupProcedure(name)
            if getattr(procedure, "withRequest", False):
                result = procedure(request, *args)
            else:
                result = procedure(*args)
        except Exception:
            return self._fault(Failure(), request, name)
        if isinstance(result, Handler):
            result = result.result
        if not isinstance(result, Deferred):
            if not hasattr(result, "__await__"):
                return result
            result = ensureDeferred(_wait(result))
        return result.addErrback(self._fault, request, name)

    def _answer_later(self, result: Deferred[Any], request: Request, name: str) -> int:
        # Either the answer is written or the client has gone: whichever comes first.
        ended = False

        def answer(value: Any) -> None:
            nonlocal ended
            if not ended:
                ended = True
                body = self._answer(value, request, name)
                request.setHeader(b"content-length", b"%d" % len(body))
                request.write(body)
                request.finish()

        def gone(reason: Failure) -> None:
            nonlocal ended
            if not ended:
                ended = True
                result.cancel()

        result.addCallback(answer)
        result.addErrback(log.err, "an answer of XML-RPC that cannot be written")
        if not ended:
            request.notifyFinish().addErrback(gone)
        return NOT_DONE_YET

    def dumpResult(self, result: Any) -> bytes:
        """Write the answer to a call. May be overridden.

        Args:
            result: What the procedure has returned; or a `Fault`.
        """
        return dumpResponse(result, self.allowNone)

    def _answer(self, result: Any, request: Request, name: str) -> bytes:
        try:
            return self.dumpResult(result)
        except Exception as error:
            log.err(None, f"the result of {_called(name, request)}, cannot be sent")
            told = error if isinstance(error, XMLRPCError) else "error"
        try:
            return self.dumpResult(
                Fault(self.FAILURE, f"Can't serialize output: {told}")
            )
        except Exception:
            log.msg("nor can the fault be sent that would say so")
            return b""

    def _fault(self, failure: Failure, request: Request, name: str) -> Fault:
        if isinstance(failure.value, Fault):
            return failure.value
        if not isinstance(failure.value, CancelledError):
            log.err(failure, f"{_called(name, request)}, has failed")
        return Fault(self.FAILURE, "error")


async def _wait(result: Awaitable[Any]) -> Any:
    return await result


def _called(name: str, request: Request) -> str:
    # A stranger's text: it must not pass for lines of the log, nor fill it.
    return f"{name[:_SHOWN]!r}, called by {_peer(request)}"


def _peer(request: Request) -> str:
    address = request.getClientAddress()
    return f"{getattr(address, 'host', address)}"
