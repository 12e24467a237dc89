"""The options of ``twistd``, as a class to be inherited from."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from sennit.app.cli import installedMakers
from sennit.app.interfaces import IServiceMaker
from sennit.app.runner import PROFILERS, UsageError, gidFrom, uidFrom
from sennit.compat.faces import copyright
from sennit.compat.faces.application.reactors import (
    NoSuchReactor,
    getReactorTypes,
    installReactor,
)
from sennit.compat.faces.plugin import getPlugins
from sennit.compat.faces.python import usage
from sennit.compat.faces.python.reflect import namedAny
from sennit.compat.faces.python.runtime import platform
from sennit.core.defer import setDebugging

__all__ = ["ReactorSelectionMixin", "ServerOptions", "UnixOptions", "makers"]


def makers() -> Iterator[Any]:
    """The makers of services that are installed, by whichever way."""
    yield from installedMakers()
    interface: Any = IServiceMaker
    yield from getPlugins(interface)


class ReactorSelectionMixin:
    """Options that choose a reactor."""

    messageOutput: Any = sys.stdout

    def opt_help_reactors(self) -> None:
        """Display a list of possibly available reactor names."""
        rows = [f"    {_marked(each):<8} {each.description}" for each in _sorted()]
        if any(row.lstrip().startswith("!") for row in rows):
            rows += ["", "    Those marked with ! are not for this system."]
        self.messageOutput.write("\n".join(rows) + "\n")
        raise SystemExit(0)

    def opt_reactor(self, shortName: str) -> None:
        """Which reactor to use (see --help-reactors for a list of possibilities)"""
        try:
            installReactor(shortName)
        except NoSuchReactor as error:
            raise usage.UsageError(
                f"The specified reactor does not exist: '{shortName}'.\n"
                "See the list of available reactors with --help-reactors"
            ) from error
        except Exception as error:
            raise usage.UsageError(
                f"The specified reactor cannot be used, failed with error: {error}.\n"
                "See the list of available reactors with --help-reactors"
            ) from error
        self["reactor"] = shortName  # type: ignore[index]

    opt_r = opt_reactor


def _sorted() -> list[Any]:
    return sorted(getReactorTypes(), key=lambda each: str(each.shortName))


def _marked(reactor: Any) -> str:
    name = str(reactor.shortName)
    foreign = name == "iocp" and platform.getType() != "win32"
    return f"!{name}" if foreign else name


class ServerOptions(usage.Options, ReactorSelectionMixin):
    """What a server's command line may say on every system.

    Attributes:
        loadedPlugins: The makers of services, by name, once they are known.
    """

    longdesc: str | None = (
        "twistd reads a twisted.application.service.Application out of a file and runs "
        "it."
    )
    optFlags: ClassVar[list[Any]] = [
        [
            "savestats",
            None,
            "save the Stats object rather than the text output of the profiler.",
        ],
        ["no_save", "o", "do not save state on shutdown"],
    ]
    optParameters: ClassVar[list[Any]] = [
        ["logfile", "l", None, "log to a specified file, - for stdout"],
        [
            "logger",
            None,
            None,
            "A fully-qualified name to a log observer factory to use for the initial log "
            "observer.  Takes precedence over --logfile and --syslog (when available).",
        ],
        [
            "profile",
            "p",
            None,
            "Run in profile mode, dumping results to specified file.",
        ],
        [
            "profiler",
            None,
            "cprofile",
            f"Name of the profiler to use ({', '.join(reversed(PROFILERS))}).",
        ],
        [
            "python",
            "y",
            None,
            "read an application from within a Python file (implies -o)",
        ],
        ["rundir", "d", ".", "Change to a supplied directory before running"],
    ]

    def __init__(self, *args: Any, stdout: Any = None, **kwargs: Any) -> None:
        self["debug"] = False
        self.loadedPlugins: dict[str, Any] = {}
        self.stdout = stdout
        super().__init__(*args, **kwargs)

    def opt_version(self) -> None:
        """Print version information and exit."""
        text = (
            f"twistd (the Twisted daemon) {copyright.version}\n{copyright.copyright}\n"
        )
        (sys.stdout if self.stdout is None else self.stdout).write(text)
        raise SystemExit

    def opt_debug(self) -> None:
        """Run the application in the Python Debugger (implies nodaemon), sending SIGUSR2 will drop into debugger"""
        setDebugging(True)
        self["debug"] = True

    opt_b = opt_debug

    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        """Read a command line; without words, that of the process, or ``--help``."""
        super().parseOptions(
            (sys.argv[1:] or ["--help"]) if options is None else options
        )

    def postOptions(self) -> None:
        """Import the logger.

        Raises:
            UsageError: It cannot be.
        """
        if self.subCommand or self["python"]:
            self["no_save"] = True
        if self["logger"] is not None:
            try:
                self["logger"] = namedAny(self["logger"])
            except Exception as error:
                raise usage.UsageError(
                    f"Logger '{self['logger']}' could not be imported: {error}"
                ) from error

    @property
    def subCommands(self) -> Iterator[tuple[str, None, Any, str]]:  # type: ignore[override]
        """The commands: one for each maker of services."""
        self.loadedPlugins = {each.tapname: each for each in makers()}
        for name, maker in sorted(self.loadedPlugins.items()):
            yield name, None, lambda maker=maker: maker.options(), maker.description


def _umask(text: str) -> int:
    return int(text, 8)


def _user(text: str) -> int:
    try:
        return uidFrom(text)
    except UsageError as error:
        raise ValueError(str(error)) from error


def _group(text: str) -> int:
    try:
        return gidFrom(text)
    except UsageError as error:
        raise ValueError(str(error)) from error


class UnixOptions(ServerOptions):
    """What the command line of ``twistd`` may say on UNIX."""

    synopsis = "Usage: twistd [options]"
    optFlags: ClassVar[list[Any]] = [
        ["nodaemon", "n", "don't daemonize, don't use default umask of 0077"],
        ["originalname", None, "Don't try to change the process name"],
        ["syslog", None, "Log to syslog, not to file"],
        ["euid", "", "Set only effective user-id rather than real user-id."],
    ]
    optParameters: ClassVar[list[Any]] = [
        ["prefix", None, "twisted", "use the given prefix when syslogging"],
        ["pidfile", "", "twistd.pid", "Name of the pidfile"],
        ["chroot", None, None, "Chroot to a supplied directory before running"],
        ["uid", "u", None, "The uid to run as.", _user],
        ["gid", "g", None, "The gid to run as.", _group],
        ["umask", None, None, "The (octal) file creation mask to apply.", _umask],
    ]
