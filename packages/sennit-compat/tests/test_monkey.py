from __future__ import annotations

from typing import Any

import pytest

from sennit.compat.faces.python.monkey import MonkeyPatcher


class Thing:
    """Has attributes of every kind."""

    plain = "class"

    def __init__(self) -> None:
        self.own = "own"
        self._hidden = "hidden"

    @property
    def hidden(self) -> str:
        return self._hidden

    @hidden.setter
    def hidden(self, value: str) -> None:
        self._hidden = value

    @staticmethod
    def static() -> str:
        return "static"


def test_attributes_are_covered_and_come_back() -> None:
    thing: Any = Thing()
    patcher = MonkeyPatcher((thing, "own", 1), (thing, "plain", 2))
    patcher.addPatch(thing, "hidden", 3)
    patcher.patch()
    assert (thing.own, thing.plain, thing.hidden) == (1, 2, 3)
    patcher.restore()
    assert vars(thing) == {"own": "own", "_hidden": "hidden"}
    assert thing.plain == "class"


def test_a_class_gets_back_what_it_had() -> None:
    patcher = MonkeyPatcher((Thing, "static", lambda: "other"))
    assert patcher.runWithPatches(Thing.static) == "static"
    assert patcher.runWithPatches(lambda: Thing.static()) == "other"
    assert Thing().static() == "static"


def test_the_last_of_several_patches_holds_and_the_first_value_comes_back() -> None:
    thing: Any = Thing()
    with MonkeyPatcher((thing, "own", 1), (thing, "own", 2)) as patcher:
        assert thing.own == 2
        patcher.patch()
    assert thing.own == "own"


def test_patches_are_undone_after_an_error() -> None:
    thing: Any = Thing()

    def fail() -> None:
        assert thing.own == 1
        raise KeyError

    with pytest.raises(KeyError):
        MonkeyPatcher((thing, "own", 1)).runWithPatches(fail)
    assert thing.own == "own"


def test_what_is_not_there_cannot_be_covered() -> None:
    thing = Thing()
    patcher = MonkeyPatcher((thing, "own", 1), (thing, "nope", 1))
    with pytest.raises(AttributeError):
        patcher.patch()
    patcher.restore()
    assert thing.own == "own"
