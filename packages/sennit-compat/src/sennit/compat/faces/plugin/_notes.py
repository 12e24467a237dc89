"""What is known of the modules of a folder, so that they need not be imported again.

The file has the name of Twisted's, ``dropin.cache``, and is JSON. One that is somebody
else's is left alone; where a folder cannot be written, nothing is noted, without a word.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Container
from typing import Any

__all__ = ["Notes"]

_NAME = "dropin.cache"
# Notes of another form are not understood.
_FORM = "sennit plug-ins 1"


class Notes:
    """The notes of one folder: by a module's name, its age and what is known of it."""

    def __init__(self, folder: str) -> None:
        self._path = os.path.join(folder, _NAME)
        self._changed = False
        self._notes: dict[str, Any] = {}
        self._foreign = os.path.exists(self._path)
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            with open(self._path, encoding="utf-8") as file:
                read = json.load(file)
            if read["form"] == _FORM:
                self._notes = dict(read["modules"])
                self._foreign = False

    def get(self, name: str, path: str) -> list[Any] | None:
        """What is noted of a module; None if nothing is, or the file is another."""
        noted = self._notes.get(name)
        if noted is None or noted[0] != _age(path):
            return None
        known: list[Any] = noted[1]
        return known

    def put(self, name: str, path: str, known: list[Any]) -> None:
        """Note something of a module."""
        self._notes[name] = [_age(path), known]
        self._changed = True

    def save(self, there: Container[str]) -> None:
        """Write the file, without the modules that are not there any more."""
        gone = [name for name in self._notes if name not in there]
        for name in gone:
            del self._notes[name]
        if self._foreign or not (self._changed or gone):
            return
        temporary = f"{self._path}.{os.getpid()}"
        with contextlib.suppress(OSError):
            with open(temporary, "w", encoding="utf-8") as file:
                json.dump({"form": _FORM, "modules": self._notes}, file)
            os.replace(temporary, self._path)


def _age(path: str) -> list[float]:
    """What changes when a file is changed; nothing where it is in an archive."""
    try:
        status = os.stat(path)
    except OSError:
        return []
    return [status.st_mtime, status.st_size]
