from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from sennit.compat.faces.python import deprecate
from sennit.compat.faces.python.versions import Version

OLD = Version("Thing", 1, 2, 0)


@pytest.fixture
def told() -> Iterator[list[str]]:
    """What is said of old things."""
    texts: list[str] = []
    usual = deprecate.getWarningMethod()

    def note(text: str, category: type[Warning], stacklevel: int) -> None:
        assert category is DeprecationWarning
        texts.append(text)

    deprecate.setWarningMethod(note)
    yield texts
    deprecate.setWarningMethod(usual)


def test_a_function_says_that_it_is_old_and_what_is_new(told: list[str]) -> None:
    @deprecate.deprecated(OLD, "other")
    def f(x: int) -> int:
        return x

    assert f(3) == 3
    assert told == [
        f"{__name__}.{f.__qualname__} was deprecated in Thing 1.2.0;"
        " please use other instead"
    ]


def test_the_warning_points_at_the_caller() -> None:
    @deprecate.deprecated(OLD, deprecate.getWarningMethod)
    def f() -> None:
        pass

    with pytest.warns(DeprecationWarning, match="getWarningMethod instead") as caught:
        f()
    assert caught[0].filename == __file__


def test_a_property_says_that_it_is_old(told: list[str]) -> None:
    class Thing:
        value = 1

        def get(self) -> int:
            return self.value

        def set(self, value: int) -> None:
            self.value = value

        old = deprecate.deprecatedProperty(OLD)(get).setter(set)

    thing: Any = Thing()
    thing.old = 2
    assert thing.old == 2
    with pytest.raises(AttributeError):
        del thing.old
    assert len(told) == 2


def test_a_parameter_says_that_it_is_old_where_it_is_given(told: list[str]) -> None:
    @deprecate.deprecatedKeywordParameter(OLD, "b", "c")
    def f(a: int, b: int = 0) -> int:
        return a + b

    assert f(1) == 1
    assert not told
    assert f(1, 2) == f(1, b=2) == 3
    assert len(told) == 2
    assert "please use c instead" in told[0]


def test_an_attribute_of_a_module_says_that_it_is_old(told: list[str]) -> None:
    module: Any = ModuleType("a_module_of_tests")
    module.old, module.new = 1, 2
    sys.modules["a_module_of_tests"] = module
    deprecate.deprecatedModuleAttribute(OLD, "use new", "a_module_of_tests", "old")
    assert module.new == 2
    assert not told
    assert module.old == 1
    assert told == ["a_module_of_tests.old was deprecated in Thing 1.2.0: use new"]
    exec("from a_module_of_tests import old")
    assert len(told) == 2
    del sys.modules["a_module_of_tests"]


def test_docstrings_say_what_is_old_and_what_is_new(told: list[str]) -> None:
    @deprecate.deprecated(OLD, "other")
    def documented() -> None:
        """Do a thing.

        At length.
        """

    @deprecate.deprecated(OLD)
    def bare() -> None: ...

    @deprecate.deprecatedKeywordParameter(OLD, "b")
    def keyword(b: int = 0) -> None:
        """Do a thing."""

    class Thing:
        def get(self) -> int:
            """A number."""
            return 1

        def forget(self) -> None: ...

        old = deprecate.deprecatedProperty(OLD)(get).deleter(forget)

    assert documented.__doc__ == (
        "Do a thing.\n\nAt length.\n\n"
        "Deprecated in Thing 1.2.0; please use other instead.\n"
    )
    assert bare.__doc__ == "Deprecated in Thing 1.2.0."
    assert keyword.__doc__ is not None
    assert "The 'b' parameter was deprecated in Thing 1.2.0." in keyword.__doc__
    assert Thing.old.__doc__ == "A number.\n\nDeprecated in Thing 1.2.0.\n"
    thing: Any = Thing()
    del thing.old
    assert len(told) == 1


def test_a_parameter_among_others_by_name_is_noticed(told: list[str]) -> None:
    @deprecate.deprecatedKeywordParameter(OLD, "old")
    def f(**named: int) -> dict[str, int]:
        return named

    assert f(new=1) == {"new": 1}
    assert not told
    assert f(old=1) == {"old": 1}
    assert len(told) == 1


def test_a_function_can_be_warned_about() -> None:
    def written_badly() -> int:
        """Do it badly."""
        return 1

    with pytest.warns(DeprecationWarning, match="badly") as caught:
        deprecate.warnAboutFunction(written_badly, "this is written badly")
    assert caught[0].filename == __file__
    assert caught[0].lineno == written_badly.__code__.co_firstlineno + 2
