"""A pool of threads for work that blocks.

Work goes into one queue, from which the threads help themselves. What has to be decided
is when another thread is needed, and that is bookkeeping of two numbers under one lock:
the work that is not finished (waiting or being done), and the threads that are to stay.
While there is more of the former, and the limit allows, another thread is started; so
work never waits for a thread that is itself waiting for that work, as long as the pool
may grow. To send a thread away, ``None`` is put into the queue for whoever comes to it
first: work that was there before is still done. A thread that had nothing to do for
`IDLE` seconds leaves by itself, if more than the minimum are left.

Rejected: ``concurrent.futures.ThreadPoolExecutor``, which never shrinks, cannot be
resized, starts anew or told what it is doing, and makes a future and a condition for
each piece of work.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import Context, copy_context
from queue import Empty, SimpleQueue
from typing import Any, ClassVar, ParamSpec, TypeVar

from sennit.core import log
from sennit.core.failure import Failure

__all__ = ["IDLE", "ThreadPool"]

_A = ParamSpec("_A")
_R = TypeVar("_R")

# After how many seconds without work a thread leaves, down to the minimum: a thread
# costs memory, and starting one a tenth of a millisecond.
IDLE = 60.0

_OnResult = Callable[[bool, Any], object]
_Work = tuple[
    Context, _OnResult | None, Callable[..., Any], tuple[Any, ...], dict[str, Any]
]


class ThreadPool:
    """Threads that do what is given to them, so that others need not wait.

    It takes work at any time, does it from `start` on, and takes none after `stop`.
    Any thread may give it work.

    Attributes:
        threadFactory: Makes a thread: called with ``target`` and ``name``.
        min: How many threads there are at least, once it is started.
        max: How many threads there are at most.
        name: Part of the threads' names; None for a number.
        started: True from `start` until `stop`.
        joined: True from `stop` until the next `start`.
        threads: The threads.
    """

    threadFactory: ClassVar[Callable[..., threading.Thread]] = threading.Thread

    def __init__(
        self, minthreads: int = 5, maxthreads: int = 20, name: str | None = None
    ) -> None:
        """Make a pool without threads.

        Args:
            minthreads: How many threads there are at least, once it is started.
            maxthreads: How many threads there are at most.
            name: Part of the threads' names.

        Raises:
            ValueError: When there are to be less than none, or more than at most.
        """
        _check_limits(minthreads, maxthreads)
        self.min: int = minthreads
        self.max: int = maxthreads
        self.name: str | None = name
        self.started: bool = False
        self.joined: bool = False
        self.threads: list[threading.Thread] = []
        # None sends the thread that takes it away.
        self._queue: SimpleQueue[_Work | None] = SimpleQueue()
        # Guards `threads` and the numbers below, which any thread may change.
        self._lock = threading.Lock()
        self._unfinished = 0
        self._busy = 0
        self._leaving = 0
        self._made = 0

    @staticmethod
    def currentThread() -> threading.Thread:
        """Give the thread that asks: ``threading.current_thread()``."""
        return threading.current_thread()

    def start(self) -> None:
        """Start the threads, and with them the work."""
        with self._lock:
            self.started, self.joined = True, False
            self._grow()

    def stop(self) -> None:
        """Let all work be finished that was given before, and wait for that."""
        with self._lock:
            self.started, self.joined = False, True
            self._dismiss(self.workers)
            threads = list(self.threads)
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join()

    def callInThread(
        self, func: Callable[_A, object], *args: _A.args, **kw: _A.kwargs
    ) -> None:
        """Call something in a thread, in a copy of the context of now.

        What it returns is dropped, and what it raises is logged. A pool that was
        stopped does nothing.

        Args:
            func: What is called.
            *args: For the call.
            **kw: For the call.
        """
        self.callInThreadWithCallback(None, func, *args, **kw)

    def callInThreadWithCallback(
        self,
        onResult: Callable[[bool, _R | Failure], object] | None,
        func: Callable[_A, _R],
        *args: _A.args,
        **kw: _A.kwargs,
    ) -> None:
        """Call something in a thread, in a copy of the context of now.

        Args:
            onResult: Called in the same thread and context: with True and the result,
                or False and the `Failure`. None if neither matters: errors are logged.
            func: What is called.
            *args: For the call.
            **kw: For the call.
        """
        with self._lock:
            if not self.joined:
                self._unfinished += 1
                self._queue.put((copy_context(), onResult, func, args, kw))
                if self.started:
                    self._grow()
                return
        if onResult is not None:
            onResult(False, Failure(RuntimeError("the thread pool was stopped")))

    def adjustPoolsize(
        self, minthreads: int | None = None, maxthreads: int | None = None
    ) -> None:
        """Set the limits; threads that are too many leave as they finish their work.

        Args:
            minthreads: How many threads there are at least; None as before.
            maxthreads: How many threads there are at most; None as before.

        Raises:
            ValueError: When there are to be less than none, or more than at most.
        """
        low = self.min if minthreads is None else minthreads
        high = self.max if maxthreads is None else maxthreads
        _check_limits(low, high)
        with self._lock:
            self.min, self.max = low, high
            if self.started:
                self._dismiss(max(0, self.workers - high))
                self._grow()

    def startAWorker(self) -> None:
        """Start another thread, if that is not too many."""
        with self._lock:
            if self.workers < self.max:
                self._start_thread()

    def stopAWorker(self) -> None:
        """Let one thread leave, as soon as it has nothing to do."""
        with self._lock:
            self._dismiss(min(1, self.workers))

    @property
    def workers(self) -> int:
        """How many threads there are, without those told to leave."""
        return len(self.threads) - self._leaving

    @property
    def working(self) -> list[None]:
        """As many items as there are threads at work."""
        return [None] * self._busy

    @property
    def waiters(self) -> list[None]:
        """As many items as there are threads that wait for work."""
        return [None] * (self.workers - self._busy)

    @property
    def q(self) -> SimpleQueue[Any]:
        """The work that waits for a thread; for its ``qsize()``."""
        return self._queue

    def dumpStats(self) -> None:
        """Log what is going on."""
        log.msg(f"{self!r}: waiting for work: {len(self.waiters)}")
        log.msg(f"{self!r}: at work: {len(self.working)}")
        log.msg(f"{self!r}: work that waits: {self._unfinished - self._busy}")

    def _grow(self) -> None:
        """Start the threads that are needed; call it with the lock."""
        while self.workers < min(self.max, max(self.min, self._unfinished)):
            self._start_thread()

    def _dismiss(self, number: int) -> None:
        """Let threads go; call it with the lock."""
        self._leaving += number
        for _ in range(number):
            self._queue.put(None)

    def _start_thread(self) -> None:
        self._made += 1
        name = f"PoolThread-{self.name or id(self)}-{self._made - 1}"
        thread = self.threadFactory(target=self._live, name=name)
        # A program that ends without having stopped the pool must not hang.
        thread.daemon = True
        thread.start()
        self.threads.append(thread)

    def _live(self) -> None:
        """Be one of the threads."""
        while True:
            try:
                work = self._queue.get(timeout=IDLE)
            except Empty:
                if self._may_leave():
                    return
                continue
            if work is None:
                with self._lock:
                    self._leaving -= 1
                    self.threads.remove(threading.current_thread())
                return
            with self._lock:
                self._busy += 1
            # In a list that it empties, so that nothing here holds on to the work.
            holder = [work]
            del work
            _do(holder)
            with self._lock:
                self._busy -= 1
                self._unfinished -= 1

    def _may_leave(self) -> bool:
        """Leave, unless we are needed; work may have come in this very instant."""
        with self._lock:
            if self.workers <= max(self.min, self._unfinished):
                return False
            self.threads.remove(threading.current_thread())
            return True

    def __getstate__(self) -> dict[str, Any]:
        return {"min": self.min, "max": self.max, "name": self.name}

    def __setstate__(self, state: dict[str, Any]) -> None:
        ThreadPool.__init__(self, state["min"], state["max"], state["name"])

    def __repr__(self) -> str:
        return f"<ThreadPool {self.name or id(self)}: {self.min} to {self.max} threads>"


def _check_limits(low: int, high: int) -> None:
    if low < 0 or low > high:
        raise ValueError(f"a pool cannot have at least {low}, at most {high} threads")


def _do(holder: list[_Work]) -> None:
    """Do a piece of work; all of it is let go before its result is told."""
    context, on_result, func, args, kw = holder.pop()
    success, result = _outcome(context, func, args, kw)
    del func, args, kw
    try:
        if on_result is not None:
            context.run(on_result, success, result)
        elif not success:
            context.run(log.err, result, "a call in a thread has failed")
    except BaseException:
        context.run(log.err, None, "what was to be told a thread's result has failed")


def _outcome(
    context: Context,
    func: Callable[..., Any],
    args: tuple[Any, ...],
    kw: dict[str, Any],
) -> tuple[bool, Any]:
    # Apart, so that no frame of a failure's traceback holds that failure.
    try:
        return True, context.run(func, *args, **kw)
    except BaseException:
        return False, Failure()
