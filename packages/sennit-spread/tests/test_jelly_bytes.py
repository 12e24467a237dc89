"""Objects straight to bytes and back: the same as by way of expressions."""

from __future__ import annotations

import enum
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.spread import banana, jelly
from sennit.spread.banana import Limits, wire
from sennit.spread.jelly import SecurityOptions, globalSecurity

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**448) + 1, 2**448 - 1)
    | st.integers(-200, 20_000)
    | st.floats(allow_nan=False)
    | st.text(max_size=200)
    | st.binary(max_size=200)
    | st.sampled_from(["list", b"list", b"None", "None"]),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=40) | st.integers(), inner, max_size=5)
    ),
    max_leaves=40,
)

PB = jelly.writing(b"pb")


def long_way(obj: Any, tokens: Any = wire.PB_TOKENS, **options: Any) -> bytes:
    """Make bytes by way of the expression."""
    return wire.encode_expression(jelly.jelly(obj, **options), tokens)


@given(PLAIN)
def test_plain_objects_become_the_same_bytes_and_come_back(value: Any) -> None:
    """In both dialects; in that of Perspective Broker, without an expression."""
    data = jelly.jellyToBytes(value, globalSecurity, form=PB)
    assert data == long_way(value)
    assert jelly.jellyToBytes(value) == long_way(value, wire.NO_TOKENS)
    found = jelly.plainFromBytes(data, 0, globalSecurity)
    if b"\x04\x87" in data:
        # A reference, or a byte string that is like one.
        (expression,) = banana.Decoder(wire.INCOMING).expressions(data)
        assert jelly.unjelly(expression, globalSecurity) == value
        return
    assert found == (value, len(data))
    assert repr(found[0]) == repr(value)


@given(PLAIN, st.integers(0, 50))
def test_a_part_of_the_bytes_is_nothing_yet(value: Any, cut: int) -> None:
    """What is not complete is left alone, and so is what comes before it."""
    data = jelly.jellyToBytes(value, globalSecurity, form=PB)
    assert jelly.plainFromBytes(
        data[: max(0, len(data) - 1 - cut)], 0, globalSecurity
    ) is (None)


@given(
    st.binary(max_size=60),
    st.lists(st.sampled_from([0x80, 0x81, 0x82, 0x87, 1, 2, 5, 8])),
)
def test_any_bytes_are_plain_or_not(some: bytes, more: list[int]) -> None:
    """Whatever the bytes are, the short way ends well, and agrees with the long one."""
    data = bytes(more) + some
    found = jelly.plainFromBytes(data, 0, globalSecurity)
    if found is None:
        return
    made, end = found
    (expression,) = banana.Decoder(wire.INCOMING).expressions(data[:end])
    assert repr(made) == repr(jelly.unjelly(expression, globalSecurity))


def test_an_object_behind_others_is_found_by_its_index() -> None:
    """A message has several; each ends where the next begins."""
    data = b"".join(jelly.jellyToBytes(each, form=PB) for each in ((1,), {"a": "b"}, 5))
    first = jelly.plainFromBytes(data, 0, globalSecurity)
    assert first is not None
    second = jelly.plainFromBytes(data, first[1], globalSecurity)
    assert second is not None
    assert (first[0], second[0]) == ((1,), {"a": "b"})
    assert jelly.plainFromBytes(data, second[1], globalSecurity) == (5, len(data))


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x80\x05\x87",
        b"\x80",
        b"\x05\x02\x80\x07\x82unicode\x01\x82x",
        b"\x03\x80\x07\x82unicode\x01\x82x\x01\x82y",
        b"\x02\x80\x07\x82unicode\x01\x81",
        b"\x02\x80\x07\x82unicode\x01\x82\xff",
        b"\x02\x80\x05\x87\x03\x80\x01\x81\x01\x81\x01\x81",
        b"\x02\x80\x05\x87\x02\x80\x01\x80\x08\x87\x01\x81",
        b"\x02\x80\x01\x87\x01\x81",
        b"\x7f\x87",
        b"\x02\x80\x03\x87\x01\x81",
        b"\x01" * 70 + b"\x81",
        b"\x01\x80\x08\x88",
    ],
)
def test_what_is_no_plain_jelly_is_left_to_the_long_way(data: bytes) -> None:
    """That one knows what is wrong with it."""
    assert jelly.plainFromBytes(data, 0, globalSecurity) is None


def test_the_short_way_asks_the_security_options() -> None:
    """Those of a subclass as well."""
    data = jelly.jellyToBytes([1], form=PB)
    assert jelly.plainFromBytes(data, 0, SecurityOptions()) is None

    class Picky(SecurityOptions):
        def isTypeAllowed(self, typeName: str | bytes) -> bool:
            return typeName != b"tuple"

    assert jelly.plainFromBytes(data, 0, Picky()) is None
    assert jelly.plainFromBytes(data, 0, jelly.DummySecurityOptions()) == (
        [1],
        len(data),
    )


def test_the_short_way_keeps_the_limits() -> None:
    """By leaving what may exceed one to the long way."""
    deep: Any = 1
    for _ in range(40):
        deep = [deep]
    data = jelly.jellyToBytes(deep, form=PB)
    assert jelly.plainFromBytes(data, 0, globalSecurity) is not None
    small = Limits(maxDepth=20)
    assert jelly.plainFromBytes(data, 0, globalSecurity, small) is None
    data = jelly.jellyToBytes(b"x" * 300, form=PB)
    assert jelly.plainFromBytes(data, 0, globalSecurity, Limits(maxItem=200)) is None
    many = {n * (2**61 - 1): 1 for n in range(1000)}
    data = jelly.jellyToBytes(many, form=PB)
    assert jelly.plainFromBytes(data, 0, globalSecurity) is None


class Copied(jelly.Jellyable):
    """Makes its expression itself, and contains others."""

    def __init__(self, *parts: Any) -> None:
        self.parts = list(parts)


class Lent(jelly.Jellyable):
    """Goes as a number, and is not remembered."""

    def jellyFor(self, jellier: Any) -> Any:
        return [b"remote", jellier.invoker]


class Plain:
    """An instance like any."""


class Colour(enum.IntEnum):
    """A number of another class."""

    RED = 1


def test_rare_objects_become_the_same_bytes() -> None:
    """Shared with plain ones in all ways, and within themselves."""
    shared, pair = [1], (2, 3)
    copied = Copied(shared, pair, "text")
    copied.parts += [copied, {"me": copied}]
    plain = Plain()
    plain.__dict__.update(shared=shared, me=plain, copied=copied)
    objects = [
        *(copied, shared, pair, {"x": copied, "y": plain}, Lent(), Lent()),
        *(plain, plain, Plain, len, (), (), {1, 2}, frozenset([pair]), [pair]),
        *(None, True, 2**70, -1, 0.5, "list", b"list", {(1, 2): {3: [copied]}}),
    ]
    for taster in (jelly.DummySecurityOptions(), globalSecurity):
        expected = long_way(objects, taster=taster, invoker=7)
        assert jelly.jellyToBytes(objects, taster, None, 7, form=PB) == expected
    assert jelly.jellyToBytes(copied, form=PB) == long_way(copied)
    assert jelly.jellyToBytes(plain, form=PB) == long_way(plain)


def test_what_is_deeper_than_the_stack_becomes_the_same_bytes() -> None:
    """As deep as is allowed, with references to what is above and below."""
    top: list[Any] = []
    deep: Any = [top]
    for level in range(300):
        deep = [deep] if level % 3 else {"next": deep}
    top += [deep, deep]
    assert jelly.jellyToBytes(top, form=PB) == long_way(top)


GRAPH_PARTS = st.lists(
    st.tuples(st.sampled_from("ldtcp"), st.lists(st.integers(0, 20), max_size=4)),
    max_size=10,
)


@given(GRAPH_PARTS)
def test_any_graph_becomes_the_same_bytes(graph: list[tuple[str, list[int]]]) -> None:
    """References are numbered alike, whoever writes what."""
    objects: list[Any] = []
    for kind, parts in graph:
        earlier = tuple(objects[part % len(objects)] for part in parts if objects)
        kinds = {"l": [], "d": {}, "t": earlier, "c": Copied(), "p": Plain()}
        objects.append(kinds[kind])
    for made, (kind, parts) in zip(objects, graph, strict=True):
        inner = [objects[part % len(objects)] for part in parts]
        if kind == "l":
            made.extend(inner)
        elif kind == "d":
            made.update(enumerate(inner))
        elif kind != "t":
            made.parts = inner
    assert jelly.jellyToBytes(objects, form=PB) == long_way(objects)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("x" * 11, banana.ItemTooLong),
        (b"x" * 11, banana.ItemTooLong),
        ([0] * 10, banana.ItemTooLong),
        (dict.fromkeys(range(10), 0), banana.ItemTooLong),
        (2**57, banana.NumberTooLong),
        ([[[[1]]]], banana.NestedTooDeep),
        ([{1: {}}], banana.NestedTooDeep),
        (["0123456789"] * 4, banana.MessageTooLong),
        ("\ud800", banana.Unsendable),
        ([Colour.RED], banana.Unsendable),
        ([object()], banana.Unsendable),
    ],
)
def test_what_the_other_side_would_refuse_is_not_made(
    value: Any, error: type[Exception]
) -> None:
    """The limits hold, and what cannot travel is an error if that is wanted."""
    limits = Limits(maxItem=10, maxPrefix=8, maxDepth=3, maxItems=20, maxBytes=90)
    form = jelly.writing(b"pb", limits)
    with pytest.raises(error):
        jelly.jellyToBytes(value, globalSecurity, form=form, strict=True)


def test_just_what_is_allowed_is_made() -> None:
    """One less of each is no error."""
    limits = Limits(maxItem=11, maxPrefix=8, maxDepth=4)
    form = jelly.writing(b"pb", limits)
    for value in (
        ["x" * 11],
        [0] * 10,
        dict.fromkeys(range(10), 0),
        [2**56 - 1],
        [{1: 2}],
    ):
        assert jelly.jellyToBytes(value, form=form) == long_way(value)


def test_names_are_kept_but_not_without_end() -> None:
    """Keys of dictionaries are: so many, and none that is long."""
    form = jelly.Writing({}, banana.DEFAULT_LIMITS)
    for n in range(3000):
        jelly.jellyToBytes({f"key {n}": 1, "x" * 100 + str(n): 2}, form=form)
    assert len(form.names) == 1024
    assert all(len(name) < 40 for name in form.names)
