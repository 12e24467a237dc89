"""The contracts of the HTTP client: who asks, with what body, and what is answered.

Whoever needs them at run time (``implementer``, ``providedBy``) finds them, by the same
names, in `sennit.web.client.interfaces`.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, Final, Protocol

from sennit.core.contracts import IPushProducer

if TYPE_CHECKING:
    from sennit.core.contracts import IConsumer, IProtocol, IStreamClientEndpoint
    from sennit.core.defer import Deferred
    from sennit.web.client._uri import URI
    from sennit.web.headers import Headers

__all__ = [
    "IAgent",
    "IAgentEndpointFactory",
    "IBodyProducer",
    "IClientRequest",
    "IPolicyForHTTPS",
    "IResponse",
    "Length",
    "UNKNOWN_LENGTH",
    "UnknownLength",
]


class UnknownLength(enum.Enum):
    """The kind of `UNKNOWN_LENGTH`."""

    UNKNOWN_LENGTH = "unknown length"


UNKNOWN_LENGTH: Final = UnknownLength.UNKNOWN_LENGTH
"""The length of a body that will be known when it has ended."""

Length = int | UnknownLength
"""How many bytes a body has."""


class IClientRequest(Protocol):
    """A request that was sent."""

    @property
    def method(self) -> bytes:
        """Its method."""
        ...

    @property
    def absoluteURI(self) -> bytes | None:
        """What it asked for; None if that is not known."""
        ...

    @property
    def headers(self) -> Headers:
        """Its headers."""
        ...


class IBodyProducer(IPushProducer, Protocol):
    """Writes the body of one request."""

    @property
    def length(self) -> Length:
        """How many bytes it will write."""
        ...

    def startProducing(self, consumer: IConsumer) -> Deferred[None]:
        """Begin to write the body.

        Returns:
            It fires when all is written; if it fails, so does the request. It does not
            fire after `stopProducing`.
        """
        ...

    def stopProducing(self) -> None:
        """Write no more: the connection is gone, or nobody wants the rest."""


class IResponse(Protocol):
    """The head of a response, and the way to its body."""

    @property
    def version(self) -> tuple[bytes, int, int]:
        """The protocol's name and version: ``(b"HTTP", 1, 1)``."""
        ...

    @property
    def code(self) -> int:
        """The status."""
        ...

    @property
    def phrase(self) -> bytes:
        """What the server says of it for people."""
        ...

    @property
    def headers(self) -> Headers:
        """The headers."""
        ...

    @property
    def length(self) -> Length:
        """How many bytes the body has."""
        ...

    @property
    def request(self) -> IClientRequest | None:
        """What it answers."""
        ...

    @property
    def previousResponse(self) -> IResponse | None:
        """The response that has led to this one; None if it is the first."""
        ...

    def deliverBody(self, protocol: IProtocol) -> None:
        """Give a protocol the body; once.

        It is told of ``connectionLost`` with a `ResponseDone` when all was there, with
        a `PotentialDataLoss` when the end of the connection was that of the body, or
        with a `ResponseFailed`.
        """

    def setPreviousResponse(self, response: IResponse) -> None:
        """Set `previousResponse`."""


class IAgent(Protocol):
    """Sends requests."""

    def request(
        self,
        method: bytes,
        uri: bytes,
        headers: Headers | None = None,
        bodyProducer: IBodyProducer | None = None,
    ) -> Deferred[Any]:
        """Send a request.

        Args:
            method: Its method.
            uri: What to ask for, whole: with scheme and host.
            headers: What to add to the headers that are needed.
            bodyProducer: Writes its body; None for a request without.

        Returns:
            An `IResponse`, when its head is there. Cancelling gives the request up.
        """
        ...


class IPolicyForHTTPS(Protocol):
    """Says whom to trust over TLS."""

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """Give TLS options for a server.

        Args:
            hostname: Its name, or its address.
            port: Its port.

        Returns:
            ``clientOptions(…)`` of `sennit.core.tls`, or whatever else TLS endpoints
            take.
        """
        ...


class IAgentEndpointFactory(Protocol):
    """Says how to connect to a server."""

    def endpointForURI(self, uri: URI) -> IStreamClientEndpoint:
        """Give an endpoint that connects to where a URI leads.

        Raises:
            sennit.web.error.SchemeNotSupported: It leads nowhere.
        """
        ...
