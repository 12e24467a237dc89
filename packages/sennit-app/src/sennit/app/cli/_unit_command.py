"""``sennit unit``."""

from __future__ import annotations

import os
import sys

import click

from sennit.app.systemd import unitFile

__all__ = ["unit"]


@click.command(
    short_help="Print a systemd unit for a command.",
    epilog="Try it: sennit unit run server.tac > /etc/systemd/system/server.service",
    context_settings={"allow_interspersed_args": False},
)
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option("--name", help="Of the unit; as the command's last word unless told.")
@click.option("--description", help="What it is, for people.")
@click.option("--folder", metavar="PATH", help="Where it runs; its state unless told.")
@click.option("--user", help="Whom it runs as; one that systemd makes up unless told.")
@click.option(
    "--watchdog",
    type=click.IntRange(min=1),
    default=30,
    show_default=True,
    help="Seconds without a sign of life until it is started again.",
)
@click.option(
    "--stop",
    type=click.IntRange(min=1),
    default=90,
    show_default=True,
    help="Seconds that it has to stop.",
)
def unit(
    words: tuple[str, ...],
    name: str | None,
    description: str | None,
    folder: str | None,
    user: str | None,
    watchdog: int,
    stop: int,
) -> None:
    """Print the unit file for "sennit WORDS": a closed one, to be opened as needed.

    Files among the words, which are there, become absolute paths.
    """
    command = [os.path.abspath(w) if os.path.isfile(w) else w for w in words]
    if name is None:
        name = os.path.basename(words[-1]).partition(".")[0] or "sennit"
    program = os.path.join(os.path.dirname(sys.executable), "sennit")
    try:
        text = unitFile(
            [program, *command],
            description=description or f"{name}, run by Sennit",
            name=name,
            folder=folder,
            user=user,
            watchdog=watchdog,
            stop=stop,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    click.echo(text, nl=False)
