"""The chain of a Deferred: its state, and adding to it.

The rules of the state are these:

* ``_chain is None`` and ``called`` and not ``paused``: all is done. ``result`` is what
  the next addition gets, and gets at once.
* Otherwise what is added waits in the list, and who holds the chain up lets it go on
  later: the source by firing, ``unpause``, or the loop that is just walking the list
  (``_running``).

Arguments for a callback are bound into a closure only where there are any; the list is
made by the first addition.

What is added runs in the context (``contextvars``) in which it was added: a request's
log fields, or its span of a trace, are those of its callbacks, whoever fires. The list
is walked in the context of its first addition; a further one from an equal context,
which is nearly every one, needs nothing, and others are wrapped. What is added to a
Deferred that has its result runs at once, in the context there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import Context, copy_context
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Generic,
    ParamSpec,
    TypeVar,
    overload,
)

from sennit.core._stacks import stackHere
from sennit.core.defer._debug import DebugInfo, debugging
from sennit.core.defer._loop import Pair, Sole, Step, Steps, go, within
from sennit.core.failure import Failure
from sennit.core.failure._special import Special

if TYPE_CHECKING:
    from sennit.core.defer._deferred import Deferred

__all__ = ["Chain"]

T = TypeVar("T")
U = TypeVar("U")
V = TypeVar("V")
P = ParamSpec("P")


def _bound(step: Step, args: Any, kwargs: Any) -> Step:
    def call(result: object) -> Any:
        return step(result, *args, **kwargs)

    return call if args or kwargs else step


class Chain(Special, Generic[T]):
    """A Deferred as far as it is added to."""

    # In slots is what nearly every Deferred has; `_running` is missing until the first
    # walk. The rest is on the class until it differs, and then in the ``__dict__`` that
    # users' own attributes need anyhow.
    __slots__ = (
        "__dict__",
        "__weakref__",
        "_canceller",
        "_chain",
        "_running",
        "_within",
        "called",
        "paused",
        "result",
    )

    debug: bool = False
    called: bool
    paused: int
    result: Any

    _canceller: Callable[[Any], object] | None
    _chain: Steps | Sole | None
    _running: bool
    # The context of the first addition, where something waits.
    _within: Context | None
    _suppressed: bool = False
    _source: Chain[Any] | None = None
    _told: Failure | None = None
    _info: DebugInfo | None = None

    def __init__(
        self, canceller: Callable[[Deferred[Any]], object] | None = None
    ) -> None:
        """Promise a result.

        Args:
            canceller: Called by `cancel` to stop whatever would bring the result; it
                may fire the Deferred with an outcome of its own.
        """
        self.called = False
        self.paused = 0
        self._chain = None
        self._canceller = canceller
        if debugging.on:
            self._info = DebugInfo()
            self._info.creator = stackHere(above=1)

    @overload
    def addCallback(
        self,
        callback: Callable[Concatenate[T, P], Failure],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Deferred[T]: ...

    @overload
    def addCallback(
        self,
        callback: Callable[Concatenate[T, P], Deferred[U] | Failure],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Deferred[U]: ...

    @overload
    def addCallback(
        self,
        callback: Callable[Concatenate[T, P], U | Failure],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Deferred[U]: ...

    def addCallback(self, callback: Any, *args: Any, **kwargs: Any) -> Any:
        """Add what is called with a result that is no failure.

        Args:
            callback: Called with the result, then the other arguments; what it returns
                is the next result.
            args: Further arguments for it.
            kwargs: Further keyword arguments for it.

        Returns:
            This Deferred.
        """
        if args or kwargs:
            callback = _bound(callback, args, kwargs)
        try:
            chain = self._chain
            if chain is None:
                self._chain = [callback]
                if self.called and not self.paused:
                    self._within = None
                    go(self)
                else:
                    self._within = copy_context()
            elif chain.__class__ is list and copy_context() == self._within:
                chain.append(callback)
            else:
                self._append(callback)
            return self
        finally:
            del self, callback

    @overload
    def addErrback(
        self,
        errback: Callable[Concatenate[Failure, P], Failure],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Deferred[T]: ...

    @overload
    def addErrback(
        self,
        errback: Callable[Concatenate[Failure, P], Deferred[U] | Failure],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Deferred[T | U]: ...

    @overload
    def addErrback(
        self,
        errback: Callable[Concatenate[Failure, P], U | Failure],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Deferred[T | U]: ...

    def addErrback(self, errback: Any, *args: Any, **kwargs: Any) -> Any:
        """Add what is called with a failure.

        Args:
            errback: Called with the Failure, then the other arguments; what it returns
                is the next result.
            args: Further arguments for it.
            kwargs: Further keyword arguments for it.

        Returns:
            This Deferred.
        """
        if args or kwargs:
            errback = _bound(errback, args, kwargs)
        try:
            return self._add_here((None, errback))
        finally:
            del self, errback

    @overload
    def addBoth(
        self,
        callback: Callable[Concatenate[T | Failure, P], Failure],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Deferred[T]: ...

    @overload
    def addBoth(
        self,
        callback: Callable[Concatenate[T | Failure, P], Deferred[U] | Failure],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Deferred[U]: ...

    @overload
    def addBoth(
        self,
        callback: Callable[Concatenate[T | Failure, P], U | Failure],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Deferred[U]: ...

    def addBoth(self, callback: Any, *args: Any, **kwargs: Any) -> Any:
        """Add what is called with the result whatever it is.

        Args:
            callback: Called with the result or the Failure, then the other arguments;
                what it returns is the next result.
            args: Further arguments for it.
            kwargs: Further keyword arguments for it.

        Returns:
            This Deferred.
        """
        if args or kwargs:
            callback = _bound(callback, args, kwargs)
        try:
            return self._add_here((callback, callback))
        finally:
            del self, callback

    @overload
    def addCallbacks(
        self,
        callback: Callable[..., Deferred[U] | Failure],
        errback: None = None,
        callbackArgs: tuple[Any, ...] | None = (),
        callbackKeywords: Mapping[str, Any] | None = None,
        errbackArgs: tuple[Any, ...] | None = (),
        errbackKeywords: Mapping[str, Any] | None = None,
    ) -> Deferred[U]: ...

    @overload
    def addCallbacks(
        self,
        callback: Callable[..., U | Failure],
        errback: None = None,
        callbackArgs: tuple[Any, ...] | None = (),
        callbackKeywords: Mapping[str, Any] | None = None,
        errbackArgs: tuple[Any, ...] | None = (),
        errbackKeywords: Mapping[str, Any] | None = None,
    ) -> Deferred[U]: ...

    @overload
    def addCallbacks(
        self,
        callback: Callable[..., Deferred[U] | Failure],
        errback: Callable[..., Deferred[V] | Failure],
        callbackArgs: tuple[Any, ...] | None = (),
        callbackKeywords: Mapping[str, Any] | None = None,
        errbackArgs: tuple[Any, ...] | None = (),
        errbackKeywords: Mapping[str, Any] | None = None,
    ) -> Deferred[U | V]: ...

    @overload
    def addCallbacks(
        self,
        callback: Callable[..., U | Failure],
        errback: Callable[..., Deferred[V] | Failure],
        callbackArgs: tuple[Any, ...] | None = (),
        callbackKeywords: Mapping[str, Any] | None = None,
        errbackArgs: tuple[Any, ...] | None = (),
        errbackKeywords: Mapping[str, Any] | None = None,
    ) -> Deferred[U | V]: ...

    @overload
    def addCallbacks(
        self,
        callback: Callable[..., Deferred[U] | Failure],
        errback: Callable[..., V | Failure],
        callbackArgs: tuple[Any, ...] | None = (),
        callbackKeywords: Mapping[str, Any] | None = None,
        errbackArgs: tuple[Any, ...] | None = (),
        errbackKeywords: Mapping[str, Any] | None = None,
    ) -> Deferred[U | V]: ...

    @overload
    def addCallbacks(
        self,
        callback: Callable[..., U | Failure],
        errback: Callable[..., V | Failure],
        callbackArgs: tuple[Any, ...] | None = (),
        callbackKeywords: Mapping[str, Any] | None = None,
        errbackArgs: tuple[Any, ...] | None = (),
        errbackKeywords: Mapping[str, Any] | None = None,
    ) -> Deferred[U | V]: ...

    def addCallbacks(
        self,
        callback: Any,
        errback: Any = None,
        callbackArgs: tuple[Any, ...] | None = (),
        callbackKeywords: Mapping[str, Any] | None = None,
        errbackArgs: tuple[Any, ...] | None = (),
        errbackKeywords: Mapping[str, Any] | None = None,
    ) -> Any:
        """Add a pair: one of the two is called, for what the other gives neither is.

        Args:
            callback: Called with a result that is no failure; None passes it on.
            errback: Called with a Failure; None passes it on.
            callbackArgs: Further arguments for the callback.
            callbackKeywords: Further keyword arguments for the callback.
            errbackArgs: Further arguments for the errback.
            errbackKeywords: Further keyword arguments for the errback.

        Returns:
            This Deferred.
        """
        if callbackArgs or callbackKeywords:
            callback = _bound(callback, callbackArgs or (), callbackKeywords or {})
        if errbackArgs or errbackKeywords:
            errback = _bound(errback, errbackArgs or (), errbackKeywords or {})
        try:
            return self._add_here((callback, errback))
        finally:
            del self, callback, errback

    def _add_here(self, step: Pair) -> Any:
        """Add what is to run in the context of now."""
        try:
            chain = self._chain
            if chain is None:
                self._chain = [step]
                if self.called and not self.paused:
                    self._within = None
                    go(self)
                else:
                    self._within = copy_context()
            elif chain.__class__ is list and copy_context() == self._within:
                chain.append(step)
            else:
                self._append(step)
            return self
        finally:
            del self, step

    def _append(self, step: Any) -> None:
        """Add to a chain of another context, or of none yet."""
        chain: Any = self._chain
        context = copy_context()
        if chain.__class__ is not list or self._within is None:
            chain.append(step)
            self._within = context
        else:
            chain.append(within(context, step))

    def _add(self, step: Pair) -> Any:
        """Add what runs in whatever context there is."""
        try:
            chain = self._chain
            if chain is not None:
                chain.append(step)
            else:
                self._chain = [step]
                self._within = None
                if self.called and not self.paused:
                    go(self)
            return self
        finally:
            del self, step
