"""What a `Cooperator` and its tasks complain of."""

from __future__ import annotations

__all__ = [
    "NotPaused",
    "SchedulerError",
    "SchedulerStopped",
    "TaskDone",
    "TaskFailed",
    "TaskFinished",
    "TaskStopped",
]


class SchedulerError(Exception):
    """Something could not be done with a cooperator or a task of it."""


class SchedulerStopped(SchedulerError):
    """The cooperator was stopped, now or before."""


class TaskFinished(SchedulerError):
    """The task is finished, in one of the ways below: nothing is left to be done."""


class TaskDone(TaskFinished):
    """The task's iterator came to its end."""


class TaskStopped(TaskFinished):
    """The task was stopped."""


class TaskFailed(TaskFinished):
    """The task's iterator raised, or a Deferred that it yielded has failed."""


class NotPaused(SchedulerError):
    """A task was resumed more often than it was paused."""
