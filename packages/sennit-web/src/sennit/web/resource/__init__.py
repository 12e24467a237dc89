"""Resources: the objects that the paths of URLs lead to.

A site has one at its root; each has children by name. A request goes from the root down,
one segment of its path after the other, and is rendered by the one it arrives at.
"""

from __future__ import annotations

from sennit.web.resource._encoding import (
    Encoder as Encoder,
    EncoderFactory as EncoderFactory,
    EncodingResourceWrapper as EncodingResourceWrapper,
)
from sennit.web.resource._resource import (
    NOT_DONE_YET as NOT_DONE_YET,
    ErrorPage as ErrorPage,
    Rendered as Rendered,
    Resource as Resource,
    wantsBodyStream as wantsBodyStream,
)
from sennit.web.resource._traversal import (
    DeferredResource as DeferredResource,
    getChildForRequest as getChildForRequest,
)

__all__ = [
    "DeferredResource",
    "Encoder",
    "EncoderFactory",
    "EncodingResourceWrapper",
    "ErrorPage",
    "NOT_DONE_YET",
    "Rendered",
    "Resource",
    "getChildForRequest",
    "wantsBodyStream",
]
