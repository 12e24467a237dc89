"""A connection to a memcached server."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Final

from sennit.core import log
from sennit.core.defer import Deferred, TimeoutError, fail
from sennit.core.failure import Failure
from sennit.core.protocol import connectionDone
from sennit.protocols.basic import LineReceiver
from sennit.protocols.memcache._answers import (
    Answer,
    Number,
    Stats,
    Values,
    Verdict,
    Version,
)
from sennit.protocols.memcache._errors import ClientError, UnexpectedAnswer
from sennit.protocols.policies import TimeoutMixin

__all__ = ["DEFAULT_PORT", "MemCacheProtocol"]

DEFAULT_PORT: Final = 11211


class MemCacheProtocol(LineReceiver, TimeoutMixin):
    """Sends commands to a memcached server, each without waiting for the one before.

    Every command returns a Deferred. It fails with a `ClientError` if it cannot be sent,
    with `NoSuchCommand`, `ClientError` or `ServerError` if the server says so, with
    ``TimeoutError`` if no answer comes in time, with `UnexpectedAnswer` if what comes is
    none; in these two cases the connection is over. Keys and values are bytes.

    Attributes:
        MAX_KEY_LENGTH: How long a key may be, in bytes; memcached knows no longer.
        MAX_VALUE_LENGTH: How long a value may be that the server sends, in bytes;
            sixteen times of what a server keeps unless it is told to keep more.
        persistentTimeOut: How many seconds an answer may take; None for any number.
    """

    MAX_KEY_LENGTH: int = 250
    MAX_VALUE_LENGTH: int = 16 * 1024 * 1024

    def __init__(self, timeOut: float | None = 60) -> None:
        """Wait for a connection.

        Args:
            timeOut: How many seconds an answer may take; None for any number.
        """
        self.persistentTimeOut = timeOut
        # What was sent, and not answered.
        self._waiting: deque[Answer] = deque()
        self._lost = False
        # Of a value: how many bytes are still to come, and what has come.
        self._left = 0
        self._pieces: list[bytes] = []

    # Commands

    def increment(self, key: bytes, val: int = 1) -> Deferred[int | bool]:
        """Add to a number.

        Args:
            key: Where it is.
            val: How much, 0 or more.

        Returns:
            Fires with the new number, or False if there is no such key.
        """
        return self._count(b"incr", key, val)

    def decrement(self, key: bytes, val: int = 1) -> Deferred[int | bool]:
        """Subtract from a number, which is never below 0; otherwise as `increment`."""
        return self._count(b"decr", key, val)

    def set(
        self, key: bytes, val: bytes, flags: int = 0, expireTime: int = 0
    ) -> Deferred[bool]:
        """Set a value.

        Args:
            key: Where.
            val: The value.
            flags: A number that is kept with it, of 32 bits.
            expireTime: After how many seconds it is forgotten; 0 for as late as can
                be. More than thirty days are a time of Unix.

        Returns:
            Fires with True.
        """
        return self._store(b"set", key, val, flags, expireTime)

    def add(
        self, key: bytes, val: bytes, flags: int = 0, expireTime: int = 0
    ) -> Deferred[bool]:
        """Set a value where there is none; fires with whether there was none."""
        return self._store(b"add", key, val, flags, expireTime)

    def replace(
        self, key: bytes, val: bytes, flags: int = 0, expireTime: int = 0
    ) -> Deferred[bool]:
        """Set a value where there is one; fires with whether there was one."""
        return self._store(b"replace", key, val, flags, expireTime)

    def append(self, key: bytes, val: bytes) -> Deferred[bool]:
        """Add to the end of a value; fires with whether there was one."""
        return self._store(b"append", key, val, 0, 0)

    def prepend(self, key: bytes, val: bytes) -> Deferred[bool]:
        """Add to the beginning of a value; fires with whether there was one."""
        return self._store(b"prepend", key, val, 0, 0)

    def checkAndSet(
        self, key: bytes, val: bytes, cas: bytes, flags: int = 0, expireTime: int = 0
    ) -> Deferred[bool]:
        """Set a value if nobody else has since it was got.

        Args:
            key: Where.
            val: The value.
            cas: What ``get(key, withIdentifier=True)`` has told.
            flags: As of `set`.
            expireTime: As of `set`.

        Returns:
            Fires with whether it was set.
        """
        return self._store(b"cas", key, val, flags, expireTime, cas)

    def get(self, key: bytes, withIdentifier: bool = False) -> Deferred[Any]:
        """Get a value.

        Args:
            key: Where it is.
            withIdentifier: Whether to tell what `checkAndSet` wants, too.

        Returns:
            Fires with the flags and the value, ``(0, None)`` if there is none; with the
            identifier between the two if it was wanted.
        """
        return self._get([key], withIdentifier, lambda values: values[key])

    def getMultiple(
        self, keys: Iterable[bytes], withIdentifier: bool = False
    ) -> Deferred[dict[bytes, Any]]:
        """Get several values at once; fires with what `get` would, for each key."""
        return self._get(list(keys), withIdentifier, lambda values: values)

    def delete(self, key: bytes) -> Deferred[bool]:
        """Forget a value; fires with whether there was one."""
        wrong = self._wrong_key(key)
        return fail(wrong) if wrong else self._send(Verdict(b"delete " + key))

    def flushAll(self) -> Deferred[bool]:
        """Forget all values; fires with True."""
        return self._send(Verdict(b"flush_all"))

    def stats(self, arg: bytes | None = None) -> Deferred[dict[bytes, bytes]]:
        """Ask for numbers about the server.

        Args:
            arg: Which: ``b"items"``, ``b"slabs"`` …; None for the common ones.
        """
        return self._send(Stats(b"stats" if arg is None else b"stats " + arg))

    def version(self) -> Deferred[bytes]:
        """Ask for the version of the server."""
        return self._send(Version(b"version"))

    def _count(self, command: bytes, key: bytes, val: int) -> Deferred[Any]:
        wrong = self._wrong_key(key)
        if wrong:
            return fail(wrong)
        return self._send(Number(b"%b %b %d" % (command, key, val)))

    def _store(
        self,
        command: bytes,
        key: bytes,
        val: bytes,
        flags: int,
        expire: int,
        cas: bytes = b"",
    ) -> Deferred[Any]:
        wrong = self._wrong_key(key)
        if wrong is None:
            wrong = _not_bytes("value", val)
        if wrong:
            return fail(wrong)
        line = b"%b %b %d %d %d" % (command, key, flags, expire, len(val))
        if cas:
            line += b" " + cas
        return self._send(Verdict(line), val)

    def _get(
        self,
        keys: list[bytes],
        with_cas: bool,
        present: Callable[[dict[bytes, Any]], Any],
    ) -> Deferred[Any]:
        for key in keys:
            wrong = self._wrong_key(key)
            if wrong:
                return fail(wrong)
        line = b" ".join((b"gets" if with_cas else b"get", *keys))
        most = self.MAX_VALUE_LENGTH
        return self._send(Values(line, keys, with_cas, most, present))

    def _wrong_key(self, key: bytes) -> ClientError | None:
        if wrong := _not_bytes("key", key):
            return wrong
        if len(key) > self.MAX_KEY_LENGTH:
            return ClientError(f"a key of {len(key)} bytes (of {self.MAX_KEY_LENGTH})")
        if not key or min(key) <= 0x20 or 0x7F in key:
            # It would be taken for more keys, or another command.
            return ClientError(
                f"{key!r} is no key: it has spaces or control characters"
            )
        return None

    def _send(self, answer: Answer, value: bytes | None = None) -> Deferred[Any]:
        if self._lost:
            return fail(RuntimeError("not connected"))
        if not self._waiting:
            self.setTimeout(self.persistentTimeOut)
        self._waiting.append(answer)
        self.sendLine(answer.command)
        if value is not None:
            self.sendLine(value)
        return answer.deferred

    # Answers

    def lineReceived(self, line: bytes) -> None:
        """Give a line to the command that waits first."""
        self.resetTimeout()
        if not self._waiting:
            raise UnexpectedAnswer(f"{line[:100]!r}, and nothing was asked")
        self._left = self._take(self._waiting[0], line)
        if self._left:
            self.setRawMode()

    def _take(self, answer: Answer, line: bytes) -> int:
        left = answer.line(line)
        if left is None:
            # Its callbacks may have ended the connection.
            if self._waiting and self._waiting[0] is answer:
                self._waiting.popleft()
            if not self._waiting:
                self.setTimeout(None)
            return 0
        return left

    def rawDataReceived(self, data: bytes) -> None:
        """Collect a value."""
        self.resetTimeout()
        piece, rest = data[: self._left], data[self._left :]
        self._pieces.append(piece)
        self._left -= len(piece)
        if self._left:
            return
        value, self._pieces = b"".join(self._pieces), []
        self._waiting[0].value(value)
        self.setLineMode(rest)

    def lineLengthExceeded(self, line: bytes) -> None:
        """Refuse it: no line of an answer is so long."""
        raise UnexpectedAnswer(f"a line of more than {self.MAX_LENGTH} bytes")

    def timeoutConnection(self) -> None:
        """Give up: the server does not answer."""
        log.msg(f"{self.logPrefix()}: no answer from {self.transport.getPeer()}")
        self._end(Failure(TimeoutError("Connection timeout")))
        self.transport.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """There will be no more answers."""
        self._end(reason)

    def _end(self, reason: Failure) -> None:
        self._lost = True
        self.setTimeout(None)
        waiting, self._waiting = self._waiting, deque()
        for answer in waiting:
            answer.fail(reason)


def _not_bytes(what: str, given: object) -> ClientError | None:
    if isinstance(given, bytes):
        return None
    return ClientError(f"a {what} is bytes, not {type(given).__name__}")
