"""``twisted.python.modules``: what could be imported, found without importing it."""

from __future__ import annotations

from sennit.compat.faces.python.modules._importers import (
    IPathImportMapper as IPathImportMapper,
)
from sennit.compat.faces.python.modules._listed import (
    PYTHON_EXTENSIONS as PYTHON_EXTENSIONS,
)
from sennit.compat.faces.python.modules._module import (
    PathEntry as PathEntry,
    PythonAttribute as PythonAttribute,
    PythonModule as PythonModule,
)
from sennit.compat.faces.python.modules._path import (
    PythonPath as PythonPath,
    getModule as getModule,
    iterModules as iterModules,
    theSystemPath as theSystemPath,
    walkModules as walkModules,
)

__all__ = [
    "IPathImportMapper",
    "PYTHON_EXTENSIONS",
    "PathEntry",
    "PythonAttribute",
    "PythonModule",
    "PythonPath",
    "getModule",
    "iterModules",
    "theSystemPath",
    "walkModules",
]
