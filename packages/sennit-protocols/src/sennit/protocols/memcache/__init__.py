"""A client of memcached, in its text protocol."""

from __future__ import annotations

from sennit.protocols.memcache._errors import (
    ClientError as ClientError,
    MemCacheError as MemCacheError,
    NoSuchCommand as NoSuchCommand,
    ServerError as ServerError,
    UnexpectedAnswer as UnexpectedAnswer,
)
from sennit.protocols.memcache._protocol import (
    DEFAULT_PORT as DEFAULT_PORT,
    MemCacheProtocol as MemCacheProtocol,
)

__all__ = [
    "ClientError",
    "DEFAULT_PORT",
    "MemCacheError",
    "MemCacheProtocol",
    "NoSuchCommand",
    "ServerError",
    "UnexpectedAnswer",
]
