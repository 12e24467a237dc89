"""``twisted.web.iweb``: the Interfaces of the web, from all its rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sennit.web.client.contracts import UNKNOWN_LENGTH as UNKNOWN_LENGTH
from sennit.web.client.interfaces import (
    IAgent as IAgent,
    IAgentEndpointFactory as IAgentEndpointFactory,
    IBodyProducer as IBodyProducer,
    IClientRequest as IClientRequest,
    IPolicyForHTTPS as IPolicyForHTTPS,
    IResponse as IResponse,
)
from sennit.web.http.interfaces import (
    IAccessLogFormatter as IAccessLogFormatter,
    IRequest as IRequest,
)
from sennit.web.interfaces import ICredentialFactory as ICredentialFactory

if TYPE_CHECKING:

    class INonQueuedRequestFactory(Protocol):
        """Makes requests of a channel alone: without being told whether they wait."""

else:
    from zope.interface import Interface

    class INonQueuedRequestFactory(Interface):
        """Makes requests of a channel alone: without being told whether they wait."""


__all__ = [
    "IAccessLogFormatter",
    "IAgent",
    "IAgentEndpointFactory",
    "IBodyProducer",
    "IClientRequest",
    "ICredentialFactory",
    "INonQueuedRequestFactory",
    "IPolicyForHTTPS",
    "IRequest",
    "IResponse",
    "UNKNOWN_LENGTH",
]
