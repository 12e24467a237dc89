"""Expressions to bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sennit.spread.banana._budgets import DEFAULT_LIMITS, Limits
from sennit.spread.banana._errors import (
    ItemTooLong,
    MessageTooLong,
    NestedTooDeep,
    Unsendable,
)
from sennit.spread.banana._tokens import (
    SMALL_INTS,
    float_token,
    int_token,
    list_token,
    string_token,
)
from sennit.spread.banana._vocabulary import OUTGOING, word_tokens

__all__ = ["NO_TOKENS", "PB_TOKENS", "encode_expression", "too_deep"]

PB_TOKENS: Final[Mapping[bytes, bytes]] = word_tokens(OUTGOING)
"""The vocabulary of the dialect ``pb``, as it is written."""

NO_TOKENS: Final[Mapping[bytes, bytes]] = {}
"""The vocabulary of the dialect ``none``."""


def encode_expression(
    expression: Any,
    tokens: Mapping[bytes, bytes] = NO_TOKENS,
    limits: Limits = DEFAULT_LIMITS,
) -> bytes:
    """Make the bytes of an expression.

    Args:
        expression: Bytes, an integer, a float, or a list or tuple of expressions.
        tokens: The words that have tokens of their own, and these.
        limits: What a message may cost.

    Raises:
        Unsendable: Something in it is of another type.
        ItemTooLong: A string or a list is too long.
        NumberTooLong: An integer is.
        NestedTooDeep: Lists are nested too deep, or endlessly.
        MessageTooLong: All together has too many bytes.
    """
    pieces: list[bytes] = []
    _write(expression, pieces.append, tokens, limits)
    data = b"".join(pieces)
    if len(data) > limits.maxBytes:
        raise MessageTooLong(
            f"a message of {len(data)} bytes is too long to send: "
            f"{limits.maxBytes} are the limit"
        )
    return data


def too_deep(maxDepth: int) -> NestedTooDeep:
    """The error for lists that are nested deeper than so."""
    return NestedTooDeep(f"nested more than {maxDepth} lists deep, or endlessly")


def _write(
    expression: Any,
    add: Callable[[bytes], object],
    tokens: Mapping[bytes, bytes],
    limits: Limits,
) -> None:
    """Write an expression, with a stack of the lists that it is in."""
    items: Iterator[Any] = iter((expression,))
    around: list[Iterator[Any]] = []
    max_item, max_prefix, left = limits.maxItem, limits.maxPrefix, limits.maxDepth
    while True:
        for item in items:
            kind = type(item)
            if kind not in _KINDS:
                item, kind = _plain(item)
            if kind is bytes:
                if item in tokens:
                    add(tokens[item])
                else:
                    if len(item) > max_item:
                        raise _too_long("byte string", len(item), limits)
                    add(string_token(len(item)))
                    add(item)
            elif kind is int:
                add(
                    SMALL_INTS[item]
                    if 0 <= item < 1024
                    else int_token(item, max_prefix)
                )
            elif kind is float:
                add(float_token(item))
            else:
                if len(item) > max_item:
                    raise _too_long(kind.__name__, len(item), limits)
                add(list_token(len(item)))
                if item:
                    if len(around) >= left:
                        raise too_deep(left)
                    around.append(items)
                    items = iter(item)
                    break
        else:
            if not around:
                return
            items = around.pop()


def _too_long(what: str, size: int, limits: Limits) -> ItemTooLong:
    return ItemTooLong(
        f"{what} is too long to send ({size}): {limits.maxItem} is the limit"
    )


def _plain(item: Any) -> tuple[Any, type]:
    """Give the same as an object of one of the types that Banana knows, and the type.

    Raises:
        Unsendable: It is of no class derived from one.
    """
    for kind in _KINDS:
        if isinstance(item, kind):
            return kind(item), kind
    name = f"{type(item).__module__}.{type(item).__qualname__}"
    raise Unsendable(f"Banana cannot send {name} objects: {item!r:.200}")


_KINDS: Final[tuple[Any, ...]] = (bytes, int, list, tuple, float)
