"""What the log knows of the moment: whose code is running, and who wants to know.

The *system* is what the classic line shows between brackets: ``Counter,0,127.0.0.1``
while that connection is served. Setting it around each event costs 7 to 10 % of an echo,
so the engine asks `showsSystem` first, and sets nothing while nobody would see it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from itertools import count
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

__all__ = ["call", "fields", "hideSystem", "showSystem", "showsSystem", "system"]

_P = ParamSpec("_P")
_T = TypeVar("_T")

system: ContextVar[str] = ContextVar("system", default="-")
"""Whose code is running, as the log shows it: ``-`` outside of any connection."""

fields: ContextVar[Mapping[str, Any]] = ContextVar(
    "fields",
    default=MappingProxyType({}),
)
"""What `callWithContext` adds to the events that are logged within it."""

_tickets = count(1)

# Who shows systems: a ticket each. Changed by showSystem and hideSystem only.
_showing: set[int] = set()


def showsSystem() -> bool:
    """Whether somebody shows the system of events, so that it is worth setting."""
    return bool(_showing)


def showSystem() -> int:
    """Have connections keep their system from now on.

    Observers, `startLogging` and `ClassicFormatter` call this themselves; it is for
    handlers of your own, whose format has ``%(system)s``. A connection that was made
    before is not known by its system until its protocol is replaced.

    Returns:
        A ticket for `hideSystem`.
    """
    ticket = next(_tickets)
    _showing.add(ticket)
    return ticket


def hideSystem(ticket: int) -> None:
    """Take back one `showSystem`.

    Args:
        ticket: What it has returned.
    """
    _showing.discard(ticket)


def call(
    around: Mapping[str, Any], f: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
) -> _T:
    """Call ``f``; what is logged meanwhile bears the items of ``around``.

    Args:
        around: ``system`` and any other items of the events.
    """
    others = {key: value for key, value in around.items() if key != "system"}
    outer = fields.set({**fields.get(), **others}) if others else None
    whose = system.set(around["system"]) if "system" in around else None
    try:
        return f(*args, **kwargs)
    finally:
        if whose is not None:
            system.reset(whose)
        if outer is not None:
            fields.reset(outer)
