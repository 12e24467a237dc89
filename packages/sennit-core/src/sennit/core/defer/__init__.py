"""Deferred: results that will be there later.

A function that cannot have its result at once returns a `Deferred`. Add callbacks to
it, or ``await`` it: in a coroutine that `ensureDeferred` runs, in any task of asyncio,
or, by ``yield``, in a generator under `inlineCallbacks`.
"""

from __future__ import annotations

from sennit.core.defer._combine import (
    FAILURE as FAILURE,
    SUCCESS as SUCCESS,
    DeferredList as DeferredList,
    FailureGroup as FailureGroup,
    FirstError as FirstError,
    gatherResults as gatherResults,
    race as race,
)
from sennit.core.defer._coroutine import ensureDeferred as ensureDeferred
from sennit.core.defer._debug import DebugInfo as DebugInfo
from sennit.core.defer._deferred import Deferred as Deferred
from sennit.core.defer._errors import (
    AlreadyCalledError as AlreadyCalledError,
    AlreadyTryingToLockError as AlreadyTryingToLockError,
    CancelledError as CancelledError,
    NotACoroutineError as NotACoroutineError,
    QueueOverflow as QueueOverflow,
    QueueUnderflow as QueueUnderflow,
    TimeoutError as TimeoutError,
)
from sennit.core.defer._filelock import DeferredFilesystemLock as DeferredFilesystemLock
from sennit.core.defer._fired import (
    getDebugging as getDebugging,
    setDebugging as setDebugging,
)
from sennit.core.defer._functions import (
    execute as execute,
    fail as fail,
    logError as logError,
    maybeDeferred as maybeDeferred,
    passthru as passthru,
    succeed as succeed,
    timeout as timeout,
)
from sennit.core.defer._inline import (
    inlineCallbacks as inlineCallbacks,
    returnValue as returnValue,
)
from sennit.core.defer._sync import (
    DeferredLock as DeferredLock,
    DeferredQueue as DeferredQueue,
    DeferredSemaphore as DeferredSemaphore,
)
from sennit.core.failure import Failure as Failure

__all__ = [
    "AlreadyCalledError",
    "AlreadyTryingToLockError",
    "CancelledError",
    "DebugInfo",
    "Deferred",
    "DeferredFilesystemLock",
    "DeferredList",
    "DeferredLock",
    "DeferredQueue",
    "DeferredSemaphore",
    "FAILURE",
    "FailureGroup",
    "FirstError",
    "NotACoroutineError",
    "QueueOverflow",
    "QueueUnderflow",
    "SUCCESS",
    "TimeoutError",
    "ensureDeferred",
    "execute",
    "fail",
    "gatherResults",
    "getDebugging",
    "inlineCallbacks",
    "logError",
    "maybeDeferred",
    "passthru",
    "race",
    "returnValue",
    "setDebugging",
    "succeed",
    "timeout",
]

# The name that a traceback shows and a pickle holds is the one to import it by.
for _name in __all__:
    _kind = globals()[_name]
    if isinstance(_kind, type) and issubclass(_kind, BaseException):
        _kind.__module__ = __name__
