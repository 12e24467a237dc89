"""Waiting for what tests and fixtures return, by turning the test's loop.

The loop turns only while something is waited for: a coroutine test or fixture, or the
Deferred that a test has returned. In between the reactor stays attached to the loop,
and all that is open stays open. Functions that do not wait are called while the loop is
at rest, so that a test may call ``reactor.run()`` itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from contextvars import Context, Token, copy_context
from functools import partial, wraps
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Any

import pytest

from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.pytest_plugin._hanging import whereItWaits
from sennit.core.pytest_plugin._kinds import isAsynchronous

__all__ = ["Drive"]

# Seconds for a test to end when it is cancelled. One that does not is left alone.
_GRACE = 1.0


class Drive:
    """Calls the functions of one test, and waits for them."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, reactor: Reactor, timeout: float
    ) -> None:
        """Drive a test.

        Args:
            loop: Its loop.
            reactor: Its reactor, which attaches to the loop as it first turns.
            timeout: Seconds that each function may take; 0 for as long as it does.
        """
        self._loop = loop
        self._reactor = reactor
        self._timeout = timeout
        self._deadline: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[Any] | None = None
        # Where the function waited that has taken too long; empty if none has.
        self._hung: list[str] = []
        self._tokens: list[Token[Any]] = []

    def end(self) -> None:
        """Take back what fixtures have set in `contextvars`."""
        for token in reversed(self._tokens):
            token.var.reset(token)

    def takeYourTime(self) -> None:
        """Give up nothing any more that is being waited for."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    # Calling what the program gives

    def test(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Make a test function that ends when the given one has its result."""
        if isasyncgenfunction(function):
            return function

        @wraps(function)
        def test(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            if isAsynchronous(function):
                result = self._complete(partial(function, *args, **kwargs))
                # Of what a test returns pytest complains; but it is only natural for
                # a Deferred to fire with something.
                return result if iscoroutinefunction(function) else None
            result = function(*args, **kwargs)
            if isinstance(result, Deferred):
                self._complete(lambda: result)
                return None
            return result

        return test

    def fixture(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Make a fixture function of one that waits."""
        if isasyncgenfunction(function):
            return self._around(function)

        @wraps(function)
        def fixture(*args: Any, **kwargs: Any) -> Any:
            call = partial(function, *args, **kwargs)
            return self._complete(call, function.__name__)

        return fixture

    def _around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def fixture(*args: Any, **kwargs: Any) -> Iterator[Any]:
            generator = function(*args, **kwargs)
            yield self._complete(generator.__anext__, function.__name__)
            with suppress(StopAsyncIteration):
                self._complete(generator.__anext__, function.__name__)
                pytest.fail(f"{function.__name__} yields twice", pytrace=False)

        return fixture

    # Turning the loop

    def _complete(self, begin: Callable[[], Any], fixture: str = "") -> Any:
        """Turn the loop until what a function returns, called there, has its result.

        Args:
            begin: The function.
            fixture: The name of the fixture it is; what it sets in `contextvars` is
                then there for the test.

        Raises:
            pytest.fail.Exception: It has taken too long.
        """
        __tracebackhide__ = True
        context = copy_context()
        self._hung.clear()
        self._task = self._loop.create_task(self._await(begin), context=context)
        if self._timeout:
            self._deadline = self._loop.call_later(self._timeout, self._give_up)
        try:
            result = self._loop.run_until_complete(self._task)
        except (Exception, asyncio.CancelledError):
            if not self._hung:
                raise
        finally:
            self.takeYourTime()
        if self._hung:
            who = f"the fixture {fixture}" if fixture else "it"
            pytest.fail(
                f"{who} has not ended in {self._timeout:g} seconds; it hangs here:\n"
                f"{self._hung[0]}",
                pytrace=False,
            )
        if fixture:
            self._carry_over(context)
        return result

    async def _await(self, begin: Callable[[], Any]) -> Any:
        # It attaches to the loop that runs.
        self._reactor.callWhenRunning(lambda: None)
        result = begin()
        return await result if isinstance(result, Awaitable) else result

    def _give_up(self) -> None:
        assert self._task is not None
        self._hung.append(whereItWaits(self._task))
        self._task.cancel()
        self._deadline = self._loop.call_later(_GRACE, self._loop.stop)

    def _carry_over(self, context: Context) -> None:
        for variable, value in context.items():
            if variable.get(None) is not value:
                self._tokens.append(variable.set(value))
