"""``sennit procmon``."""

from __future__ import annotations

import os
from typing import Any

import click

from sennit.app.cli._options import RunCommand, launch, runOptions
from sennit.app.procmon import ProcessMonitor
from sennit.app.runner import Target

__all__ = ["procmon"]

_SECONDS = click.FloatRange(min=0)


@click.command(
    cls=RunCommand,
    short_help="Keep a program running.",
    epilog="What it writes goes to the log, line by line.",
    context_settings={"allow_interspersed_args": False},
)
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option(
    "--threshold",
    type=_SECONDS,
    default=ProcessMonitor.threshold,
    show_default=True,
    help="Seconds that it has to live; else it is started again later.",
)
@click.option(
    "--kill-time",
    "killTime",
    type=_SECONDS,
    default=ProcessMonitor.killTime,
    show_default=True,
    help="Seconds from SIGTERM to SIGKILL.",
)
@click.option(
    "--min-delay",
    "minRestartDelay",
    type=_SECONDS,
    default=ProcessMonitor.minRestartDelay,
    show_default=True,
    help="Seconds to wait after the first end that comes too soon.",
)
@click.option(
    "--max-delay",
    "maxRestartDelay",
    type=_SECONDS,
    default=ProcessMonitor.maxRestartDelay,
    show_default=True,
    help="Seconds to wait at most; each wait is twice the one before.",
)
@runOptions
def procmon(words: tuple[str, ...], how: dict[str, Any], **delays: float) -> None:
    """Run the command WORDS, and start it again whenever it ends."""

    def make() -> ProcessMonitor:
        monitor = ProcessMonitor()
        for name, seconds in delays.items():
            setattr(monitor, name, seconds)
        monitor.addProcess(os.path.basename(words[0]), words, env=None)
        return monitor

    launch("sennit procmon", Target(" ".join(words), make), how)
