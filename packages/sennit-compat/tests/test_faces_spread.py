"""Programs that import Perspective Broker from Twisted find it, and it is ours."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import pytest

from sennit import compat

NAMES = ("banana", "flavors", "interfaces", "jelly", "pb", "publish", "util")


@pytest.fixture
def installed() -> Iterator[None]:
    compat.install()
    yield
    compat.uninstall()


@pytest.mark.parametrize("name", NAMES)
def test_a_module_of_spread_is_ours(installed: None, name: str) -> None:
    """One object by both names: what is registered by the one is known by the other."""
    theirs = importlib.import_module(f"twisted.spread.{name}")
    ours = importlib.import_module(f"sennit.spread.{name}")
    assert theirs is ours
