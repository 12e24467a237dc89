"""Things done over time: repeated calls, late ones, long work in steps, whole programs.

`LoopingCall` calls a function every so many seconds, `deferLater` once, `cooperate`
takes the steps of an iterator one by one, and `react` runs a program until it has its
result. `Clock` is the time to test all of these with, and everything else that waits.
"""

from __future__ import annotations

from sennit.core.task._clock import Clock as Clock
from sennit.core.task._cooperate import (
    CooperativeTask as CooperativeTask,
    Cooperator as Cooperator,
    coiterate as coiterate,
    cooperate as cooperate,
)
from sennit.core.task._errors import (
    NotPaused as NotPaused,
    SchedulerError as SchedulerError,
    SchedulerStopped as SchedulerStopped,
    TaskDone as TaskDone,
    TaskFailed as TaskFailed,
    TaskFinished as TaskFinished,
    TaskStopped as TaskStopped,
)
from sennit.core.task._later import deferLater as deferLater
from sennit.core.task._looping import LoopingCall as LoopingCall
from sennit.core.task._react import react as react

__all__ = [
    "Clock",
    "CooperativeTask",
    "Cooperator",
    "LoopingCall",
    "NotPaused",
    "SchedulerError",
    "SchedulerStopped",
    "TaskDone",
    "TaskFailed",
    "TaskFinished",
    "TaskStopped",
    "coiterate",
    "cooperate",
    "deferLater",
    "react",
]
