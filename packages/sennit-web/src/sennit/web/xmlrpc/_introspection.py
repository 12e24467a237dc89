"""Procedures that tell of procedures, and one that calls many: ``system.…``.

They were agreed on by implementations, beside the specification; clients know them by
these names.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar
from xmlrpc.client import Fault

from sennit.core.defer import Deferred, ensureDeferred
from sennit.web.xmlrpc._faults import FAILURE
from sennit.web.xmlrpc._resource import XMLRPC, withRequest

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = ["XMLRPCIntrospection", "XMLRPCMulticall", "addIntrospection"]

SYSTEM: Final = "system"

_F = TypeVar("_F", bound=Callable[..., Any])


def _signed(*types: list[str]) -> Callable[[_F], _F]:
    """Give a procedure signatures: the type of the result, then the arguments'."""

    def sign(procedure: _F) -> _F:
        procedure.signature = list(types)  # type: ignore[attr-defined]
        return procedure

    return sign


class XMLRPCIntrospection(XMLRPC):
    """Tells of the procedures of a resource, and of those below it.

    A procedure's help is its attribute ``help`` or else its docstring; its signature the
    attribute ``signature``, a list of lists: the type of the result, then those of the
    arguments.
    """

    def __init__(self, parent: XMLRPC) -> None:
        """Tell of a resource.

        Args:
            parent: What has the procedures, and mostly this as its sub-handler.
        """
        super().__init__()
        self._parent = parent

    @_signed(["array"])
    def xmlrpc_listMethods(self) -> list[str]:
        """The names of all procedures that can be called here."""
        names: list[str] = []
        ahead: list[tuple[tuple[XMLRPC, ...], str]] = [((self._parent,), "")]
        while ahead:
            line, prefix = ahead.pop(0)
            handler = line[-1]
            names.extend(prefix + name for name in handler.listProcedures())
            for each in handler.getSubHandlerPrefixes():
                below = handler.getSubHandler(each)
                # What is below itself has names without an end.
                if below is not None and below not in line:
                    ahead.append(((*line, below), prefix + each + handler.separator))
        return names

    @_signed(["string", "string"])
    def xmlrpc_methodHelp(self, method: str) -> str:
        """What a procedure does, as its author describes it."""
        procedure = self._parent.lookupProcedure(method)
        told = getattr(procedure, "help", None) or getattr(procedure, "__doc__", None)
        return inspect.cleandoc(told or "")

    @_signed(["array", "string"], ["string", "string"])
    def xmlrpc_methodSignature(self, method: str) -> Any:
        """The types of a procedure's result and arguments.

        An array of arrays, one for each way to call it; or an empty string, if its
        author has not told.
        """
        procedure = self._parent.lookupProcedure(method)
        return getattr(procedure, "signature", None) or ""


class XMLRPCMulticall(XMLRPCIntrospection):
    """Tells of the procedures, and calls many of them for one request.

    Attributes:
        maxCalls: How many calls one request may have.
    """

    # A batch of a client's; each may take as long as a request of its own would.
    maxCalls: int = 1000

    @withRequest
    @_signed(["array", "array"])
    def xmlrpc_multicall(
        self, request: Request, calls: list[Any]
    ) -> Deferred[list[Any]]:
        """Call procedures one after another, and return what each has answered.

        Each call is a struct of methodName and params. Each answer is an array with the
        result, or a struct of faultCode and faultString.
        """
        if not isinstance(calls, list) or len(calls) > self.maxCalls:
            raise Fault(FAILURE, f"not an array of at most {self.maxCalls} calls")
        return ensureDeferred(self._call_all(request, calls))

    async def _call_all(self, request: Request, calls: list[Any]) -> list[Any]:
        answers: list[Any] = []
        for call in calls:
            result = self._call(request, call)
            if isinstance(result, Deferred):
                result = await result
            if isinstance(result, Fault):
                answers.append(
                    {"faultCode": result.faultCode, "faultString": result.faultString}
                )
            else:
                answers.append([result])
        return answers

    def _call(self, request: Request, call: Any) -> Any:
        try:
            name, params = call["methodName"], call["params"]
        except (KeyError, TypeError):
            return Fault(FAILURE, "not a struct of methodName and params")
        if not isinstance(name, str) or not isinstance(params, list):
            return Fault(FAILURE, "a methodName is a string, params an array")
        return self._parent.callProcedure(request, name, params)


def addIntrospection(xmlrpc: XMLRPC, multicall: bool = False) -> None:
    """Add the procedures ``system.listMethods``, ``methodHelp``, ``methodSignature``.

    Args:
        xmlrpc: What has the procedures that they tell of.
        multicall: Whether to add ``system.multicall`` as well, which calls many for one
            request.
    """
    kind = XMLRPCMulticall if multicall else XMLRPCIntrospection
    xmlrpc.putSubHandler(SYSTEM, kind(xmlrpc))
