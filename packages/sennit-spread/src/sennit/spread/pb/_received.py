"""What is done with each message that comes, unless `Incoming` has taken it already."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from sennit.core import log
from sennit.core.failure import Failure
from sennit.spread.pb._errors import ProtocolError
from sennit.spread.pb._messages import EXTENSIONS, VERSION, checked

if TYPE_CHECKING:
    from sennit.spread.pb._broker import Broker
    from sennit.spread.pb._flavors import Expression
    from sennit.spread.pb._tables import LUID

__all__ = ["Received"]


class Received:
    """Takes the messages of a connection."""

    __slots__ = ("_broker",)

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def take(self, expression: Any) -> None:
        """Take a message.

        Raises:
            ProtocolError: It is none.
            TooManyCalls: It is a call, and as many as may be are under way.
        """
        message = checked(expression)
        if message is None:
            # No longer than whoever has sent it can be curious.
            self._broker.sendCall(b"didNotUnderstand", expression[0][:100])
            return
        word, fields = message
        _TAKE[word](self, *fields)

    def _version(self, number: int) -> None:
        if number != VERSION:
            raise ProtocolError(
                f"the other side speaks version {number}, and this one {VERSION}"
            )

    def _extensions(self, *words: bytes) -> None:
        self._broker.extensions = EXTENSIONS.intersection(words)
        self._broker.offer()

    def _did_not_understand(self, word: bytes) -> None:
        log.msg(f"{self._broker.peer} did not understand {word!r:.100}")

    def _message(
        self, request: int, luid: LUID, name: bytes, wants: int, args: Any, kw: Any
    ) -> None:
        thing = self._broker.lent.find(luid)
        self._broker.answers.asked(thing, request, name, wants, args, kw)

    def _cachemessage(
        self, request: int, luid: LUID, name: bytes, wants: int, args: Any, kw: Any
    ) -> None:
        thing = self._broker.here.find(luid)
        self._broker.answers.asked(thing, request, name, wants, args, kw)

    def _answer(self, request: int, result: Expression) -> None:
        broker = self._broker
        broker.calls.answered(request, lambda whose: broker.unserialize(result, whose))

    def _error(self, request: int, error: Expression) -> None:
        self._broker.calls.answered(request, lambda whose: self._failure(error, whose))

    def _failure(self, error: Expression, perspective: Any) -> Failure:
        told = self._broker.unserialize(error, perspective)
        return told if isinstance(told, Failure) else Failure(told)

    def _decref(self, luid: LUID) -> None:
        gone = self._broker.lent.give_back(luid)
        if gone is not None:
            self._broker.watchers.dropped(gone.object.processUniqueID())

    def _decache(self, luid: LUID) -> None:
        gone = self._broker.away.give_back(luid)
        if gone is not None:
            gone.stopped()
            self._broker.sendCall(b"uncache", luid)

    def _uncache(self, luid: LUID) -> None:
        self._broker.here.forget(luid)

    def _cancel(self, request: int) -> None:
        self._broker.answers.cancel(request)


_TAKE: Final[dict[bytes, Callable[..., None]]] = {
    b"answer": Received._answer,
    b"cachemessage": Received._cachemessage,
    b"cancel": Received._cancel,
    b"decache": Received._decache,
    b"decref": Received._decref,
    b"didNotUnderstand": Received._did_not_understand,
    b"error": Received._error,
    b"extensions": Received._extensions,
    b"message": Received._message,
    b"uncache": Received._uncache,
    b"version": Received._version,
}
