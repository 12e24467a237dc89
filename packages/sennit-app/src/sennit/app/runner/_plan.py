"""What is to be run and how: a value, made of the options, that nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sennit.app.workers import SupervisorLink

__all__ = ["Plan", "Target"]


class Target(NamedTuple):
    """What is to be run.

    Attributes:
        text: As the command line names it.
        make: Called once the process is set up for it; gives the object: an
            `Application`, a service, or what else `sennit run` takes.
        folder: Where its imports are looked for first; None for nowhere else.
        listen: Where a factory is to listen: descriptions of endpoints.
    """

    text: str
    make: Callable[[], Any]
    folder: str | None = None
    listen: tuple[str, ...] = ()


class Plan(NamedTuple):
    """What is to be run and how.

    Attributes:
        program: What the program calls itself in its log and its messages.
        target: What is to be run.
        daemon: Whether it leaves the terminal, and runs on in a process of its own.
        logfile: The log's path; ``-`` for standard output.
        logFormat: ``text`` for the classic lines, ``json`` for JSON lines.
        logSize: From how many bytes on a log is rotated; 0 for never.
        logKeep: How many rotated logs are kept; None for all.
        logger: The name of a function that gives the log's observer; None for none.
        syslog: Whether the log goes to the system's log.
        prefix: What the program is called there.
        pidfile: The path of the file with its process' number; None for none.
        rundir: The folder it runs in; None to stay.
        chroot: The folder that is its root; None for the system's.
        uid: The user that it becomes when its ports are open; None for what the
            application says.
        gid: The group; None for that of the user.
        euid: Whether it keeps the right to become the first user again.
        umask: Which permissions its files do not get; None for what it is.
        loop: The event loop, as in ``SENNIT_LOOP``; None for what that says.
        profile: The path to write a profile to; None for no profile.
        profiler: ``cprofile`` or ``profile``.
        saveStats: Whether the profile is written for `pstats`, not for people.
        debug: Whether to run in the debugger.
        drain: How many seconds its clients have to end when it stops.
        workers: By how many processes it is served; 0 for this one alone.
        watch: Whether the workers are replaced when files of the program change.
        command: What a worker is started by.
        link: The line to the supervisor, in a worker.
    """

    program: str
    target: Target
    daemon: bool = False
    logfile: str = "-"
    logFormat: str = "text"
    # Eleven megabytes in all: some days of a quiet program, and no disk is full by it.
    logSize: int = 1_000_000
    logKeep: int | None = 10
    logger: str | None = None
    syslog: bool = False
    prefix: str = "sennit"
    pidfile: str | None = None
    rundir: str | None = None
    chroot: str | None = None
    uid: int | None = None
    gid: int | None = None
    euid: bool = False
    umask: int | None = None
    loop: str | None = None
    profile: str | None = None
    profiler: str = "cprofile"
    saveStats: bool = False
    debug: bool = False
    drain: float = 0.0
    workers: int = 0
    watch: bool = False
    command: tuple[str, ...] = ()
    link: SupervisorLink | None = None

    def shown(self) -> str:
        """All of it for people, a line each."""
        values = {**self._asdict(), "target": self.target.text}
        del values["link"]
        values["command"] = " ".join(self.command) or None
        values["listen"] = ", ".join(self.target.listen) or None
        if self.umask is not None:
            values["umask"] = f"{self.umask:04o}"
        width = max(map(len, values))
        return "\n".join(
            f"{name:<{width}}  {_word(value)}" for name, value in values.items()
        )


def _word(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
