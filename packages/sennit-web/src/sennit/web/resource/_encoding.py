"""Resources whose bodies go through an encoder on their way to the client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from sennit.web.resource._resource import wantsBodyStream
from sennit.web.resource._traversal import settled

if TYPE_CHECKING:
    from sennit.web.contracts import IResource
    from sennit.web.server import Request

__all__ = ["Encoder", "EncoderFactory", "EncodingResourceWrapper"]


class Encoder(Protocol):
    """Encodes a body, piece by piece."""

    def encode(self, data: bytes) -> bytes:
        """Encode a piece; what is not complete yet comes with a later one."""

    def finish(self) -> bytes:
        """The end of the body: what is left of it."""


class EncoderFactory(Protocol):
    """Makes encoders for those requests whose client can decode them."""

    def encoderForRequest(self, request: Request) -> Encoder | None:
        """An encoder for the answer to a request; None where it is to stay as it is."""


class EncodingResourceWrapper:
    """Has a resource, and all that is below it, answer in an encoding.

    Args:
        original: The resource.
        encoders: What makes encoders; the first that has one for a request is used.
    """

    def __init__(self, original: IResource, encoders: Sequence[EncoderFactory]) -> None:
        self.original: IResource = original
        self._encoders = encoders

    @property
    def isLeaf(self) -> bool | int:
        """Whether the resource answers for all paths below it, too."""
        return self.original.isLeaf

    def getEncoder(self, request: Request) -> Encoder | None:
        """The encoder for the answer to a request; None if there is none for it."""
        for factory in self._encoders:
            encoder = factory.encoderForRequest(request)
            if encoder is not None:
                return encoder
        return None

    def getChildWithDefault(self, name: bytes, request: Request) -> Any:
        """The resource's child, which answers in the encoding, too."""
        child = settled(self.original.getChildWithDefault(name, request))
        if isinstance(child, EncodingResourceWrapper):
            return child
        return type(self)(child, self._encoders)

    def putChild(self, path: bytes, child: IResource) -> None:
        """Put a resource below the one that is wrapped."""
        self.original.putChild(path, child)

    def wantsBodyStream(self, request: Request, path: Sequence[bytes]) -> bool:
        """Whether the resource reads the body of a request as it comes."""
        return wantsBodyStream(self.original, request, path)

    def render(self, request: Request) -> Any:
        """Have the resource answer, through the encoder for the request."""
        encoder = self.getEncoder(request)
        if encoder is not None:
            request.encoder = encoder
        return self.original.render(request)
