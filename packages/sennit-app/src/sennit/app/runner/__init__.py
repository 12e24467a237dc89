"""The runner: options make a plan, the plan has steps, the steps lead to a run.

A `Plan` is a value that says everything; `run` does what it says and returns the status
to exit with. Commands of other distributions come by the entry points of the group
``sennit.commands`` (`sennit.app.cli`), other things to run by those of the group
``sennit.targets``.
"""

from __future__ import annotations

from typing import Any

from sennit.app.runner._errors import (
    AlreadyRunning as AlreadyRunning,
    CannotLog as CannotLog,
    CannotPrepare as CannotPrepare,
    CannotStart as CannotStart,
    NoPermission as NoPermission,
    NoTarget as NoTarget,
    RunError as RunError,
    TargetError as TargetError,
    UsageError as UsageError,
)
from sennit.app.runner._identity import gidFrom as gidFrom, uidFrom as uidFrom
from sennit.app.runner._loops import LOOPS as LOOPS, loopNamed as loopNamed
from sennit.app.runner._pidfile import PidFile as PidFile
from sennit.app.runner._plan import Plan as Plan, Target as Target
from sennit.app.runner._profile import PROFILERS as PROFILERS, profiled as profiled
from sennit.app.runner._run import Run as Run
from sennit.app.runner._steps import STEPS as STEPS, Step as Step, stepsOf as stepsOf
from sennit.app.runner._supervise import (
    asSupervisor as asSupervisor,
    asWorker as asWorker,
)
from sennit.app.runner._target import (
    fileTarget as fileTarget,
    targetNamed as targetNamed,
)

__all__ = [
    "AlreadyRunning",
    "CannotLog",
    "CannotPrepare",
    "CannotStart",
    "LOOPS",
    "NoPermission",
    "NoTarget",
    "PROFILERS",
    "PidFile",
    "Plan",
    "Run",
    "RunError",
    "STEPS",
    "Step",
    "Target",
    "TargetError",
    "UsageError",
    "asSupervisor",
    "asWorker",
    "fileTarget",
    "gidFrom",
    "loopNamed",
    "profiled",
    "run",
    "stepsOf",
    "targetNamed",
    "uidFrom",
]


def run(plan: Plan, reactor: Any = None) -> int:
    """Do what a plan says, until the reactor stops.

    Args:
        plan: What to run, and how.
        reactor: What turns the loop; the program's reactor if None.

    Returns:
        What the process should exit with: 0 if all went well.
    """
    return Run(plan, reactor).go(stepsOf(plan))
