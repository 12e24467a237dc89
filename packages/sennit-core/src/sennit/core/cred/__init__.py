"""Who is it, and what may they use: from credentials to an object of the application.

A `Portal <sennit.core.cred.portal.Portal>` stands between a protocol, which receives
credentials, and the application. A checker tells whose the credentials are, by an
avatar ID; the application's realm makes of that ID an avatar, the object that this user
works with. Neither knows the other: so each protocol can have every kind of password
file, and each application every protocol.

Each module is imported when it is first asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sennit.core.cred import (
        checkers as checkers,
        contracts as contracts,
        credentials as credentials,
        error as error,
        interfaces as interfaces,
        passwords as passwords,
        portal as portal,
        sql as sql,
    )

__all__ = [
    "checkers",
    "contracts",
    "credentials",
    "error",
    "interfaces",
    "passwords",
    "portal",
    "sql",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
