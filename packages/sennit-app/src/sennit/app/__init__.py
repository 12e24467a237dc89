"""Services, the tree they make, and the command that runs it.

    from sennit.app import internet, service, strports

Each module is imported when it is first asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sennit.app import (
        cli as cli,
        contracts as contracts,
        interfaces as interfaces,
        internet as internet,
        runner as runner,
        service as service,
        strports as strports,
    )

__all__ = [
    "cli",
    "contracts",
    "interfaces",
    "internet",
    "runner",
    "service",
    "strports",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
