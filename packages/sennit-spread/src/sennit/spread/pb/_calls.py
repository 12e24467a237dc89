"""Calls that this side makes, and what waits for their answers.

asked --answer or error of the same number--> fired
  |---cancelled, or too late----------------> given up: the answer, if it comes, is
  |                                           looked at only to give back what it lends
  +---the connection ends-------------------> failed
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.defer import Deferred, fail
from sennit.core.failure import Failure
from sennit.spread.pb._errors import (
    DeadReferenceError,
    PBConnectionLost,
    ProtocolError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sennit.spread.pb._broker import Broker
    from sennit.spread.pb._tables import LUID

__all__ = ["Asked", "Calls"]


class Asked(Deferred[Any]):
    """The result of a call.

    Attributes:
        request: The call's number.
        perspective: Whom references in the result are for.
        spared: Whether nobody need look when the connection ends.
    """

    __slots__ = ("request",)

    request: int
    perspective: Any = None
    spared: bool = False

    def is_watched(self) -> bool:
        """Whether anybody has added a callback or waits."""
        return self._chain is not None


class Calls:
    """The calls of one side of a connection.

    Attributes:
        waiting: What waits for an answer, by the calls' numbers.
    """

    __slots__ = ("_broker", "_last", "waiting")

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._last = 0
        self.waiting: dict[int, Asked] = {}

    def new_request(self) -> int:
        """Give a number that no other call of this side has or had."""
        self._last += 1
        return self._last

    def ask(
        self,
        word: bytes,
        luid: LUID,
        name: str | bytes,
        perspective: Any,
        args: tuple[Any, ...],
        kw: dict[str, Any],
        timeout: float | None,
    ) -> Any:
        """Call a method over there.

        Args:
            word: ``message`` or ``cachemessage``.
            luid: The number of what has the method.
            name: The method's name.
            perspective: Whom arguments are made for.
            args: The positional arguments.
            kw: The others.
            timeout: Seconds it may take; None for any number.

        Returns:
            The `Asked`; None if ``kw`` has a ``pbanswer`` that is false.

        Raises:
            DeadReferenceError: There is no connection, or none any more.
        """
        broker = self._broker
        if broker.disconnected or broker.currentDialect is None:
            raise DeadReferenceError("Calling Stale Broker")
        wants, callbacks = 1, None
        if kw:
            wants, callbacks, kw = _instructions(kw)
        request = self._last = self._last + 1
        asked = None
        if wants:
            asked = Asked(self._given_up)
            asked.request = request
            if perspective is not None:
                asked.perspective = perspective
            if word == b"cachemessage":
                asked.spared = True
            self.waiting[request] = asked
        try:
            broker.outgoing.send_call(
                word, request, luid, name, wants, perspective, args, kw
            )
        except Exception:
            # Nothing was sent; what was to be lent is not.
            self.waiting.pop(request, None)
            return fail()
        if asked is not None:
            if callbacks is not None:
                asked.addCallbacks(*callbacks)
            if timeout is not None:
                asked.addTimeout(timeout, broker.get_clock())
        return asked

    def _given_up(self, asked: Any) -> None:
        if self.waiting.pop(asked.request, None) is not None:
            self._broker.say_cancelled(asked.request)

    def answered(self, request: int, make: Callable[[Any], Any]) -> None:
        """An answer has come.

        Args:
            request: The call's number.
            make: Makes the result, for the perspective that it is given.

        Raises:
            ProtocolError: No call had this number.
        """
        asked = self.waiting.pop(request, None)
        if asked is None:
            if not 0 < request <= self._last:
                raise ProtocolError(f"an answer to {request}, which was never asked")
            # Nobody waits any more. What it lends is given back as soon as it is made.
            try:
                make(None)
            except Exception:
                return
            return
        try:
            result = make(asked.perspective)
        except Exception:
            asked.errback()
            return
        asked.callback(result)

    def answered_plainly(self, request: int, result: Any) -> None:
        """An answer has come in which nothing is lent.

        Args:
            request: The call's number.
            result: The result.

        Raises:
            ProtocolError: No call had this number.
        """
        asked = self.waiting.pop(request, None)
        if asked is not None:
            asked.callback(result)
        elif not 0 < request <= self._last:
            raise ProtocolError(f"an answer to {request}, which was never asked")

    def fail_all(self, reason: Failure) -> None:
        """The connection is over: every call that waits has failed."""
        waiting = list(self.waiting.values())
        self.waiting.clear()
        for asked in waiting:
            is_watched = asked.is_watched()
            asked.errback(Failure(PBConnectionLost(reason)))
            if asked.spared and not is_watched:
                asked.addErrback(_spared)


def _spared(failure: Failure) -> None:
    """Nobody looks, and nothing was lost: the cache is gone with the connection."""


def _instructions(
    kw: dict[str, Any],
) -> tuple[int, tuple[Any, Any] | None, dict[str, Any]]:
    """Take out of a call's arguments those that are for the broker."""
    if "pbanswer" not in kw and "pbcallback" not in kw and "pberrback" not in kw:
        return 1, None, kw
    kw = dict(kw)
    callback, errback = kw.pop("pbcallback", None), kw.pop("pberrback", None)
    wants = kw.pop("pbanswer", True)
    if callback is None and errback is None:
        return int(bool(wants)), None, kw
    if not wants:
        raise TypeError("a call without an answer has no callbacks")
    return 1, (callback or (lambda result: result), errback), kw
