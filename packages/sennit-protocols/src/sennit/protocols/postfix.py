"""Tables for Postfix over TCP: its ``tcp_table``, where aliases and the like are asked for.

A request is a line, ``get KEY`` or ``put KEY VALUE``; the answer is a line with a code.
What is not printable is written as in URLs, ``%20``. Answers come in the order of the
requests, one after the other, however long a lookup takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from sennit.core import log
from sennit.core.defer import Deferred, maybeDeferred
from sennit.core.failure import Failure
from sennit.core.protocol import Protocol, ServerFactory, connectionDone
from sennit.protocols.basic import LineReceiver
from sennit.protocols.policies import TimeoutMixin

__all__ = [
    "PostfixTCPMapDeferringDictServerFactory",
    "PostfixTCPMapDictServerFactory",
    "PostfixTCPMapServer",
    "quote",
    "unquote",
]

# What stands for itself: printable, and neither a percent sign nor a space.
_PLAIN = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) != "%")

# Of an error's text, so that an answer is no longer than a line may be.
_TOLD = 1000


def quote(s: bytes) -> bytes:
    """Write bytes as they stand in a request or an answer."""
    return quote_from_bytes(s, safe=_PLAIN).encode("ascii")


def unquote(s: bytes) -> bytes:
    """Read bytes from a request or an answer."""
    return unquote_to_bytes(s)


class PostfixTCPMapServer(LineReceiver, TimeoutMixin):
    """Answers requests by the ``get`` of its factory, and the ``put`` if it has one.

    ``get(key)`` returns bytes, or None for what is not there; or a Deferred of either.
    ``put(key, value)`` may return a Deferred, too. Subclasses may add commands by methods ``do_…``, which do `sendCode`.

    Attributes:
        timeout: After how many seconds without a request the connection is closed;
            Postfix itself keeps one that it does not use for a minute or so.
    """

    timeout: float = 600
    delimiter: bytes = b"\n"
    # The longest line of the specification, tcp_table(5).
    MAX_LENGTH: int = 4096

    _pending: Deferred[Any] | None = None
    _lost: bool = False

    def connectionMade(self) -> None:
        """Begin to count the time."""
        self.setTimeout(self.timeout)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Count no more, and give up what is being looked up."""
        self._lost = True
        self.setTimeout(None)
        if self._pending is not None:
            self._pending.cancel()

    def sendCode(self, code: int, message: bytes = b"") -> None:
        """Answer.

        Args:
            code: 200 for what was found or done, 400 for an error that may pass, 500
                for what is not there.
            message: The value, quoted; or words.
        """
        self.sendLine(b"%d %b" % (code, message))

    def lineReceived(self, line: bytes) -> None:
        """Answer a request, and take no other before."""
        self.resetTimeout()
        command, _, rest = line.partition(b" ")
        name = command.decode("ascii", "replace").lower()
        do = getattr(self, f"do_{name}", None)
        if do is None:
            self.sendCode(400, b"unknown command")
            return
        self._pending = done = maybeDeferred(do, rest.strip())
        done.addErrback(self._failed).addBoth(self._answered)
        if self._pending is not None:
            self.pauseProducing()

    def _failed(self, reason: Failure) -> None:
        if self._lost:
            return
        told = " ".join(str(reason.value).split())
        if not reason.check(ValueError):
            log.msg(f"{self.logPrefix()}: {reason.type.__name__}: {told}")
        self.sendCode(400, told.encode()[:_TOLD])

    def _answered(self, _: object) -> None:
        self._pending = None
        if self.paused and not self._lost:
            self.resumeProducing()

    def do_get(self, key: bytes) -> Any:
        """Look up a key.

        Raises:
            ValueError: There is none in the request.
        """
        if not key:
            raise ValueError("Command 'get' takes 1 parameters.")
        found = maybeDeferred(self.factory.get, unquote(key))
        return found.addCallback(self._got)

    def _got(self, value: bytes | None) -> None:
        if value is None:
            self.sendCode(500)
        else:
            self.sendCode(200, quote(value))

    def do_put(self, keyAndValue: bytes) -> Any:
        """Store a value.

        Raises:
            ValueError: There are no two in the request.
        """
        parts = keyAndValue.split(None, 1)
        if len(parts) != 2:
            raise ValueError("Command 'put' takes 2 parameters.")
        put = getattr(self.factory, "put", None)
        if put is None:
            self.sendCode(500, b"put is not implemented yet.")
            return None
        done = maybeDeferred(put, *map(unquote, parts))
        return done.addCallback(lambda _: self.sendCode(200, b"put%20done"))


class PostfixTCPMapDictServerFactory(ServerFactory):
    """Has a table in memory.

    Attributes:
        data: The table.
    """

    protocol: Callable[[], Protocol] | None = PostfixTCPMapServer

    def __init__(self, data: Mapping[bytes, bytes] | None = None) -> None:
        """Begin with some rows."""
        self.data: dict[bytes, bytes] = dict(data or {})

    def get(self, key: bytes) -> Any:
        """Give the value of a key; None if it has none."""
        return self.data.get(key)


class PostfixTCPMapDeferringDictServerFactory(PostfixTCPMapDictServerFactory):
    """Has a table in memory, and gives its values by Deferreds."""

    def get(self, key: bytes) -> Any:
        """Give a Deferred of the value of a key."""
        return maybeDeferred(super().get, key)
