"""What brokers say to each other: the shapes of their messages.

    version          number                                what the sender speaks: 6
    message          request object method wants args kw   call a method of an object
    cachemessage     request cache method wants args kw    call a method of a cache
    answer           request result                        to the request of this number
    error            request failure                       likewise
    decref           object                                one reference has died
    decache          cache                                 one cache has died
    uncache          cache                                 it was the last; forget it
    didNotUnderstand word                                  what is that?

``wants`` is 1 if an answer is wanted, else 0. Two more are said between peers that both
are ours, once they know it of each other (`_extensions`):

    extensions       word ...                              what the sender also speaks
    cancel           request                               nobody waits for this any more
"""

from __future__ import annotations

from typing import Any, Final

from sennit.spread.pb._errors import ProtocolError

__all__ = ["EXTENSIONS", "MARK", "VERSION", "checked"]

VERSION: Final = 6
"""The only version of the protocol that was ever spoken."""

MARK: Final = b"sennit"
"""Stands among a server's dialects, behind those that can be chosen, to tell that it
knows ``extensions``. A classic client passes over it."""

EXTENSIONS: Final = frozenset({b"cancel"})
"""What may be said besides, if both sides have told that they know it."""

_NUMBER: Final = (int,)
_LUID: Final = (int, bytes)
_NAME: Final = (bytes,)
_JELLY: Final = (list, bytes, int, float)

_CALL: Final = (_NUMBER, _LUID, _NAME, _NUMBER, _JELLY, _JELLY)

_SHAPES: Final[dict[bytes, tuple[tuple[type, ...], ...]]] = {
    b"version": (_NUMBER,),
    b"message": _CALL,
    b"cachemessage": _CALL,
    b"answer": (_NUMBER, _JELLY),
    b"error": (_NUMBER, _JELLY),
    b"decref": (_LUID,),
    b"decache": (_LUID,),
    b"uncache": (_LUID,),
    b"didNotUnderstand": (_NAME,),
    b"cancel": (_NUMBER,),
}


def checked(expression: Any) -> tuple[bytes, list[Any]] | None:
    """Take a message apart.

    Returns:
        Its word, and what follows; None if the word is not known.

    Raises:
        ProtocolError: It has another shape than its word demands.
    """
    if type(expression) is not list or not expression:
        raise ProtocolError(f"a message is a list, not {_shown(expression)}")
    word, *fields = expression
    if type(word) is not bytes:
        raise ProtocolError(f"a message begins with a word, not {_shown(word)}")
    if word == b"extensions":
        fits = all(type(field) is bytes for field in fields)
    elif word in _SHAPES:
        shape = _SHAPES[word]
        fits = len(fields) == len(shape) and all(
            type(field) in kinds for field, kinds in zip(fields, shape, strict=True)
        )
    else:
        return None
    if not fits:
        raise ProtocolError(f"{word.decode()!r} is said otherwise: {_shown(fields)}")
    return word, fields


def _shown(thing: Any) -> str:
    text = repr(thing) if not isinstance(thing, list) else repr(thing[:8])
    return text if len(text) <= 200 else f"{text[:200]}…"
