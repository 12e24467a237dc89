"""``twisted.web.resource``: resources, their Interface, and pages by their old names.

Unlike Twisted's, the pages escape their texts.
"""

from __future__ import annotations

from sennit.web.error import UnsupportedMethod as UnsupportedMethod
from sennit.web.http import FORBIDDEN as FORBIDDEN, NOT_FOUND as NOT_FOUND
from sennit.web.interfaces import IResource as IResource
from sennit.web.resource import (
    EncodingResourceWrapper as EncodingResourceWrapper,
    ErrorPage as ErrorPage,
    Resource as Resource,
    getChildForRequest as getChildForRequest,
)

__all__ = [
    "EncodingResourceWrapper",
    "ErrorPage",
    "FORBIDDEN",
    "ForbiddenResource",
    "IResource",
    "NOT_FOUND",
    "NoResource",
    "Resource",
    "UnsupportedMethod",
    "getChildForRequest",
]


class NoResource(ErrorPage):
    """A page that is answered with 404."""

    def __init__(self, message: str = "Sorry. No luck finding that resource.") -> None:
        super().__init__(404, "No Such Resource", message)


class ForbiddenResource(ErrorPage):
    """A page that is answered with 403."""

    def __init__(self, message: str = "Sorry, resource is forbidden.") -> None:
        super().__init__(403, "Forbidden Resource", message)
