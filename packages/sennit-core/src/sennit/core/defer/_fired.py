"""Firing a Deferred, holding it up, cancelling it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sennit.core._stacks import stackHere
from sennit.core.defer._chain import Chain
from sennit.core.defer._debug import DebugInfo, debugging, hold
from sennit.core.defer._errors import AlreadyCalledError, CancelledError
from sennit.core.defer._loop import go, run
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.defer._deferred import Deferred

__all__ = ["Fired", "getDebugging", "setDebugging"]

T = TypeVar("T")


def setDebugging(on: bool) -> None:
    """Switch on or off that Deferreds record where they are made and fired."""
    debugging.on = Chain.debug = bool(on)


def getDebugging() -> bool:
    """Tell whether Deferreds record where they are made and fired."""
    return debugging.on


class Fired(Chain[T]):
    """A Deferred without its ways to other kinds of waiting."""

    __slots__ = ()

    called: bool
    paused: int
    result: Any

    def chainDeferred(self, d: Deferred[T]) -> Deferred[None]:
        """Fire another Deferred with the result; here None is left of it.

        Returns:
            This Deferred.
        """
        d._source = self
        return self.addBoth(d._follow)

    def _follow(self, result: Any) -> None:
        self._source = None
        if isinstance(result, Failure):
            self.errback(result)
        else:
            self.callback(result)

    def callback(self, result: T | Failure) -> None:
        """Fire with a result: run the callbacks that were added.

        Args:
            result: The result; a Failure runs the errbacks.

        Raises:
            AlreadyCalledError: It was fired before.
        """
        if self.called:
            self._fired_again()
            return
        self.called = True
        self.result = result
        # It often refers to this Deferred: end that circle.
        self._canceller = None
        if debugging.on:
            self._record_invoker()
        chain: Any = self._chain
        if chain is None:
            if isinstance(result, Failure):
                hold(self, result)
        elif not self.paused:
            if chain.__class__ is list:
                failed = issubclass(result.__class__, Failure)
                if self._within is None:
                    run(self, chain, result, failed)
                else:
                    self._within.run(run, self, chain, result, failed)
            else:
                go(self)
        del self, result, chain

    def errback(self, fail: Failure | BaseException | None = None) -> None:
        """Fire with a failure: run the errbacks that were added.

        Args:
            fail: A Failure or an exception; the one being handled if omitted.

        Raises:
            AlreadyCalledError: It was fired before.
            NoCurrentExceptionError: Nothing was given and no exception is being
                handled.
        """
        if not isinstance(fail, Failure):
            fail = Failure(fail, None, None, self.debug)
        if self.called:
            self._fired_again()
            return
        self.called = True
        self.result = fail
        self._canceller = None
        if debugging.on:
            self._record_invoker()
        if self._chain is None:
            hold(self, fail)
        elif not self.paused:
            go(self)
        del self, fail

    def _record_invoker(self) -> None:
        if self._info is None:
            self._info = DebugInfo()
        self._info.invoker = stackHere(above=2)

    def _fired_again(self) -> None:
        if self._suppressed:
            self._suppressed = False
            return
        told = "" if self._info is None else self._info.told()
        raise AlreadyCalledError(*([f"\n{told}"] if told else []))

    def pause(self) -> None:
        """Hold the chain up until `unpause` was called as often as this."""
        self.paused += 1

    def unpause(self) -> None:
        """Take back one `pause`."""
        self.paused -= 1
        is_due = self.called and not self.paused and self._chain is not None
        # Within one of its own callbacks, the walk goes on by itself.
        if is_due and not getattr(self, "_running", False):
            go(self)
        del self

    def cancel(self, msg: object = None) -> bool:
        """Stop waiting for the result.

        The source is told by the canceller, if there is one; a Deferred that waits for
        another cancels that one. If the canceller does not fire it, it fails with
        `CancelledError`; without a canceller, one later firing is ignored, since the
        source cannot know. What has its result already stays as it is.

        Args:
            msg: Why, for the error's text; asyncio passes it.

        Returns:
            Whether there was something to cancel.
        """
        if not self.called:
            canceller = self._canceller
            if canceller is None:
                self._suppressed = True
            else:
                canceller(self)
            if not self.called:
                self.errback(CancelledError(*([] if msg is None else [msg])))
            return True
        if self.paused and isinstance(self.result, Fired):
            return self.result.cancel(msg)
        return False

    def __repr__(self) -> str:
        about = f"{type(self).__name__} at 0x{id(self):x}"
        if not self.called:
            source = self._source
        elif self.paused and isinstance(self.result, Fired):
            source = self.result
        else:
            return f"<{about} current result: {self.result!r}>"
        if source is None:
            return f"<{about}>"
        return f"<{about} waiting on {type(source).__name__} at 0x{id(source):x}>"
