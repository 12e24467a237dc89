from __future__ import annotations

import weakref
from collections import deque
from typing import Any

import pytest

from sennit.compat.faces.python import reflect


class Node:
    """Holds things."""


@pytest.fixture
def node() -> Any:
    made: Any = Node()
    made.table = {"key": [1, (2, made)], "other": "goal"}
    return made


def test_the_ways_to_an_object_are_told(node: Any) -> None:
    assert reflect.objgrep(node, "goal") == [".table['other']"]
    assert reflect.objgrep(node, 2, path="node") == ["node.table['key'][1][0]"]
    assert reflect.objgrep(node, "other") == [".table{'goal'}"]
    assert reflect.objgrep(node, "nothing") == []


def test_a_way_back_to_the_beginning_is_found_once(node: Any) -> None:
    ways = ["", ".table['key'][1][1]"]
    assert reflect.objgrep(node, node, reflect.isSame) == ways
    assert reflect.findInstances(node, Node) == ways


def test_only_so_many_steps_are_gone(node: Any) -> None:
    assert reflect.objgrep(node, "goal", maxDepth=1) == []
    assert reflect.objgrep(node, "goal", maxDepth=2) == [".table['other']"]


def test_objects_of_many_kinds_are_looked_into(node: Any) -> None:
    assert reflect.objgrep(weakref.ref(node), "goal") == ["().table['other']"]
    assert reflect.objgrep(deque(["a", "b"]), "b") == ["[1]"]
    method = node.table.get
    assert reflect.objgrep({"m": method}, method) == ["['m']"]
    bound = reflect.QueueMethod("name", []).__call__
    assert reflect.objgrep(bound, "name") == [".__self__.name"]


def test_links_may_be_deeper_than_calls(node: Any) -> None:
    chain: list[Any] = ["goal"]
    for _ in range(5000):
        chain = [chain]
    assert reflect.objgrep(chain, "goal") == ["[0]" * 5001]


def test_the_answer_can_be_added_to_others(node: Any) -> None:
    paths = ["before"]
    assert reflect.objgrep([1], 1, paths=paths) is paths == ["before", "[0]"]


def test_kinds_that_are_not_looked_into_can_be_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    reflect.objgrep([{1}, 2], "goal", showUnknowns=True)
    assert capsys.readouterr().out == "nothing to look into: [0] is <class 'set'>\n"


def test_modules_are_searched_too() -> None:
    goal = object()
    globals()["_goal"] = goal
    try:
        ways = reflect.modgrep(goal)
    finally:
        del globals()["_goal"]
    # By which of them it is found first, depends on what else is imported.
    assert ways
    assert all(way.startswith("sys.modules[") for way in ways)


def test_a_method_notes_its_calls() -> None:
    calls: list[Any] = []
    method = reflect.QueueMethod("name", calls)
    method(1, 2)
    assert calls == [("name", (1, 2))]
