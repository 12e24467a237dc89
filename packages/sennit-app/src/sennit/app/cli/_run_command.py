"""``sennit run``."""

from __future__ import annotations

from typing import Any

import click

from sennit.app.cli._options import RunCommand, launch, runOptions
from sennit.app.runner import UsageError, targetNamed

__all__ = ["run"]


@click.command(
    cls=RunCommand,
    short_help="Run a .tac file, or a service or factory by its name.",
    epilog="The log opens and closes with the program; SIGHUP has it opened anew.",
)
@click.argument("target")
@click.option(
    "--listen",
    multiple=True,
    metavar="ENDPOINT",
    help="Where a factory listens: tcp:8080, unix:/run/x.sock; may be repeated.",
)
@runOptions
def run(target: str, listen: tuple[str, ...], how: dict[str, Any]) -> None:
    """Run TARGET until it is stopped.

    \b
    TARGET is
      server.tac       a Python file with a variable "application", or
      module:name      an application, a service, a factory or protocol class
                       (with --listen), or a function that makes one of these.
    """
    try:
        wanted = targetNamed(target, listen)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    launch("sennit run", wanted, how)
