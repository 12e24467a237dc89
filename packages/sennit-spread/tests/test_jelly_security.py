"""Nothing that was not allowed is imported or made, whatever comes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.spread import banana, jelly
from sennit.spread.jelly import SecurityOptions, globalSecurity


class Allowed:
    """May come."""

    def method(self) -> None: ...


class Canary:
    """Sings when it is made, touched, or given a state."""

    sung = 0

    def __new__(cls, *args: Any) -> Canary:
        Canary.sung += 1
        return super().__new__(cls)

    def __setstate__(self, state: Any) -> None:
        Canary.sung += 1

    def unjellyFor(self, unjellier: Any, jellyList: Any) -> Any:
        Canary.sung += 1
        return self


def function_of_here() -> None:
    """A function."""


HERE = __name__.encode()
STATE = [b"dictionary"]

# What a hostile side may send to have code run, or something made.
ATTACKS = [
    [HERE + b".Canary", STATE],
    [HERE + b".Canary", [b"None"]],
    [HERE + b".Canary"],
    [b"instance", [b"class", HERE + b".Canary"], STATE],
    [b"class", HERE + b".Canary"],
    [b"class", HERE + b".Allowed.__class__"],
    [b"class", HERE + b".os.PathLike"],
    [HERE + b".os.PathLike", STATE],
    [b"instance", [b"list"], STATE],
    [b"instance", [b"function", HERE + b".function_of_here"], STATE],
    [b"function", HERE + b".Canary"],
    [b"function", HERE + b".os.system"],
    [b"function", HERE + b".Allowed.__init__"],
    [b"function", b"os.system"],
    [b"function", b"os.path.join"],
    [b"function", b"builtins.eval"],
    [b"function", b"eval"],
    [b"function", b".eval"],
    [b"function", b"..eval"],
    [b"module", b"os"],
    [b"module", b"canary_module"],
    [b"module", HERE + b".os"],
    [b"module", b""],
    [b"module", b"."],
    [b"canary_module.Anything", STATE],
    [b"canary_module", STATE],
    [b"class", b"canary_module.Anything"],
    [b"function", b"canary_module.anything"],
    [b"method", b"method", [HERE + b".Canary", STATE], [b"class", HERE + b".Canary"]],
    [
        b"method",
        b"__init__",
        [HERE + b".Allowed", STATE],
        [b"class", HERE + b".Allowed"],
    ],
    [
        b"method",
        b"__class__",
        [HERE + b".Allowed", STATE],
        [b"class", HERE + b".Allowed"],
    ],
    [b"method", b"append", [b"list"], [b"class", HERE + b".Allowed"]],
    [b"type", b"x"],
    [b"builtins.object", STATE],
    [b"os.system", b"true"],
]


@pytest.fixture(autouse=True)
def canary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Watch that nothing sings, nor is a module imported that would."""
    (tmp_path / "canary_module.py").write_text("raise SystemExit('imported')")
    monkeypatch.syspath_prepend(str(tmp_path))
    Canary.sung = 0
    yield
    assert Canary.sung == 0
    assert "canary_module" not in sys.modules


def everything_but_code() -> SecurityOptions:
    """Allow one class, and every type by name."""
    options = SecurityOptions()
    options.allowInstancesOf(Allowed)
    options.allowTypes("function", "method", "module", "class", "instance", "type")
    return options


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: repr(attack[:2]))
@pytest.mark.parametrize(
    "options", [SecurityOptions, everything_but_code, lambda: globalSecurity]
)
def test_what_is_not_allowed_does_not_come(attack: Any, options: Any) -> None:
    """It is refused by name, be it at the top or within something allowed."""
    for expression in (attack, [b"list", attack], [b"dictionary", [1, attack]]):
        with pytest.raises((jelly.InsecureJelly, jelly.MalformedJelly)):
            jelly.unjelly(expression, options())


@pytest.mark.parametrize("name", [b"." * 600_000, b"a." * 300_000 + b"b"], ids=len)
def test_a_name_that_was_made_to_be_slow_is_refused(name: bytes) -> None:
    """At once: no part of it is looked for."""
    begin = time.process_time()
    for expression in ([name, STATE], [b"class", name], [b"function", name]):
        with pytest.raises(jelly.InsecureJelly):
            jelly.unjelly(expression, everything_but_code())
    assert time.process_time() - begin < 1


def test_what_is_allowed_comes() -> None:
    """The class, its instances, its methods and its module; and no other."""
    options = everything_but_code()
    thing = Allowed()
    made = jelly.unjelly(
        jelly.jelly([Allowed, thing, thing.method, sys.modules[__name__]], options),
        options,
    )
    assert made[0] is Allowed
    assert type(made[1]) is Allowed
    assert made[2].__self__ is made[1]
    assert made[3] is sys.modules[__name__]


def test_a_function_comes_if_its_type_and_its_own_module_are_allowed() -> None:
    """What an allowed module has imported from another is not its own."""
    options = SecurityOptions()
    options.allowModules(__name__)
    with pytest.raises(jelly.InsecureJelly, match="type"):
        jelly.unjelly([b"function", HERE + b".function_of_here"], options)
    options.allowTypes("function")
    made = jelly.unjelly([b"function", HERE + b".function_of_here"], options)
    assert made is function_of_here
    assert os.path.join is join
    with pytest.raises(jelly.InsecureJelly, match="of a module"):
        jelly.unjelly([b"function", HERE + b".join"], options)
    options.allowModules(os.path)
    assert jelly.unjelly([b"function", HERE + b".join"], options) is os.path.join


join = os.path.join


def test_at_first_only_values_are_allowed() -> None:
    """Collections and references are, when somebody says so."""
    options = SecurityOptions()
    for harmless in (None, True, 1, 1.5, b"x", "x", {1}, frozenset([2])):
        assert jelly.unjelly(jelly.jelly(harmless), options) == harmless
    shared = [1]
    for other in ([1], (1,), {1: 2}, [shared, shared]):
        expression = jelly.jelly(other)
        with pytest.raises(jelly.InsecureJelly):
            jelly.unjelly(expression, options)
    options.allowBasicTypes()
    for other in ([1], (1,), {1: 2}, [shared, shared]):
        assert jelly.unjelly(jelly.jelly(other), options) == other


def test_options_tell_what_is_allowed() -> None:
    """By name, and by class; names may be bytes, or text."""
    options = SecurityOptions()
    options.allowInstancesOf(Allowed)
    options.allowTypes("one", b"two", Canary)
    options.allowModules("three", b"four", os)
    assert options.isClassAllowed(Allowed)
    assert not options.isClassAllowed(Canary)
    for name in ("one", b"one", b"two", "list", "any.name"):
        assert options.isTypeAllowed(name)
    assert not options.isTypeAllowed("three")
    for module in ("three", "four", b"os", __name__):
        assert options.isModuleAllowed(module)
    assert not options.isModuleAllowed("one")


def test_what_is_sent_is_checked_too() -> None:
    """An instance that is not allowed does not give its state away."""
    thing = Allowed()
    thing.secret = "a secret"  # type: ignore[attr-defined]
    for data in (
        banana.encode(jelly.jelly(thing, globalSecurity)),
        jelly.jellyToBytes(thing, globalSecurity),
    ):
        assert b"secret" not in data
    assert b"secret" in jelly.jellyToBytes(thing, everything_but_code())


def test_an_allowed_name_that_is_not_there_is_an_error_of_its_own() -> None:
    """A class that the other side has and this one has not."""
    options = SecurityOptions()
    options.allowModules(__name__, "no_such_module")
    options.allowTypes("module", "class", "function")
    for expression in (
        [HERE + b".NoSuch", STATE],
        [b"class", HERE + b".NoSuch"],
        [b"function", HERE + b".no_such"],
        [b"module", b"no_such_module"],
        [b"no_such_module.Thing", STATE],
    ):
        with pytest.raises(jelly.UnknownName):
            jelly.unjelly(expression, options)


def test_a_class_within_another_comes_by_the_name_it_travels_by() -> None:
    """Its module's name and its own, which no module has an object of."""

    class Inner: ...

    options = SecurityOptions()
    options.allowInstancesOf(Inner)
    made = jelly.unjelly(jelly.jelly(Inner(), options), options)
    assert type(made) is Inner


def test_without_options_everything_is_allowed() -> None:
    """As the classic functions do: for what the program has made itself."""
    assert jelly.unjelly([b"function", b"os.path.join"]) is os.path.join
    assert jelly.unjelly([b"module", b"os"], jelly.DummySecurityOptions()) is os
    with pytest.raises(jelly.UnknownName):
        jelly.unjelly([b"no.such.Thing", STATE])
    with pytest.raises(jelly.InsecureJelly, match="not a class"):
        jelly.unjelly([HERE + b".function_of_here", STATE])


NAMES = st.sampled_from(
    [
        *(b"list tuple dictionary set frozenset unicode boolean None int".split()),
        *(b"class module function method instance reference dereference".split()),
        *(b"persistent unpersistable date time datetime timedelta decimal".split()),
        HERE + b".Canary",
        HERE + b".Allowed",
        b"os.system",
        b"canary_module.x",
        b"",
        b"\xff.x",
    ]
)
HOSTILE = st.recursive(
    NAMES | st.integers(-3, 3) | st.binary(max_size=4) | st.floats(),
    lambda inner: (
        st.tuples(NAMES, st.lists(inner, max_size=4)).map(lambda t: [t[0], *t[1]])
        | st.lists(inner, max_size=3)
    ),
    max_leaves=30,
)


@given(HOSTILE, st.booleans())
def test_any_expression_gives_an_object_or_a_named_error(
    expression: Any, strict: bool
) -> None:
    """And never makes anything but what is allowed."""
    options = SecurityOptions() if strict else everything_but_code()
    try:
        made = jelly.unjelly(expression, options)
    except (jelly.JellyError, jelly.NestedTooDeep):
        return
    assert not isinstance(made, (Canary, jelly.NotKnown))


@given(HOSTILE)
def test_plain_bytes_give_the_same_as_their_expression(expression: Any) -> None:
    """The short way is only for what the long way would make the same of."""
    form = jelly.writing(b"pb")
    data = banana.wire.encode_expression(expression, form.tokens)
    found = jelly.plainFromBytes(data, 0, globalSecurity)
    if found is not None:
        made, end = found
        assert end == len(data)
        assert repr(made) == repr(jelly.unjelly(expression, globalSecurity))


def test_the_program_is_not_imported_to_find_its_classes(tmp_path: Path) -> None:
    """They travel by its file's name, and are found where they are."""
    program = tmp_path / "a_program.py"
    program.write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, program], capture_output=True, text=True, timeout=30
    )
    assert (done.stdout, done.stderr) == ("started\nb'a_program.Thing' True True\n", "")


PROGRAM = """
from sennit.spread import jelly

print("started")

class Thing:
    pass

options = jelly.SecurityOptions()
options.allowInstancesOf(Thing)
expression = jelly.jelly(Thing())
found = [type(jelly.unjelly(expression, each)) is Thing for each in (None, options)]
print(expression[0], *found)
"""
