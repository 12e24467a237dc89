"""What a package shows: its public modules, and a list of all that is in them.

The list is text, one fact a line, so that a change of the public API is a change that
a reader of the diff sees. It is the same on every Python that is tested: signatures
come from the annotations as they are written, defaults are spelled only where their
spelling is sure, and nothing of what classes inherit from the standard library is
told.

    python tools/public_api.py sennit.core                 # to read
    python tools/public_api.py --write sennit.core …       # into the package's tests
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from difflib import unified_diff
from enum import EnumMeta
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, ModuleType

ROOT = Path(__file__).resolve().parents[1]
SURE = (type(None), bool, int, float, str, bytes)


def public_modules(package: str) -> list[str]:
    """Return the names of *package* and all in it that has no underscore, sorted.

    An object that stands in the place of a module (the reactor) is none.
    """
    path = importlib.import_module(package).__path__
    found = (module.name for module in pkgutil.walk_packages(path, f"{package}."))
    public = {package, *(name for name in found if "._" not in name)}
    return sorted(
        name for name in public if isinstance(importlib.import_module(name), ModuleType)
    )


def list_file(package: str) -> Path:
    """Return where the list of *package* is kept."""
    return ROOT / "packages" / package.replace(".", "-") / "tests" / "public_api.txt"


def describe(package: str) -> str:
    """Return the list of all public names of *package*."""
    lines = [f"The public names of {package}; `nox -s api` writes this file."]
    for name in public_modules(package):
        module = importlib.import_module(name)
        lines += ["", name]
        for exported in sorted(getattr(module, "__all__", ())):
            value = getattr(module, exported)
            lines += [f"    {line}" for line in _lines(exported, value, name)]
    return "\n".join(lines) + "\n"


def changes(package: str) -> str:
    """Return how the public names differ from the list that is kept, "" if not.

    They are looked at in a process of their own: in this one, tests have left traces.
    """
    kept = list_file(package).read_text(encoding="utf-8").splitlines()
    command = [sys.executable, __file__, package]
    found = subprocess.check_output(command, encoding="utf-8").splitlines()
    return "\n".join(unified_diff(kept, found, "kept", "found", n=0, lineterm=""))


def _lines(name: str, value: object, module: str) -> Iterator[str]:
    """Yield the lines of one name of *module*."""
    home = _home(value)
    if isinstance(value, ModuleType):
        yield f"module {name}"
    elif home and home.split(".")[:2] != module.split(".")[:2]:
        yield f"{name} is {home}"
    elif inspect.isclass(value):
        yield from _class_lines(name, value)
    elif inspect.isroutine(value):
        coroutine = "async " if inspect.iscoroutinefunction(value) else ""
        yield f"{coroutine}def {name}{_signature(value)}"
    else:
        yield f"{name}: {type(value).__name__}"


def _home(value: object) -> str:
    """Return the public name of a class or function, "" of all else."""
    if not isinstance(value, type | FunctionType | BuiltinFunctionType):
        return ""
    if not value.__module__.startswith("sennit."):
        return f"{value.__module__}.{value.__qualname__}"
    return f"{re.sub(r'[.]_.*', '', value.__module__)}.{value.__qualname__}"


def _class_lines(name: str, cls: type) -> Iterator[str]:
    bases = [base.__name__ for base in cls.__bases__ if base is not object]
    yield f"class {name}({', '.join(bases)})" if bases else f"class {name}"
    if _is_made_by_us(cls):
        yield f"    new{_signature(cls)}"
    for member, value in sorted(_members(cls).items()):
        yield f"    {_member_line(member, value)}"


def _is_made_by_us(cls: type) -> bool:
    """Whether the arguments that *cls* is called with are those of a class of ours."""
    makers = (b for b in cls.__mro__ if {"__init__", "__new__"} & vars(b).keys())
    maker = next(makers)
    ours = maker.__module__.startswith("sennit.")
    made = isinstance(cls, EnumMeta) or getattr(maker, "_is_protocol", False)
    return ours and not made


def _members(cls: type) -> dict[str, object]:
    """Return the public members of *cls* and of those bases that only we see."""
    found: dict[str, object] = {}
    for base in reversed(cls.__mro__):
        if base is not cls and not _is_private(base):
            continue
        annotations = vars(base).get("__annotations__", {})
        found.update((name, _Text(_words(each))) for name, each in annotations.items())
        found.update((n, v) for n, v in vars(base).items() if n not in annotations)
    if isinstance(cls, EnumMeta):
        found.update((name, _Text("member")) for name in cls.__members__)
    return {name: value for name, value in found.items() if not name.startswith("_")}


def _is_private(cls: type) -> bool:
    """Whether *cls* is ours and not in any shop window."""
    if not cls.__module__.startswith("sennit."):
        return False
    window = sys.modules[re.sub(r"[.]_.*", "", cls.__module__)]
    return cls.__name__ not in getattr(window, "__all__", ())


class _Text:
    """Stands for an annotation or a default, and is spelled as the source has it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _words(annotation: object) -> str:
    if isinstance(annotation, str):
        return annotation.replace("'", '"')
    return inspect.formatannotation(annotation)


def _member_line(name: str, value: object) -> str:
    if isinstance(value, _Text):
        return f"{name}: {value}"
    if isinstance(value, classmethod | staticmethod):
        return f"{type(value).__name__} {name}{_signature(value.__func__)}"
    if isinstance(value, property):
        returns = getattr(value.fget, "__annotations__", {}).get("return")
        return f"property {name}: {_words(returns)}"
    if inspect.isclass(value):
        return f"class {name}"
    if inspect.isroutine(value):
        coroutine = "async " if inspect.iscoroutinefunction(value) else ""
        return f"{coroutine}def {name}{_signature(value)}"
    if inspect.isdatadescriptor(value):
        return f"{name}: slot"
    return f"{name}: {type(value).__name__}"


def _signature(function: object) -> str:
    """Return parameters and result as the source says them, "(...)" if it does not."""
    try:
        signature = inspect.signature(function)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return "(...)"
    parameters = [
        parameter.replace(
            annotation=_spelled(parameter.annotation, _words),
            default=_spelled(parameter.default, _default),
        )
        for parameter in signature.parameters.values()
    ]
    returns = _spelled(signature.return_annotation, _words)
    return str(signature.replace(parameters=parameters, return_annotation=returns))


def _spelled(value: object, spell: Callable[[object], str]) -> object:
    return value if value is inspect.Parameter.empty else _Text(spell(value))


def _default(value: object) -> str:
    """Return a default's spelling where it is the same everywhere."""
    return repr(value) if type(value) in SURE or value == () else "..."


def main() -> None:
    """Show the lists, or write them where the tests look for them."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("packages", nargs="+")
    options = parser.parse_args()
    for package in options.packages:
        text = describe(package)
        if options.write:
            list_file(package).write_text(text, encoding="utf-8")
        else:
            sys.stdout.buffer.write(text.encode())


if __name__ == "__main__":
    main()
