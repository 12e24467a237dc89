"""The command ``sennit``: ``sennit run``, ``sennit twistd``, and what others add.

A distribution adds a command by an entry point of the group ``sennit.commands``: a
`click.Command`, or a function that makes something to run. The function's parameters
become the command's options, its documentation the help::

    [project.entry-points."sennit.commands"]
    echo = "example.echo:serve"

    def serve(*, listen: list[str] = ["tcp:7"], shout: bool = False) -> Factory:
        \"\"\"Send everything back.

        Args:
            shout: In capitals.
        \"\"\"
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from sennit.app.cli._functions import commandOf as commandOf
from sennit.app.cli._group import sennit
from sennit.app.cli._twistd import (
    installedMakers as installedMakers,
    twistd as twistd,
)

__all__ = ["commandOf", "installedMakers", "main", "twistd"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what a command line says, and exit.

    Args:
        arguments: The words behind the program's name; those of the process if None.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    sennit.main(words, prog_name="sennit")
