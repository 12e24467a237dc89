"""Banana and Jelly beside real Twisted's: the same bytes, and the same objects of them."""

from __future__ import annotations

import datetime
import decimal
import importlib.util
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from sennit.core.testing import StringTransport
from sennit.spread import banana, jelly
from sennit.spread.banana import wire

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("twisted") is None,
    reason="Twisted is not installed: nox -s integration has it",
)

EXPRESSIONS = st.recursive(
    st.integers(-(2**447) + 1, 2**447 - 1)
    | st.integers(-5, 20_000)
    | st.sampled_from([2**31 - 1, 2**31, -(2**31), -(2**31) - 1])
    | st.binary(max_size=300)
    | st.sampled_from(sorted(wire.OUTGOING))
    | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=6),
    max_leaves=40,
)

SINGLE = (
    st.none()
    | st.booleans()
    | st.integers(-(2**447) + 1, 2**447 - 1)
    | st.integers(-5, 20_000)
    | st.floats(allow_nan=False)
    | st.text(max_size=200)
    | st.binary(max_size=200)
    | st.sampled_from(["list", b"list"])
    | st.dates()
    | st.times()
    | st.datetimes()
    | st.timedeltas()
    | st.decimals(
        decimal.Decimal(-1000),
        decimal.Decimal(1000),
        allow_nan=False,
        allow_infinity=False,
        places=3,
    )
)
KEYS = st.text(max_size=30) | st.integers() | st.binary(max_size=9)
VALUES = st.recursive(
    SINGLE,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.sets(KEYS, max_size=3)
        | st.frozensets(KEYS, max_size=3)
    ),
    max_leaves=25,
)


class Thing:
    """An object of both."""


def theirs() -> tuple[Any, Any]:
    """Give Twisted's modules."""
    return (
        importlib.import_module("twisted.spread.banana"),
        importlib.import_module("twisted.spread.jelly"),
    )


def connected(isClient: bool) -> tuple[Any, StringTransport]:
    """Give a Banana of Twisted's that keeps what it is told, and its transport."""
    their_banana, _ = theirs()
    peer, transport = their_banana.Banana(isClient), StringTransport()
    peer.got = []
    peer.expressionReceived = peer.got.append
    peer.connectionReady = lambda: None
    peer.makeConnection(transport)
    return peer, transport


class Ours(banana.Banana):
    """Keeps what it is told."""

    def __init__(self, isClient: bool = True) -> None:
        super().__init__(isClient)
        self.got: list[Any] = []

    def expressionReceived(self, lst: Any) -> None:
        self.got.append(lst)


@given(EXPRESSIONS)
def test_expressions_become_the_same_bytes(expression: Any) -> None:
    """And both make the same of these."""
    their_banana, _ = theirs()
    data = banana.encode(expression)
    assert data == their_banana.encode(expression)
    assert banana.decode(data) == their_banana.decode(data) == expression


@settings(max_examples=50)
@given(EXPRESSIONS, st.booleans())
def test_a_connection_carries_them_both_ways(expression: Any, serves: bool) -> None:
    """With the dialect that the two agree on, and its vocabulary."""
    ours, our_transport = Ours(not serves), StringTransport()
    ours.makeConnection(our_transport)
    their, their_transport = connected(serves)
    for _ in range(2):
        for one, other in ((ours, their_transport), (their, our_transport)):
            if data := other.value():
                other.clear()
                one.dataReceived(data)
    assert ours.currentDialect == their.currentDialect == b"pb"
    ours.sendEncoded(expression)
    their.sendEncoded(expression)
    assert our_transport.value() == their_transport.value()
    their.dataReceived(our_transport.value())
    ours.dataReceived(their_transport.value())
    assert ours.got == their.got == [expression]


@given(VALUES)
def test_objects_become_the_same_bytes(value: Any) -> None:
    """By our two ways and their one; and both make the same objects of them."""
    their_banana, their_jelly = theirs()
    data = jelly.jellyToBytes(value, jelly.globalSecurity)
    expression = their_jelly.jelly(value, their_jelly.globalSecurity)
    assert data == their_banana.encode(expression)
    assert jelly.jelly(value) == expression
    assert jelly.unjelly(expression, jelly.globalSecurity) == value
    got = their_jelly.unjelly(their_banana.decode(data), their_jelly.globalSecurity)
    assert got == value


GRAPHS = st.lists(
    st.tuples(st.sampled_from("ldtp"), st.lists(st.integers(0, 20), max_size=4)),
    min_size=1,
    max_size=10,
)


def built(graph: list[tuple[str, list[int]]], has_circles: bool) -> list[Any]:
    """Make lists, dictionaries, tuples and instances that contain each other."""
    objects: list[Any] = []
    for kind, parts in graph:
        earlier = [objects[part % len(objects)] for part in parts if objects]
        kinds = {"l": [], "d": {}, "t": tuple(earlier), "p": Thing()}
        objects.append(kinds[kind])
        if not has_circles:
            fill(objects[-1], earlier)
    for made, (_, parts) in zip(objects, graph, strict=True):
        if has_circles:
            fill(made, [objects[part % len(objects)] for part in parts])
    return objects


def fill(made: Any, parts: list[Any]) -> None:
    """Have an object contain others, if that is still possible."""
    if isinstance(made, list):
        made.extend(parts)
    elif isinstance(made, dict):
        made.update(enumerate(parts))
    elif isinstance(made, Thing):
        vars(made)["parts"] = parts


@given(GRAPHS, st.booleans())
def test_graphs_become_the_same_bytes(
    graph: list[tuple[str, list[int]]], has_circles: bool
) -> None:
    """What is shared has the same numbers; and both make the same graph of them."""
    their_banana, their_jelly = theirs()
    objects = built(graph, has_circles)
    expression = their_jelly.jelly(objects)
    assert jelly.jelly(objects) == expression
    data = jelly.jellyToBytes(objects)
    assert data == their_banana.encode(expression)
    again = jelly.unjelly(banana.decode(data))
    assert their_banana.encode(their_jelly.jelly(again)) == data
    # Twisted cannot read each circle with a tuple in it that it has written.
    if not has_circles:
        again = their_jelly.unjelly(their_banana.decode(data))
        assert jelly.jellyToBytes(again) == data


def test_what_is_not_allowed_is_refused_alike() -> None:
    """An instance becomes the same, and comes back as what cannot travel."""
    _, their_jelly = theirs()
    expression = their_jelly.jelly([Thing(), 5], their_jelly.globalSecurity)
    assert jelly.jelly([Thing(), 5], jelly.globalSecurity) == expression
    lost, _ = jelly.unjelly(expression, jelly.globalSecurity)
    assert isinstance(lost, jelly.Unpersistable)
    lost, _ = their_jelly.unjelly(expression, their_jelly.globalSecurity)
    assert isinstance(lost, their_jelly.Unpersistable)


@pytest.mark.parametrize(
    "value",
    [Thing, [Thing, Thing], datetime.date, dict],
    ids=["class", "twice", "date", "dict"],
)
def test_classes_go_both_ways(value: Any) -> None:
    """By name."""
    their_banana, their_jelly = theirs()
    data = jelly.jellyToBytes(value)
    assert data == their_banana.encode(their_jelly.jelly(value))
    assert their_jelly.unjelly(their_banana.decode(data)) == value
    assert jelly.unjelly(banana.decode(data)) == value
