"""The steps of a run: each a context, entered in this order and left in the reverse one.

The order says what must be known, or still allowed, when: a daemon forks before anything
is loaded; the program is loaded while its folder and the system's files are in sight, and
may be interrupted; from then on signals wait for the reactor; the log is open before
there is anything to tell; umask, root and folder are set before the first file of the
program's own is made, which is the pid file.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeAlias

from sennit.app.runner._daemon import daemonize
from sennit.app.runner._errors import CannotPrepare
from sennit.app.runner._identity import Identity
from sennit.app.runner._logs import OpenLog, openLog
from sennit.app.runner._pidfile import PidFile
from sennit.app.runner._plan import Plan
from sennit.app.runner._run import Run
from sennit.app.runner._supervise import supervised
from sennit.app.runner._target import Loaded, load
from sennit.app.service import Process
from sennit.app.systemd import BadNotifySocket, Notifier, WatchdogService
from sennit.core import log
from sennit.core.defer import setDebugging
from sennit.core.engine import newLoop

__all__ = ["STEPS", "Step", "stepsOf"]

Step: TypeAlias = Callable[[Run], AbstractContextManager[object]]


@contextmanager
def choosing_loop(run: Run) -> Iterator[None]:
    """Name the event loop to whoever makes it."""
    before = os.environ.get("SENNIT_LOOP")
    os.environ["SENNIT_LOOP"] = run.plan.loop or ""
    try:
        yield
    finally:
        os.environ.pop("SENNIT_LOOP")
        if before is not None:
            os.environ["SENNIT_LOOP"] = before


@contextmanager
def notifying(run: Run) -> Iterator[None]:
    """Keep the service manager informed; `Run.notifier` is the line to it."""
    try:
        notifier = run.notifier = Notifier.fromEnvironment()
    except BadNotifySocket as error:
        raise CannotPrepare(str(error)) from error
    if notifier:
        watchdog = WatchdogService(notifier, run.reactor)
        run.whenReady += [notifier.ready, watchdog.startService]
        run.whenStopping += [notifier.stopping, watchdog.stopService]
    yield


@contextmanager
def obeying(run: Run) -> Iterator[None]:
    """Be a worker: listen on the supervisor's sockets, and tell it when all is ready.

    What is typed at the terminal is for the supervisor, which then tells us.
    """
    link = run.plan.link
    assert link is not None
    os.setpgid(0, 0)
    run.whenStarting.append(lambda: link.attach(run.reactor))
    run.whenReady.append(link.ready)
    yield


@contextmanager
def daemon(run: Run) -> Iterator[None]:
    """Go on in a process of its own."""
    run.news = daemonize(run.plan.program)
    yield


@contextmanager
def debugging(run: Run) -> Iterator[None]:
    """Have Deferreds know where they were made; SIGUSR2 opens the debugger."""

    def stop_here(number: int, frame: Any) -> None:
        # For who looks for a fault only.
        import pdb

        pdb.Pdb().set_trace(frame)

    setDebugging(True)
    before = signal.signal(signal.SIGUSR2, stop_here)
    try:
        yield
    finally:
        signal.signal(signal.SIGUSR2, before)


@contextmanager
def loading(run: Run) -> Iterator[None]:
    """Load the program; its folder comes first where modules are looked for."""
    if run.plan.workers:
        run.loaded = Loaded(supervised(run), Process(), {})
        yield
        return
    folder = run.plan.target.folder
    if folder is not None:
        sys.path.insert(0, folder)
    run.loaded = load(run.plan.target)
    process, plan = run.loaded.process, run.plan
    run.identity = Identity.of(
        process.uid if plan.uid is None else plan.uid,
        process.gid if plan.gid is None else plan.gid,
    )
    yield


@contextmanager
def logging(run: Run) -> Iterator[None]:
    """Open the log, and close it; what fails within is told there."""
    opened = run.log = openLog(run.plan, run.loaded.components)
    try:
        try:
            run.announce()
            yield
        except BaseException as error:
            run.fail(error)
        log.msg("Server Shut Down.")
    finally:
        run.log = None
        opened.close()


@contextmanager
def masking(run: Run) -> Iterator[None]:
    """Set which permissions new files do not get."""
    assert run.plan.umask is not None
    before = os.umask(run.plan.umask)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def changing_root(run: Run) -> Iterator[None]:
    """Make a folder the root of all paths; there is no way back."""
    assert run.plan.chroot is not None
    # Nothing can be imported from there: the loop is what is still to come.
    newLoop().close()
    try:
        os.chroot(run.plan.chroot)
        os.chdir("/")
    except OSError as error:
        raise CannotPrepare(
            f"{run.plan.chroot} cannot be the root: {error.strerror}"
        ) from error
    yield


@contextmanager
def changing_folder(run: Run) -> Iterator[None]:
    """Go to the folder that relative paths are of, and back."""
    assert run.plan.rundir is not None
    before = os.getcwd()
    try:
        os.chdir(run.plan.rundir)
    except OSError as error:
        raise CannotPrepare(
            f"it cannot run in {run.plan.rundir}: {error.strerror}"
        ) from error
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def keeping_pidfile(run: Run) -> Iterator[None]:
    """Have a pid file."""
    assert run.plan.pidfile is not None
    with PidFile(run.plan.pidfile):
        yield


@contextmanager
def heeding_signals(run: Run) -> Iterator[None]:
    """Hold back the signals that end us until the reactor takes them.

    Those that ask for a new log file, or new workers, are taken from then on.
    """
    held = {signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    taken: list[int] = []

    def begin() -> None:
        # With nothing to renew, a terminal that closes ends the program, as it should.
        if run.log is not None and (run.log.renewable or run.reload is not None):
            renew(run.log)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def renew(log: OpenLog) -> None:
        asked = ((signal.SIGHUP, run.hangUp), (signal.SIGUSR1, log.rotate))
        for number, act in asked:
            # One that is ignored (nohup), or the program's own, stays as it is.
            if signal.getsignal(number) is signal.SIG_DFL:
                run.reactor.loop.add_signal_handler(number, act)
                taken.append(number)

    run.whenStarting.append(begin)
    try:
        yield
    finally:
        for number in taken:
            run.reactor.loop.remove_signal_handler(number)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


STEPS: tuple[tuple[Step, Callable[[Plan], object]], ...] = (
    (choosing_loop, lambda plan: plan.loop is not None),
    (notifying, lambda plan: "NOTIFY_SOCKET" in os.environ),
    (daemon, lambda plan: plan.daemon),
    (obeying, lambda plan: plan.link is not None),
    (debugging, lambda plan: plan.debug),
    (loading, lambda plan: True),
    (heeding_signals, lambda plan: os.name == "posix"),
    (logging, lambda plan: True),
    (masking, lambda plan: plan.umask is not None),
    (changing_root, lambda plan: plan.chroot is not None),
    (changing_folder, lambda plan: plan.rundir is not None),
    (keeping_pidfile, lambda plan: plan.pidfile is not None),
)
"""Every step, in its order, and whether a plan has it."""


def stepsOf(plan: Plan) -> list[Step]:
    """The steps of a plan, in their order."""
    return [step for step, wanted in STEPS if wanted(plan)]
