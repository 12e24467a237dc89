"""Endpoints: objects that say where to listen or connect, apart from doing it."""

from __future__ import annotations

from sennit.core.endpoints._protocol import connectProtocol as connectProtocol
from sennit.core.endpoints._tcp import (
    TCP4ClientEndpoint as TCP4ClientEndpoint,
    TCP4ServerEndpoint as TCP4ServerEndpoint,
    TCP6ClientEndpoint as TCP6ClientEndpoint,
    TCP6ServerEndpoint as TCP6ServerEndpoint,
)
from sennit.core.endpoints._unix import (
    UNIXClientEndpoint as UNIXClientEndpoint,
    UNIXServerEndpoint as UNIXServerEndpoint,
)

__all__ = [
    "TCP4ClientEndpoint",
    "TCP4ServerEndpoint",
    "TCP6ClientEndpoint",
    "TCP6ServerEndpoint",
    "UNIXClientEndpoint",
    "UNIXServerEndpoint",
    "connectProtocol",
]
