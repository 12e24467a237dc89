"""The options that say how something is run, for every command that runs something."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeAlias, TypeVar

import click

from sennit.app.runner import (
    PROFILERS,
    Plan,
    Target,
    UsageError,
    asSupervisor,
    asWorker,
    gidFrom,
    loopNamed,
    run,
    stepsOf,
    uidFrom,
)
from sennit.app.workers import SupervisorLink

__all__ = [
    "RunCommand",
    "WORDS",
    "converted",
    "fileMode",
    "launch",
    "runOptions",
    "showPlan",
]

F = TypeVar("F", bound=Callable[..., Any])

WORDS = "sennit.app.words"
"""What the words of the whole command line are called in a context's ``meta``."""

# Seconds. Whoever stops a worker waits for nobody: another serves meanwhile.
_DRAIN = 10.0


def converted(convert: Callable[[str], Any]) -> Callable[..., Any]:
    """A callback for an option whose value a function of the runner understands."""

    def callback(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        try:
            return value if value is None else convert(value)
        except UsageError as error:
            raise click.BadParameter(str(error), ctx, param) from error

    return callback


def fileMode(text: str) -> int:
    """Permission bits, in octal.

    Raises:
        UsageError: It is no such number.
    """
    try:
        mode = int(text, 8)
    except ValueError:
        mode = -1
    if not 0 <= mode <= 0o777:
        raise UsageError(f"{text!r} is no octal number such as 022")
    return mode


_Option: TypeAlias = tuple[tuple[str, ...], dict[str, Any]]

# By their heading in the help. The last of an option's names is the field of the plan.
_SECTIONS: dict[str, list[_Option]] = {
    "Log": [
        (
            ("--logfile", "-l", "logfile"),
            {"metavar": "PATH", "help": "Where the log goes; - is the terminal."},
        ),
        (
            ("--log-format", "logFormat"),
            {
                "type": click.Choice(["text", "json"]),
                "help": "Classic lines, or JSON lines.",
            },
        ),
        (
            ("--log-size", "logSize"),
            {
                "type": click.IntRange(min=0),
                "metavar": "BYTES",
                "help": "Rotate it from this length on; 0 for never.",
            },
        ),
        (
            ("--log-keep", "logKeep"),
            {
                "type": click.IntRange(min=0),
                "metavar": "N",
                "help": "Keep so many rotated ones; 10 unless told.",
            },
        ),
        (
            ("--logger", "logger"),
            {"metavar": "NAME", "help": "A function that gives the observer."},
        ),
        (("--syslog", "syslog"), {"is_flag": True, "help": "The system's log."}),
        (
            ("--prefix", "prefix"),
            {"metavar": "WORD", "help": "What the program is called there."},
        ),
    ],
    "Process": [
        (
            ("--daemon", "daemon"),
            {"is_flag": True, "help": "Leave the terminal once all has started."},
        ),
        (
            ("--pidfile", "pidfile"),
            {"metavar": "PATH", "help": "Write the process' number there."},
        ),
        (
            ("--rundir", "-d", "rundir"),
            {"metavar": "PATH", "help": "Run in this folder."},
        ),
        (
            ("--chroot", "chroot"),
            {"metavar": "PATH", "help": "Make this folder the root."},
        ),
        (
            ("--uid", "-u", "uid"),
            {
                "callback": converted(uidFrom),
                "metavar": "USER",
                "help": "Run as this user, once ports are open.",
            },
        ),
        (
            ("--gid", "-g", "gid"),
            {
                "callback": converted(gidFrom),
                "metavar": "GROUP",
                "help": "And as this group; as the user's unless told.",
            },
        ),
        (
            ("--euid", "euid"),
            {"is_flag": True, "help": "Keep the right to become root again."},
        ),
        (
            ("--umask", "umask"),
            {
                "callback": converted(fileMode),
                "metavar": "OCTAL",
                "help": "Permissions that new files do not get.",
            },
        ),
        (
            ("--loop", "--reactor", "-r", "loop"),
            {
                "callback": converted(loopNamed),
                "metavar": "NAME",
                "help": "asyncio, uvloop or module:factory.",
            },
        ),
    ],
    "Serving": [
        (
            ("--workers", "-w", "workers"),
            {
                "type": click.IntRange(min=1),
                "metavar": "N",
                "help": "Serve by N processes; SIGHUP replaces them by new ones.",
            },
        ),
        (
            ("--reload", "watch"),
            {
                "is_flag": True,
                "help": "Replace them when Python files change: for development.",
            },
        ),
        (
            ("--drain", "drain"),
            {
                "type": click.FloatRange(min=0),
                "metavar": "SECONDS",
                "help": "Let clients finish for so long at the end; 10 with workers.",
            },
        ),
    ],
    "Looking for faults": [
        (
            ("--profile", "-p", "profile"),
            {"metavar": "PATH", "help": "Write a profile of the run there."},
        ),
        (
            ("--profiler", "profiler"),
            {
                "type": click.Choice(list(PROFILERS), case_sensitive=False),
                "help": "What measures it.",
            },
        ),
        (
            ("--savestats", "saveStats"),
            {"is_flag": True, "help": "Write it for pstats, not for people."},
        ),
        (
            ("--debug", "-b", "debug"),
            {"is_flag": True, "help": "Run in the debugger; SIGUSR2 opens it."},
        ),
        (
            ("--show-plan", "showPlan"),
            {"is_flag": True, "help": "Print what would be done; do nothing."},
        ),
    ],
}
_FIELDS = frozenset(names[-1] for rows in _SECTIONS.values() for names, _ in rows)


class RunCommand(click.Command):
    """A command that runs something: its help has these options under headings."""

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """The command's own options first, then ours."""
        rows = {
            each.name: each.get_help_record(ctx)
            for each in self.get_params(ctx)
            if isinstance(each, click.Option)
        }
        own = [row for name, row in rows.items() if row and name not in _FIELDS]
        headed = [("Options", own)]
        for heading, options in _SECTIONS.items():
            found = [rows[names[-1]] for names, _ in options]
            headed.append((heading, [row for row in found if row]))
        for heading, shown in headed:
            with formatter.section(heading):
                formatter.write_dl(shown)


def runOptions(function: F) -> F:
    """Give a command all of these options.

    Its function is called with ``how``, the fields of a plan that the command line
    sets, for `launch`.
    """

    @wraps(function)
    def command(**given: Any) -> Any:
        values = {name: given.pop(name) for name in _FIELDS}
        how = {name: each for name, each in values.items() if each is not None}
        return function(how=how, **given)

    made: Any = command
    for rows in reversed(_SECTIONS.values()):
        for names, details in reversed(rows):
            made = click.option(*names, **details)(made)
    return made  # type: ignore[no-any-return]


def launch(program: str, target: Target, how: dict[str, Any]) -> NoReturn:
    """Run something as the options say, and exit.

    Args:
        program: What the program calls itself.
        target: What to run.
        how: What `runOptions` has given.
    """
    show = how.pop("showPlan")
    if how.get("debug"):
        how["daemon"] = False
    plan = Plan(program, target, **_completed(how))
    if plan.daemon:
        plan = plan._replace(
            logfile="sennit.log" if plan.logfile == "-" else plan.logfile,
            pidfile="sennit.pid" if plan.pidfile is None else plan.pidfile,
        )
    if show:
        raise SystemExit(showPlan(plan))
    link = SupervisorLink.fromEnvironment()
    if link is not None:
        plan = asWorker(plan, link)
    elif plan.workers:
        plan = asSupervisor(plan)
    raise SystemExit(run(plan))


def _completed(how: dict[str, Any]) -> dict[str, Any]:
    """Add to the options what follows from there being workers."""
    if how.get("watch"):
        how.setdefault("workers", 1)
    if how.get("workers"):
        how.setdefault("drain", _DRAIN)
        given = click.get_current_context().meta.get(WORDS)
        if given is None:
            raise click.UsageError("workers are started by the command sennit only")
        words = [word for word in given if word != "--show-plan"]
        how["command"] = (sys.executable, "-m", "sennit.app", *words)
    return how


def showPlan(plan: Plan) -> int:
    """Print a plan and the steps that it has."""
    steps = ", ".join(step.__name__.replace("_", " ") for step in stepsOf(plan))
    click.echo(f"{plan.shown()}\n\nsteps: {steps}")
    return 0
