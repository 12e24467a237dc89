"""By which name a class goes over the wire.

Classes are known by ``module.name`` on both sides, and there are two traps in that.

* The program that was started is called ``__main__`` on its own side only; whoever
  imports its classes knows them by the file's name. So they travel under that.
* Errors of ours have other modules than those of Twisted, which mean the same. What
  goes out is called as Twisted calls it, and what comes in is known by both names:
  ``failure.trap(UnauthorizedLogin)`` works whatever the peer is.
"""

from __future__ import annotations

import sys
from pathlib import PurePath
from typing import Final

__all__ = ["known_names", "main_module", "wire_name"]

_MAIN: Final = "__main__"

# Our modules, and the name of the module that has the same errors at Twisted.
_MODULES: Final = {
    "sennit.core.cred.error": "twisted.cred.error",
    "sennit.core.defer": "twisted.internet.defer",
    "sennit.core.errors": "twisted.internet.error",
    "sennit.spread.banana": "twisted.spread.banana",
    "sennit.spread.flavors": "twisted.spread.flavors",
    "sennit.spread.jelly": "twisted.spread.jelly",
    "sennit.spread.pb": "twisted.spread.pb",
}
_OURS: Final = {theirs: ours for ours, theirs in _MODULES.items()}


def main_module() -> str:
    """Name the module that runs as the program as those who import it do.

    It is ``__main__`` where that cannot be known: at a prompt, for a string given with
    ``-c``.
    """
    main = sys.modules.get(_MAIN)
    spec = getattr(main, "__spec__", None)
    if spec is not None and isinstance(spec.name, str):
        return str(spec.name)
    path = getattr(main, "__file__", None)
    stem = PurePath(path).stem if isinstance(path, str) else ""
    return stem if stem.isidentifier() else _MAIN


def wire_name(kind: type) -> str:
    """Name a class for the other side.

    Classes within others go by their last name, as they did before Python knew more.
    """
    module = kind.__module__
    module = main_module() if module == _MAIN else _MODULES.get(module, module)
    return f"{module}.{kind.__name__}"


def known_names(name: str) -> tuple[str, ...]:
    """Give the names by which a class is known here that is called so on the wire.

    The name itself comes first.
    """
    module, dot, last = name.rpartition(".")
    names = [name]
    if module in _OURS:
        names.append(f"{_OURS[module]}.{last}")
    elif dot and module == main_module():
        names.append(f"{_MAIN}.{last}")
    return tuple(dict.fromkeys(names))
