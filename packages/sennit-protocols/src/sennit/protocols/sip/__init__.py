"""SIP: who may be called where, and the way of a call's messages (RFC 3261).

The messages, URLs and headers of the Session Initiation Protocol, a parser for them,
and a proxy over UDP with a registry of who is reachable where. Messages are text, in
UTF-8 on the wire; a datagram holds one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.protocols.sip._errors import (
    MalformedMessage as MalformedMessage,
    RegistrationError as RegistrationError,
    SIPError as SIPError,
)
from sennit.protocols.sip._messages import (
    Message as Message,
    Request as Request,
    Response as Response,
    dashCapitalize as dashCapitalize,
)
from sennit.protocols.sip._names import (
    longHeaders as longHeaders,
    shortHeaders as shortHeaders,
    statusCodes as statusCodes,
)
from sennit.protocols.sip._parser import MessagesParser as MessagesParser
from sennit.protocols.sip._proxy import Base as Base, Proxy as Proxy
from sennit.protocols.sip._registrar import RegisterProxy as RegisterProxy
from sennit.protocols.sip._registry import (
    InMemoryRegistry as InMemoryRegistry,
    Registration as Registration,
)
from sennit.protocols.sip._urls import (
    PORT as PORT,
    URL as URL,
    cleanRequestURL as cleanRequestURL,
    parseAddress as parseAddress,
    parseURL as parseURL,
    unq as unq,
)
from sennit.protocols.sip._via import Via as Via, parseViaHeader as parseViaHeader

if TYPE_CHECKING:
    from sennit.protocols.sip.contracts import (
        IAuthorizer as IAuthorizer,
        ILocator as ILocator,
        IRegistry as IRegistry,
    )

__all__ = [
    "Base",
    "IAuthorizer",
    "ILocator",
    "IRegistry",
    "InMemoryRegistry",
    "MalformedMessage",
    "Message",
    "MessagesParser",
    "PORT",
    "Proxy",
    "RegisterProxy",
    "Registration",
    "RegistrationError",
    "Request",
    "Response",
    "SIPError",
    "URL",
    "Via",
    "cleanRequestURL",
    "dashCapitalize",
    "longHeaders",
    "parseAddress",
    "parseURL",
    "parseViaHeader",
    "shortHeaders",
    "statusCodes",
    "unq",
]


def __getattr__(name: str) -> Any:
    """Make the zope interfaces when one of them is asked for."""
    if name in ("IAuthorizer", "ILocator", "IRegistry"):
        from sennit.protocols.sip import interfaces

        return getattr(interfaces, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
