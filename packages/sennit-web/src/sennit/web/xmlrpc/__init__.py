"""XML-RPC: procedures called over HTTP, and calls of them.

The client's side is imported when it is first asked for: a server has no use for it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any
from xmlrpc.client import (
    Binary as Binary,
    Boolean as Boolean,
    DateTime as DateTime,
    Fault as Fault,
)

from sennit.web.xmlrpc._errors import (
    BadStatus as BadStatus,
    BudgetExceeded as BudgetExceeded,
    CannotSend as CannotSend,
    DocumentTypeRefused as DocumentTypeRefused,
    InvalidMessage as InvalidMessage,
    MessageTooLong as MessageTooLong,
    NestedTooDeep as NestedTooDeep,
    NoValue as NoValue,
    TooManyValues as TooManyValues,
    XMLRPCError as XMLRPCError,
)
from sennit.web.xmlrpc._faults import (
    FAILURE as FAILURE,
    NOT_FOUND as NOT_FOUND,
    NoSuchFunction as NoSuchFunction,
)
from sennit.web.xmlrpc._incoming import (
    loadCall as loadCall,
    loadResponse as loadResponse,
)
from sennit.web.xmlrpc._introspection import (
    XMLRPCIntrospection as XMLRPCIntrospection,
    XMLRPCMulticall as XMLRPCMulticall,
    addIntrospection as addIntrospection,
)
from sennit.web.xmlrpc._limits import Limits as Limits
from sennit.web.xmlrpc._outgoing import (
    dumpCall as dumpCall,
    dumpFault as dumpFault,
    dumpResponse as dumpResponse,
)
from sennit.web.xmlrpc._resource import (
    XMLRPC as XMLRPC,
    Handler as Handler,
    withRequest as withRequest,
)

if TYPE_CHECKING:
    from sennit.web.xmlrpc._proxy import Proxy as Proxy
    from sennit.web.xmlrpc._query import (
        QueryFactory as QueryFactory,
        QueryProtocol as QueryProtocol,
    )

__all__ = [
    "BadStatus",
    "Binary",
    "Boolean",
    "BudgetExceeded",
    "CannotSend",
    "DateTime",
    "DocumentTypeRefused",
    "FAILURE",
    "Fault",
    "Handler",
    "InvalidMessage",
    "Limits",
    "MessageTooLong",
    "NOT_FOUND",
    "NestedTooDeep",
    "NoSuchFunction",
    "NoValue",
    "Proxy",
    "QueryFactory",
    "QueryProtocol",
    "TooManyValues",
    "XMLRPC",
    "XMLRPCError",
    "XMLRPCIntrospection",
    "XMLRPCMulticall",
    "addIntrospection",
    "dumpCall",
    "dumpFault",
    "dumpResponse",
    "loadCall",
    "loadResponse",
    "withRequest",
]

_CLIENT = {"Proxy": "_proxy", "QueryFactory": "_query", "QueryProtocol": "_query"}


def __getattr__(name: str) -> Any:
    if name in _CLIENT:
        return getattr(importlib.import_module(f"{__name__}.{_CLIENT[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
