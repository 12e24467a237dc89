"""``twisted.application.app``: the parts of ``twistd``, to be inherited from."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, ClassVar

from sennit.app.runner import Plan, RunError, Target, fileTarget
from sennit.app.service import Application
from sennit.compat.faces.application._logger import AppLogger as AppLogger
from sennit.compat.faces.application._options import (
    ReactorSelectionMixin as ReactorSelectionMixin,
    ServerOptions as ServerOptions,
)
from sennit.compat.faces.application._profilers import (
    AppProfiler as AppProfiler,
    CProfileRunner as CProfileRunner,
    ProfileRunner as ProfileRunner,
)
from sennit.compat.faces.application.reactors import (
    NoSuchReactor as NoSuchReactor,
    installReactor as installReactor,
)
from sennit.compat.faces.application.service import loadApplication
from sennit.compat.faces.internet.main import theReactor
from sennit.compat.faces.persisted import sob
from sennit.compat.faces.python import usage
from sennit.core import log

__all__ = [
    "AppLogger",
    "AppProfiler",
    "ApplicationRunner",
    "CProfileRunner",
    "NoSuchReactor",
    "ProfileRunner",
    "ReactorSelectionMixin",
    "ServerOptions",
    "convertStyle",
    "getApplication",
    "getPassphrase",
    "getSavePassphrase",
    "installReactor",
    "planOf",
    "run",
    "runReactorWithLogging",
    "startApplication",
]


class ApplicationRunner:
    """Runs what options say, in steps to be overridden.

    Args:
        config: The options, which were read.
    """

    profilerFactory: ClassVar[Callable[[Any], Any]] = AppProfiler
    loggerFactory: ClassVar[Callable[[Any], Any]] = AppLogger

    def __init__(self, config: Any) -> None:
        self.config = config
        self.profiler: Any = type(self).profilerFactory(config)
        self.logger: Any = type(self).loggerFactory(config)

    def run(self) -> None:
        """Take the steps."""
        self.preApplication()
        self.application: Any = self.createOrGetApplication()
        self.logger.start(self.application)
        self.postApplication()
        self.logger.stop()

    def startReactor(self, reactor: Any, oldstdout: Any, oldstderr: Any) -> None:
        """Run the reactor, in the profiler or debugger that options name.

        Args:
            reactor: The reactor; the program's if None.
            oldstdout: The standard output, for the debugger.
            oldstderr: The standard error, for the debugger.
        """
        runReactorWithLogging(self.config, oldstdout, oldstderr, self.profiler, reactor)

    def preApplication(self) -> None:
        """What is done before the application is there."""
        raise NotImplementedError("a subclass says what is done before")

    def postApplication(self) -> None:
        """What is done with the application: it is run."""
        raise NotImplementedError("a subclass says what is done with the application")

    def createOrGetApplication(self) -> Any:
        """The application: of a command of a maker of services, or of a file."""
        if not self.config.subCommand:
            return getApplication(self.config, None)
        maker = self.config.loadedPlugins[self.config.subCommand]
        application = Application(maker.tapname)
        maker.makeService(self.config.subOptions).setServiceParent(application)
        return application


def getApplication(config: Mapping[str, Any], passphrase: None) -> Any:
    """The application of the file that options name.

    Raises:
        SystemExit: It cannot be loaded.
    """
    kinds = {"python": "python", "source": "source", "file": "pickle"}
    given = next(each for each in kinds if config.get(each))
    path = config[given]
    try:
        log.msg(f"Loading {path}...")
        application = loadApplication(path, kinds[given], passphrase)
        log.msg("Loaded.")
    except Exception as error:
        log.err(None, "the application cannot be loaded")
        raise SystemExit(f"\nFailed to load application: {error}") from error
    return application


def startApplication(application: Any, save: bool) -> None:
    """Start an application's services; they are stopped before the reactor is.

    Args:
        application: The application.
        save: Whether it is saved then.
    """
    from sennit.app.interfaces import IService

    adapt: Any = IService
    service = adapt(application)
    service.startService()
    reactor = theReactor()
    if save:
        persistable: Any = sob.IPersistable
        saver = persistable(application)
        reactor.addSystemEventTrigger("after", "shutdown", saver.save, "shutdown")
    reactor.addSystemEventTrigger("before", "shutdown", service.stopService)


def runReactorWithLogging(
    config: Mapping[str, Any],
    oldstdout: Any,
    oldstderr: Any,
    profiler: Any = None,
    reactor: Any = None,
) -> None:
    """Run the reactor, in the profiler or debugger that options name; log what it raises.

    Args:
        config: The options.
        oldstdout: The standard output, for the debugger.
        oldstderr: The standard error, for the debugger.
        profiler: An `AppProfiler`, or none.
        reactor: The reactor; the program's if None.
    """
    reactor = theReactor() if reactor is None else reactor
    try:
        if config["profile"] and profiler is not None:
            profiler.run(reactor)
        elif config["debug"]:
            import pdb

            sys.stdout, sys.stderr = oldstdout, oldstderr
            pdb.Pdb().runcall(reactor.run)
        else:
            reactor.run()
    except Exception:
        with ExitStack() as stack:
            stream = oldstdout
            if not config["nodaemon"]:
                stream = stack.enter_context(open("TWISTD-CRASH.log", "a"))
            traceback.print_exc(file=stream)
            stream.flush()


def planOf(config: Any, make: Callable[[], Any]) -> Plan:
    """The plan that options of ``twistd`` are.

    Args:
        config: The options, which were read.
        make: Gives the application.
    """
    nodaemon = bool(config["nodaemon"] or config["debug"])
    path = config["python"]
    folder = None if path is None else fileTarget(path).folder
    umask = config["umask"]
    given = config["logger"]
    return Plan(
        "twistd",
        Target(config.subCommand or path or "an application", make, folder),
        daemon=not nodaemon,
        logfile=config["logfile"] or ("-" if nodaemon else "twistd.log"),
        logKeep=None,
        logger=None if given is None else f"{given.__module__}:{given.__qualname__}",
        syslog=bool(config["syslog"]),
        prefix=config["prefix"],
        pidfile=config["pidfile"] or None,
        rundir=config["rundir"],
        chroot=config["chroot"],
        uid=config["uid"],
        gid=config["gid"],
        euid=bool(config["euid"]),
        umask=0o077 if umask is None and not nodaemon else umask,
        profile=config["profile"],
        profiler=config["profiler"].lower(),
        saveStats=bool(config["savestats"]),
        debug=bool(config["debug"]),
    )


def run(runApp: Callable[[Any], object], ServerOptions: Callable[[], Any]) -> None:
    """Read the command line, and run what it says.

    Args:
        runApp: Called with the options.
        ServerOptions: Makes them.

    Raises:
        SystemExit: The command line is not as it should be.
    """
    config = ServerOptions()
    try:
        config.parseOptions()
    except usage.error as error:
        sys.stdout.write(f"{config}\n{sys.argv[0]}: {error}\n")
        raise SystemExit(1) from error
    runApp(config)


def convertStyle(
    filein: str,
    typein: str,
    passphrase: None,
    fileout: str,
    typeout: str,
    encrypt: bool,
) -> None:
    """Load an application and save it in another form.

    Args:
        filein: The file.
        typein: ``python``, ``pickle`` or ``source``.
        passphrase: None: nothing is encrypted.
        fileout: The file to write.
        typeout: ``pickle`` or ``source``.
        encrypt: Whether to ask for a passphrase: no.
    """
    application = loadApplication(filein, typein, passphrase)
    persistable: Any = sob.IPersistable
    saver = persistable(application)
    saver.setStyle(typeout)
    getSavePassphrase(encrypt)
    saver.save(filename=fileout)


def getPassphrase(needed: bool) -> None:
    """None: nothing is encrypted.

    Raises:
        RunError: There is need of one.
    """
    if needed:
        raise RunError("encrypted applications are not supported")


def getSavePassphrase(needed: bool) -> None:
    """None: nothing is encrypted.

    Raises:
        RunError: There is need of one.
    """
    getPassphrase(needed)
