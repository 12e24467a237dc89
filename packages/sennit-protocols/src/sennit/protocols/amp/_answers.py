"""Answers that this side gives: the responder is found, called, and what it returns sent.

What a responder returns or raises, becomes:

    a response                         -> answer
    an error that its command declares -> error, and the end if it is a fatal one
    anything else                      -> error UNKNOWN, a line in our log, and the end
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from types import CoroutineType
from typing import Any, Final

from sennit.core import log
from sennit.core.defer import Deferred, maybeDeferred
from sennit.core.errors import ConnectionLost
from sennit.core.failure import Failure
from sennit.protocols.amp._big import BIG, PART, BigValues
from sennit.protocols.amp._boxes import (
    ANSWER,
    ASK,
    COMMAND,
    ERROR,
    ERROR_CODE,
    ERROR_DESCRIPTION,
    AmpBox,
    QuitBox,
)
from sennit.protocols.amp._errors import (
    TOO_LONG_ERROR_CODE,
    UNKNOWN_ERROR_CODE,
    ProtocolSwitched,
    RemoteAmpError,
    TooLong,
    TooManyCalls,
)
from sennit.protocols.amp._locate import Quick, bad_return, described
from sennit.protocols.amp._wire import MAX_VALUE_LENGTH, length

__all__ = ["Answers"]

# The connection has ended, or speaks another protocol, before the answer was there.
_TOO_LATE: Final = (ConnectionLost, ProtocolSwitched)


def _answering(size: int) -> bytes:
    """The key of an answer, and the length of its tag."""
    return b"\0\7_answer" + length(size)


_ANSWERING: Final = tuple(map(_answering, range(64)))


class Answers:
    """The answers of one side of a connection.

    Attributes:
        send: Sends the bytes of a box, past the sender's ``sendBox``; None where that
            must not be passed by.
        sender: Sends boxes; None while there is no connection.
        proto: What arguments are given as the protocol.
        quick: The commands that the locator below answers, where ``dispatch`` may be
            passed by.
        locator: Whose methods these are.
        dispatch: Makes the box of an answer of a box that asks.
        maxCalls: How many may wait for their answers at a time.
        big: The values that no box has room for.
        ask: Asks a command by its name.
    """

    __slots__ = (
        "_running",
        "ask",
        "big",
        "dispatch",
        "locator",
        "maxCalls",
        "proto",
        "quick",
        "send",
        "sender",
    )

    def __init__(
        self,
        proto: Any,
        locator: Any,
        dispatch: Callable[[Any], Any],
        maxCalls: int,
        big: BigValues,
        ask: Callable[[bytes, AmpBox], Deferred[Any]],
    ) -> None:
        self.big = big
        self.ask = ask
        self.send: Callable[[bytes], object] | None = None
        self.sender: Any = None
        self.proto = proto
        self.locator = locator
        self.dispatch = dispatch
        self.maxCalls = maxCalls
        self.quick: Mapping[bytes, Quick] = {}
        self._running = 0

    def asked(self, box: dict[bytes, bytes]) -> None:
        """Take a box that asks.

        Raises:
            TooManyCalls: More wait for their answers than may.
        """
        tag = box.get(ASK)
        found = self.quick.get(box[COMMAND])
        if BIG in box:
            self.big.join(box)
        if found is None:
            self._find(box, tag)
            return
        command, function, call, write = found
        try:
            result = call(self.locator, box)
        except Exception:
            self._failed(command, tag, Failure())
            return
        if result.__class__ is dict and tag is not None:
            try:
                self.send(write(result, _ANSWERING[len(tag)] + tag))  # type: ignore[misc]
            except _TOO_LATE:
                pass
            except Exception:
                self._answer(command, function, tag, result)
            return
        if isinstance(result, CoroutineType):
            result = Deferred.fromCoroutine(result)
        if isinstance(result, Deferred):
            answer = partial(self._answer, command, function)
            self._wait(result, answer, command, tag)
        else:
            self._answer(command, function, tag, result)

    def _find(self, box: dict[bytes, bytes], tag: bytes | None) -> None:
        """Take a box whose command is not quick to answer, or our own."""
        name, big = box[COMMAND], self.big
        if big.limit and name == PART:
            big.took(box)
        elif big.limit and name == BIG and tag is not None:
            self._send_box(tag, AmpBox({b"limit": b"%d" % big.limit}))
        else:
            self._wait(maybeDeferred(self.dispatch, box), self._send_box, None, tag)

    def _wait(
        self,
        result: Deferred[Any],
        answer: Callable[[bytes | None, Any], None],
        command: Any,
        tag: bytes | None,
    ) -> None:
        """Answer when the result is there."""
        if self._running >= self.maxCalls:
            result.addErrback(_dropped)
            raise TooManyCalls(
                f"more than {self.maxCalls} calls wait for their answers"
            )
        self._running += 1

        def succeeded(value: Any) -> None:
            self._running -= 1
            answer(tag, value)

        def failed(failure: Failure) -> None:
            self._running -= 1
            self._failed(command, tag, failure)

        result.addCallbacks(succeeded, failed)
        result.addErrback(self._unsent)

    def _answer(
        self, command: Any, function: Any, tag: bytes | None, result: Any
    ) -> None:
        """Send what a responder has returned."""
        if tag is None:
            return
        try:
            values = command.values_of(result)
            data = command.response_plan.write(values, _answering(len(tag)) + tag)
        except TooLong:
            self._send_box(tag, command.makeResponse(result, self.proto))
        except Exception:
            self._failed(command, tag, Failure(bad_return(command, function, result)))
        else:
            with suppress(*_TOO_LATE):
                self.send(data)  # type: ignore[misc]

    def _send_box(self, tag: bytes | None, box: AmpBox) -> None:
        """Send the box that a responder has given."""
        if tag is None:
            return
        box[ANSWER] = tag
        try:
            with suppress(*_TOO_LATE):
                box.send_to(self.sender)
        except TooLong as error:
            if error.isKey or not self.big.limit:
                self._too_long(Failure(error), tag)
            else:
                later = self.big.send(box, self.sender.sendBox, self.ask)
                later.addErrback(self._too_long, tag)

    def _too_long(self, failure: Failure, tag: bytes) -> None:
        """Tell that there is an answer, and that it cannot be sent."""
        if failure.check(*_TOO_LATE):
            return
        log.err(failure, f"an answer{self._to()} cannot be sent")
        self._send_error(AmpBox(), tag, TOO_LONG_ERROR_CODE, str(failure.value))

    def _failed(self, command: Any, tag: bytes | None, failure: Failure) -> None:
        """Answer with an error."""
        known = failure.value
        if not isinstance(known, RemoteAmpError):
            known = None if command is None else described(command, failure)
        if tag is None:
            self.sender.unhandledError(failure)
        elif known is None:
            why = (
                f"a responder has failed in its answer{self._to()}; the connection ends"
            )
            log.err(failure, why)
            self._send_error(QuitBox(), tag, UNKNOWN_ERROR_CODE, "Unknown Error")
        else:
            box = QuitBox() if known.fatal else AmpBox()
            self._send_error(box, tag, known.errorCode, known.description)

    def _send_error(
        self, box: AmpBox, tag: bytes, code: bytes, description: str | bytes
    ) -> None:
        if isinstance(description, str):
            description = description.encode("utf-8", "backslashreplace")
        box[ERROR] = tag
        box[ERROR_CODE] = code
        box[ERROR_DESCRIPTION] = description[:MAX_VALUE_LENGTH]
        with suppress(*_TOO_LATE):
            box.send_to(self.sender)

    def _unsent(self, failure: Failure) -> None:
        self.sender.unhandledError(failure)

    def _to(self) -> str:
        transport = getattr(self.sender, "transport", None)
        return "" if transport is None else f" to {transport.getPeer()}"


def _dropped(failure: Failure) -> None:
    """Nobody waits for it any more."""
