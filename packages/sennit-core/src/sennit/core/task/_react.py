"""A program that runs until it has its result."""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

import sennit.core
from sennit.core import log
from sennit.core.defer import Deferred, ensureDeferred, fail
from sennit.core.errors import ReactorNotRunning
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.contracts import IReactorCore

__all__ = ["react"]


def react(
    main: Callable[..., Deferred[Any] | Coroutine[Any, Any, Any]],
    argv: Iterable[object] = (),
    _reactor: IReactorCore | None = None,
) -> NoReturn:
    """Run the reactor until a function has its result, and end the program.

    ::

        async def main(reactor, host):
            ...

        task.react(main, sys.argv[1:])

    The exit code is 0 if all went well, or the reactor was stopped before. It is 1 if
    *main* has failed, which is logged, and that of a ``SystemExit`` if it failed so.

    Args:
        main: Called with the reactor and *argv*, in the running reactor: a coroutine
            function, or one that returns a Deferred.
        argv: More arguments for it.
        _reactor: The reactor; None is the one for the main thread.

    Raises:
        SystemExit: Always.
    """
    program = _Program(sennit.core.reactor if _reactor is None else _reactor)
    program.run(main, tuple(argv))
    sys.exit(program.code)


class _Program:
    """The run of one main function."""

    def __init__(self, reactor: IReactorCore) -> None:
        self.reactor = reactor
        self.code: str | int | None = 0
        self._stopping = False

    def run(self, main: Callable[..., Any], argv: tuple[object, ...]) -> None:
        self.reactor.addSystemEventTrigger("before", "shutdown", self._shut_down)
        self.reactor.callWhenRunning(self._begin, main, argv)
        self.reactor.run()

    def _begin(self, main: Callable[..., Any], argv: tuple[object, ...]) -> None:
        finished: Deferred[Any]
        try:
            finished = ensureDeferred(main(self.reactor, *argv))
        except BaseException:
            finished = fail(Failure())
        finished.addErrback(self._failed).addCallback(self._finished)

    def _shut_down(self) -> None:
        self._stopping = True

    def _failed(self, failure: Failure) -> None:
        if isinstance(failure.value, SystemExit):
            self.code = failure.value.code
        else:
            self.code = 1
            log.err(failure, "the main function has failed")

    def _finished(self, result: object) -> None:
        if self._stopping:
            return
        self._stopping = True
        # Not running if it was stopped by hand an instant ago.
        with suppress(ReactorNotRunning):
            self.reactor.stop()
