"""``twisted.scripts._twistd_unix``: a daemon on UNIX, in steps to be overridden.

Twisted hides this module, and programs inherit from what is in it. ``twistd`` itself
runs by `sennit.app.runner`; here are the same steps under their old names.
"""

from __future__ import annotations

import os
import pwd
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from os import close as let_go
from typing import Any, ClassVar

from sennit.app.interfaces import IProcess, IService
from sennit.app.runner import AlreadyRunning, PidFile
from sennit.compat.faces.application import app
from sennit.compat.faces.application._options import UnixOptions as ServerOptions
from sennit.compat.faces.internet.main import theReactor
from sennit.compat.faces.python.syslog import SyslogObserver
from sennit.compat.faces.python.util import switchUID, untilConcludes
from sennit.core import log
from sennit.core.interfaces import IReactorDaemonize
from sennit.core.logger import LegacyLogObserverWrapper

__all__ = ["ServerOptions", "UnixAppLogger", "UnixApplicationRunner"]

# What the daemon writes to the process that waits for it: of one that has started this,
# of another a 1, a space, and why. A pipe takes it at once, whoever reads when.
_STARTED = b"0"
_LONGEST_NEWS = 100


@contextmanager
def _signals_held() -> Iterator[None]:
    """Hold back the signals that end us until the reactor takes them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})

    def release() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    theReactor().callWhenRunning(release)
    try:
        yield
    finally:
        release()


class UnixAppLogger(app.AppLogger):
    """Begins the log as options say: perhaps the system's.

    Args:
        options: ``logfile``, ``logger``, ``nodaemon``, ``syslog``, ``prefix``.
    """

    def __init__(self, options: Any) -> None:
        super().__init__(options)
        self._syslog: bool = bool(options.get("syslog", False))
        self._prefix: str = options.get("prefix", "")
        self._daemon = not options.get("nodaemon", False)
        if self._daemon:
            self._logfilename = self._logfilename or "twistd.log"

    def _getLogObserver(self) -> Any:
        if self._daemon and self._logfilename == "-":
            raise SystemExit("Daemons cannot log to stdout, exiting!")
        if self._syslog:
            return LegacyLogObserverWrapper(SyslogObserver(self._prefix).emit)
        return super()._getLogObserver()


class UnixApplicationRunner(app.ApplicationRunner):
    """Runs an application, perhaps as a daemon and as another user."""

    loggerFactory: ClassVar[Callable[[Any], Any]] = UnixAppLogger

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.oldstdout: Any = sys.stdout
        self.oldstderr: Any = sys.stderr

    def preApplication(self) -> None:
        """Stay in the terminal if the debugger is to be there."""
        if self.config["debug"]:
            self.config["nodaemon"] = True

    def postApplication(self) -> None:
        """Start the application, tell whoever waits for that, and run the reactor."""
        with _signals_held():
            self._start()
            self.startReactor(None, self.oldstdout, self.oldstderr)
        self.removePID(self.config["pidfile"])

    def _start(self) -> None:
        try:
            self.startApplication(self.application)
        except Exception as error:
            self._tell(self._formatChildException(error))
            # Else the file is another process' own.
            if not isinstance(error, AlreadyRunning):
                self.removePID(self.config["pidfile"])
            raise
        self._tell(_STARTED)

    def _tell(self, news: bytes) -> None:
        pipe = self.config.pop("statusPipe", None)
        if pipe is not None:
            untilConcludes(os.write, pipe, news)
            untilConcludes(os.close, pipe)

    def _formatChildException(self, exception: Exception) -> bytes:
        text = f"1 {type(exception).__name__}: {exception}"
        return text.encode("ascii", "backslashreplace")[:_LONGEST_NEWS]

    def startApplication(self, application: Any) -> None:
        """Prepare the process, start the services, and give up privileges between.

        Args:
            application: The application; as whom it runs unless options say.
        """
        config = self.config
        self.setupEnvironment(
            config["chroot"],
            config["rundir"],
            config["nodaemon"],
            config["umask"],
            config["pidfile"],
        )
        to_service: Any = IService
        to_process: Any = IProcess
        to_service(application).privilegedStartService()
        process = to_process(application)
        uid, gid = config["uid"], config["gid"]
        self.shedPrivileges(
            config["euid"],
            process.uid if uid is None else uid,
            process.gid if gid is None else gid,
        )
        app.startApplication(application, not config["no_save"])

    def setupEnvironment(
        self,
        chroot: str | None,
        rundir: str,
        nodaemon: bool,
        umask: int | None,
        pidfile: str | None,
    ) -> None:
        """Set the root, the folder and the umask, become a daemon, write the pid file.

        Args:
            chroot: The folder to become the root; None for none.
            rundir: The folder to run in, as seen from there.
            nodaemon: Whether to stay in the terminal.
            umask: Permissions that new files do not get; 077 for a daemon if None.
            pidfile: The path of the pid file; none if empty.

        Raises:
            AlreadyRunning: The pid file is that of another process.
        """
        if chroot is not None:
            os.chroot(chroot)
            if rundir == ".":
                rundir = "/"
        os.chdir(rundir)
        if umask is None and not nodaemon:
            umask = 0o077
        if umask is not None:
            os.umask(umask)
        if not nodaemon:
            self.config["statusPipe"] = self.daemonize(theReactor())
        if pidfile:
            # Not by `with`: who overrides removePID says when it is removed.
            PidFile(pidfile).__enter__()

    def daemonize(self, reactor: Any) -> int:
        """Go on in a process of another session.

        The first process stays until it knows how the start has gone, and exits with 0
        or 1.

        Args:
            reactor: Told before and after, if it is an `IReactorDaemonize`.

        Returns:
            A descriptor, to write there how the start has gone.
        """
        interface: Any = IReactorDaemonize
        involved = interface.providedBy(reactor)
        if involved:
            reactor.beforeDaemonize()
        reading, writing = os.pipe()
        if os.fork():
            # Else there would be no end to read if the daemon dies. Who puts other
            # functions in the place of `os` here may have descriptors that are none.
            with suppress(OSError):
                let_go(writing)
            status = self._waitForStart(reading)
            os.close(reading)
            os._exit(status)
        # The daemon keeps its end for reading: to write into a pipe that nobody reads
        # any more, as the first process was killed, would end it.
        os.setsid()
        # A second time, so that it leads no session and never gets a terminal.
        if os.fork():
            os._exit(0)
        null = os.open("/dev/null", os.O_RDWR)
        for number in range(3):
            os.dup2(null, number)
        if null not in range(3):
            os.close(null)
        if involved:
            reactor.afterDaemonize()
        return writing

    def _waitForStart(self, readPipe: int) -> int:
        news = untilConcludes(os.read, readPipe, _LONGEST_NEWS)
        if news == _STARTED:
            return 0
        stream = sys.__stderr__
        if stream is not None:
            stream.write(
                f"An error has occurred: {news[2:]!r}\n"
                "Please look at log file for more information.\n"
            )
            stream.flush()
        return 1

    def shedPrivileges(self, euid: bool, uid: int | None, gid: int | None) -> None:
        """Become another user, if one is said.

        Args:
            euid: Keep the right to become the first one again.
            uid: The user; None for no change.
            gid: The group; None for the user's own.

        Raises:
            KeyError: There is no such user, of whom to take the group.
            OSError: We may not.
        """
        if uid is None and gid is None:
            return
        if uid is not None and gid is None:
            gid = pwd.getpwuid(uid).pw_gid
        switchUID(uid, gid, euid)
        log.msg(f"set {'euid/egid' if euid else 'uid/gid'} {uid}/{gid}")

    def removePID(self, pidfile: str | None) -> None:
        """Remove the pid file; what goes wrong is logged.

        Args:
            pidfile: Its path.
        """
        if not pidfile:
            return
        try:
            os.unlink(pidfile)
        except OSError:
            log.err(None, f"the pid file {pidfile} cannot be removed")
