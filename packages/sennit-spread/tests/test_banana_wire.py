"""Banana's bytes: both ways, in any pieces, under limits."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.spread import banana
from sennit.spread.banana import Decoder, Limits, wire

EXPRESSIONS = st.recursive(
    st.integers(-(2**448) + 1, 2**448 - 1)
    | st.integers(-5, 2000)
    | st.binary(max_size=300)
    | st.sampled_from([b"list", b"None", b"uncache"])
    | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=6),
    max_leaves=40,
)

BYTES = {
    "list": ([1, [2], []], b"\x03\x80\x01\x81\x01\x80\x02\x81\x00\x80"),
    "tuple": ((), b"\x00\x80"),
    "string": (b"hello", b"\x05\x82hello"),
    "long string": (b"x" * 300, b"\x2c\x02\x82" + b"x" * 300),
    "zero": (0, b"\x00\x81"),
    "integer": (1025, b"\x01\x08\x81"),
    "greatest integer": (2**31 - 1, b"\x7f\x7f\x7f\x7f\x07\x81"),
    "least integer": (-(2**31), b"\x00\x00\x00\x00\x08\x83"),
    "negative": (-1, b"\x01\x83"),
    "long integer": (2**31, b"\x00\x00\x00\x00\x08\x85"),
    "long negative": (-(2**31) - 1, b"\x01\x00\x00\x00\x08\x86"),
    "float": (1.5, b"\x84?\xf8\x00\x00\x00\x00\x00\x00"),
    "truth": (True, b"\x01\x81"),
}


def decoded(
    pieces: list[bytes],
    words: Any = wire.NO_WORDS,
    limits: Limits = banana.DEFAULT_LIMITS,
) -> list[Any]:
    """Give all that a decoder makes of bytes in pieces."""
    decoder = Decoder(words, limits)
    return [each for piece in pieces for each in decoder.expressions(piece)]


def cut(data: bytes, at: list[int]) -> list[bytes]:
    """Cut bytes in pieces."""
    ends = sorted({each % (len(data) + 1) for each in at} | {0, len(data)})
    return [data[a:b] for a, b in pairwise(ends)]


def outcome(pieces: list[bytes], words: Any, limits: Limits) -> list[Any]:
    """Give all that a decoder makes, and that it has found an error."""
    decoder = Decoder(words, limits)
    made: list[Any] = []
    try:
        for piece in pieces:
            made += decoder.expressions(piece)
    except banana.BananaError:
        made.append("an error")
    return made


@pytest.mark.parametrize("name", BYTES)
def test_each_type_has_its_bytes(name: str) -> None:
    """What every implementation sends for it is what we send, and read."""
    expression, data = BYTES[name]
    assert banana.encode(expression) == data
    made = banana.decode(data)
    assert made == (list(expression) if isinstance(expression, tuple) else expression)


def test_words_are_numbers_in_the_dialect_pb() -> None:
    """Its vocabulary's words take two bytes, and come back as bytes."""
    expression = [b"None", b"list", b"uncache", b"other"]
    data = wire.encode_expression(expression, wire.PB_TOKENS)
    assert data == b"\x04\x80\x01\x87\x08\x87\x1f\x87\x05\x82other"
    assert decoded([data], wire.INCOMING) == [expression]


def test_a_token_without_digits_is_zero() -> None:
    """Other implementations accept a type byte alone."""
    assert decoded([b"\x80\x81\x82\x83\x85"]) == [[], 0, b"", 0, 0]


def test_digits_before_a_float_say_nothing() -> None:
    """They are passed over, as elsewhere."""
    data = b"\x01\x84" + struct.pack("!d", 2.5)
    assert decoded([data]) == [2.5]


@given(EXPRESSIONS, st.lists(st.integers(0, 10_000), max_size=10), st.booleans())
def test_what_is_encoded_comes_back_in_any_pieces(
    expression: Any, at: list[int], is_pb: bool
) -> None:
    """Wherever the bytes are cut, the expressions are the same."""
    tokens = wire.PB_TOKENS if is_pb else wire.NO_TOKENS
    words = wire.INCOMING if is_pb else wire.NO_WORDS
    data = wire.encode_expression(expression, tokens) * 2
    assert decoded(cut(data, at), words) == [expression, expression]


@given(EXPRESSIONS)
def test_byte_by_byte(expression: Any) -> None:
    """A byte at a time makes the same expression, at its last byte."""
    data = banana.encode(expression)
    decoder = Decoder()
    made = [list(decoder.expressions(data[n : n + 1])) for n in range(len(data))]
    assert made == [[]] * (len(data) - 1) + [[expression]]


TOKENS = st.lists(
    st.sampled_from([bytes((n,)) for n in (0, 1, 2, 3, 127, *range(128, 138))])
    | st.binary(max_size=9),
    max_size=40,
).map(b"".join)


@given(TOKENS, st.lists(st.integers(0, 400), max_size=8), st.booleans())
def test_any_bytes_give_expressions_or_a_named_error(
    data: bytes, at: list[int], is_pb: bool
) -> None:
    """And the same ones, wherever they are cut."""
    words = wire.INCOMING if is_pb else wire.NO_WORDS
    limits = Limits(20, 4, 3, 8, 40)
    whole, in_pieces = (
        outcome([data], words, limits),
        outcome(cut(data, at), words, limits),
    )
    assert in_pieces == whole or (
        # A message too long is refused at once, be it what else it may.
        in_pieces[-1:] == ["an error"] and in_pieces[:-1] == whole[: len(in_pieces) - 1]
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"\x88", banana.MalformedBanana),
        (b"\x05\xff", banana.MalformedBanana),
        (b"\x05\x87", banana.UnknownWord),
        (b"\x0b\x82", banana.ItemTooLong),
        (b"\x7f\x7f\x7f\x82", banana.ItemTooLong),
        (b"\x0b\x80", banana.ItemTooLong),
        (b"\x01" * 9, banana.NumberTooLong),
        (b"\x01" * 9 + b"\x81", banana.NumberTooLong),
        (b"\x01\x80" * 4, banana.NestedTooDeep),
        (b"\x02\x80\x09\x80" + b"\x00\x81" * 9 + b"\x0a\x80", banana.TooManyItems),
        (b"\x06\x80" + b"\x08\x82abcdefgh" * 5, banana.MessageTooLong),
    ],
)
def test_what_exceeds_a_limit_is_refused_by_name(
    data: bytes, error: type[Exception]
) -> None:
    """Each limit has its error, be it in one piece or byte by byte."""
    limits = Limits(maxItem=10, maxPrefix=8, maxDepth=3, maxItems=20, maxBytes=50)
    for pieces in ([data], [data[n : n + 1] for n in range(len(data))]):
        with pytest.raises(error) as caught:
            decoded(pieces, limits=limits)
        assert isinstance(caught.value, banana.BananaError)


def test_a_limit_is_reached_but_not_exceeded() -> None:
    """Just as much as is allowed is taken."""
    limits = Limits(maxItem=10, maxPrefix=8, maxDepth=3, maxItems=13, maxBytes=45)
    expression = [[[2**56 - 1, b"0123456789", *[0] * 8]]]
    data = banana.encode(expression, limits=limits)
    assert decoded([data], limits=limits) == [expression]
    assert decoded([data[:9], data[9:]], limits=limits) == [expression]


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        ("text", banana.Unsendable),
        (None, banana.Unsendable),
        ([{}], banana.Unsendable),
        (b"x" * 11, banana.ItemTooLong),
        ([0] * 11, banana.ItemTooLong),
        (2**57, banana.NumberTooLong),
        (-(2**57), banana.NumberTooLong),
        ([[[[1]]]], banana.NestedTooDeep),
        ([b"0123456789"] * 5, banana.MessageTooLong),
    ],
)
def test_what_the_other_side_would_refuse_is_not_encoded(
    expression: Any, error: type[Exception]
) -> None:
    """The limits hold for what is sent, too."""
    limits = Limits(maxItem=10, maxPrefix=8, maxDepth=3, maxItems=20, maxBytes=50)
    with pytest.raises(error):
        banana.encode(expression, limits=limits)


def test_depth_is_an_error_of_ours_and_never_of_the_stack() -> None:
    """Ten thousand lists in each other, or a list in itself, are refused by name."""
    deep: list[Any] = []
    for _ in range(10_000):
        deep = [deep]
    endless: list[Any] = []
    endless.append(endless)
    for expression in (deep, endless):
        with pytest.raises(banana.NestedTooDeep):
            banana.encode(expression)
    with pytest.raises(banana.NestedTooDeep):
        banana.decode(b"\x01\x80" * 10_000)


def test_as_deep_as_allowed_needs_no_stack() -> None:
    """A thousand levels are read and written from deep within other calls."""
    expression: list[Any] = []
    for _ in range(banana.DEFAULT_LIMITS.maxDepth):
        expression = [expression]

    def from_below(levels: int) -> Any:
        if levels:
            return from_below(levels - 1)
        return banana.decode(banana.encode(expression))

    inner, levels = from_below(800), 0
    while inner:
        (inner,) = inner
        levels += 1
    assert levels == banana.DEFAULT_LIMITS.maxDepth


def test_subclasses_go_as_what_they_are_derived_from() -> None:
    """A named number is a number, and a list of another class a list."""

    class Number(int): ...

    class Real(float): ...

    class Name(bytes): ...

    class Row(list[Any]): ...

    expression = Row([Number(3), Real(0.5), Name(b"x")])
    assert banana.decode(banana.encode(expression)) == [3, 0.5, b"x"]


def test_decode_wants_one_expression_and_all_of_it() -> None:
    """Too few bytes and too many are errors."""
    with pytest.raises(banana.Incomplete):
        banana.decode(b"\x02\x80\x01\x81")
    with pytest.raises(banana.MalformedBanana):
        banana.decode(b"\x01\x81\x01\x81")


def test_a_long_string_in_small_pieces_is_copied_once() -> None:
    """The decoder waits for the whole of it, and joins it then."""
    data = banana.encode(b"x" * 100_000)
    decoder = Decoder()
    for at in range(0, len(data) - 10, 10):
        assert list(decoder.expressions(data[at : at + 10])) == []
        assert len(decoder._data) <= 10
    assert list(decoder.expressions(data[at + 10 :])) == [b"x" * 100_000]


def test_whoever_stops_between_two_expressions_may_change_the_dialect() -> None:
    """What follows is read by the words that the decoder has then."""
    decoder = Decoder()
    for expression in decoder.expressions(b"\x02\x82pb\x08\x87"):
        assert expression == b"pb"
        break
    decoder.words = wire.INCOMING
    assert list(decoder.expressions()) == [b"list"]
    assert decoder.rest == b""


@given(st.integers(0, 2**500))
def test_numbers_in_digits_of_seven_bits(number: int) -> None:
    """`int2b128` and `b1282int` are each other's inverse."""
    digits: list[bytes] = []
    banana.int2b128(number, digits.append)
    assert all(len(digit) == 1 and digit < b"\x80" for digit in digits)
    assert banana.b1282int(b"".join(digits)) == number


def test_digits_have_no_sign() -> None:
    """A negative number cannot be written so."""
    with pytest.raises(ValueError, match="sign"):
        banana.int2b128(-1, lambda digit: None)
