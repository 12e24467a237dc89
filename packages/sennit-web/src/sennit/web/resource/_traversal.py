"""The way from a resource down to the one that a request is for."""

from __future__ import annotations

from collections.abc import Awaitable
from types import CoroutineType
from typing import TYPE_CHECKING, Any, Final

from sennit.core.defer import CancelledError, Deferred, ensureDeferred
from sennit.web.resource._resource import NOT_DONE_YET, Resource

if TYPE_CHECKING:
    from sennit.core.failure import Failure
    from sennit.web.server import Request

__all__ = ["DeferredResource", "getChildForRequest", "settled"]

LATER: Final = (Deferred, CoroutineType)


def getChildForRequest(resource: Any, request: Request) -> Any:
    """Go down the tree along a request's path.

    Each step takes a segment from the request's ``postpath`` and adds it to its
    ``prepath``, until a leaf is reached or the path ends.

    Args:
        resource: Where to begin.
        request: The request.

    Returns:
        The resource that is to render it.
    """
    postpath, prepath = request.postpath, request.prepath
    while postpath and not resource.isLeaf:
        name = postpath.pop(0)
        prepath.append(name)
        resource = resource.getChildWithDefault(name, request)
        if isinstance(resource, LATER):
            return DeferredResource(resource)
    return resource


def settled(child: Any) -> Any:
    """A child as a resource: one that will be there later is stood for."""
    return DeferredResource(child) if isinstance(child, LATER) else child


class DeferredResource(Resource):
    """Stands for a resource that will be there later, and for all that is below it.

    Args:
        d: A Deferred or a coroutine of the resource.
    """

    isLeaf: bool = True

    def __init__(self, d: Awaitable[Any]) -> None:
        super().__init__()
        self.d: Awaitable[Any] = d

    def render(self, request: Request) -> int:
        """Wait for the resource, and have the one that the path leads to answer.

        When the client goes away, the wait is cancelled.
        """
        waiting = ensureDeferred(self.d)
        gone: list[Failure] = []

        def give_up(reason: Failure) -> None:
            gone.append(reason)
            waiting.cancel()

        def found(resource: Any) -> None:
            if not gone:
                request.render(getChildForRequest(resource, request))

        def failed(reason: Failure) -> None:
            if not (gone and reason.check(CancelledError)):
                request.processingFailed(reason)

        request.notifyFinish().addErrback(give_up)
        waiting.addCallback(found).addErrback(failed)
        return NOT_DONE_YET
