"""``sennit twistd``: Twisted's command, with its options, defaults and statuses.

What differs from ``sennit run``: it is a daemon unless told ``-n``, writes
``twistd.pid`` and, as a daemon, ``twistd.log``; words behind the options are the command
of a service maker; whatever fails, the status is 1.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from sennit.app.cli._options import converted, fileMode, showPlan
from sennit.app.contracts import IServiceMaker
from sennit.app.runner import (
    LOOPS,
    PROFILERS,
    Plan,
    RunError,
    Target,
    fileTarget,
    gidFrom,
    loopNamed,
    run,
    uidFrom,
)
from sennit.app.runner._entries import imported, points

__all__ = ["GROUP", "installedMakers", "twistd", "twistd_command"]

GROUP = "sennit.services"

Makers = Callable[[], Iterable[IServiceMaker]]


def installedMakers() -> list[IServiceMaker]:
    """The service makers of all entry points of the group ``sennit.services``."""
    return [imported(point, RunError) for point in points(GROUP)]


class _Twistd(click.Command):
    """Has the commands of service makers in its help, and Twisted's status."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, with what each is."""
        rows = sorted((each.tapname, each.description) for each in _makers(ctx)())
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the command line."""
        with _status_1():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Do what it says."""
        with _status_1():
            return super().invoke(ctx)


class _Mistake(click.UsageError):
    """A mistake on the command line, which is a failure like any other here."""

    exit_code = 1


@contextmanager
def _status_1() -> Iterator[None]:
    try:
        yield
    except click.ClickException as error:
        where = getattr(error, "ctx", None)
        raise _Mistake(error.format_message(), where) from error


def _makers(ctx: click.Context) -> Makers:
    return installedMakers if ctx.obj is None else ctx.obj


@click.command(
    "twistd",
    cls=_Twistd,
    short_help="Run a .tac file as twistd does, with its options.",
    context_settings={"allow_interspersed_args": False},
)
@click.option("-n", "--nodaemon", is_flag=True, help="Stay in the terminal.")
@click.option("-y", "--python", metavar="FILE", help="The .tac file to run.")
@click.option(
    "-l", "--logfile", metavar="PATH", help="Where to log; - is the terminal."
)
@click.option("--logger", metavar="NAME", help="A function that gives an observer.")
@click.option("--syslog", is_flag=True, help="Log to the system's log.")
@click.option("--prefix", default="twisted", help="What the program is called there.")
@click.option(
    "--pidfile",
    default="twistd.pid",
    show_default=True,
    metavar="PATH",
    help="Where to write the process' number; empty for nowhere.",
)
@click.option("-d", "--rundir", metavar="PATH", help="Run in this folder.")
@click.option("--chroot", metavar="PATH", help="Make this folder the root.")
@click.option("-u", "--uid", callback=converted(uidFrom), help="Run as this user.")
@click.option("-g", "--gid", callback=converted(gidFrom), help="Run as this group.")
@click.option("--euid", is_flag=True, help="Keep the right to become root again.")
@click.option(
    "--umask",
    callback=converted(fileMode),
    help="Permissions that new files do not get, in octal; 077 for a daemon.",
)
@click.option("-p", "--profile", metavar="PATH", help="Write a profile there.")
@click.option(
    "--profiler",
    default="cprofile",
    show_default=True,
    type=click.Choice(list(PROFILERS), case_sensitive=False),
    help="What measures it.",
)
@click.option("--savestats", is_flag=True, help="Write it for pstats.")
@click.option(
    "-r",
    "--reactor",
    callback=converted(loopNamed),
    metavar="NAME",
    help="The event loop; see --help-reactors.",
)
@click.option("--help-reactors", is_flag=True, help="Print the names of the loops.")
@click.option("-b", "--debug", is_flag=True, help="Run in the debugger.")
@click.option("-o", "--no_save", is_flag=True, help="Accepted; nothing is saved.")
@click.option("--originalname", is_flag=True, help="Accepted; the name stays.")
@click.option("--show-plan", is_flag=True, help="Print what would be done.")
@click.version_option(package_name="sennit-app", prog_name="twistd")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def twistd_command(ctx: click.Context, /, **given: Any) -> None:
    """Run the application of a Python file, or the service of COMMAND."""
    if given["help_reactors"]:
        click.echo("\n".join(LOOPS))
        ctx.exit()
    plan = _plan(given, _target(given, _makers(ctx)))
    if given["show_plan"]:
        ctx.exit(showPlan(plan))
    ctx.exit(1 if run(plan) else 0)


def _target(given: dict[str, Any], makers: Makers) -> Target:
    words = given["command"]
    if given["python"] is not None:
        if words:
            raise click.UsageError(
                f"-y is for a file: there is no command {words[0]!r}"
            )
        return fileTarget(given["python"])
    if not words:
        raise click.UsageError("name a file with -y, or a command; see --help")
    for maker in makers():
        if maker.tapname == words[0]:
            return _made_by(maker, list(words))
    raise click.UsageError(f"Unknown command: {words[0]}")


def _made_by(maker: IServiceMaker, words: list[str]) -> Target:
    options = maker.options()
    try:
        options.parseOptions(words[1:])
    except SystemExit:
        raise
    except Exception as error:
        # Whatever class the options' own errors are of.
        raise click.UsageError(f"{words[0]}: {error}\n{options}") from error
    return Target(" ".join(words), lambda: maker.makeService(options))


def _plan(given: dict[str, Any], target: Target) -> Plan:
    daemon = not (given["nodaemon"] or given["debug"])
    logfile, umask = given["logfile"], given["umask"]
    return Plan(
        "twistd",
        target,
        daemon=daemon,
        logfile=logfile or ("twistd.log" if daemon else "-"),
        logKeep=None,
        logger=given["logger"],
        syslog=given["syslog"],
        prefix=given["prefix"],
        pidfile=given["pidfile"] or None,
        rundir=given["rundir"],
        chroot=given["chroot"],
        uid=given["uid"],
        gid=given["gid"],
        euid=given["euid"],
        umask=0o077 if umask is None and daemon else umask,
        loop=given["reactor"],
        profile=given["profile"],
        profiler=given["profiler"].lower(),
        saveStats=given["savestats"],
        debug=given["debug"],
    )


def twistd(
    arguments: Sequence[str] | None = None, makers: Makers = installedMakers
) -> int:
    """Do what a command line of ``twistd`` says.

    Args:
        arguments: The words behind the program's name; those of the process if None.
        makers: Gives the service makers whose commands there are.

    Returns:
        The status to exit with: 0, or 1 whatever has failed.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = twistd_command.main(
            words, prog_name="twistd", standalone_mode=False, obj=makers
        )
    except click.ClickException as error:
        error.show()
        return 1
    except click.Abort:
        return 1
    return status or 0
