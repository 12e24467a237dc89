"""``twisted.python.procutils``: where programs lie."""

from __future__ import annotations

import os

__all__ = ["which"]


def which(name: str, flags: int = os.X_OK) -> list[str]:
    """Find every program of a name along the search path.

    Args:
        name: The program's name; on Windows also without its extension.
        flags: What must be allowed to us with the file, as for `os.access`.

    Returns:
        The paths in the order of ``PATH``; the first is the one that a shell runs.
        None without that variable.
    """
    if "PATH" not in os.environ:
        return []
    folders = os.environ["PATH"].split(os.pathsep)
    extensions = os.environ.get("PATHEXT", "").split(os.pathsep)
    suffixes = ["", *filter(None, extensions)]
    return [
        path
        for folder in folders
        for path in [os.path.join(folder, name) + suffix for suffix in suffixes]
        if os.access(path, flags) and not os.path.isdir(path)
    ]
