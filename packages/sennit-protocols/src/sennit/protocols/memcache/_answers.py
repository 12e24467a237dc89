"""What is waited for: one object for each command that was sent, in its order.

An answer takes the lines of the server, and tells when it is complete. It holds no
transport. ``size`` is how many bytes of a value come next, before the next line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.protocols.memcache._errors import (
    ClientError,
    MemCacheError,
    NoSuchCommand,
    ServerError,
    UnexpectedAnswer,
)

__all__ = ["Answer", "Number", "Stats", "Values", "Verdict", "Version"]

# A server tells some 100 values of itself, some thousands about its slabs.
_MOST_STATS: Final = 100_000


class Answer:
    """The answer to a command.

    Attributes:
        deferred: Fires with the result.
        command: The command, to tell of.
    """

    def __init__(self, command: bytes) -> None:
        self.command = command
        self.deferred: Deferred[Any] = Deferred()

    def fail(self, reason: Failure) -> None:
        """There will be no answer."""
        # A callback may end the connection while its own answer is first in the row.
        if not self.deferred.called:
            self.deferred.errback(reason)

    def line(self, line: bytes) -> int | None:
        """Take a line.

        Returns:
            How many bytes of a value come next; None if the answer is complete.

        Raises:
            UnexpectedAnswer: It is no answer to this.
        """
        word, _, rest = line.partition(b" ")
        if word in _ERRORS:
            error = _ERRORS[word]
            self.fail(Failure(error(rest) if rest else error()))
            return None
        return self.take(word, rest)

    def take(self, word: bytes, rest: bytes) -> int | None:
        """Take a line that tells of no error."""
        raise self.unexpected(word, rest)

    def value(self, data: bytes) -> None:
        """Take the bytes of a value."""

    def done(self, result: Any) -> None:
        """The answer is complete."""
        self.deferred.callback(result)

    def unexpected(self, word: bytes, rest: bytes) -> UnexpectedAnswer:
        """What is to be raised for a line that is no answer."""
        line = b" ".join(filter(None, (word, rest)))[:100]
        return UnexpectedAnswer(f"{line!r} is no answer to {self.command!r}")

    def number(self, text: bytes, word: bytes, rest: bytes) -> int:
        """Read a number in a line."""
        if not text.isdigit():
            raise self.unexpected(word, rest)
        return int(text)


_ERRORS: Final[dict[bytes, type[MemCacheError]]] = {
    b"ERROR": NoSuchCommand,
    b"CLIENT_ERROR": ClientError,
    b"SERVER_ERROR": ServerError,
}

_YES: Final = frozenset((b"STORED", b"DELETED", b"OK", b"TOUCHED"))
_NO: Final = frozenset((b"NOT_STORED", b"NOT_FOUND", b"EXISTS"))


class Verdict(Answer):
    """Whether it was done."""

    def take(self, word: bytes, rest: bytes) -> int | None:
        """Yes or no; some servers say NOT STORED."""
        said = b"_".join(filter(None, (word, rest)))
        if said not in _YES | _NO:
            raise self.unexpected(word, rest)
        self.done(said in _YES)
        return None


class Number(Answer):
    """A new number, or False where there is none."""

    def take(self, word: bytes, rest: bytes) -> int | None:
        """The number stands alone; a server may pad it with spaces."""
        self.done(word != b"NOT_FOUND" and self.number(word, word, rest))
        return None


class Version(Answer):
    """The version of the server."""

    def take(self, word: bytes, rest: bytes) -> int | None:
        """``VERSION 1.6.18``."""
        if word != b"VERSION":
            raise self.unexpected(word, rest)
        self.done(rest)
        return None


class Stats(Answer):
    """Numbers about the server, by their names."""

    def __init__(self, command: bytes) -> None:
        super().__init__(command)
        self._stats: dict[bytes, bytes] = {}

    def take(self, word: bytes, rest: bytes) -> int | None:
        """``STAT name value``, many times."""
        if word in (b"END", b"RESET"):
            self.done(self._stats)
            return None
        name, _, value = rest.partition(b" ")
        if word != b"STAT" or len(self._stats) >= _MOST_STATS:
            raise self.unexpected(word, rest)
        self._stats[name] = value
        return 0


class Values(Answer):
    """The values of keys, in the form that *present* gives the result."""

    def __init__(
        self,
        command: bytes,
        keys: list[bytes],
        with_cas: bool,
        most: int,
        present: Callable[[dict[bytes, Any]], Any],
    ) -> None:
        super().__init__(command)
        missing: Any = (0, b"", None) if with_cas else (0, None)
        self._values: dict[bytes, Any] = dict.fromkeys(keys, missing)
        self._with_cas = with_cas
        self._most = most
        self._present = present
        # The key, and what stands before the value in the result, of what comes next.
        self._key = b""
        self._head: tuple[Any, ...] = ()

    def take(self, word: bytes, rest: bytes) -> int | None:
        """``VALUE key flags length [cas]``, then the value; ``END`` after the last."""
        if word == b"END":
            self.done(self._present(self._values))
            return None
        fields = rest.split(b" ")
        if (
            word != b"VALUE"
            or len(fields) != 3 + self._with_cas
            or fields[0] not in self._values
        ):
            raise self.unexpected(word, rest)
        flags, size = (self.number(each, word, rest) for each in fields[1:3])
        if size > self._most:
            raise UnexpectedAnswer(f"a value of {size} bytes (of {self._most})")
        self._key = fields[0]
        self._head = (flags, fields[3]) if self._with_cas else (flags,)
        # And the end of the line after it.
        return size + 2

    def value(self, data: bytes) -> None:
        """The value, and the end of its line."""
        if not data.endswith(b"\r\n"):
            raise UnexpectedAnswer(
                f"the value of {self._key!r} does not end where it should"
            )
        self._values[self._key] = (*self._head, data[:-2])
