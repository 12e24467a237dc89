"""Bytes in, lines out: what a receiver of lines has got and not yet delivered."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["LineBuffer"]


class LineBuffer:
    """Bytes in the order they came; it knows neither transport nor protocol.

    Attributes:
        ready: Complete lines, first to be delivered.
        carried: Pieces of a line whose end has not come, after those.
        size: How many bytes are carried.
        later: What came meanwhile, not yet searched for lines.
        delimiter: By which ``ready`` and ``carried`` were split.
        last: Its last byte: a piece without it does not end a line.
    """

    __slots__ = ("_batch", "carried", "delimiter", "last", "later", "ready", "size")

    def __init__(self, delimiter: bytes) -> None:
        self.ready: Iterator[bytes] = iter(())
        self.carried: list[bytes] = []
        self.size = 0
        self.later: list[bytes] = []
        self.delimiter = delimiter
        self.last = delimiter[-1]
        # A protocol that changes its mode takes back what was split already: so few
        # lines are split at first, and twice as many each time it does not.
        self._batch = 1

    def carry(self, rest: bytes, delimiter: bytes) -> None:
        """Begin to carry what is left after the last delimiter; nothing else is kept."""
        if self.delimiter is not delimiter:
            self.splitBy(delimiter)
        if rest:
            self.carried.append(rest)
            self.size = len(rest)

    def splitBy(self, delimiter: bytes) -> None:
        """Go on with another delimiter, also for what was split already."""
        text = self.clear()
        self.later = [text] if text else []
        self.delimiter = delimiter
        self.last = delimiter[-1]

    def next(self) -> bytes | None:
        """The next line, without its end; None if none is complete."""
        for line in self.ready:
            return line
        if not self.later:
            return None
        lines = b"".join([*self.carried, *self.later]).split(
            self.delimiter, self._batch
        )
        rest = lines.pop()
        if lines:
            self._batch *= 2
            self.carried, self.size, self.later = [], 0, [rest]
            self.ready = iter(lines)
            return next(self.ready)
        self.carried, self.size, self.later = [rest] if rest else [], len(rest), []
        return None

    def clear(self) -> bytes:
        """Everything, as it came; nothing is left."""
        ended = self.delimiter.join([*self.ready, b""])
        text = b"".join([ended, *self.carried, *self.later])
        # The same list: a receiver that is at work has it at hand.
        self.carried.clear()
        self.size = 0
        self.later = []
        self._batch = 1
        return text
