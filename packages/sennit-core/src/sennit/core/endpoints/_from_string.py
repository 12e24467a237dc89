"""From a description to an endpoint, by the kind that it begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from sennit.core.endpoints._inherited_kinds import INHERITED_SERVERS
from sennit.core.endpoints._kinds import BIND_ADDRESS, CLIENTS, SERVERS, TIMEOUT, Kind
from sennit.core.endpoints._parameters import (
    HOST,
    PATH,
    PORT,
    Parameter,
    Signature,
    Value,
    nearest,
)
from sennit.core.endpoints._plugins import installedKinds, pluginFor
from sennit.core.endpoints._strings import Description, parse
from sennit.core.endpoints._tls_kinds import TLS_CLIENTS, TLS_SERVERS, tlsClient
from sennit.core.errors import CertificateError, EndpointStringError

if TYPE_CHECKING:
    from sennit.core.contracts import IStreamClientEndpoint, IStreamServerEndpoint

__all__ = ["clientFromString", "serverFromString"]


def serverFromString(reactor: Any, description: str) -> IStreamServerEndpoint:
    r"""Make the endpoint for a server that a description tells of.

    ``tcp:8080``, ``tcp:8080:interface=127.0.0.1``, ``tcp6:8080``, ``unix:/run/web.sock``,
    ``ssl:443:privateKey=key.pem:certKey=cert.pem``, ``tls:/etc/certificates``,
    ``systemd:INET:name=web``, ``stdio:``, and whatever kinds are installed.

    Args:
        reactor: Where to listen.
        description: The kind and its arguments, between colons; a colon in an argument
            is written ``\:`` (see `quoteStringArgument`).

    Raises:
        EndpointStringError: The description cannot be understood; which part of it, and
            what is expected there, is told.
        CertificateError: A certificate or key in it cannot be used.
        EndpointPluginError: The kind is somebody else's, and cannot be used.
    """
    made = _made(reactor, description, _SERVERS, _CLIENTS, "Server")
    return cast("IStreamServerEndpoint", made)


def clientFromString(reactor: Any, description: str) -> IStreamClientEndpoint:
    r"""Make the endpoint for a client that a description tells of.

    ``tcp:example.org:80``, ``tcp:host=example.org:port=80:timeout=5``,
    ``unix:/run/web.sock``, ``tls:example.org:443``, ``ssl:example.org:443``, and
    whatever kinds are installed.

    Args:
        reactor: What connects.
        description: The kind and its arguments, between colons; a colon in an argument
            is written ``\:`` (see `quoteStringArgument`).

    Raises:
        EndpointStringError: The description cannot be understood; which part of it, and
            what is expected there, is told.
        CertificateError: A certificate or key in it cannot be used.
        EndpointPluginError: The kind is somebody else's, and cannot be used.
    """
    made = _made(reactor, description, _CLIENTS, _SERVERS, "Client")
    return cast("IStreamClientEndpoint", made)


def _tls_client(reactor: Any, endpoint: str | None, **values: Any) -> Any:
    below = None if endpoint is None else clientFromString(reactor, endpoint)
    return tlsClient(reactor, endpoint=below, **values)


_SERVERS: Final[Mapping[str, Kind]] = {
    **SERVERS,
    **TLS_SERVERS,
    **INHERITED_SERVERS,
}
_CLIENTS: Final[Mapping[str, Kind]] = {
    **CLIENTS,
    **TLS_CLIENTS,
    "tls": Kind(
        Signature(
            Parameter("host", HOST),
            Parameter("port", PORT),
            TIMEOUT,
            BIND_ADDRESS,
            Parameter("certificate", PATH, None),
            Parameter("privateKey", PATH, None),
            Parameter("trustRoots", PATH, None),
            Parameter("endpoint", Value("the description of an endpoint", str), None),
        ),
        _tls_client,
    ),
}


def _made(
    reactor: Any,
    description: str,
    kinds: Mapping[str, Kind],
    others: Mapping[str, Kind],
    side: str,
) -> Any:
    parsed = parse(description)
    if parsed.kind in kinds:
        kind = kinds[parsed.kind]
        values = kind.signature.bind(parsed)
        try:
            return kind.make(reactor, **values)
        except (CertificateError, EndpointStringError):
            raise
        except ValueError as error:
            raise EndpointStringError(description, 0, str(error)) from error
    plugin = pluginFor(parsed.kind)
    method = f"parseStream{side}"
    if plugin is None or not plugin.has(method):
        known = parsed.kind in others or plugin is not None
        raise _unknown(parsed, kinds, side.lower(), known)
    try:
        parse_parts = getattr(plugin.parser, method)
        return parse_parts(reactor, *parsed.positional, **parsed.named)
    except Exception as error:
        error.add_note(f"{description!r} is of a kind that {plugin.source} adds")
        raise


def _unknown(
    description: Description, kinds: Mapping[str, Kind], side: str, known: bool
) -> EndpointStringError:
    kind = description.kind
    if known:
        told = f"there is no {side}'s side of {kind!r}"
    elif kind.isdigit() and side == "server":
        told = f"the kind is missing (did you mean 'tcp:{kind}'?)"
    else:
        told = f"there is no kind of endpoint {kind!r}"
        told += nearest(kind, [*kinds, *installedKinds()])
    names = ", ".join(sorted({*kinds, *installedKinds()}))
    return EndpointStringError(description.text, 0, f"{told}: kinds are {names}")
