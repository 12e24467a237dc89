"""From whatever stands for TLS in a call to options: the one border for foreign kinds."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any

from sennit.core.tls._contract import TLSOptions
from sennit.core.tls._options import ClientOptions, ServerOptions

__all__ = ["optionsFor", "registerContext"]

# Contexts of other libraries, and what makes options of them. Changed by
# registerContext only.
_foreign: dict[type, Callable[[Any, bool, str | None], TLSOptions]] = {}


def registerContext(
    kind: type, adapt: Callable[[Any, bool, str | None], TLSOptions]
) -> None:
    """Take another library's contexts wherever TLS options are taken.

    Args:
        kind: The class of the contexts, or of what makes them.
        adapt: Given one of them, whether it is for the server's side, and the name of the
            host to connect to if that is known, makes options.
    """
    _foreign[kind] = adapt


def optionsFor(
    given: Any, server: bool, hostname: str | None = None, factory: object = None
) -> TLSOptions:
    """Make options of what a call was given.

    Args:
        given: Options, an `ssl.SSLContext`, or an object whose ``getContext()`` gives
            a context.
        server: Whether they are for the side that was connected to.
        hostname: The host that is connected to, for contexts that do not know it.
        factory: Whose protocols will use it. If it has ``acceptableProtocols()``, these
            are offered, also on a context that was given.

    Raises:
        TypeError: It is none of these, or for the other side.
    """
    options = _adapted(given, server, hostname)
    acceptable = getattr(factory, "acceptableProtocols", None)
    if acceptable is not None:
        options.offer(acceptable())
    return options


def _adapted(given: Any, server: bool, hostname: str | None) -> TLSOptions:
    wrong = ClientOptions if server else ServerOptions
    if isinstance(given, wrong):
        sides = ("server's", "client's") if server else ("client's", "server's")
        raise TypeError(f"{wrong.__name__} are for the {sides[1]} side of TLS")
    if hasattr(given, "begin"):
        options: TLSOptions = given
        return options
    if isinstance(given, ssl.SSLContext):
        return ServerOptions(given) if server else ClientOptions(given, hostname)
    for kind, adapt in _foreign.items():
        if isinstance(given, kind):
            return adapt(given, server, hostname)
    if hasattr(given, "getContext"):
        return _adapted(given.getContext(), server, hostname)
    raise TypeError(f"{given!r} is neither TLS options nor an ssl.SSLContext")
