"""What the words of Perspective Broker within a message stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.spread.jelly import MalformedJelly, Unjellyable
from sennit.spread.pb._failures import CopiedFailure
from sennit.spread.pb._references import RemoteReference

if TYPE_CHECKING:
    from sennit.spread.jelly import Registry

__all__ = ["register"]


class Home(Unjellyable):
    """``local``: an object of ours that comes back."""

    def unjellyFor(self, unjellier: Any, jellyList: list[Any]) -> Any:
        """Give the object."""
        return _broker(unjellier).come_home(_number(jellyList))


class Cached(Unjellyable):
    """``cached``: a cache that has come before."""

    def unjellyFor(self, unjellier: Any, jellyList: list[Any]) -> Any:
        """Give the cache."""
        return _broker(unjellier).cachedLocallyAs(_number(jellyList))


class Original(Unjellyable):
    """``lcache``: the other side sends back a cache of an object of ours."""

    def unjellyFor(self, unjellier: Any, jellyList: list[Any]) -> Any:
        """Give the object."""
        return _broker(unjellier).remotelyCachedForLUID(_number(jellyList))


def _broker(unjellier: Any) -> Any:
    if unjellier.invoker is None:
        raise MalformedJelly("a reference is nothing without a connection")
    return unjellier.invoker


def _number(expression: list[Any]) -> Any:
    if len(expression) != 2 or type(expression[1]) not in (int, bytes):
        raise MalformedJelly("a reference has one number")
    return expression[1]


def register(registry: Registry) -> None:
    """Let the words of Perspective Broker come."""
    registry.setUnjellyableForClass(b"remote", RemoteReference)
    registry.setUnjellyableForClass(b"local", Home)
    registry.setUnjellyableForClass(b"cached", Cached)
    registry.setUnjellyableForClass(b"lcache", Original)
    registry.setUnjellyableForClass(b"twisted.spread.pb.CopyableFailure", CopiedFailure)
