"""Calls of the other side: found, made, answered.

A method may return its result, a Deferred of it, or be a coroutine. Whatever happens,
there is one answer, if one is wanted: also where the result cannot travel, or the
arguments are not allowed.
"""

from __future__ import annotations

import logging
from asyncio import CancelledError
from inspect import isawaitable
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from sennit.core import log
from sennit.core.defer import Deferred, ensureDeferred
from sennit.core.failure import Failure
from sennit.spread.banana import BananaError
from sennit.spread.jelly import Jellyable
from sennit.spread.pb._errors import (
    Error,
    NotSerializable,
    ProtocolError,
    TooManyCalls,
    TooManyReferences,
)
from sennit.spread.pb._failures import failure2Copyable

if TYPE_CHECKING:
    from sennit.spread.pb._broker import Broker
    from sennit.spread.pb._flavors import Answering

__all__ = ["Answers", "Call"]

# What is not waited for, whatever else it is.
_PLAIN: Final = frozenset((NoneType, bool, bytes, dict, float, int, list, str, tuple))

# Whatever a method ends with, but for what ends the program.
_CAUGHT: Final = (Exception, Failure, CancelledError)


class Call(NamedTuple):
    """A call of the other side that is being answered.

    Attributes:
        request: Its number.
        name: The method's name.
        wants: Whether an answer is wanted.
        perspective: Whom the answer is made for.
        is_made: Whether what the method gives is the answer's expression already.
    """

    request: int
    name: bytes
    wants: int
    perspective: Any
    is_made: bool


class Answers:
    """Answers the calls of the other side of a connection.

    Attributes:
        under_way: The calls that have no answer yet, by their numbers.
        told: The last failure that was logged where it arose.
    """

    __slots__ = ("_broker", "_dropped", "told", "under_way")

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self.under_way: dict[int, Deferred[Any]] = {}
        self.told: Failure | None = None
        # The calls under way that nobody waits for any more.
        self._dropped: set[int] = set()

    def asked(
        self, thing: Any, request: int, name: bytes, wants: int, args: Any, kw: Any
    ) -> None:
        """Answer a call whose arguments are expressions.

        Args:
            thing: What has the method; None if there is no such thing.
            request: The call's number.
            name: The method's name.
            wants: Whether an answer is wanted.
            args: The positional arguments.
            kw: The others.

        Raises:
            TooManyCalls: As many as may be are under way.
            ProtocolError: One of this number is.
        """
        broker = self._broker
        if len(self.under_way) >= broker.maxCalls:
            self.refuse()
        try:
            if thing is None:
                raise Error("Invalid Object ID")
            find = getattr(thing, "pb_method", None)
            found = None if find is None else find(name)
            if found is None:
                result = thing.remoteMessageReceived(broker, name, args, kw)
                call = Call(request, name, wants, None, True)
            else:
                method, perspective = found
                positional, named = broker.arguments(args, kw, perspective)
                result = method(*positional, **named)
                call = Call(request, name, wants, perspective, False)
        except _CAUGHT:
            self.failed(Failure(), request, name, wants)
        else:
            self.answer(result, call)

    def call(
        self,
        found: Answering,
        request: int,
        name: bytes,
        wants: int,
        args: Any,
        kw: Any,
    ) -> None:
        """Answer a call whose arguments are made already.

        Args:
            found: The method, and the perspective that the call comes by.
            request: The call's number.
            name: The method's name.
            wants: Whether an answer is wanted.
            args: The positional arguments.
            kw: The others.

        Raises:
            TooManyCalls: As many as may be are under way.
            ProtocolError: One of this number is.
        """
        if len(self.under_way) >= self._broker.maxCalls:
            self.refuse()
        method, perspective = found
        try:
            result = method(*args, **kw)
        except _CAUGHT:
            self.failed(Failure(), request, name, wants)
            return
        if type(result) in _PLAIN:
            if wants:
                try:
                    self._broker.outgoing.send_answer(request, result, perspective)
                except BananaError as error:
                    self.unsent(error, request, name)
                except Exception:
                    self.failed(Failure(), request, name, 1)
        else:
            self.answer(result, Call(request, name, wants, perspective, False))

    def refuse(self) -> NoReturn:
        """As many calls as may be are under way.

        Raises:
            TooManyCalls: At any rate.
        """
        limit = self._broker.maxCalls
        raise TooManyCalls(f"{limit} calls of {self._broker.peer} wait for an answer")

    def answer(self, result: Any, call: Call) -> None:
        """Answer with what a method has returned, now or as soon as it is there.

        Raises:
            ProtocolError: It is to be waited for, and a call of its number is under way.
        """
        if isinstance(result, Deferred) or isawaitable(result):
            later = ensureDeferred(result)
            if not later.done():
                self._note(later, call.request)
            later.addCallbacks(
                self._answered, self._failed, callbackArgs=(call,), errbackArgs=(call,)
            )
        elif isinstance(result, Failure):
            self.failed(result, call.request, call.name, call.wants)
        elif call.wants:
            self._send(result, call)

    def _note(self, later: Deferred[Any], request: int) -> None:
        if request in self.under_way:
            # It would not count, nor could it be cancelled.
            later.addErrback(lambda failure: None)
            later.cancel()
            raise ProtocolError(f"call {request} is made twice")
        self.under_way[request] = later

    def _answered(self, result: Any, call: Call) -> None:
        self.under_way.pop(call.request, None)
        self._dropped.discard(call.request)
        if call.wants:
            self._send(result, call)

    def _failed(self, failure: Failure, call: Call) -> None:
        self.under_way.pop(call.request, None)
        if call.request in self._dropped:
            self._dropped.discard(call.request)
            if failure.check(CancelledError):
                # As was asked for, and nobody waits to be told.
                return
        self.failed(failure, call.request, call.name, call.wants)

    def _send(self, result: Any, call: Call) -> None:
        broker = self._broker
        if broker.disconnected:
            return
        try:
            if call.is_made:
                broker.sendCall(b"answer", call.request, result)
            else:
                broker.outgoing.send_answer(call.request, result, call.perspective)
        except BananaError as error:
            self.unsent(error, call.request, call.name)
        except Exception:
            self.failed(Failure(), call.request, call.name, 1)

    def unsent(self, error: BananaError, request: int, name: bytes) -> None:
        """A result cannot be sent: tell that, and what in it cannot."""
        told = f"the result of {_shown(name)!r} cannot be sent: {error}"
        log.msg(f"{told} (to {self._broker.peer})", logLevel=logging.WARNING)
        self.failed(Failure(NotSerializable(told)), request, name, 1)

    def cancel(self, request: int) -> None:
        """The other side does not wait any more: stop whatever the call waits for."""
        later = self.under_way.get(request)
        if later is not None:
            self._dropped.add(request)
            later.cancel()

    def failed(self, failure: Failure, request: int, name: bytes, wants: int) -> None:
        """Answer with an error, and log what was no `Error`."""
        broker = self._broker
        if failure is not self.told and not failure.check(Error):
            shown = _shown(name)
            log.err(failure, f"remote method {shown!r} has failed for {broker.peer}")
        self.told = None
        if not wants or broker.disconnected:
            return
        value = failure.value
        told: Any = failure2Copyable(failure, broker.shows_tracebacks)
        if isinstance(value, Jellyable) or broker.security.isClassAllowed(type(value)):
            told = value
        try:
            broker.sendCall(b"error", request, broker.serialize(told))
        except Exception:
            log.err(None, f"an error cannot be sent to {broker.peer} as it is")
            unsent = NotSerializable(f"{type(value).__name__}, which cannot be sent")
            plain = failure2Copyable(Failure(unsent))
            broker.sendCall(b"error", request, broker.serialize(plain))
        if broker.wants_too_much and failure.check(TooManyReferences):
            broker.transport.loseConnection()


def _shown(name: bytes) -> str:
    """Give a method's name for people; no longer than one can be."""
    return name[:100].decode("utf-8", "backslashreplace")
