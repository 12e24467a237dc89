"""``twisted.runner.procmontap``: the command ``twistd procmon``."""

from __future__ import annotations

from typing import Any, ClassVar

from sennit.compat.faces.python import usage
from sennit.compat.faces.runner.procmon import ProcessMonitor

__all__ = ["Options", "makeService"]


class Options(usage.Options):
    """What its command line says: some times, and the command that is kept running."""

    synopsis = "[procmon options] commandline"
    longdesc: str | None = (
        "procmon runs a command, and starts it again whenever it ends: at once if it has "
        "lived for the threshold, else later, each time twice as late. "
        "Eg twistd procmon sleep 10"
    )
    optParameters: ClassVar[list[Any]] = [
        [
            "threshold",
            "t",
            1,
            "Seconds that a process has to live; one that ends sooner waits for the next.",
            float,
        ],
        [
            "killtime",
            "k",
            5,
            "Seconds between the signals TERM and KILL.",
            float,
        ],
        [
            "minrestartdelay",
            "m",
            1,
            "Seconds to wait at least before a process is started again.",
            float,
        ],
        [
            "maxrestartdelay",
            "M",
            3600,
            "Seconds to wait at most before a process is started again.",
            float,
        ],
    ]

    def parseArgs(self, *args: str) -> None:
        """Keep the command: all behind the options."""
        self["args"] = args

    def postOptions(self) -> None:
        """Look whether there is a command.

        Raises:
            UsageError: There is none.
        """
        if not self["args"]:
            raise usage.UsageError("Please specify a process commandline")


def makeService(config: Options) -> ProcessMonitor:
    """The monitor that options describe; its program has an empty environment."""
    monitor = ProcessMonitor()
    monitor.threshold = config["threshold"]
    monitor.killTime = config["killtime"]
    monitor.minRestartDelay = config["minrestartdelay"]
    monitor.maxRestartDelay = config["maxrestartdelay"]
    monitor.addProcess(" ".join(config["args"]), config["args"])
    return monitor
