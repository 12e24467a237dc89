"""Objects by their names: ``package.module:name``, or ``package.module.name``."""

from __future__ import annotations

import importlib
from functools import reduce
from typing import Any

__all__ = ["named"]


def named(name: str, wrong: type[Exception]) -> Any:
    """Import an object.

    Args:
        name: The module's name, a colon, and the object's, which may have dots; with a
            dot for the colon, the module is all but the last part.
        wrong: The error that tells that there is no such module or name; what the
            module itself raises passes.
    """
    module_name, colon, attribute = name.partition(":")
    if not colon:
        module_name, _, attribute = name.rpartition(".")
    if not module_name or not attribute:
        raise wrong(f"{name!r} is not of the form module:name")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise
        raise wrong(f"there is no module {error.name!r}") from error
    try:
        return reduce(getattr, attribute.split("."), module)
    except AttributeError as error:
        raise wrong(f"the module {module_name!r} has no {attribute!r}") from error
