"""``twisted.internet.endpoints``: endpoints, and three parsers that others look for."""

from __future__ import annotations

from typing import Any

from zope.interface import implementer

from sennit.core import endpoints
from sennit.core.endpoints import *  # noqa: F403
from sennit.core.endpoints import quoteStringArgument, serverFromString
from sennit.core.interfaces import IStreamServerEndpointStringParser

__all__ = endpoints.__all__


@implementer(IStreamServerEndpointStringParser)
class _ServerParser:
    """Makes server endpoints of one kind of the parts of a description."""

    prefix: str

    def parseStreamServer(self, reactor: Any, *args: Any, **kwargs: Any) -> Any:
        """Make the endpoint."""
        parts = [quoteStringArgument(str(each)) for each in args]
        parts += [f"{name}={quoteStringArgument(str(kwargs[name]))}" for name in kwargs]
        return serverFromString(reactor, ":".join([self.prefix, *parts]))


class _StandardIOParser(_ServerParser):
    """What the program was started with."""

    prefix = "stdio"


class _SystemdParser(_ServerParser):
    """Sockets that systemd has handed over."""

    prefix = "systemd"


class _TCP6ServerParser(_ServerParser):
    """TCP over IPv6."""

    prefix = "tcp6"


def __getattr__(name: str) -> Any:
    return getattr(endpoints, name)
