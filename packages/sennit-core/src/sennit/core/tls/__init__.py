"""TLS: what a server shows, whom a client trusts.

`serverOptions` and `clientOptions` make what ``listenSSL``, ``connectSSL``, ``startTLS``
and the endpoints take. An `ssl.SSLContext` of your own is taken as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.tls._adapt import (
    optionsFor as optionsFor,
    registerContext as registerContext,
)
from sennit.core.tls._certificate import Certificate as Certificate
from sennit.core.tls._contract import TLSOptions as TLSOptions
from sennit.core.tls._names import byServerName as byServerName
from sennit.core.tls._options import (
    ClientOptions as ClientOptions,
    ServerOptions as ServerOptions,
    clientOptions as clientOptions,
    serverOptions as serverOptions,
)

if TYPE_CHECKING:
    from sennit.core.tls._directory import directoryOfPEMs as directoryOfPEMs

__all__ = [
    "Certificate",
    "ClientOptions",
    "ServerOptions",
    "TLSOptions",
    "byServerName",
    "clientOptions",
    "directoryOfPEMs",
    "optionsFor",
    "registerContext",
    "serverOptions",
]


def __getattr__(name: str) -> Any:
    # What reads folders needs slow modules, which the reactor's import does without.
    if name == "directoryOfPEMs":
        from sennit.core.tls._directory import directoryOfPEMs

        return directoryOfPEMs
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
