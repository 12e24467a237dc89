"""An application from a Python file: a ``.tac``."""

from __future__ import annotations

import os
from typing import Any

__all__ = ["loadApplication", "runFile"]


def runFile(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Run a Python file, as a module of its own that nobody can import.

    Args:
        path: The file; its ``__file__`` is that, its ``__name__`` its first word.

    Returns:
        All the names that it has defined.

    Raises:
        OSError: It cannot be read.
        SyntaxError: It is not Python.
        ValueError: It is not even text.
    """
    path = os.fspath(path)
    with open(path, "rb") as file:
        source = file.read()
    # The file's own __future__ imports count, not those of this one.
    code = compile(source, path, "exec", dont_inherit=True)
    stem = os.path.basename(path).partition(".")[0]
    names: dict[str, Any] = {"__file__": path, "__name__": stem}
    exec(code, names)
    return names


def loadApplication(
    filename: str | os.PathLike[str], kind: str = "python", passphrase: None = None
) -> Any:
    """Run a ``.tac`` file and give its ``application``.

    Args:
        filename: The file.
        kind: ``"python"``: applications are not kept in other forms any more.
        passphrase: Nothing: files are not encrypted.

    Raises:
        KeyError: It defines no ``application``.
        ValueError: The application is to be of another kind.
    """
    if kind != "python" or passphrase is not None:
        raise ValueError(f"applications are Python files, not {kind} ones")
    return runFile(filename)["application"]
