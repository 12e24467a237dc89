"""``sennit``: the commands that are installed, and help about them."""

from __future__ import annotations

import difflib
from typing import Any

import click
from click.shell_completion import get_completion_class

from sennit.app.cli._functions import commandOf
from sennit.app.cli._options import WORDS
from sennit.app.cli._procmon_command import procmon
from sennit.app.cli._run_command import run
from sennit.app.cli._twistd import twistd_command
from sennit.app.cli._unit_command import unit
from sennit.app.runner import RunError
from sennit.app.runner._entries import imported, points

__all__ = ["GROUP", "Commands", "sennit"]

GROUP = "sennit.commands"


class Commands(click.Group):
    """Commands of our own, and those that entry points name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words, and keep them for who starts workers by the same ones."""
        ctx.meta[WORDS] = list(args)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all; nothing is imported."""
        return sorted({*super().list_commands(ctx), *(p.name for p in points(GROUP))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; one that cannot be imported says so when used."""
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        for point in points(GROUP):
            if point.name == cmd_name:
                try:
                    return commandOf(cmd_name, imported(point, RunError))
                except RunError as error:
                    return _broken(cmd_name, str(error))
        return None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the command, or say which ones are called alike."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            alike = difflib.get_close_matches(args[0], self.list_commands(ctx))
            hint = f" Did you mean {' or '.join(alike)}?" if alike else ""
            raise click.UsageError(f"{error.message}{hint}", ctx) from None


def _broken(name: str, why: str) -> click.Command:
    """A command that only says why it is none."""

    def tell(words: tuple[str, ...]) -> None:
        raise click.ClickException(why)

    return click.Command(
        name,
        callback=tell,
        params=[click.Argument(["words"], nargs=-1, type=click.UNPROCESSED)],
        short_help="(cannot be used: its distribution is broken)",
        context_settings={"ignore_unknown_options": True},
        add_help_option=False,
    )


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 90},
)
@click.version_option(package_name="sennit-app", prog_name="sennit")
def sennit() -> None:
    """Run network programs: their services, logs, processes."""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print a script that lets SHELL complete commands and options.

    \b
    For bash, in ~/.bashrc:    eval "$(sennit completion bash)"
    """
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(sennit, {}, "sennit", "_SENNIT_COMPLETE").source())


sennit.add_command(run)
sennit.add_command(twistd_command)
sennit.add_command(procmon)
sennit.add_command(unit)
sennit.add_command(completion)
