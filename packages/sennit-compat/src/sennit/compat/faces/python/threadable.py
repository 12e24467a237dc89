"""``twisted.python.threadable``: locks around methods, and the reactor's thread."""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

__all__ = [
    "XLock",
    "getThreadID",
    "init",
    "ioThread",
    "isInIOThread",
    "registerAsIOThread",
    "synchronize",
    "threaded",
    "unpickle_lock",
]

threaded = True

#: The thread that `registerAsIOThread` was last called in.
ioThread: int | None = None


def getThreadID() -> int:
    """The number of this thread."""
    return threading.get_ident()


class XLock:
    """A lock that its owner may take again, and that can be pickled (as free)."""

    def __init__(self) -> None:
        self._lock = threading.RLock()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock; False where it was not to be had."""
        return self._lock.acquire(blocking, timeout)

    def release(self) -> None:
        """Give the lock back."""
        self._lock.release()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def __reduce__(self) -> tuple[Callable[[], XLock], tuple[()]]:
        return unpickle_lock, ()


def unpickle_lock() -> XLock:
    """What a pickled `XLock` becomes."""
    return XLock()


# Held while an object that has no lock yet gets one.
_making = threading.Lock()


def _lock_of(holder: object) -> XLock:
    lock: XLock | None = getattr(holder, "_threadable_lock", None)
    if lock is None:
        with _making:
            lock = getattr(holder, "_threadable_lock", None)
            if lock is None:
                lock = XLock()
                vars(holder)["_threadable_lock"] = lock
    return lock


def _synchronized(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def locked(self: object, *args: Any, **kwargs: Any) -> Any:
        with _lock_of(self):
            return method(self, *args, **kwargs)

    return locked


def synchronize(*klasses: type[Any]) -> None:
    """Let only one thread at a time into the methods a class lists.

    Args:
        klasses: Classes with a list ``synchronized`` of names of methods.
    """
    for klass in klasses:
        for name in klass.synchronized:
            setattr(klass, name, _synchronized(getattr(klass, name)))


def init(with_threads: bool = True) -> None:
    """Do nothing: there are threads."""


def registerAsIOThread() -> None:
    """Say that the reactor runs in this thread."""
    global ioThread
    ioThread = getThreadID()


def isInIOThread() -> bool:
    """Whether this is the thread that the reactor runs in.

    Where nobody has said which that is, it is any thread whose loop is running.
    """
    if ioThread is not None:
        return ioThread == getThreadID()
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
