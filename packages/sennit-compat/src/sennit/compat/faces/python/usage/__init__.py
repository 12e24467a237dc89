"""``twisted.python.usage``: a command line's options, declared by a class.

A class lists flags and parameters and has methods ``opt_name`` for what needs code;
an instance reads a command line and is then a mapping of what was found.
"""

from __future__ import annotations

from sennit.compat.faces.python.usage._completion import (
    CompleteDirs as CompleteDirs,
    CompleteFiles as CompleteFiles,
    CompleteGroups as CompleteGroups,
    CompleteHostnames as CompleteHostnames,
    CompleteList as CompleteList,
    CompleteMultiList as CompleteMultiList,
    CompleteNetInterfaces as CompleteNetInterfaces,
    Completer as Completer,
    CompleteUserAtHost as CompleteUserAtHost,
    CompleteUsernames as CompleteUsernames,
    Completions as Completions,
)
from sennit.compat.faces.python.usage._declared import (
    CoerceParameter as CoerceParameter,
    UsageError as UsageError,
    flagFunction as flagFunction,
    portCoerce as portCoerce,
)
from sennit.compat.faces.python.usage._help import docMakeChunks as docMakeChunks
from sennit.compat.faces.python.usage._options import Options as Options

__all__ = [
    "CoerceParameter",
    "CompleteDirs",
    "CompleteFiles",
    "CompleteGroups",
    "CompleteHostnames",
    "CompleteList",
    "CompleteMultiList",
    "CompleteNetInterfaces",
    "CompleteUserAtHost",
    "CompleteUsernames",
    "Completer",
    "Completions",
    "Options",
    "UsageError",
    "docMakeChunks",
    "error",
    "flagFunction",
    "portCoerce",
]

error = UsageError
