"""The supervisor: so many workers, replaced when they die, and all at once on `reload`.

A *generation* is a set of workers that were started together. On a reload the new one is
started beside the old one; only when all of it is ready is the old one told to stop, and
if any of it fails it is the new one that goes. Each worker listens on sockets of the
supervisor's (`SharedSockets`): nobody who connects meanwhile is refused.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sennit.core
from sennit.app._ends import howEnded
from sennit.app.service import Service
from sennit.app.workers._sockets import SharedSockets
from sennit.app.workers._worker import State, Worker
from sennit.core import defer, log
from sennit.core.defer import CancelledError
from sennit.core.failure import Failure

__all__ = ["WorkerFailed", "WorkerPool"]

# Seconds that a worker has to live for its end not to count as one at birth, and how
# long is waited after the first such end and at most; each is twice the one before.
_YOUNG = 1.0
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 60.0


class WorkerFailed(Exception):
    """A worker has not become ready, or not in time.

    Attributes:
        status: what it exited with; None if it has not exited by itself.
    """

    def __init__(self, worker: Worker, reason: Failure) -> None:
        """Take its end as the reason."""
        late = reason.check(TimeoutError)
        how = "it takes too long" if late else howEnded(reason)
        super().__init__(f"{worker!r} has not come to be ready: {how}")
        self.status: int | None = getattr(reason.value, "exitCode", None)


class WorkerPool(Service):
    """Keeps workers running.

    Args:
        command: what each runs.
        count: how many there are.
        write: takes what they write, line by line, with its line break.
        environment: theirs; a copy of ours unless told.
        folder: where they start; ours unless told.
        reactor: the program's unless told.

    Attributes:
        startTimeout: seconds in which a worker has to become ready.
        patience: seconds in which one has to end when it is told to; it knows itself
            how long its connections may take, and this is to be longer.
        workers: those that serve, or will.
    """

    startTimeout: float = 60.0
    patience: float = 30.0

    def __init__(
        self,
        command: Sequence[str],
        count: int,
        write: Callable[[bytes], object],
        *,
        environment: Mapping[str, str] | None = None,
        folder: str | None = None,
        reactor: Any = None,
    ) -> None:
        self.command: list[str] = list(command)
        self.count = count
        self.workers: list[Worker] = []
        self._write = write
        self._environment = os.environ.copy() if environment is None else environment
        self._folder = os.getcwd() if folder is None else folder
        self._reactor = sennit.core.reactor if reactor is None else reactor
        self._sockets = SharedSockets()
        self._leaving: set[Worker] = set()
        # Whether those that die are replaced: from the moment that all are ready.
        self._serving = False
        self._waits: dict[str, float] = {}
        self._restarts: dict[str, Any] = {}
        self._reloading: defer.Deferred[bool] | None = None
        self._again = False

    # Starting

    async def startService(self) -> None:
        """Start the workers, and wait until all are ready.

        Raises:
            WorkerFailed: One of them is not, or not in time.
        """
        super().startService()
        self.workers = self._start_all()
        try:
            await self._all_ready(self.workers)
        except BaseException:
            failed, self.workers = self.workers, []
            await self._end(failed)
            raise
        self._serving = True
        log.msg(f"{_counted(self.workers)} ready")

    def _start_all(self) -> list[Worker]:
        workers = [self._made(f"worker {n}") for n in range(1, self.count + 1)]
        for worker in workers:
            self._spawn(worker)
        return workers

    def _made(self, name: str) -> Worker:
        return Worker(name, self._reactor, self._sockets, self._write, self._gone)

    def _spawn(self, worker: Worker) -> None:
        try:
            worker.spawn(self.command, self._environment, self._folder)
        except OSError:
            worker.processEnded(Failure())

    async def _all_ready(self, workers: Sequence[Worker]) -> None:
        """Wait until all are ready, or one has failed."""

        def failed(reason: Failure, worker: Worker) -> None:
            raise WorkerFailed(worker, reason)

        for worker in workers:
            worker.whenReady.addTimeout(self.startTimeout, self._reactor)
            worker.whenReady.addErrback(failed, worker)
        waiting = [worker.whenReady for worker in workers]
        try:
            await defer.gatherResults(waiting, consumeErrors=True)
        except defer.FirstError as error:
            raise error.subFailure.value from None

    # Replacing those that die

    def _gone(self, worker: Worker, reason: Failure) -> None:
        self._leaving.discard(worker)
        if not self._serving or worker not in self.workers:
            return
        wait = self._wait_for(worker)
        log.msg(
            f"{worker!r} has ended: {howEnded(reason)}; it is started again in {wait:g} s",
            isError=1,
        )
        self._restarts[worker.name] = self._reactor.callLater(
            wait, self._replace, worker
        )

    def _wait_for(self, worker: Worker) -> float:
        if self._reactor.seconds() - worker.started >= _YOUNG:
            self._waits.pop(worker.name, None)
            return 0.0
        wait = self._waits.get(worker.name, _FIRST_WAIT)
        self._waits[worker.name] = min(2 * wait, _LONGEST_WAIT)
        return wait

    def _replace(self, gone: Worker) -> None:
        del self._restarts[gone.name]
        worker = self._made(gone.name)
        # That it fails is seen by its end.
        worker.whenReady.addErrback(lambda reason: None)
        self.workers[self.workers.index(gone)] = worker
        self._spawn(worker)

    def _replace_nobody(self) -> None:
        for timer in self._restarts.values():
            timer.cancel()
        self._restarts.clear()
        self._waits.clear()

    # Replacing all of them

    def reload(self) -> defer.Deferred[bool]:
        """Replace all workers by new ones, which run what is there now.

        Asked for while it is under way, it is done once more after that: what is there
        may have changed since it has begun.

        Returns:
            A Deferred that fires when the old ones have ended, with True; or with False
            if the new ones have failed, and the old ones go on.
        """
        if self._reloading is None:
            self._reloading = defer.ensureDeferred(self._reload_until_quiet())
            self._reloading.addBoth(self._reloaded)
        else:
            self._again = True
        return self._reloading

    def _reloaded(self, result: Any) -> Any:
        self._reloading = None
        return result

    async def _reload_until_quiet(self) -> bool:
        while True:
            self._again = False
            done = await self._reload()
            if not self._again:
                return done

    async def _reload(self) -> bool:
        log.msg(f"reload: {self.count} new workers are started")
        fresh = self._start_all()
        try:
            await self._all_ready(fresh)
        except WorkerFailed as error:
            log.msg(f"reload given up, the old workers go on: {error}", isError=1)
            await self._end(fresh)
            return False
        except BaseException:
            await self._end(fresh)
            raise
        self._replace_nobody()
        old, self.workers = self.workers, fresh
        log.msg(f"reload: {_counted(fresh)} ready, {len(old)} old finish")
        await self._end(old)
        self._sockets.keepOnly(
            key for worker in self.workers for key in worker.asked.keys
        )
        log.msg("reload: done")
        return True

    # Ending

    async def stopService(self) -> None:
        """Stop the workers, and wait until they have ended."""
        super().stopService()
        self._serving = False
        self._replace_nobody()
        if self._reloading is not None:
            self._reloading.addErrback(lambda failure: failure.trap(CancelledError))
            self._reloading.cancel()
        ending, self.workers = self.workers, []
        await self._end([*ending, *self._leaving])
        self._sockets.close()

    async def _end(self, workers: Sequence[Worker]) -> None:
        going = [worker for worker in workers if worker.state is not State.GONE]
        self._leaving.update(going)
        for worker in going:
            worker.stop(self.patience)
        await defer.gatherResults([worker.ended() for worker in going])


def _counted(workers: Sequence[Worker]) -> str:
    return "1 worker is" if len(workers) == 1 else f"{len(workers)} workers are"
