"""The service that keeps programs running.

Of each program there is at most one process (in `ProcessMonitor.protocols`) and at most
one timer that will start it again (in `ProcessMonitor.restart`). A program that has
neither waits for those that it comes after, or the service is stopped::

    waits --all before it are ready--> runs --its line, or none asked for--> is ready
      ^                                  |                                       |
      '--------- the timer <-------------'------ it ends, or is stopped <--------'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import sennit.core
from sennit.app._ends import howEnded
from sennit.app.procmon._output import LoggingProtocol
from sennit.app.procmon._program import Program
from sennit.app.service import Service
from sennit.core.defer import Deferred
from sennit.core.errors import ProcessExitedAlready
from sennit.core.failure import Failure
from sennit.core.logger import Logger

if TYPE_CHECKING:
    from sennit.core.contracts import IDelayedCall

__all__ = ["ProcessMonitor"]


class ProcessMonitor(Service):
    """Keeps programs running.

    Args:
        reactor: starts the processes and measures the time; the program's unless told.

    Attributes:
        threshold: seconds that a process has to live; one that ends sooner is started
            again later, each time twice as late.
        killTime: seconds between SIGTERM and SIGKILL.
        minRestartDelay: seconds to wait after the first such end.
        maxRestartDelay: seconds to wait at most.
        readyTimeout: seconds in which a program has to become ready, where that is
            told by its output; after them it is stopped, and started again. None for
            ever.
        protocols: of the programs that run, by their names.
        timeStarted: when each was last started, by the reactor's clock.
        delay: how long will be waited after the next end that comes too soon.
        restart: the timers that start programs again.
        murder: the timers that kill what has not ended on SIGTERM.
        ready: the names of those that are ready.
    """

    threshold: float = 1
    killTime: float = 5
    minRestartDelay: float = 1
    maxRestartDelay: float = 3600
    readyTimeout: float | None = 60

    log: Logger = Logger("sennit.app.procmon")

    def __init__(self, reactor: Any = None) -> None:
        self._reactor = sennit.core.reactor if reactor is None else reactor
        self._programs: dict[str, Program] = {}
        self.protocols: dict[str, LoggingProtocol] = {}
        self.timeStarted: dict[str, float] = {}
        self.delay: dict[str, float] = {}
        self.restart: dict[str, IDelayedCall] = {}
        self.murder: dict[str, IDelayedCall] = {}
        self.ready: set[str] = set()
        self._unready: dict[str, IDelayedCall] = {}
        self._stopped: Deferred[None] | None = None

    def __repr__(self) -> str:
        programs = (f"{name!r}: {it.args!r}" for name, it in self._programs.items())
        return f"<{type(self).__name__} {' '.join(programs)}>"

    # What is to run.

    @property
    def programs(self) -> Mapping[str, Program]:
        """The programs, by their names; to be looked at."""
        return MappingProxyType(self._programs)

    def addProcess(
        self,
        name: str,
        args: Sequence[str],
        uid: int | None = None,
        gid: int | None = None,
        env: Mapping[str, str] | None = {},
        cwd: str | None = None,
        *,
        ready: str | None = None,
        after: Iterable[str] = (),
    ) -> None:
        """Add a program; if the service runs, it is started now.

        Args:
            name: of the program, for the log and the other methods.
            args: the command, which no shell sees.
            uid: whom it runs as.
            gid: its group.
            env: its environment, empty unless given; None for a copy of ours.
            cwd: the folder it runs in.
            ready: the text of a line by which it tells that it is ready.
            after: names of programs, added before, that have to be ready first.

        Raises:
            KeyError: There is one of that name, or none of a name in *after*.
            ValueError: The command is empty.
        """
        if name in self._programs:
            raise KeyError(f"there is a program {name!r}: remove it first")
        if not args:
            raise ValueError(f"the command of {name!r} is empty")
        after = tuple(after)
        for before in after:
            self._known(before)
        self._programs[name] = Program(args, uid, gid, env, cwd, ready, after)
        self.delay[name] = self.minRestartDelay
        if self.running:
            self._start_waiting()

    def removeProcess(self, name: str) -> None:
        """Stop a program and forget it.

        Raises:
            KeyError: There is none of that name.
        """
        self._known(name)
        self.stopProcess(name)
        del self._programs[name]
        self._cancel(self.restart, name)

    def _known(self, name: str) -> Program:
        try:
            return self._programs[name]
        except KeyError:
            raise KeyError(f"there is no program {name!r}") from None

    # Starting.

    def startService(self) -> Any:
        """Start the programs, each as soon as those before it are ready."""
        started = super().startService()
        self._start_waiting()
        return started

    def _start_waiting(self) -> None:
        for name, program in list(self._programs.items()):
            idle = name not in self.protocols and name not in self.restart
            if idle and self.ready.issuperset(program.after):
                self.startProcess(name)

    def startProcess(self, name: str) -> None:
        """Start a program if it does not run.

        Raises:
            KeyError: There is none of that name.
        """
        program = self._known(name)
        if name in self.protocols:
            return
        self._cancel(self.restart, name)
        protocol = LoggingProtocol()
        protocol.service = self
        protocol.name = name
        self.protocols[name] = protocol
        self.timeStarted[name] = self._reactor.seconds()
        try:
            self._reactor.spawnProcess(
                protocol,
                program.args[0],
                program.args,
                uid=program.uid,
                gid=program.gid,
                env=program.env,
                path=program.cwd,
            )
        except OSError:
            self.processEnded(name, Failure())
            return
        if program.ready is None:
            self._become_ready(name)
        elif self.readyTimeout is not None:
            self._unready[name] = self._reactor.callLater(
                self.readyTimeout, self._not_ready, name
            )

    def lineWritten(self, name: str, line: str) -> None:
        """A program has written a line; told by the `LineLogger`."""
        if name in self._programs and name not in self.ready:
            awaited = self._programs[name].ready
            if awaited is not None and awaited in line:
                self._become_ready(name)

    def _become_ready(self, name: str) -> None:
        self._cancel(self._unready, name)
        # It may have ended on the way here.
        if name in self.protocols:
            self.ready.add(name)
            if self.running:
                self._start_waiting()

    def _not_ready(self, name: str) -> None:
        del self._unready[name]
        self.log.error(
            "{name} was not ready after {seconds} s: it is stopped",
            name=name,
            seconds=self.readyTimeout,
        )
        # Its end counts as one that comes too soon: it waits longer each time.
        self.timeStarted[name] = self._reactor.seconds()
        self.stopProcess(name)

    # Ending.

    def processEnded(self, name: str, reason: Failure) -> None:
        """A process has ended, or could not be started; told by its protocol."""
        del self.protocols[name]
        self.ready.discard(name)
        self._cancel(self.murder, name)
        self._cancel(self._unready, name)
        if not self.running:
            self.log.info("{name} has ended: {why}", name=name, why=howEnded(reason))
            self._go_on_stopping()
        elif name in self._programs:
            self._start_later(name, reason)

    def _start_later(self, name: str, reason: Failure) -> None:
        wait = 0.0
        lived = self._reactor.seconds() - self.timeStarted[name]
        if lived < self.threshold:
            wait = self.delay[name]
            self.delay[name] = min(2 * wait, self.maxRestartDelay)
        else:
            self.delay[name] = self.minRestartDelay
        self.log.warn(
            "{name} has ended: {why}; it is started again in {wait} s",
            name=name,
            why=howEnded(reason),
            wait=wait,
        )
        self.restart[name] = self._reactor.callLater(wait, self._start_again, name)

    def _start_again(self, name: str) -> None:
        del self.restart[name]
        self._start_waiting()

    def stopProcess(self, name: str) -> None:
        """Send a program SIGTERM, and SIGKILL if that is not enough.

        While the service runs, it is started again.

        Raises:
            KeyError: There is none of that name.
        """
        self._known(name)
        protocol = self.protocols.get(name)
        if protocol is None or name in self.murder:
            return
        with suppress(ProcessExitedAlready):
            protocol.transport.signalProcess("TERM")
            self.murder[name] = self._reactor.callLater(
                self.killTime, self._kill, name, protocol
            )

    def _kill(self, name: str, protocol: LoggingProtocol) -> None:
        self.murder.pop(name, None)
        with suppress(ProcessExitedAlready):
            protocol.transport.signalProcess("KILL")

    def restartAll(self) -> None:
        """Stop each program, upon which it is started again."""
        for name in self._programs:
            self.stopProcess(name)

    def stopService(self) -> Any:
        """Stop the programs, each after those that come after it.

        Returns:
            A Deferred that fires when all have ended; None if none runs.
        """
        stopped: Any = super().stopService()
        for name in list(self.restart):
            self._cancel(self.restart, name)
        if not self.protocols:
            return stopped
        self._stopped = Deferred()
        self._go_on_stopping()
        return self._stopped.addCallback(lambda _: stopped)

    def _go_on_stopping(self) -> None:
        """Stop those that no running one comes after."""
        needed = {
            before
            for name in self.protocols
            if name in self._programs
            for before in self._programs[name].after
        }
        for name in [name for name in self.protocols if name not in needed]:
            if name in self._programs:
                self.stopProcess(name)
        if not self.protocols and self._stopped is not None:
            stopped, self._stopped = self._stopped, None
            stopped.callback(None)

    @staticmethod
    def _cancel(timers: dict[str, IDelayedCall], name: str) -> None:
        timer = timers.pop(name, None)
        if timer is not None and timer.active():
            timer.cancel()
