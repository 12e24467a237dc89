"""``twisted.web.iweb``: the Interfaces of the web, from all its rooms."""

from __future__ import annotations

from zope.interface import Interface

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


class INonQueuedRequestFactory(Interface):  # type: ignore[misc]  # zope has no types
    """Makes requests of a channel alone: without being told whether they wait."""
