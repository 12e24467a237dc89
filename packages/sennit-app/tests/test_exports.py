"""What ``__all__`` promises is kept by every public module."""

from __future__ import annotations

import importlib

import pytest

from public_api import public_modules


@pytest.mark.parametrize("name", public_modules("sennit.app"))
def test_all_is_there_sorted_and_true(name: str) -> None:
    """A public module lists its names in order, and has every one of them."""
    module = importlib.import_module(name)
    assert list(module.__all__) == sorted(set(module.__all__))
    assert [each for each in module.__all__ if not hasattr(module, each)] == []
