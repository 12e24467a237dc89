"""What a memcached server, or the asking for it, can get wrong."""

from __future__ import annotations

__all__ = [
    "ClientError",
    "MemCacheError",
    "NoSuchCommand",
    "ServerError",
    "UnexpectedAnswer",
]


class MemCacheError(Exception):
    """A command has failed."""


class NoSuchCommand(MemCacheError):
    """The server does not know a command."""


class ClientError(MemCacheError):
    """A command is wrong: the server has said so, or it was not sent at all."""


class ServerError(MemCacheError):
    """The server could not do a command."""


class UnexpectedAnswer(ServerError, RuntimeError):
    """The server breaks the rules, or a limit: what it says is no answer."""
