"""Calls and answers out of bytes, without the expressions in between.

They are read by index over the chunk. Whatever is not plain in one, or not all there, or
wrong, is left to the way by expressions, which knows everything; until then nothing has
happened that would count twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sennit.spread.banana.wire import INCOMING, PB_TOKENS, SMALL_INTS, list_token
from sennit.spread.jelly import plainFromBytes

if TYPE_CHECKING:
    from sennit.spread.pb._broker import Broker
    from sennit.spread.pb._tables import LUID

__all__ = ["Incoming"]

_CALL: Final = list_token(7) + PB_TOKENS[b"message"]
_ANSWER: Final = list_token(3) + PB_TOKENS[b"answer"]
_NO_ARGS: Final = list_token(1) + PB_TOKENS[b"tuple"]
_ONE_ARG: Final = list_token(2) + PB_TOKENS[b"tuple"]
_NO_KW: Final = list_token(1) + PB_TOKENS[b"dictionary"]
_WANTED: Final = (SMALL_INTS[0], SMALL_INTS[1])

# Type bytes.
_INTEGER: Final = 0x81
_STRING: Final = 0x82
_WORD: Final = 0x87

# What plain objects are that are none: nothing, where there is nothing.
_NONE: Final = (None, -1)

# Bits of a number that is read here.
_LONGEST: Final = 28


class Incoming:
    """Reads the calls and answers of one connection, in the dialect ``pb``."""

    __slots__ = ("_broker", "_last_call", "_limits", "_longest", "_objects")

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._objects = broker.lent.objects
        limits = self._limits = broker.limits
        # In so few bytes no limit is broken but that of depth.
        self._longest = min(limits.maxItems, limits.maxBytes)
        # What was between number and arguments in the last call, and what it meant.
        self._last_call: tuple[bytes, LUID, bytes, int] = (b"\0", 0, b"", 0)

    def take(self, data: bytes, at: int) -> int:
        """Take the calls and answers that are plain, up to a message that is not.

        Args:
            data: A chunk.
            at: Where a message begins in it.

        Returns:
            Where the first begins that must go the long way; the end, if none must.

        Raises:
            TooManyCalls: More calls wait for an answer than may.
            ProtocolError: An answer has come to what was not asked.
        """
        size = len(data)
        if size > self._longest:
            return at
        broker = self._broker
        while at < size and not broker.disconnected and not broker.is_held:
            word = data[at : at + 4]
            if word == _CALL:
                end = self._take_call(data, at + 4)
            elif word == _ANSWER:
                end = self._take_answer(data, at + 4)
            else:
                break
            if not end:
                break
            at = end
        return at

    def _take_call(self, data: bytes, at: int) -> int:
        """Read a call and have it answered; 0 if it must go the long way."""
        try:
            request = data[at]
            if request < 128 and data[at + 1] == _INTEGER:
                at += 2
            else:
                request, at = _number(data, at)
            begin, luid, name, wants = self._last_call
            if data.startswith(begin, at):
                at += len(begin)
            else:
                luid, name, wants, at = self._read_target(data, at)
            # KeyError: there is no such object. AttributeError: no such method, or this
            # kind of object has its methods found otherwise.
            found = self._objects[luid].object.pb_method(name)
            if found is None:
                return 0
            begin = data[at : at + 4]
            args: Any
            if begin == _NO_ARGS:
                args = ()
                at += 4
            elif begin == _ONE_ARG and data[at + 5] == _INTEGER and data[at + 4] < 128:
                args = (data[at + 4],)
                at += 6
            else:
                args, at = (
                    plainFromBytes(data, at, self._broker.security, self._limits)
                    or _NONE
                )
            kw: Any = {}
            if data[at : at + 4] == _NO_KW:
                at += 4
            else:
                kw, at = (
                    plainFromBytes(data, at, self._broker.security, self._limits)
                    or _NONE
                )
                if kw.__class__ is not dict or not all(type(key) is str for key in kw):
                    return 0
            if args.__class__ is not tuple:
                return 0
        except (LookupError, AttributeError):
            return 0
        self._broker.answers.call(found, request, name, wants, args, kw)
        return at

    def _take_answer(self, data: bytes, at: int) -> int:
        """Read an answer and fire what waits for it; 0 if it must go the long way."""
        try:
            request = data[at]
            if request < 128 and data[at + 1] == _INTEGER:
                at += 2
            else:
                request, at = _number(data, at)
            result: Any = data[at]
            if result < 128 and data[at + 1] == _INTEGER:
                at += 2
            else:
                made = plainFromBytes(data, at, self._broker.security, self._limits)
                if made is None:
                    return 0
                result, at = made
        except LookupError:
            return 0
        self._broker.calls.answered_plainly(request, result)
        return at

    def _read_target(self, data: bytes, at: int) -> tuple[LUID, bytes, int, int]:
        """Read which method of which object is called, and whether an answer is wanted.

        Raises:
            LookupError: It is not all there, or not as it mostly is.
        """
        begin = at
        luid: LUID = data[at]
        size = data[at]
        if data[at + 1] == _STRING:
            luid = data[at + 2 : at + 2 + size]
            at += 2 + size
        else:
            luid, at = _number(data, at)
        size = data[at]
        if data[at + 1] == _STRING:
            name = data[at + 2 : at + 2 + size]
            at += 2 + size
        elif data[at + 1] == _WORD:
            name = INCOMING[size]
            at += 2
        else:
            raise LookupError
        wants = data[at : at + 2]
        if wants not in _WANTED:
            raise LookupError
        at += 2
        self._last_call = (data[begin:at], luid, name, _WANTED.index(wants))
        return luid, name, _WANTED.index(wants), at


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Read an integer: it, and the index behind.

    One that is too long is no request and no object, so nobody looks at it here.

    Raises:
        LookupError: It is none, or too long, or not all there.
    """
    number = shift = 0
    while (digit := data[at]) < 128:
        number |= digit << shift
        shift += 7
        at += 1
    if digit != _INTEGER or not 0 < shift <= _LONGEST:
        raise LookupError
    return number, at + 1
