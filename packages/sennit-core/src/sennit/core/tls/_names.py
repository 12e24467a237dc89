"""Several certificates at one port, chosen by the name that the client asks for (SNI).

Names and patterns are matched as certificates are (RFC 6125 §6.4.3): ``*.example.org``
stands for one label, and an exact name wins over it.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping

from sennit.core.tls._options import ServerOptions

__all__ = ["byServerName", "chooseBy", "lookUp"]


def byServerName(
    default: ServerOptions, others: Mapping[str, ServerOptions]
) -> ServerOptions:
    """Options for a server with several names.

    Time-outs, the versions of TLS and, for those that have none of their own, the
    protocols to offer are the default's.

    Args:
        default: For clients that ask for no name, or for one that is not known.
        others: For each name, or pattern such as ``*.example.org``, its own.

    Returns:
        The default, which hands over to the others.

    Raises:
        ValueError: Some of them ask clients for a certificate, and some do not: who
            connects could choose.
    """
    for name, options in others.items():
        if options.context.verify_mode != default.context.verify_mode:
            raise ValueError(
                f"all names of a port, or none, ask clients for a certificate; "
                f"{name!r} differs from the default"
            )
    known = {name.lower(): options for name, options in others.items()}
    return chooseBy(default, lambda name: lookUp(known, name))


def chooseBy(
    default: ServerOptions, choose: Callable[[str], ServerOptions | None]
) -> ServerOptions:
    """Let a function choose by the name asked for, which may be empty.

    What it gives are options, or None for the default.
    """

    def asked(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        chosen = choose((name or "").lower())
        if chosen is None:
            return
        if default.offered and not chosen.offered:
            chosen.offer(default.offered)
        connection.context = chosen.context

    default.context.sni_callback = asked
    return default


def lookUp(known: Mapping[str, ServerOptions], name: str) -> ServerOptions | None:
    """What there is for a name, or for the pattern that it fits."""
    return known.get(name) or known.get("*." + name.partition(".")[2])
