"""``twisted.web.error``: the errors of sites and clients, and those of templates.

There are no templates; programs name their errors nevertheless.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sennit.web import error
from sennit.web.error import Error as Error

__all__ = sorted(
    {
        *error.__all__,
        *("ExcessiveBufferingError", "FlattenerError", "MissingRenderMethod"),
        *("MissingTemplateLoader", "RenderError", "UnexposedMethodError"),
        *("UnfilledSlot", "UnsupportedSpecialHeader", "UnsupportedType"),
    }
)

globals().update({name: getattr(error, name) for name in error.__all__})


class RenderError(Exception):
    """A template could not be rendered."""


class MissingRenderMethod(RenderError):
    """A template names a renderer that is not there.

    Attributes:
        element: Whose it would be.
        renderName: Its name.
    """

    def __init__(self, element: Any, renderName: str) -> None:
        super().__init__(element, renderName)
        self.element = element
        self.renderName = renderName


class MissingTemplateLoader(RenderError):
    """An element has no template.

    Attributes:
        element: The element.
    """

    def __init__(self, element: Any) -> None:
        super().__init__(element)
        self.element = element


class UnexposedMethodError(Exception):
    """A method was asked for that is not for templates."""


class UnfilledSlot(Exception):
    """A template's slot has nothing in it."""


class UnsupportedType(Exception):
    """What is in a template cannot be written as text."""


class FlattenerError(Exception):
    """A template could not be written as text.

    Args:
        exception: What has happened.
        roots: What was being written, from the outside to the inside.
        traceback: Where it has happened, as `traceback.extract_tb` gives it.
    """

    def __init__(
        self, exception: BaseException, roots: Sequence[Any], traceback: Sequence[Any]
    ) -> None:
        super().__init__(exception, roots, traceback)


class ExcessiveBufferingError(Exception):
    """A connection of HTTP/2 has to keep more than it may."""


class UnsupportedSpecialHeader(Exception):
    """A request of HTTP/2 has a header that is reserved for HTTP/2."""
