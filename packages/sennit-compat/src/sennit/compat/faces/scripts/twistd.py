"""``twisted.scripts.twistd``: the command, and what programs build theirs of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sennit.app.cli import twistd
from sennit.app.runner import run as run_plan
from sennit.compat.faces.application import app
from sennit.compat.faces.application._options import (
    UnixOptions as ServerOptions,
    makers,
)

__all__ = ["ServerOptions", "main", "run", "runApp"]


class _SomeApplicationRunner(app.ApplicationRunner):
    """Makes the application; the runner of `sennit.app` does all else.

    Programs inherit from it, by this name, to make an application of their own.
    """

    def run(self) -> None:
        """Run it, to its end.

        Raises:
            SystemExit: It has failed.
        """
        status = run_plan(app.planOf(self.config, self._make))
        if status:
            raise SystemExit(1)

    def _make(self) -> Any:
        self.preApplication()
        self.application = self.createOrGetApplication()
        return self.application

    def preApplication(self) -> None:
        """Nothing: the runner has looked for another process."""

    def postApplication(self) -> None:
        """Nothing: the runner runs it."""


def runApp(config: Any) -> None:
    """Run what options say, to its end.

    Raises:
        SystemExit: It has failed.
    """
    _SomeApplicationRunner(config).run()


def run() -> None:
    """Do what the process' command line says."""
    app.run(runApp, ServerOptions)


def main(arguments: Sequence[str]) -> int:
    """Do what a command line says.

    Returns:
        The status to exit with.
    """
    return twistd(arguments, makers)
