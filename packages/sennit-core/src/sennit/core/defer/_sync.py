"""Locks, semaphores and queues for what waits by Deferreds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Generic, Literal, ParamSpec, Self, TypeVar, overload

from sennit.core.defer._deferred import Deferred
from sennit.core.defer._errors import QueueOverflow, QueueUnderflow
from sennit.core.defer._functions import maybeDeferred, succeed

__all__ = ["DeferredLock", "DeferredQueue", "DeferredSemaphore"]

T = TypeVar("T")
P = ParamSpec("P")


class _Primitive(ABC):
    """What is acquired, perhaps after some waiting, and released.

    ``async with`` acquires at the beginning and releases at the end.
    """

    def __init__(self) -> None:
        self.waiting: list[Deferred[Any]] = []

    def acquire(self) -> Deferred[Self]:
        """Ask for it.

        Returns:
            A Deferred that fires with this object when it is acquired; cancelling it
            before gives up the place in the row.
        """
        if self._take():
            return succeed(self)
        deferred: Deferred[Self] = Deferred(self.waiting.remove)
        self.waiting.append(deferred)
        return deferred

    def release(self) -> None:
        """Give it back; who waits longest gets it.

        Raises:
            RuntimeError: It was not acquired.
        """
        self._give_back()
        if self.waiting:
            self._take()
            self.waiting.pop(0).callback(self)

    @abstractmethod
    def _take(self) -> bool:
        """Take it if it is to be had, and tell whether it was."""

    @abstractmethod
    def _give_back(self) -> None:
        """Undo one `_take`."""

    @overload
    def run(
        self,
        f: Callable[P, Deferred[T]],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Deferred[T]: ...

    @overload
    def run(
        self,
        f: Callable[P, Coroutine[Any, Any, T]],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Deferred[T]: ...

    @overload
    def run(
        self, f: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Deferred[T]: ...

    def run(self, f: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Deferred[Any]:
        """Acquire, call a function, and release when what it returned has its result.

        Args:
            f: The function; it may return a Deferred or be a coroutine function.
            args: Its arguments.
            kwargs: Its keyword arguments.

        Returns:
            A Deferred of its result.
        """

        def give_back(result: object) -> object:
            self.release()
            return result

        def call(_: object) -> Deferred[Any]:
            return maybeDeferred(f, *args, **kwargs).addBoth(give_back)

        return self.acquire().addCallback(call)

    def __aenter__(self) -> Deferred[Self]:
        """Acquire."""
        return self.acquire()

    def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> Deferred[Literal[False]]:
        """Release."""
        self.release()
        never: Literal[False] = False
        return succeed(never)


class DeferredLock(_Primitive):
    """A lock that one at a time may hold.

    Attributes:
        locked: Whether somebody holds it.
        waiting: The Deferreds of those who wait for it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.locked: bool = False

    def _take(self) -> bool:
        if self.locked:
            return False
        self.locked = True
        return True

    def _give_back(self) -> None:
        if not self.locked:
            raise RuntimeError("Tried to release an unlocked lock")
        self.locked = False


class DeferredSemaphore(_Primitive):
    """Something that a number of holders may have at a time.

    Attributes:
        tokens: How many more may have it now.
        limit: How many may have it at once.
        waiting: The Deferreds of those who wait for it.
    """

    def __init__(self, tokens: int) -> None:
        """Allow a number of holders.

        Args:
            tokens: How many may have it at once, at least 1.

        Raises:
            ValueError: It is less.
        """
        super().__init__()
        if tokens < 1:
            raise ValueError("DeferredSemaphore requires tokens >= 1")
        self.tokens: int = tokens
        self.limit: int = tokens

    def _take(self) -> bool:
        if not self.tokens:
            return False
        self.tokens -= 1
        return True

    def _give_back(self) -> None:
        if self.tokens >= self.limit:
            raise RuntimeError("Someone released me too many times: too many tokens!")
        self.tokens += 1


class DeferredQueue(Generic[T]):
    """A queue; who asks for an item before there is one gets it when it comes.

    Attributes:
        size: How many items it holds at most; None for no limit.
        backlog: How many may wait for an item at once; None for no limit.
        waiting: The Deferreds of those who wait.
        pending: The items nobody asked for yet.
    """

    def __init__(self, size: int | None = None, backlog: int | None = None) -> None:
        """Make an empty queue.

        Args:
            size: How many items it holds at most; None for no limit.
            backlog: How many may wait for an item at once; None for no limit.
        """
        self.waiting: list[Deferred[T]] = []
        self.pending: deque[T] = deque()
        self.size = size
        self.backlog = backlog

    def put(self, obj: T) -> None:
        """Add an item; who waits longest gets it.

        Raises:
            QueueOverflow: The queue is full.
        """
        if self.waiting:
            self.waiting.pop(0).callback(obj)
        elif self.size is None or len(self.pending) < self.size:
            self.pending.append(obj)
        else:
            raise QueueOverflow

    def get(self) -> Deferred[T]:
        """Ask for an item.

        Returns:
            A Deferred of the next item; cancelling it before gives up the place in the
            row.

        Raises:
            QueueUnderflow: As many as allowed are waiting.
        """
        if self.pending:
            return succeed(self.pending.popleft())
        if self.backlog is not None and len(self.waiting) >= self.backlog:
            raise QueueUnderflow
        deferred: Deferred[T] = Deferred(self.waiting.remove)
        self.waiting.append(deferred)
        return deferred
