"""What `sennit.core.contracts` promises."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import Any, Protocol

import pytest

from sennit.core import contracts

CONTRACTS: list[Any] = [getattr(contracts, name) for name in contracts.__all__]


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.__name__)
def test_a_contract_is_a_documented_protocol(contract: Any) -> None:
    assert Protocol in contract.__mro__
    assert contract.__doc__
    for name, member in vars(contract).items():
        if not name.startswith("_"):
            assert inspect.getdoc(member), f"{name} has no docstring"


def test_the_shop_window_is_sorted_and_whole() -> None:
    public = {
        name
        for name, value in vars(contracts).items()
        if name.startswith("I") and isinstance(value, type)
    }

    assert contracts.__all__ == sorted(public)


@pytest.mark.parametrize(
    "module", ["sennit.core.contracts", "sennit.core.protocol", "sennit.core.address"]
)
def test_nothing_here_imports_zope(module: str) -> None:
    program = f"import sys, {module}; print('zope.interface' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "False"
