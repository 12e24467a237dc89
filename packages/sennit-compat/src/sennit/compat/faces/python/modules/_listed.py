"""Which modules lie in a folder: by the names of its files, nothing is imported."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from sennit.core.filepath import AbstractFilePath

__all__ = ["INIT", "PYTHON_EXTENSIONS", "listed"]

#: How files of modules end; where there are both, the first counts.
PYTHON_EXTENSIONS = [".py", ".pyc"]

#: The name of the file that a package's own code is in.
INIT = "__init__"


def listed(
    folders: Iterable[AbstractFilePath[str]],
) -> Iterator[tuple[str, AbstractFilePath[str]]]:
    """Find modules and packages: their names, and the files that their code is in.

    Of two with one name the first counts, as for Python.
    """
    seen: set[str] = set()
    for folder in folders:
        for name, file in _in_folder(folder):
            if name not in seen:
                seen.add(name)
                yield name, file


def _in_folder(
    folder: AbstractFilePath[str],
) -> Iterator[tuple[str, AbstractFilePath[str]]]:
    for basename, child in sorted(_children(folder).items()):
        name, extension = os.path.splitext(basename)
        file = (
            _package_file(child) if extension == "" else _plain_file(child, extension)
        )
        if file is not None and name != INIT and name.isidentifier():
            yield name, file


def _children(folder: AbstractFilePath[str]) -> dict[str, AbstractFilePath[str]]:
    try:
        return {each.basename(): each for each in folder.children()}
    except OSError:
        # `sys.path` names folders that are not there, or not ours to read.
        return {}


def _package_file(folder: AbstractFilePath[str]) -> AbstractFilePath[str] | None:
    if not folder.isdir():
        return None
    inside = _children(folder)
    names = (INIT + extension for extension in PYTHON_EXTENSIONS)
    return next((inside[name] for name in names if name in inside), None)


def _plain_file(
    file: AbstractFilePath[str], extension: str
) -> AbstractFilePath[str] | None:
    return None if extension not in PYTHON_EXTENSIONS or file.isdir() else file
