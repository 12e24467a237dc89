"""How much an event matters: names that have an order, and a number in `logging`."""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable, Iterator
from typing import ClassVar, TypeVar

__all__ = ["InvalidLogLevelError", "LogLevel", "Names"]

_N = TypeVar("_N", bound="Names")


class InvalidLogLevelError(ValueError):
    """There is no such level.

    Attributes:
        level: What was given for one.
    """

    def __init__(self, level: object) -> None:
        super().__init__(str(level))
        self.level = level


class Names(enum.Enum):
    """Constants that are known by their names."""

    # Enum's own hashes the name anew each time.
    __hash__: ClassVar[Callable[[object], int]] = object.__hash__

    @classmethod
    def iterconstants(cls: type[_N]) -> Iterator[_N]:
        """The constants, in order."""
        return iter(cls)

    @classmethod
    def lookupByName(cls: type[_N], name: str) -> _N:
        """The constant of a name.

        Raises:
            ValueError: There is none.
        """
        try:
            return cls[name]
        except KeyError:
            raise ValueError(name) from None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}={self.name}>"

    __str__ = __repr__


class LogLevel(Names):
    """How much an event matters; a level is less than those that matter more.

    Attributes:
        number: The same level in `logging`.
    """

    debug = logging.DEBUG
    """For who looks for a fault in the program."""

    info = logging.INFO
    """What happens in the usual course: somebody connects, a part starts."""

    warn = logging.WARNING
    """What an operator may have to look at: bad data from a peer, a login refused."""

    error = logging.ERROR
    """A fault: something does not work that should."""

    critical = logging.CRITICAL
    """A fault whose consequences are unknown: an exception that nobody expected."""

    def __init__(self, number: int) -> None:
        self.number = number

    @classmethod
    def levelWithName(cls, name: str) -> LogLevel:
        """The level of a name.

        Raises:
            InvalidLogLevelError: There is none.
        """
        try:
            return cls[name]
        except KeyError:
            raise InvalidLogLevelError(name) from None

    @classmethod
    def ofNumber(cls, number: int) -> LogLevel:
        """The greatest level that is not above a number of `logging`."""
        fitting = (level for level in reversed(cls) if level.number <= number)
        return next(fitting, cls.debug)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, LogLevel):
            return NotImplemented
        return self.number < other.number

    def __le__(self, other: object) -> bool:
        if not isinstance(other, LogLevel):
            return NotImplemented
        return self.number <= other.number

    def __gt__(self, other: object) -> bool:
        if not isinstance(other, LogLevel):
            return NotImplemented
        return self.number > other.number

    def __ge__(self, other: object) -> bool:
        if not isinstance(other, LogLevel):
            return NotImplemented
        return self.number >= other.number
