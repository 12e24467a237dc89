"""Big values: more than the 65,535 bytes that the wire has room for, between two of us.

Nothing of it is on the wire before somebody has such a value to send. Then, once a
connection, the other side is asked whether it takes them:

    ask:     _command = _sennit.big                      (classic AMP: an unknown command)
    answer:  limit = bytes that may be on their way      (classic AMP: error UNHANDLED)

If it does, a big value goes ahead in parts, each an ordinary box that is not answered,
and the box that it belongs to names it by its number:

    part:    _command = _sennit.part, number, data       (as many as it takes)
    box:     _sennit.big = key, number, …                (beside all that is not big)

In between other boxes may be sent; so a big value holds nobody up. (Rejected: keys like
``value.1``, ``value.2``, which a classic peer would take for arguments.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.protocols.amp._boxes import COMMAND, AmpBox, parseString
from sennit.protocols.amp._errors import BoxTooLong, MalformedAmpBox, NoBigValues
from sennit.protocols.amp._wire import MAX_VALUE_LENGTH

__all__ = ["BIG", "PART", "BigValues"]

BIG: Final = b"_sennit.big"
PART: Final = b"_sennit.part"

# What a part costs us beside its bytes: empty ones would be free otherwise.
_OVERHEAD: Final = 64


class BigValues:
    """The big values of one connection, of both directions.

    Attributes:
        limit: How many bytes of the other side's we keep; 0 for taking none.
        theirs: How many bytes they keep of ours; None while we have not asked.
    """

    __slots__ = ("_asking", "_came", "_kept", "_last", "limit", "theirs")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.theirs: int | None = None
        # What waits for the answer, while it is asked for.
        self._asking: list[Callable[[int], None]] = []
        self._last = 0
        # What came ahead of its box, by number, and its bytes in all.
        self._came: dict[bytes, list[bytes]] = {}
        self._kept = 0

    def send(
        self,
        box: AmpBox,
        send: Callable[[AmpBox], object],
        ask: Callable[[bytes, AmpBox], Deferred[Any]],
    ) -> Deferred[None]:
        """Send a box with big values, as soon as it is known that they are taken.

        Args:
            box: The box.
            send: Sends an ordinary one.
            ask: Asks a command by its name.

        Returns:
            It fails with `NoBigValues` where they are not taken, and with what `send`
            or ``ask`` fail with.
        """
        sent: Deferred[None] = Deferred()

        def known(theirs: int) -> None:
            if sent.called:
                return
            try:
                self._parts(box, send, theirs)
            except Exception:
                sent.errback(Failure())
            else:
                sent.callback(None)

        if self.theirs is not None:
            known(self.theirs)
            return sent
        self._asking.append(known)
        if len(self._asking) == 1:
            ask(BIG, AmpBox()).addCallbacks(self._taken, self._not_taken)
        return sent

    def _taken(self, answer: AmpBox) -> None:
        self._learn(int(answer.get(b"limit", b"0")))

    def _not_taken(self, failure: Failure) -> None:
        # Where the connection is lost, what waits finds that out in sending.
        self._learn(0)

    def _learn(self, theirs: int) -> None:
        self.theirs = max(theirs, MAX_VALUE_LENGTH)
        asking, self._asking = self._asking, []
        for known in asking:
            known(self.theirs)

    def _parts(
        self, box: AmpBox, send: Callable[[AmpBox], object], theirs: int
    ) -> None:
        big = {key: each for key, each in box.items() if len(each) > MAX_VALUE_LENGTH}
        total = sum(map(len, big.values()))
        if total > theirs:
            key = max(big, key=lambda key: len(big[key]))
            raise NoBigValues(big[key], key, theirs)
        numbers = AmpBox()
        for key, value in big.items():
            self._last += 1
            number = numbers[key] = b"%d" % self._last
            for at in range(0, len(value), MAX_VALUE_LENGTH):
                data = value[at : at + MAX_VALUE_LENGTH]
                send(AmpBox({COMMAND: PART, b"number": number, b"data": data}))
            del box[key]
        box[BIG] = numbers.serialize()
        send(box)

    def took(self, part: dict[bytes, bytes]) -> None:
        """Take a part that came.

        Raises:
            BoxTooLong: More came than we keep.
            MalformedAmpBox: It is no part.
        """
        if b"number" not in part or b"data" not in part:
            raise MalformedAmpBox("a part of a big value without number or data")
        self._kept += len(part[b"data"]) + _OVERHEAD
        if self._kept > self.limit:
            raise BoxTooLong(f"big values of more than {self.limit} bytes")
        self._came.setdefault(part[b"number"], []).append(part[b"data"])

    def join(self, box: dict[bytes, bytes]) -> None:
        """Put the big values into the box that they belong to.

        Raises:
            MalformedAmpBox: One has not come.
        """
        for numbers in parseString(box.pop(BIG)):
            for key, number in numbers.items():
                pieces = self._came.pop(number, None)
                if pieces is None:
                    raise MalformedAmpBox("a box whose big value has not come")
                value = box[key] = b"".join(pieces)
                self._kept -= len(value) + _OVERHEAD * len(pieces)

    def clear(self) -> None:
        """Forget what came: the connection is over."""
        self._came.clear()
        self._kept = 0
