"""The two kinds of resolvers a reactor has, which are always the same resolver.

A program installs one of either kind, and both of the reactor's questions, ``resolve``
(one address) and ``nameResolver`` (all of them, as they come), are answered by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sennit.core.defer import Deferred, fail, succeed
from sennit.core.engine._names._adapters import FromSimple, OneAddress
from sennit.core.engine._names._name import isLiteral, wireName
from sennit.core.engine._names._system import SystemResolver
from sennit.core.errors import DNSLookupError

if TYPE_CHECKING:
    from sennit.core.contracts import IHostnameResolver, IResolverSimple

__all__ = ["Resolvers"]


class Resolvers:
    """What a reactor finds names by: the same resolver in both kinds.

    Attributes:
        hostnames: Tells all addresses as they come.
        simple: Gives one.
    """

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self.hostnames: IHostnameResolver = SystemResolver(reactor)
        self.simple: IResolverSimple = OneAddress(self.hostnames, reactor)

    def installHostnames(self, resolver: IHostnameResolver) -> IHostnameResolver:
        """Use *resolver* for both; return the one before.

        Raises:
            TypeError: It is no `IHostnameResolver`.
        """
        before = self.hostnames
        _check(resolver, "resolveHostName", "IHostnameResolver")
        self.hostnames = resolver
        if isinstance(resolver, FromSimple):
            self.simple = resolver.original
        else:
            self.simple = OneAddress(resolver, self._reactor)
        return before

    def installSimple(self, resolver: IResolverSimple) -> IResolverSimple:
        """Use *resolver* for both; return the one before.

        Raises:
            TypeError: It is no `IResolverSimple`.
        """
        before = self.simple
        _check(resolver, "getHostByName", "IResolverSimple")
        self.simple = resolver
        if isinstance(resolver, OneAddress):
            self.hostnames = resolver.original
        else:
            self.hostnames = FromSimple(resolver)
        return before

    def one(self, name: str, timeout: Sequence[int]) -> Deferred[str]:
        """Find one address of a name, or see that there is nothing to find.

        An address is its own, the empty name is all of IPv4 and ``<broadcast>`` all
        hosts.
        """
        if not name:
            return succeed("0.0.0.0")
        if name == "<broadcast>":
            return succeed("255.255.255.255")
        if isLiteral(name):
            return succeed(name)
        try:
            name = wireName(name)
        except ValueError as error:
            return fail(DNSLookupError(str(error)))
        try:
            return self.simple.getHostByName(name, timeout)
        except Exception:
            return fail()


def _check(resolver: object, method: str, contract: str) -> None:
    if not callable(getattr(resolver, method, None)):
        raise TypeError(f"{resolver!r} has no {method}(): it is no {contract}")
