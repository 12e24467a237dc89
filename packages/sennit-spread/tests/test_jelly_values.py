"""What Jelly makes of objects, and objects of that."""

from __future__ import annotations

import collections
import datetime
import decimal
import math
import os.path
import types
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.spread import banana, jelly
from sennit.spread.jelly import globalSecurity

SINGLE = (
    st.none()
    | st.booleans()
    | st.integers(-(2**448) + 1, 2**448 - 1)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.dates()
    | st.times().map(lambda time: time.replace(fold=0))
    | st.datetimes().map(lambda time: time.replace(fold=0))
    | st.timedeltas()
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
)
KEYS = st.recursive(
    SINGLE,
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=5,
)
VALUES = st.recursive(
    KEYS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.sets(KEYS, max_size=3)
    ),
    max_leaves=25,
)


class Thing:
    """An object with attributes."""

    def method(self) -> str:
        return "called"

    @classmethod
    def of_class(cls) -> str:
        return cls.__name__


class Slotted:
    """An object with a place for one."""

    __slots__ = ("first",)


class Stated:
    """An object that chooses its state."""

    state: Any = None

    def __getstate__(self) -> Any:
        return ["chosen"]

    def __setstate__(self, state: Any) -> None:
        self.state = state


EXPRESSIONS: dict[str, tuple[Any, Any]] = {
    "None": (None, [b"None"]),
    "true": (True, [b"boolean", b"true"]),
    "false": (False, [b"boolean", b"false"]),
    "integer": (-5, -5),
    "float": (2.5, 2.5),
    "bytes": (b"\xff", b"\xff"),
    "text": ("\xfc", [b"unicode", b"\xc3\xbc"]),
    "list": ([1, []], [b"list", 1, [b"list"]]),
    "tuple": ((1, (2,)), [b"tuple", 1, [b"tuple", 2]]),
    "dictionary": ({1: 2, b"x": {}}, [b"dictionary", [1, 2], [b"x", [b"dictionary"]]]),
    "set": ({1}, [b"set", 1]),
    "frozenset": (frozenset({b"x"}), [b"frozenset", b"x"]),
    "date": (datetime.date(2020, 1, 2), [b"date", b"2020 1 2"]),
    "time": (datetime.time(3, 4, 5, 6), [b"time", b"3 4 5 6"]),
    "datetime": (
        datetime.datetime(2020, 1, 2, 3, 4, 5, 6),
        [b"datetime", b"2020 1 2 3 4 5 6"],
    ),
    "timedelta": (datetime.timedelta(-1, 2, 3), [b"timedelta", b"-1 2 3"]),
    "decimal": (decimal.Decimal("-1.50"), [b"decimal", -150, -2]),
    "great decimal": (decimal.Decimal("15E+10"), [b"decimal", 15, 10]),
    "class": (Thing, [b"class", f"{__name__}.Thing".encode()]),
    "module": (os.path, [b"module", os.path.__name__.encode()]),
    "function": (os.path.join, [b"function", f"{os.path.__name__}.join".encode()]),
    "built-in": (len, [b"function", b"builtins.len"]),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_each_type_has_its_expression(name: str) -> None:
    """What every implementation makes of it is what we make, and read."""
    obj, expression = EXPRESSIONS[name]
    assert jelly.jelly(obj) == expression
    made = jelly.unjelly(expression)
    assert made == obj
    assert type(made) is type(obj)


@given(VALUES)
def test_values_come_back(value: Any) -> None:
    """Whatever is made of built-in types is the same on the other side."""
    expression = banana.decode(banana.encode(jelly.jelly(value, globalSecurity)))
    made = jelly.unjelly(expression, globalSecurity)
    assert made == value
    assert repr(made) == repr(value) or isinstance(
        value, (dict, set, list, tuple, frozenset)
    )


def test_floats_that_are_no_numbers_travel() -> None:
    """Infinity, and what is not even that."""
    made = jelly.unjelly(banana.decode(banana.encode([b"list", math.inf, math.nan])))
    assert made[0] == math.inf
    assert math.isnan(made[1])


def test_an_instance_is_its_class_and_its_attributes() -> None:
    """``__init__`` is not called to make it again."""
    thing = Thing()
    thing.__dict__.update(number=1, other=[2])
    made = jelly.unjelly(jelly.jelly(thing))
    assert type(made) is Thing
    assert vars(made) == {"number": 1, "other": [2]}
    assert vars(jelly.unjelly(jelly.jelly(Thing()))) == {}


def test_an_instance_may_have_slots() -> None:
    """Its state is in these, then; and nothing else may be set."""
    slotted = Slotted()
    slotted.first = 5  # type: ignore[attr-defined]
    expression = jelly.jelly(slotted)
    assert jelly.unjelly(expression).first == 5
    expression[1][2][1][0] = "__class__"
    with pytest.raises(jelly.MalformedJelly):
        jelly.unjelly(expression)


def test_an_instance_may_choose_its_state() -> None:
    """``__getstate__`` gives it, ``__setstate__`` takes it, whatever it is."""
    expression = jelly.jelly(Stated())
    assert expression[1] == [b"list", [b"unicode", b"chosen"]]
    assert jelly.unjelly(expression).state == ["chosen"]


def test_instances_as_older_peers_send_them() -> None:
    """The class may be an expression of its own."""
    name = f"{__name__}.Thing".encode()
    made = jelly.unjelly(
        [b"instance", [b"class", name], [b"dictionary", [[b"unicode", b"x"], 1]]]
    )
    assert type(made) is Thing
    assert vars(made) == {"x": 1}


def test_a_method_is_its_object_and_its_name() -> None:
    """Of an instance, or of a class."""
    thing = Thing()
    made, same = jelly.unjelly(jelly.jelly([thing.method, thing]))
    assert made() == "called"
    assert made.__self__ is same
    assert jelly.unjelly(jelly.jelly(Thing.of_class))() == "Thing"


def test_an_object_may_jelly_itself() -> None:
    """By the state it gives for whom it goes to, and what it makes of a state."""

    class Known(jelly.Jellyable, jelly.Unjellyable):
        def getStateFor(self, jellier: jelly.Jellier) -> Any:
            return {"for": jellier.invoker}

        def setStateFor(self, unjellier: jelly.Unjellier, state: Any) -> None:
            self.state = (state, unjellier.invoker)

    registry = jelly.Registry()
    registry.setUnjellyableForClass(Known, Known)
    expression = jelly.jelly(Known(), invoker="there")
    assert expression[0] == f"{__name__}.Known".encode()
    made = jelly.unjelly(expression, globalSecurity, None, "here", registry=registry)
    assert type(made) is Known
    assert made.state == ({"for": "there"}, "here")


def test_a_factory_makes_an_object_of_a_state() -> None:
    """It is a function that is registered for a name."""
    registry = jelly.Registry()
    registry.setUnjellyableFactoryForClass("a.name", lambda state: ("made", state))
    expression = [b"a.name", [b"list", 1]]
    made = jelly.unjelly(expression, globalSecurity, registry=registry)
    assert made == ("made", [1])


def test_a_tree_of_classes_is_registered_at_once() -> None:
    """By the module's name, by another, or by none."""

    class Base(jelly.Unjellyable): ...

    class Derived(Base): ...

    module = types.ModuleType("a_module")
    module.__dict__.update(Base=Base, Derived=Derived, Other=Thing)
    for prefix, names in (
        (None, {b"a_module.Base", b"a_module.Derived"}),
        ("x", {b"x.Base", b"x.Derived"}),
        ("", {b"Base", b"Derived"}),
    ):
        registry = jelly.Registry()
        registry.setUnjellyableForClassTree(module, Base, prefix)
        assert set(registry.classes) == names


def test_registries_are_apart() -> None:
    """What one knows, another does not, unless it is a copy."""
    registry = jelly.defaultRegistry.copy()
    registry.setUnjellyableForClass("somebody", jelly.Unjellyable)
    assert b"somebody" in registry.copy().classes
    assert b"somebody" not in jelly.unjellyableRegistry
    with pytest.raises(jelly.InsecureJelly):
        jelly.unjelly([b"somebody", [b"dictionary"]], globalSecurity)


def test_persistent_objects_are_what_the_user_makes_of_them() -> None:
    """A store gives what goes instead, and a load makes an object of it."""
    thing, other = Thing(), Thing()

    def store(obj: object, jellier: jelly.Jellier) -> bytes | None:
        return b"the thing" if obj is thing else None

    expression = jelly.jelly([thing, thing, other], persistentStore=store)
    assert expression[1] == [b"reference", 1, [b"persistent", b"the thing"]]

    def load(key: Any, unjellier: jelly.Unjellier) -> Any:
        assert key == b"the thing"
        return thing

    first, second, third = jelly.unjelly(expression, persistentLoad=load)
    assert first is second is thing
    assert type(third) is Thing
    lost = jelly.unjelly([b"persistent", b"the thing"], globalSecurity)
    assert isinstance(lost, jelly.Unpersistable)


def test_what_cannot_travel_says_so_on_the_other_side() -> None:
    """Or here, if that is wanted."""
    nothing: list[int] = []
    for lost in (Thing(), 2j, bytearray(b"x"), nothing.append):
        expression = jelly.jelly([lost], globalSecurity)
        (made,) = jelly.unjelly(expression, globalSecurity)
        assert isinstance(made, jelly.Unpersistable)
        assert type(lost).__name__ in made.reason
        assert type(lost).__name__ in repr(made)
        with pytest.raises(banana.Unsendable, match=type(lost).__name__):
            jelly.jelly([lost], globalSecurity, strict=True)


def test_contents_are_not_lost_in_silence() -> None:
    """What is built in, or derived from that, has more in it than attributes."""

    class Row(list[int]): ...

    class Number(int): ...

    lost: Any
    for lost in (Row([1]), Number(5), collections.deque([1]), range(3)):
        assert jelly.jelly(lost)[0] == b"unpersistable"
    for kept in (types.SimpleNamespace(x=1), Thing()):
        assert jelly.jelly(kept)[0] != b"unpersistable"


@pytest.mark.parametrize(
    "value",
    [
        "\ud800",
        decimal.Decimal("NaN"),
        decimal.Decimal("-Infinity"),
        datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
        datetime.time(1, tzinfo=datetime.UTC),
    ],
    ids=["surrogate", "nan", "infinity", "datetime", "time"],
)
def test_what_jelly_has_no_form_for_is_an_error_here(value: Any) -> None:
    """It would be something else on the other side."""
    with pytest.raises(banana.Unsendable):
        jelly.jelly([value])
    with pytest.raises(banana.Unsendable):
        jelly.jellyToBytes([value])


def test_something_is_called_when_all_is_there() -> None:
    """``postUnjelly`` finds its object complete, and those around it."""

    class Late(jelly.Unjellyable):
        def postUnjelly(self) -> None:
            self.seen = list(self.around)  # type: ignore[attr-defined]

    registry = jelly.Registry()
    registry.setUnjellyableForClass("late", Late)
    late = [b"late", [b"dictionary", [[b"unicode", b"around"], [b"dereference", 1]]]]
    made = jelly.unjelly([b"reference", 1, [b"list", 1, late, 3]], registry=registry)
    assert made[1].seen == [1, made[1], 3]
