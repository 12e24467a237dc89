"""What ends a run before it has begun, each with the status that the process exits with.

The numbers are those of ``sysexits.h``, which service managers know: systemd's
``RestartPreventExitStatus=78`` tells a mistake in the configuration, where starting again
is no use, from a port that will be free in a moment.
"""

from __future__ import annotations

__all__ = [
    "AlreadyRunning",
    "CannotLog",
    "CannotPrepare",
    "CannotStart",
    "NoPermission",
    "NoTarget",
    "RunError",
    "TargetError",
    "UsageError",
]


class RunError(Exception):
    """A program cannot be run; the text says why, in words for its operator.

    Attributes:
        status: What the process exits with.
    """

    status = 1


class UsageError(RunError, ValueError):
    """The command line asks for what cannot be."""

    status = 2


class NoTarget(RunError, OSError):
    """What is to be run is not there, or cannot be read: ``EX_NOINPUT``."""

    status = 66


class CannotStart(RunError, RuntimeError):
    """A service could not be started: ``EX_UNAVAILABLE``."""

    status = 69


class CannotPrepare(RunError, OSError):
    """The process could not be made as it was to be: ``EX_OSERR``.

    A folder is not there, for instance, or there can be no new process.
    """

    status = 71


class CannotLog(RunError, OSError):
    """The log or the pid file cannot be written: ``EX_CANTCREAT``."""

    status = 73


class AlreadyRunning(RunError, RuntimeError):
    """The pid file is that of a process which lives: ``EX_TEMPFAIL``."""

    status = 75


class NoPermission(RunError, PermissionError):
    """The process may not become whom it is to run as: ``EX_NOPERM``."""

    status = 77


class TargetError(RunError, ValueError):
    """What is to be run is no program that could be: ``EX_CONFIG``."""

    status = 78
