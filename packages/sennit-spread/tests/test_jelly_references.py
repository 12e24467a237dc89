"""One object stays one, wherever it stands; and depth is bounded by name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.spread import banana, jelly
from sennit.spread.jelly import globalSecurity


class Node:
    """Refers to another."""

    next: Any = None


def again(obj: Any) -> Any:
    """Send an object to where it came from."""
    data = banana.encode(jelly.jelly(obj))
    assert jelly.jellyToBytes(obj) == data
    return jelly.unjelly(banana.decode(data))


def test_a_shared_object_is_sent_once() -> None:
    """Where it is for the second time there is its number, and the first is marked."""
    shared = [1]
    expression = jelly.jelly([shared, shared, (shared,)])
    assert expression == [
        b"list",
        [b"reference", 1, [b"list", 1]],
        [b"dereference", 1],
        [b"tuple", [b"dereference", 1]],
    ]
    first, second, (third,) = jelly.unjelly(expression)
    assert first is second is third


def test_numbers_are_given_in_the_order_in_which_objects_come_again() -> None:
    """As other implementations do."""
    first, second = [1], [2]
    expression = jelly.jelly([first, second, second, first])
    assert expression[1][:2] == [b"reference", 2]
    assert expression[2][:2] == [b"reference", 1]


@pytest.mark.parametrize("kind", [list, tuple, dict, set, frozenset])
def test_collections_of_each_kind_are_shared(kind: Any) -> None:
    """So are instances."""
    shared = kind([(1, 2)])
    for one in (shared, Node()):
        first, second = again([one, one])
        assert first is second
        assert type(first) is type(one)


def test_values_are_not_shared() -> None:
    """Text, bytes and numbers are cheaper than references to them."""
    text, data, number = "a" * 100, b"b" * 100, 10**50
    expression = jelly.jelly([text, text, data, data, number, number])
    assert expression[1::2] == expression[2::2]


def test_objects_may_contain_themselves() -> None:
    """Lists, dictionaries and instances; and tuples that are in them."""
    endless: list[Any] = []
    endless += [endless, (endless,), {1: endless}]
    made = again(endless)
    assert made[0] is made[1][0] is made[2][1] is made

    node = Node()
    node.next = {"me": (node, [node])}
    made = again(node)
    assert made.next["me"][0] is made.next["me"][1][0] is made

    pair: tuple[list[Any], int] = ([], 5)
    pair[0].append(pair)
    made = again(pair)
    assert type(made) is tuple
    assert made[0][0] is made


def test_a_tuple_in_its_own_dictionary_is_complete_at_the_end() -> None:
    """As a value, and as a key that is only known then."""
    values: dict[Any, Any] = {}
    pair = (1, values)
    values["self"] = pair
    values["other"] = [pair]
    made = again(pair)
    assert made[1]["self"] is made
    assert made[1]["other"][0] is made

    node = Node()
    key = (1, node)
    node.next = {key: "found"}
    made = again(key)
    assert made[1].next[made] == "found"


def test_a_set_may_lead_to_itself() -> None:
    """By an instance in it."""
    node = Node()
    node.next = {node}
    made = again(node)
    assert made.next == {made}

    frozen = frozenset([node])
    node.next = frozen
    made = again(frozen)
    (inner,) = made
    assert inner.next is made


def test_what_comes_later_may_be_referred_to() -> None:
    """No implementation does; but it has a meaning."""
    made = jelly.unjelly(
        [
            b"list",
            [b"dereference", 7],
            [b"tuple", [b"dereference", 7]],
            [b"set", [b"dereference", 8]],
            [b"reference", 7, [b"list", 1]],
            [b"reference", 8, [b"tuple", 2]],
        ]
    )
    assert made == [[1], ([1],), {(2,)}, [1], (2,)]
    assert made[0] is made[1][0] is made[3]


@pytest.mark.parametrize(
    "expression",
    [
        [b"dereference", 1],
        [b"list", [b"dereference", 1]],
        [b"reference", 1, [b"dereference", 1]],
        [b"reference", 1, [b"tuple", [b"dereference", 1]]],
        [b"reference", 1, [b"frozenset", [b"tuple", [b"dereference", 1]]]],
    ],
)
def test_a_reference_to_nothing_is_an_error(expression: Any) -> None:
    """Nothing unfinished is ever given to the user."""
    with pytest.raises(jelly.UnresolvedReference):
        jelly.unjelly(expression)


@pytest.mark.parametrize(
    "expression",
    [
        [b"list", [b"reference", 1, [b"list"]], [b"reference", 1, [b"list"]]],
        [b"reference", [b"list"], [b"list"]],
        [b"dereference", [b"list"]],
        [b"reference", 1],
        [b"dereference"],
        [b"reference", 1, [b"set", [b"dereference", 1]]],
        [b"reference", 1, [b"dictionary", [[b"tuple", [b"dereference", 1]], 1]]],
    ],
)
def test_references_that_make_no_sense_are_errors(expression: Any) -> None:
    """Two objects of one number, no number, a set in itself."""
    with pytest.raises(jelly.MalformedJelly):
        jelly.unjelly(expression)


def test_what_is_only_made_to_be_sent_is_not_taken_for_another() -> None:
    """States have ids that come again when they are dropped too early."""

    class Fleeting(jelly.Jellyable):
        def getStateFor(self, jellier: jelly.Jellier) -> Any:
            return {"number": [vars(self)["number"]]}

    things = [Fleeting() for _ in range(50)]
    for number, thing in enumerate(things):
        vars(thing)["number"] = number
    expression = jelly.jelly(things)
    assert banana.encode(expression) == jelly.jellyToBytes(things)
    for number, one in enumerate(expression[1:]):
        assert one[1] == [b"dictionary", [[b"unicode", b"number"], [b"list", number]]]


def test_a_chain_of_instances_needs_no_stack() -> None:
    """Three hundred in each other go and come, from deep within other calls."""
    first = node = Node()
    for _ in range(300):
        node.next = node = Node()

    def from_below(levels: int) -> Any:
        return from_below(levels - 1) if levels else again(first)

    made, length = from_below(850), 0
    while made.next is not None:
        made, length = made.next, length + 1
    assert length == 300


@pytest.mark.parametrize("kind", [list, tuple, dict, frozenset, Node])
def test_depth_is_an_error_of_ours_and_never_of_the_stack(kind: Any) -> None:
    """Ten thousand in each other are refused by name, both ways."""
    deep: Any = 5
    expression: Any = 5
    for _ in range(10_000):
        if kind is Node:
            inner, deep = deep, Node()
            deep.next = inner
            name = f"{__name__}.Node".encode()
            expression = [name, [b"dictionary", [[b"unicode", b"next"], expression]]]
        elif kind is dict:
            deep = {1: deep}
            expression = [b"dictionary", [1, expression]]
        else:
            deep = kind([deep])
            expression = [kind.__name__.encode(), expression]
    for make in (jelly.jelly, jelly.jellyToBytes):
        with pytest.raises(jelly.NestedTooDeep):
            make(deep)
    with pytest.raises(jelly.NestedTooDeep):
        jelly.unjelly(expression)
    while kind is Node and deep is not None and deep != 5:
        deep = deep.next


def test_objects_that_jelly_themselves_exhaust_no_stack() -> None:
    """Their methods do recurse; the error is the same."""

    class Own(jelly.Jellyable, jelly.Unjellyable): ...

    registry = jelly.Registry()
    registry.setUnjellyableForClass("own", Own)
    deep: Any = None
    expression: Any = 5
    for _ in range(5000):
        inner, deep = deep, Own()
        vars(deep)["next"] = inner
        expression = [b"own", expression]
    for make in (jelly.jelly, jelly.jellyToBytes):
        with pytest.raises(jelly.NestedTooDeep):
            make(deep, maxDepth=10**6) if make is jelly.jelly else make(deep)
    with pytest.raises(jelly.NestedTooDeep):
        jelly.unjelly(expression, registry=registry, maxDepth=10**6)


def test_a_chain_of_tuples_that_wait_for_each_other_is_no_depth() -> None:
    """A hundred thousand become known one after another, without recursion."""
    count = 100_000
    expression: list[Any] = [b"list"]
    for number in range(count):
        waiting = [b"tuple", [b"dereference", number + 1]]
        expression.append([b"reference", number, waiting])
    expression.append([b"reference", count, [b"tuple"]])
    made = jelly.unjelly(expression)
    assert made[0][0] is made[1]
    assert made[count] == ()


def test_keys_that_were_made_to_be_slow_are_refused() -> None:
    """Tuples of two power sixty parts, and numbers of one hash."""
    doubled: list[Any] = [b"list", [b"reference", 0, [b"tuple", 1]]]
    for number in range(60):
        twice = [[b"dereference", number]] * 2
        doubled.append([b"reference", number + 1, [b"tuple", *twice]])
    for collection in (
        [b"set", [b"dereference", 60]],
        [b"frozenset", [b"dereference", 60]],
        [b"dictionary", [[b"dereference", 60], 1]],
    ):
        with pytest.raises(jelly.MalformedJelly, match="parts"):
            jelly.unjelly([*doubled, collection], globalSecurity)
    again = [b"dereference", 0]
    for collections in (
        [[b"set", again]] * 1000,
        [[b"frozenset", again]] * 1000,
        [[b"set", *[again] * 1000]],
        [[b"dictionary", *[[again, 1]] * 1000]],
    ):
        long = [b"reference", 0, [b"tuple", *range(9000)]]
        with pytest.raises(jelly.MalformedJelly, match="parts"):
            jelly.unjelly([b"list", long, *collections], globalSecurity)
    same = [number * (2**61 - 1) for number in range(1, 100_000)]
    with pytest.raises(jelly.MalformedJelly, match="hashes"):
        jelly.unjelly([b"set", *same], globalSecurity)
    with pytest.raises(jelly.MalformedJelly, match="hashes"):
        jelly.unjelly([b"dictionary", *([key, 1] for key in same)], globalSecurity)
    late = [[b"dereference", number] for number in range(1000)]
    known = [[b"reference", number, same[number]] for number in range(1000)]
    with pytest.raises(jelly.MalformedJelly, match="before they come"):
        jelly.unjelly([b"list", [b"set", *late], *known], globalSecurity)


def test_large_dictionaries_are_not_refused() -> None:
    """Ordinary keys have hashes of their own."""
    for keys in (range(5000), map(str, range(5000)), [n / 7 for n in range(5000)]):
        values = dict.fromkeys(keys, 1)
        assert jelly.unjelly(jelly.jelly(values), globalSecurity) == values


GRAPHS = st.lists(
    st.tuples(
        st.sampled_from(["list", "dict", "tuple", "node"]),
        st.lists(st.integers(0, 30), max_size=4),
    ),
    min_size=1,
    max_size=12,
)


@given(GRAPHS)
def test_any_graph_keeps_its_shape(graph: list[tuple[str, list[int]]]) -> None:
    """Whatever refers to whatever, in circles too, comes out alike."""
    objects: list[Any] = []
    for kind, parts in graph:
        earlier = [objects[part % len(objects)] for part in parts if objects]
        made: Any = {"list": [], "dict": {}, "tuple": tuple(earlier), "node": Node()}[
            kind
        ]
        objects.append(made)
    for made, (kind, parts) in zip(objects, graph, strict=True):
        all_parts = [objects[part % len(objects)] for part in parts]
        if kind == "list":
            made.extend(all_parts)
        elif kind == "dict":
            made.update(enumerate(all_parts))
        elif kind == "node":
            made.next = all_parts
    assert shape(again(objects)) == shape(objects)


def shape(root: Any) -> list[Any]:
    """Describe a graph by numbers in the order of a walk."""
    numbers: dict[int, int] = {}
    keep: list[Any] = []
    described: list[Any] = []
    waiting = [root]
    while waiting:
        obj = waiting.pop()
        if id(obj) in numbers:
            described.append(numbers[id(obj)])
            continue
        if not isinstance(obj, (list, dict, tuple, Node)):
            described.append(obj)
            continue
        keep.append(obj)
        # There is one empty tuple only.
        if obj != ():
            numbers[id(obj)] = len(numbers)
        parts = (
            list(obj.values())
            if isinstance(obj, dict)
            else [obj.next]
            if isinstance(obj, Node)
            else list(obj)
        )
        described.append((type(obj).__name__, len(parts)))
        waiting += parts
    return described
