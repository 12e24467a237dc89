"""The end of a connection whose other side breaks the rules."""

from __future__ import annotations

from sennit.core import log
from sennit.core.protocol import Protocol

__all__ = ["closing", "refuse"]


def refuse(protocol: Protocol, why: str) -> None:
    """Log what the other side has done, with its address, and hang up."""
    log.msg(
        format="%(protocol)s: %(why)s, from %(peer)s; closing the connection",
        protocol=protocol.logPrefix(),
        why=why,
        peer=protocol.transport.getPeer(),
    )
    protocol.transport.loseConnection()


def closing(protocol: Protocol) -> bool:
    """Whether the connection is being closed by us: nothing is delivered any more."""
    return bool(getattr(protocol.transport, "disconnecting", False))
