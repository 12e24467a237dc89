"""How a process has ended, in the words of a log."""

from __future__ import annotations

from sennit.core.errors import ProcessDone, ProcessTerminated
from sennit.core.failure import Failure

__all__ = ["howEnded"]


def howEnded(reason: Failure) -> str:
    """Say how, by the reason that its protocol was told."""
    if reason.check(ProcessDone):
        return "exit code 0"
    if reason.check(ProcessTerminated):
        signal = reason.value.signal
        return f"signal {signal}" if signal else f"exit code {reason.value.exitCode}"
    return reason.getErrorMessage()
