"""What a worker and its supervisor say to each other: a line of JSON each.

The worker speaks; the supervisor answers only who asks for a socket.

    {"ready": true}
    {"bind": ["TCP", "127.0.0.1", 8000]}          {"bind": ["UNIX", "/run/x", 438, false]}
        -> {"bound": true}, and a descriptor along with it
        -> {"errno": 98, "strerror": "Address already in use"}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sennit.core.engine import Bindable, InetBindable, PathBindable

__all__ = ["BadMessage", "MessageReader", "bindableFrom", "encoded", "listOf"]

# Bytes of a line. A path has 108 at most, an errno's text some fifty.
_LONGEST = 4096


class BadMessage(ValueError):
    """What came is no message."""


def encoded(message: Mapping[str, Any]) -> bytes:
    """Write a message."""
    return json.dumps(message).encode() + b"\n"


class MessageReader:
    """Reads messages out of what comes, in whatever pieces."""

    def __init__(self) -> None:
        self._kept = b""

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """Take bytes; give the messages that are complete.

        Raises:
            BadMessage: A line is none, or is too long.
        """
        *lines, self._kept = (self._kept + data).split(b"\n")
        if len(self._kept) > _LONGEST:
            raise BadMessage(f"a message of more than {_LONGEST} bytes")
        return [self._read(line) for line in lines]

    @staticmethod
    def _read(line: bytes) -> dict[str, Any]:
        try:
            message = json.loads(line)
        except ValueError as error:
            raise BadMessage(f"no message: {line[:60]!r}") from error
        if not isinstance(message, dict):
            raise BadMessage(f"no message: {line[:60]!r}")
        return message


def listOf(bindable: Bindable) -> list[Any]:
    """Write what a socket is to be bound to."""
    if isinstance(bindable, PathBindable):
        return ["UNIX", bindable.path, bindable.mode, bindable.wantPID]
    return [bindable.kind, bindable.interface, bindable.port]


def bindableFrom(parts: Any) -> Bindable:
    """Read what a socket is to be bound to.

    Raises:
        BadMessage: It is no such list.
    """
    match parts:
        case ["TCP" | "UDP" as kind, str(interface), int(port)]:
            return InetBindable(kind, interface, port)
        case ["UNIX", str(path), int(mode), bool(locked)]:
            return PathBindable(path, mode, locked)
    raise BadMessage(f"nothing to bind to: {parts!r:.60}")
