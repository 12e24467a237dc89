"""The contracts of the HTTP client as zope Interfaces, for whoever asks at run time.

Type checkers see the Protocols of `sennit.web.client.contracts`, from which these are
made. That our classes provide them is declared here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sennit.web.client.contracts import (
        IAgent as IAgent,
        IAgentEndpointFactory as IAgentEndpointFactory,
        IBodyProducer as IBodyProducer,
        IClientRequest as IClientRequest,
        IPolicyForHTTPS as IPolicyForHTTPS,
        IResponse as IResponse,
    )
else:
    from typing import Protocol

    from zope.interface import Interface

    from sennit.core import contracts as core
    from sennit.core._interfaces import declare, derive
    from sennit.core.interfaces import IProducer, IPushProducer
    from sennit.web.client import contracts

    _made = {
        Protocol: Interface,
        core.IProducer: IProducer,
        core.IPushProducer: IPushProducer,
    }
    IAgent = derive(contracts.IAgent, __name__, _made)
    IAgentEndpointFactory = derive(contracts.IAgentEndpointFactory, __name__, _made)
    IBodyProducer = derive(contracts.IBodyProducer, __name__, _made)
    IClientRequest = derive(contracts.IClientRequest, __name__, _made)
    IPolicyForHTTPS = derive(contracts.IPolicyForHTTPS, __name__, _made)
    IResponse = derive(contracts.IResponse, __name__, _made)

    declare(
        (
            ("sennit.web.client._agent.Agent", (IAgent,)),
            ("sennit.web.client._bodies.BytesProducer", (IBodyProducer,)),
            ("sennit.web.client._bodies.FileBodyProducer", (IBodyProducer,)),
            ("sennit.web.client._bodies.IterableProducer", (IBodyProducer,)),
            ("sennit.web.client._cookies.CookieAgent", (IAgent,)),
            ("sennit.web.client._decoders.ContentDecoderAgent", (IAgent,)),
            ("sennit.web.client._decoders.Decoder", (IResponse,)),
            (
                "sennit.web.client._policies.BrowserLikePolicyForHTTPS",
                (IPolicyForHTTPS,),
            ),
            (
                "sennit.web.client._policies.HostnameCachingHTTPSPolicy",
                (IPolicyForHTTPS,),
            ),
            ("sennit.web.client._proxies.ProxyAgent", (IAgent,)),
            ("sennit.web.client._redirects.RedirectAgent", (IAgent,)),
            ("sennit.web.client._request.Request", (IClientRequest,)),
            ("sennit.web.client._response.Response", (IResponse,)),
        )
    )

__all__ = [
    "IAgent",
    "IAgentEndpointFactory",
    "IBodyProducer",
    "IClientRequest",
    "IPolicyForHTTPS",
    "IResponse",
]
