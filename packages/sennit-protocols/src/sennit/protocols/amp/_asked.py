"""What type checkers are told of commands: what is asked, and what comes back.

A typed command has a class ``Response``, and is made with its arguments by name. One of
the classic spelling has ``arguments`` or ``response``, of which nothing can be known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

__all__ = ["Declares", "HasArguments", "HasResponse"]

_R_co = TypeVar("_R_co", covariant=True)


class Declares(Protocol[_R_co]):
    """A command whose response is typed."""

    @property
    def Response(self) -> Callable[..., _R_co]:
        """The class of the response."""
        ...


class HasArguments(Protocol):
    """A command of the classic spelling, with arguments."""

    @property
    def arguments(self) -> Any:
        """Names and types."""
        ...


class HasResponse(Protocol):
    """A command of the classic spelling, with a response."""

    @property
    def response(self) -> Any:
        """Names and types."""
        ...
