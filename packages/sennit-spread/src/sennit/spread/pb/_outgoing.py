"""Calls and answers to bytes, without the expressions in between.

They are nearly all that goes over a connection, and most of them carry plain values. So
the beginning of each is put together from what was prepared, and its values are written
straight as bytes behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sennit.spread.banana import MessageTooLong
from sennit.spread.banana.wire import SMALL_INTS, int_token, list_token
from sennit.spread.jelly import jellyToBytes, writing

if TYPE_CHECKING:
    from sennit.spread.pb._broker import Broker
    from sennit.spread.pb._tables import LUID

__all__ = ["Outgoing"]

# The same methods are called again and again: so many are kept as they are written.
_MOST_TARGETS: Final = 1024

# The type byte of an integer.
_INTEGER: Final = 0x81


class Outgoing:
    """Writes the calls and answers of one connection, once the dialect is chosen."""

    __slots__ = (
        "_answer",
        "_broker",
        "_form",
        "_heads",
        "_max_bytes",
        "_no_kw",
        "_single",
        "_targets",
        "_words",
    )

    def __init__(self, broker: Broker, dialect: bytes) -> None:
        """Prepare what messages begin with.

        Args:
            broker: It sends them.
            dialect: In which they are written.
        """
        self._broker = broker
        form = self._form = writing(dialect, broker.limits)
        self._single = form.single
        self._heads = form.heads[tuple]
        self._answer = list_token(3) + form.word(b"answer")
        self._no_kw = list_token(1) + form.word(b"dictionary")
        self._words = {
            word: list_token(7) + form.word(word)
            for word in (b"message", b"cachemessage")
        }
        self._targets: dict[tuple[LUID, str | bytes, int], bytes] = {}
        self._max_bytes = broker.limits.maxBytes

    def send_call(
        self,
        word: bytes,
        request: int,
        luid: LUID,
        name: str | bytes,
        wants: int,
        perspective: Any,
        args: tuple[Any, ...],
        kw: dict[str, Any],
    ) -> None:
        """Send a call.

        Raises:
            BananaError: Something cannot travel, or breaks a limit. Nothing was sent.
        """
        single, heads, size = self._single, self._heads, len(args)
        pieces = [
            self._words[word],
            SMALL_INTS[request] if request < 1024 else _request(request),
            self._targets.get((luid, name, wants)) or self._target(luid, name, wants),
            heads[size] if size < len(heads) else self._form.head(tuple, size),
        ]
        if not kw:
            try:
                pieces += [single[type(each)](each) for each in args]
            except KeyError:
                # It is no single value.
                del pieces[4:]
            else:
                pieces.append(self._no_kw)
                self._send(b"".join(pieces))
                return
        pieces.pop()
        self._send_made(pieces, perspective, args, kw)

    def send_answer(self, request: int, result: Any, perspective: Any) -> None:
        """Send a result.

        Raises:
            BananaError: Something cannot travel, or breaks a limit. Nothing was sent.
        """
        pieces = [
            self._answer,
            SMALL_INTS[request] if request < 1024 else _request(request),
        ]
        write = self._single.get(type(result))
        if write is not None:
            pieces.append(write(result))
            self._send(b"".join(pieces))
        else:
            self._send_made(pieces, perspective, result)

    def _send_made(self, pieces: list[bytes], perspective: Any, *objects: Any) -> None:
        """Send a message that ends with objects, which may lend something."""
        broker, form = self._broker, self._form
        security = broker.security
        outer = broker.begin_message(perspective)
        behind: list[bytes] = []
        try:
            pieces += [
                jellyToBytes(each, security, None, broker, form=form, strict=True)
                for each in objects
            ]
            data = b"".join(pieces)
            self._check(data)
        except BaseException:
            broker.take_back()
            behind = broker.end_message(outer)
            raise
        else:
            behind = broker.end_message(outer)
            broker.sendBytes(data)
        finally:
            for message in behind:
                broker.sendBytes(message)

    def _check(self, data: bytes) -> None:
        if len(data) > self._max_bytes:
            raise MessageTooLong(
                f"a message of {len(data)} bytes is too long to send: "
                f"{self._max_bytes} are the limit"
            )

    def _send(self, data: bytes) -> None:
        if len(data) > self._max_bytes:
            self._check(data)
        self._broker.sendBytes(data)

    def _target(self, luid: LUID, name: str | bytes, wants: int) -> bytes:
        """Write which method of which object is called, and whether it is to answer."""
        write = self._single[bytes]
        octets = name.encode() if isinstance(name, str) else name
        written = b"".join(
            (
                self._single[type(luid)](luid),
                write(octets),
                SMALL_INTS[wants],
            )
        )
        if len(self._targets) < _MOST_TARGETS:
            self._targets[luid, name, wants] = written
        return written


def _request(number: int) -> bytes:
    """Write a number as there are many."""
    if number < 2**14:
        return bytes((number & 127, number >> 7, _INTEGER))
    if number < 2**21:
        return bytes((number & 127, number >> 7 & 127, number >> 14, _INTEGER))
    return int_token(number, 64)
