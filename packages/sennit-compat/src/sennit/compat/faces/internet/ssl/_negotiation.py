"""Agreeing on the protocol above TLS (ALPN, RFC 7301).

A client's offer is its connection's; a server's choice is its context's, which may
serve ports that speak different protocols, and must not be changed once it has made a
connection. So a context is given one function that chooses, and that finds what is
acceptable at the connection.

What is acceptable to which connection is in `_acceptable`, the contexts that choose in
`_choosing`; only this module touches them.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from OpenSSL import SSL

from sennit.core.errors import SSLError

__all__ = [
    "ProtocolNegotiationSupport",
    "accept",
    "letChoose",
    "protocolNegotiationMechanisms",
]

_acceptable: WeakKeyDictionary[SSL.Connection, Sequence[bytes]] = WeakKeyDictionary()
_choosing: WeakSet[SSL.Context] = WeakSet()


class ProtocolNegotiationSupport(enum.Flag):
    """The ways to agree on a protocol."""

    NOSUPPORT = 0
    NPN = 1
    ALPN = 2


def protocolNegotiationMechanisms() -> ProtocolNegotiationSupport:
    """The ways that there are: ALPN."""
    return ProtocolNegotiationSupport.ALPN


def letChoose(context: SSL.Context, default: Sequence[bytes] = ()) -> None:
    """Let a server's context choose what is acceptable; before its first connection.

    Args:
        context: The context.
        default: What is acceptable to connections that nothing else was said of, the
            most wanted first.

    Raises:
        ValueError: It has made a connection already.
    """
    if context in _choosing:
        return

    def choose(connection: SSL.Connection, offered: list[bytes]) -> Any:
        wanted = _acceptable.get(connection, default)
        if not wanted:
            return SSL.NO_OVERLAPPING_PROTOCOLS
        for each in wanted:
            if each in offered:
                return each
        raise SSLError(string=f"none of the protocols {offered} is spoken here")

    context.set_alpn_select_callback(choose)
    _choosing.add(context)


def accept(
    connection: SSL.Connection, server: bool, protocols: Sequence[bytes]
) -> None:
    """Say what is acceptable to a connection, the most wanted first."""
    if server:
        _acceptable[connection] = protocols
    else:
        connection.set_alpn_protos(list(protocols))
