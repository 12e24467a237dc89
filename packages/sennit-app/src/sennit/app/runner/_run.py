"""One run: from a plan to the end of the process' work, and its status.

    loop, daemon, load, signals, log, umask, chroot, rundir, pid file  (the steps)
        reactor: privileged start, give up privileges, start, ready … stop

The services are started by the reactor's *startup* event, once it has taken the signals:
so there is no moment in which a signal meets a process that has begun half its work and
nobody who would end it. Whatever fails before all have started ends the whole: those that
were started are stopped, the steps are left in the reverse order.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any

import sennit.core
from sennit.app.runner._daemon import News
from sennit.app.runner._drain import drain
from sennit.app.runner._errors import CannotStart, RunError, TargetError
from sennit.app.runner._identity import Identity
from sennit.app.runner._logs import OpenLog
from sennit.app.runner._plan import Plan
from sennit.app.runner._profile import profiled
from sennit.app.runner._supervise import TO_END
from sennit.app.runner._target import Loaded
from sennit.app.systemd import Notifier
from sennit.app.workers import WorkerFailed
from sennit.core import log
from sennit.core.defer import CancelledError, Deferred, ensureDeferred, maybeDeferred
from sennit.core.errors import BindError, ReactorNotRunning
from sennit.core.failure import Failure

__all__ = ["Run"]


class Run:
    """What a run has come to; the steps fill it in.

    Attributes:
        plan: What is to be done.
        reactor: What turns the loop.
        loaded: The services, once they are loaded.
        identity: As whom it will run, once that is known.
        log: The log, while there is one.
        news: The line to the process that waits, in a daemon.
        whenStarting: Called, without arguments, when the reactor has taken the signals.
        whenReady: Called when all services have started.
        whenStopping: Called when the process begins to stop.
        reload: Replaces the workers; None where there are none.
        notifier: The line to the service manager.
        status: What the process exits with.
    """

    def __init__(self, plan: Plan, reactor: Any = None) -> None:
        self.plan = plan
        self.loaded: Loaded = Loaded(None, None, {})
        self.identity: Identity = Identity()
        self.log: OpenLog | None = None
        self.news: News | None = None
        self.whenStarting: list[Callable[[], object]] = []
        self.whenReady: list[Callable[[], object]] = []
        self.whenStopping: list[Callable[[], object]] = []
        self.reload: Callable[[], Deferred[bool]] | None = None
        self.notifier: Notifier = Notifier()
        self.status: int = 0
        self._reactor = reactor
        self._starting: Deferred[None] | None = None

    @property
    def reactor(self) -> Any:
        """What turns the loop; the program's reactor unless another was given."""
        # Not before the loop was chosen, and a daemon has forked.
        return sennit.core.reactor if self._reactor is None else self._reactor

    def go(self, steps: list[Callable[[Run], Any]]) -> int:
        """Enter the steps, turn the reactor until it stops, leave them.

        Returns:
            What the process exits with.
        """
        try:
            with ExitStack() as stack:
                for step in steps:
                    stack.enter_context(step(self))
                self._turn()
        except BaseException as error:
            self.fail(error)
        if self.news is not None:
            self.news.tell(self.status)
        return self.status

    def fail(self, error: BaseException) -> None:
        """Take an error as the end of the run: its status, and words about it."""
        if isinstance(error, RunError):
            self.status = error.status
            self.complain(str(error))
        elif isinstance(error, BindError):
            self.status = CannotStart.status
            self.complain(str(error))
        elif isinstance(error, WorkerFailed):
            self.status = error.status or CannotStart.status
            self.complain(str(error))
        elif isinstance(error, KeyboardInterrupt):
            # 128 and the number of SIGINT, as shells have it.
            self.status = 130
            self.complain("interrupted before it has started")
        elif isinstance(error, SystemExit):
            code = error.code
            self.status = code if isinstance(code, int) else int(code is not None)
            self.complain(f"it has ended itself: {code}")
        else:
            loaded = self.loaded.service is not None
            self.status = CannotStart.status if loaded else TargetError.status
            doing = "started" if loaded else "loaded"
            self.complain(
                f"it could not be {doing}: {type(error).__name__}: {error}",
                Failure(error),
            )

    def hangUp(self) -> None:
        """Go on in a log file of the same path; and with new workers, where there are any."""
        if self.log is not None:
            self.log.reopen()
        if self.reload is not None:
            self.notifier.reloading()
            self.reload().addCallback(lambda done: self.notifier.ready())

    def write(self, lines: bytes) -> None:
        """Put lines of a worker into the log."""
        if self.log is not None:
            self.log.write(lines)

    def complain(self, message: str, failure: Failure | None = None) -> None:
        """Tell the operator, in the log and where the terminal shows it."""
        if self.log is not None:
            if failure is not None:
                log.err(failure, message)
            else:
                log.msg(message, isError=1)
            if self.log.visible:
                return
        stream = sys.__stderr__
        if stream is None:
            return
        with suppress(OSError):
            if failure is not None:
                stream.write(failure.getTraceback())
            stream.write(f"{self.plan.program}: {message}\n")
            stream.flush()

    def announce(self) -> None:
        """Say in the log what begins here."""
        version = platform.python_version()
        log.msg(
            f"{self.plan.program} {_version()} ({sys.executable} {version}) "
            "starting up."
        )
        kind = type(self.reactor)
        module = kind.__module__.partition("._")[0]
        log.msg(f"reactor class: {module}.{kind.__qualname__}.")

    def _turn(self) -> None:
        plan = self.plan
        self.reactor.addSystemEventTrigger("before", "startup", self._begin)
        if plan.profile is None:
            self._run_reactor()
        else:
            profiled(
                self._run_reactor,
                plan.profile,
                plan.profiler,
                saveStats=plan.saveStats,
            )

    def _run_reactor(self) -> None:
        if not self.plan.debug:
            self.reactor.run()
            return
        # For who looks for a fault only.
        import pdb

        pdb.Pdb().runcall(self.reactor.run)

    def _begin(self) -> None:
        for each in self.whenStarting:
            each()
        reactor = self.reactor
        reactor.shutdownTimeout = max(reactor.shutdownTimeout, self.plan.drain + TO_END)
        reactor.addSystemEventTrigger(
            "before", "shutdown", lambda: ensureDeferred(self._end())
        )
        self._starting = ensureDeferred(self._start())
        self._starting.addErrback(self._not_started)

    async def _start(self) -> None:
        service = self.loaded.service
        await maybeDeferred(service.privilegedStartService)
        changed = self.identity.take(effective=self.plan.euid)
        if changed is not None:
            log.msg(f"set {changed}")
        await maybeDeferred(service.startService)
        for each in self.whenReady:
            each()
        if self.news is not None:
            self.news.leave()

    def _not_started(self, failure: Failure) -> None:
        if failure.check(CancelledError):
            # It was stopped meanwhile: whoever waits for a daemon waits for nothing.
            if self.news is not None:
                self.fail(CannotStart("it was stopped before all services had started"))
            return
        self.fail(failure.value)
        # A signal may have been quicker.
        with suppress(ReactorNotRunning):
            self.reactor.stop()

    async def _end(self) -> None:
        for each in self.whenStopping:
            each()
        if self._starting is not None:
            self._starting.cancel()
        # Those of workers end there.
        if self.plan.drain and not self.plan.workers:
            await drain(self.reactor, self.plan.drain)
        await maybeDeferred(self.loaded.service.stopService)


def _version() -> str:
    # A slow module, read once when everything else waits for the disk anyway.
    from importlib.metadata import version

    return version("sennit-app")
