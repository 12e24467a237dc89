"""Failure: an exception as a value.

The problem: a callback chain hands errors on as values, long after the ``except``
clause that caught them is over. The rule: a failure is a thin holder of the exception
*with its real traceback*; it renders nothing until somebody asks for text. Frames,
names of base classes and the number that tells failures apart in a log are made at
the first look. (Rejected: to render or copy frames when made, which costs more than
all the rest of an errback, for text that is mostly never read.)

A Failure is itself an exception, so that ``raise failure`` and ``generator.throw``
do what was meant: whoever catches it by making a new Failure gets the inner error.
"""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Generator
from types import TracebackType
from typing import Any, ClassVar, NoReturn, TextIO, TypeVar

from sennit.core.failure._format import (
    check_detail,
    formatBrief,
    formatDefault,
    formatVerbose,
)
from sennit.core.failure._frames import Frame, framesOf, rebuilt, withTextVariables
from sennit.core.failure._special import Special
from sennit.core.failure._text import qualifiedName, safeStr

__all__ = [
    "DefaultException",
    "Failure",
    "NoCurrentExceptionError",
    "startDebugMode",
]

_Kind = TypeVar("_Kind", bound="type[BaseException] | str")
_Sent = TypeVar("_Sent")
_Yielded = TypeVar("_Yielded")

_numbers = itertools.count(1)

# Set once by startDebugMode, read by each new Failure: the debugger's module.
_debugger: Any = None


class NoCurrentExceptionError(Exception):
    """A Failure was to be made of the current exception, and there is none."""


class DefaultException(Exception):
    """Raised in place of a failure's value that is no exception."""


class Failure(Special, BaseException):
    """An exception as a value, with its traceback.

    Attributes:
        value: The exception.
        type: The class of the exception.
        tb: The traceback; None for an exception that was not raised, and after
            `cleanFailure`.
        captureVars: Whether the variables of the frames were kept.
        pickled: 1 for a failure that came out of a pickle.
    """

    __slots__ = ("_count", "_frames", "_parents", "tb", "type", "value")

    value: Any
    type: Any
    tb: TracebackType | None
    captureVars: bool = False
    pickled: int = 0
    stack: ClassVar[list[Frame]] = []
    _count: int
    _frames: list[Frame]
    _parents: list[str]

    def __init__(
        self,
        exc_value: object = None,
        exc_type: object = None,
        exc_tb: TracebackType | None = None,
        captureVars: bool = False,
    ) -> None:
        """Hold an exception.

        Args:
            exc_value: The exception, or another Failure to share the error of; the
                one that is being handled if omitted.
            exc_type: Its class, where it is not the class of the value.
            exc_tb: Its traceback, where it is not the exception's own.
            captureVars: Keep the names and values of all variables in the
                traceback's frames; costly, for debugging.

        Raises:
            NoCurrentExceptionError: No value was given and no exception is being
                handled.
        """
        if exc_value is None:
            exc_value = sys.exc_info()[1]
            if exc_value is None:
                raise NoCurrentExceptionError
        if isinstance(exc_value, Failure):
            exc_tb = exc_tb or exc_value.tb
            if exc_value.tb is None:
                self._frames = exc_value.frames
            exc_value = exc_value.value
        self.value = exc_value
        self.type = type(exc_value) if exc_type is None else exc_type
        if exc_tb is None and isinstance(exc_value, BaseException):
            exc_tb = exc_value.__traceback__
        self.tb = exc_tb
        if captureVars:
            self.captureVars = True
            self._frames = framesOf(exc_tb, True)
        if _debugger is not None:
            _debugger.post_mortem(exc_tb)

    def check(self, *errorTypes: _Kind) -> _Kind | None:
        """Find which of some kinds of error this is.

        An exception that stands for one raised in another process has an attribute
        ``remoteParents``: the full names of that one's class and its bases. It is of
        those kinds too.

        Args:
            errorTypes: Exception classes, or their full names as strings.

        Returns:
            The first that fits, None where none does.
        """
        kind = self.type
        try:
            for wanted in errorTypes:
                if issubclass(kind, wanted):  # type: ignore[arg-type]
                    return wanted
        except TypeError:
            # A name among those wanted, or a class of which we have but the name.
            return self._check_names(errorTypes)
        if hasattr(self.value, "remoteParents"):
            return self._check_names(errorTypes)
        return None

    def _check_names(self, wanted: tuple[_Kind, ...]) -> _Kind | None:
        known = self.parents
        for each in wanted:
            name = each if isinstance(each, str) else qualifiedName(each)
            if name in known:
                return each
        return None

    def trap(self, *errorTypes: _Kind) -> _Kind:
        """Let only some kinds of error be handled here.

        Args:
            errorTypes: Exception classes, or their full names as strings.

        Returns:
            The first that fits.

        Raises:
            BaseException: The error itself, if it is none of these.
        """
        trapped = self.check(*errorTypes)
        if trapped is None:
            self.raiseException()
        return trapped

    def raiseException(self) -> NoReturn:
        """Raise the error again, with its traceback."""
        raise self._raisable()

    def throwExceptionIntoGenerator(
        self, g: Generator[_Yielded, _Sent, object]
    ) -> _Yielded:
        """Raise the error where a generator waits.

        Returns:
            What the generator yields next.
        """
        return g.throw(self._raisable())

    def _raisable(self) -> BaseException:
        value = self.value
        if not isinstance(value, BaseException):
            return DefaultException(value)
        return value.with_traceback(self.getTracebackObject())

    @property
    def count(self) -> int:
        """A number that tells failures apart in a log."""
        try:
            return self._count
        except AttributeError:
            self._count = next(_numbers)
            return self._count

    @property
    def frames(self) -> list[Frame]:
        """The frames of the traceback, the outermost first."""
        try:
            return self._frames
        except AttributeError:
            self._frames = framesOf(self.tb, False)
            return self._frames

    @frames.setter
    def frames(self, frames: list[Frame]) -> None:
        self._frames = frames

    @property
    def parents(self) -> list[str]:
        """The full names of the error's class and all its base classes."""
        try:
            return self._parents
        except AttributeError:
            kind = self.type
            classes = kind.__mro__ if isinstance(kind, type) else (kind,)
            self._parents = [qualifiedName(each) for each in classes]
            self._parents += getattr(self.value, "remoteParents", ())
            return self._parents

    @parents.setter
    def parents(self, parents: list[str]) -> None:
        self._parents = parents

    def getTracebackObject(self) -> TracebackType | None:
        """Give a traceback object, rebuilt from the frames where the real one is gone."""
        if self.tb is None:
            return rebuilt(self.frames)
        return self.tb

    def cleanFailure(self) -> None:
        """Let go of the traceback and all it keeps alive; the text stays the same."""
        self._frames = withTextVariables(self.frames)
        self.tb = None
        if isinstance(self.value, BaseException):
            self.value.__traceback__ = None

    def getErrorMessage(self) -> str:
        """Give the error's own text."""
        if isinstance(self.value, Failure):
            return self.value.getErrorMessage()
        return safeStr(self.value)

    def getBriefTraceback(self) -> str:
        """Give the error and then one line for each frame."""
        return formatBrief(self)

    def getTraceback(
        self, elideFrameworkCode: bool | int = 0, detail: str = "default"
    ) -> str:
        """Give the traceback as text.

        Args:
            elideFrameworkCode: No effect: our own frames are left out always.
            detail: ``default``, ``brief`` or ``verbose``.

        Raises:
            ValueError: The detail is none of these.
        """
        check_detail(detail)
        if detail == "brief":
            return formatBrief(self)
        return formatDefault(self) if detail == "default" else formatVerbose(self)

    def printTraceback(
        self,
        file: TextIO | None = None,
        elideFrameworkCode: bool | int = False,
        detail: str = "default",
    ) -> None:
        """Write the traceback to a file, standard error if none is given."""
        text = self.getTraceback(elideFrameworkCode, detail)
        (sys.stderr if file is None else file).write(text)

    def printBriefTraceback(
        self, file: TextIO | None = None, elideFrameworkCode: bool | int = 0
    ) -> None:
        """Write the error and one line for each frame."""
        self.printTraceback(file, elideFrameworkCode, "brief")

    def printDetailedTraceback(
        self, file: TextIO | None = None, elideFrameworkCode: bool | int = 0
    ) -> None:
        """Write the traceback with the variables that were captured."""
        self.printTraceback(file, elideFrameworkCode, "verbose")

    def __repr__(self) -> str:
        return (
            "<sennit.core.failure.Failure "
            f"{qualifiedName(self.type)}: {self.getErrorMessage()}>"
        )

    def __str__(self) -> str:
        return f"[Failure instance: {self.getBriefTraceback()}]"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_unpickled, (type(self), self.__getstate__()))

    def __getstate__(self) -> dict[str, Any]:
        """Give what of a failure can travel: everything but the traceback."""
        return {
            **self.__dict__,
            "count": self.count,
            "frames": withTextVariables(self.frames),
            "parents": self.parents,
            "pickled": 1,
            "tb": None,
            "type": self.type,
            "value": self.value,
        }

    def __setstate__(self, state: dict[str, Any] | None) -> None:
        """Become the failure that `__getstate__` told of."""
        for name, value in (state or {}).items():
            setattr(self, "_count" if name == "count" else name, value)


def _unpickled(kind: type[Failure], state: dict[str, Any]) -> Failure:
    failure = kind.__new__(kind)
    failure.__setstate__(state)
    return failure


def startDebugMode() -> None:
    """Open the debugger on every Failure that is made from now on."""
    global _debugger
    # Not at the top: it costs 9 ms, and only a debugging session wants it.
    _debugger = importlib.import_module("pdb")
