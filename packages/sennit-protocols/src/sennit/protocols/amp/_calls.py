"""Calls that this side makes: tags, what waits for an answer, and the answers.

asked --answer or error of the same tag--> fired
  |---cancelled, or too late-------------> given up: the answer, if it comes, is dropped
  +---the connection ends----------------> failed
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import Any, Final

from sennit.core.defer import Deferred, fail
from sennit.core.errors import ConnectionLost
from sennit.core.failure import Failure
from sennit.protocols.amp._big import BIG, BigValues
from sennit.protocols.amp._boxes import (
    ANSWER,
    ASK,
    COMMAND,
    ERROR,
    ERROR_CODE,
    ERROR_DESCRIPTION,
    AmpBox,
)
from sennit.protocols.amp._errors import (
    PROTOCOL_ERRORS,
    MalformedAmpBox,
    RemoteAmpError,
    TooLong,
    UnknownRemoteError,
)
from sennit.protocols.amp._plan import Plan
from sennit.protocols.amp._wire import length

__all__ = ["Asked", "Calls"]

# The key of what asks, and the length of its tag.
_ASKING: Final = tuple(b"\0\4_ask" + length(size) for size in range(64))

_UNSENT = "AMP has no connection yet: call when it is made"


class Asked(Deferred[Any]):
    """The response to a call.

    An error that callbacks leave over ends the connection; but whoever waits for it by
    ``await``, or has added nothing yet, will see to it.

    Attributes:
        tag: The call's tag on the wire.
        awaited: Whether somebody waits for it by ``await``.
    """

    __slots__ = ("tag",)

    tag: bytes
    awaited: bool = False

    def __await__(self) -> Generator[Deferred[Any], Any, Any]:
        """Wait for it."""
        self.awaited = True
        return super().__await__()

    __iter__ = __await__

    def hasCallbacks(self) -> bool:
        """Whether any were added that have not been called."""
        return self._chain is not None


class Calls:
    """The calls of one side of a connection.

    Attributes:
        send: Sends the bytes of a box, past the sender's ``sendBox``; None where that
            must not be passed by.
        sender: Sends boxes; None while there is no connection.
        proto: What arguments are given as the protocol.
        lost: Why the connection is over; None while it is not.
        big: The values that no box has room for.
    """

    __slots__ = (
        "_given_up",
        "_last",
        "_waiting",
        "big",
        "lost",
        "proto",
        "send",
        "sender",
    )

    def __init__(self, proto: Any, big: BigValues) -> None:
        self.big = big
        self.send: Callable[[bytes], object] | None = None
        self.sender: Any = None
        self.proto = proto
        self.lost: Failure | None = None
        # By tag: what is to be fired, the command, and what reads the answer quickly;
        # no command where the box is the answer.
        self._waiting: dict[bytes, tuple[Asked, Any, Any]] = {}
        self._last = 0
        # How many were given up whose answers may still come.
        self._given_up = 0

    def ask(
        self, command: Any, plan: Plan, arguments: dict[str, Any]
    ) -> Deferred[Any] | None:
        """Ask a command, by `send`.

        Args:
            command: The command.
            plan: Its plan of arguments, which ``calls``.
            arguments: The arguments.

        Raises:
            InvalidSignature: An argument is missing, or unknown.
            TooLong: A value is too long for a box.
        """
        named, answers, reads = plan.calls  # type: ignore[misc]
        if self.lost is not None:
            return fail(self.lost) if answers else None
        if answers:
            self._last += 1
            tag = b"%x" % self._last
            named = _ASKING[len(tag)] + tag + named
        try:
            data = plan.write(arguments, named)  # type: ignore[misc]
        except KeyError:
            plan.check(arguments, command.__name__)
            raise
        if len(arguments) > plan.size:
            plan.check(arguments, command.__name__)
        self.send(data)  # type: ignore[misc]
        if not answers:
            return None
        asked = Asked(self._give_up)
        asked.tag = tag
        self._waiting[tag] = (asked, command, reads)
        return asked

    def ask_box(
        self, name: bytes, box: AmpBox, answers: bool, command: Any = None
    ) -> Deferred[Any] | None:
        """Send a box that asks.

        Args:
            name: The command's name.
            box: Its arguments.
            answers: Whether it is answered.
            command: Reads the answer; None gives the box.

        Raises:
            Exception: It could not be sent.
        """
        if self.lost is not None:
            return fail(self.lost) if answers else None
        if self.sender is None:
            raise ConnectionLost(_UNSENT)
        box[COMMAND] = name
        if not answers:
            later = self._sent(box)
            if later is not None:
                later.addErrback(self._unsent)
            return None
        self._last += 1
        tag = box[ASK] = b"%x" % self._last
        later = self._sent(box)
        if later is None:
            asked = Asked(self._give_up)
        else:
            asked = Asked(partial(self._withdraw, later))
        asked.tag = tag
        self._waiting[tag] = (asked, command, None)
        if later is not None:
            later.addErrback(self._not_sent, tag)
        return asked

    def _sent(self, box: AmpBox) -> Deferred[None] | None:
        """Send a box; None if it is sent, or else a Deferred for when it will be."""
        try:
            box.send_to(self.sender)
        except TooLong as error:
            if error.isKey or not self.big.limit:
                raise
            return self.big.send(box, self.sender.sendBox, self.ask_big)
        return None

    def ask_big(self, name: bytes, box: AmpBox) -> Deferred[Any]:
        """Ask about big values."""
        asked = self.ask_box(name, box, True)
        assert asked is not None
        return asked

    def _not_sent(self, failure: Failure, tag: bytes) -> None:
        waiting = self._waiting.pop(tag, None)
        if waiting is not None:
            waiting[0].errback(failure)

    def _unsent(self, failure: Failure) -> None:
        self.sender.unhandledError(failure)

    def _give_up(self, asked: Any) -> None:
        if self._waiting.pop(asked.tag, None) is not None:
            self._given_up += 1

    def _withdraw(self, later: Deferred[None], asked: Any) -> None:
        """Give a call up that perhaps is not sent yet."""
        if later.called:
            self._give_up(asked)
        else:
            self._waiting.pop(asked.tag, None)
            later.cancel()

    def answered(self, box: dict[bytes, bytes]) -> None:
        """Take an answer.

        Raises:
            MalformedAmpBox: Nothing of its tag was asked.
        """
        waiting = self._waiting.pop(box[ANSWER], None)
        if waiting is None:
            self._unexpected(box[ANSWER])
            return
        asked, command, read = waiting
        try:
            if BIG in box:
                self.big.join(box)
            if read is not None:
                response = read(box)
            elif command is not None:
                response = command.parseResponse(AmpBox(box), self.proto)
            else:
                response = AmpBox(box)
                del response[ANSWER]
        except Exception:
            self._fail(asked, Failure())
            return
        asked.callback(response)
        # Its callbacks have failed, and nobody has said what is to become of that.
        if asked.result.__class__ is Failure and not asked.awaited:
            asked.addErrback(self._unsent)

    def refused(self, box: dict[bytes, bytes]) -> None:
        """Take an answer that is an error.

        Raises:
            MalformedAmpBox: Nothing of its tag was asked, or no error is in it.
        """
        waiting = self._waiting.pop(box[ERROR], None)
        if waiting is None:
            self._unexpected(box[ERROR])
            return
        asked, command, _ = waiting
        if ERROR_CODE not in box or ERROR_DESCRIPTION not in box:
            error: Exception = MalformedAmpBox("an error without code or description")
        else:
            description = box[ERROR_DESCRIPTION].decode("utf-8", "replace")
            error = _error(box[ERROR_CODE], description, command)
        self._fail(asked, Failure(error))

    def _fail(self, asked: Asked, failure: Failure) -> None:
        added = asked.hasCallbacks()
        asked.errback(failure)
        if added and asked.result.__class__ is Failure and not asked.awaited:
            asked.addErrback(self._unsent)

    def _unexpected(self, tag: bytes) -> None:
        if not self._given_up:
            raise MalformedAmpBox(f"an answer to what was not asked: {tag[:20]!r}")
        self._given_up -= 1

    def fail_all(self, reason: Failure) -> None:
        """The connection is over: fail what waits, and whatever is asked later."""
        self.lost = reason
        waiting, self._waiting = self._waiting, {}
        for asked, *_ in waiting.values():
            asked.errback(reason)


def _error(code: bytes, description: str, command: Any) -> Exception:
    """The exception for an error that came."""
    if code in PROTOCOL_ERRORS:
        return PROTOCOL_ERRORS[code](code, description)
    if command is None:
        return RemoteAmpError(code, description)
    kind = command.reverseErrors.get(code, UnknownRemoteError)
    return kind(description)  # type: ignore[no-any-return]
