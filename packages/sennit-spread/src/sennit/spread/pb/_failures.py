"""Errors on their way: what of a Failure goes, and what it becomes on the other side.

An error goes as the names of its class and of that class's bases, and its text; never as
an object, and its traceback only where the factory was told so (``unsafeTracebacks``):
it shows paths and code. On the other side errors are told by these names, and nothing is
imported or made because of one.
"""

from __future__ import annotations

from collections.abc import Generator
from types import TracebackType
from typing import Any, TextIO, TypeVar

from sennit.core.failure import Failure
from sennit.spread._names import known_names, wire_name
from sennit.spread.pb._errors import RemoteError, RemoteTraceback
from sennit.spread.pb._flavors import Copyable, RemoteCopy

__all__ = ["CopiedFailure", "CopyableFailure", "failure2Copyable"]

_Yielded = TypeVar("_Yielded")
_Sent = TypeVar("_Sent")

_UNTOLD = "Traceback unavailable\n"


class CopyableFailure(Failure, Copyable):
    """A failure that can go to the other side.

    Attributes:
        unsafeTracebacks: Whether its traceback goes too.
        origin: What of another side it was; None if it arose here.
    """

    unsafeTracebacks: bool | int = False
    origin: CopiedFailure | None = None

    def __init__(
        self,
        exc_value: object = None,
        exc_type: object = None,
        exc_tb: TracebackType | None = None,
        captureVars: bool = False,
    ) -> None:
        """Hold an exception, or the error of another failure, as a `Failure` does."""
        super().__init__(exc_value, exc_type, exc_tb, captureVars)
        if isinstance(exc_value, CopiedFailure):
            # It is handed on: its names and its traceback are those of where it arose.
            self.type: Any = exc_value.type
            self.parents = exc_value.parents
            self.origin = exc_value

    def getStateToCopy(self) -> dict[str, Any]:
        """Give what classic peers expect of a failure's attributes."""
        value = self.value
        kind = self.type
        names: list[str] = []
        if isinstance(kind, type):
            for each in kind.__mro__:
                name = wire_name(each)
                full = f"{name.removesuffix(each.__name__)}{each.__qualname__}"
                names += dict.fromkeys((name, full))
        else:
            names += self.parents
        remote = getattr(value, "remoteParents", ())
        return {
            "type": names[0].encode() if names else b"builtins.Exception",
            "value": (
                failure2Copyable(value, self.unsafeTracebacks)
                if isinstance(value, Failure)
                else self.getErrorMessage()
            ),
            "parents": [*names, *(name for name in remote if name not in names)],
            "traceback": self._told_traceback(),
            "frames": [],
            "stack": [],
            "tb": None,
            "count": self.count,
            "captureVars": False,
            "unsafeTracebacks": bool(self.unsafeTracebacks),
        }

    def _told_traceback(self) -> str:
        if not self.unsafeTracebacks:
            return _UNTOLD
        return self.getTraceback() if self.origin is None else self.origin.traceback

    def getTypeToCopy(self) -> str:
        """Give the name by which all peers know failures."""
        return "twisted.spread.pb.CopyableFailure"


class CopiedFailure(RemoteCopy, Failure):
    """An error of the other side.

    Attributes:
        type: The full name of the error's class; bytes, as it came.
        value: Its text; or another such failure.
        traceback: Its traceback as text, if the other side gives it away.
    """

    traceback: str
    type: bytes
    value: str | CopiedFailure

    def setCopyableState(self, state: Any) -> None:
        """Take over what a failure has, and of that only what can do no harm."""
        known = state if isinstance(state, dict) else {}
        kind = _text(known.get("type", "builtins.Exception"))
        self.type = kind.encode()
        value = known.get("value", "")
        self.value = value if isinstance(value, CopiedFailure) else _text(value)
        self.traceback = _text(known.get("traceback", _UNTOLD))
        self.tb: TracebackType | None = None
        self.frames = []
        self.pickled = 1
        told = known.get("parents", ())
        names = [kind, *(told if isinstance(told, list | tuple) else ())]
        self.parents = list(
            dict.fromkeys(each for name in names for each in known_names(_text(name)))
        )

    def getErrorMessage(self) -> str:
        """Give the error's own text."""
        if isinstance(self.value, CopiedFailure):
            return self.value.getErrorMessage()
        return self.value

    def getTraceback(
        self, elideFrameworkCode: bool | int = 0, detail: str = "default"
    ) -> str:
        """Give the traceback that the other side has told, or that there is none."""
        if self.traceback != _UNTOLD:
            return f"Traceback from remote host -- {self.traceback}"
        kind = self.type.decode()
        return f"Traceback from remote host -- {kind}: {self.getErrorMessage()}\n"

    def getBriefTraceback(
        self, elideFrameworkCode: bool | int = 0, detail: str = "default"
    ) -> str:
        """Give the same: there are no frames to leave out."""
        return CopiedFailure.getTraceback(self, elideFrameworkCode, detail)

    def printTraceback(
        self,
        file: TextIO | None = None,
        elideFrameworkCode: bool | int = False,
        detail: str = "default",
    ) -> None:
        """Write the traceback to a file, standard error if none is given."""
        Failure.printTraceback(self, file, elideFrameworkCode, detail)

    def throwExceptionIntoGenerator(
        self, g: Generator[_Yielded, _Sent, object]
    ) -> _Yielded:
        """Raise a `RemoteError` where a generator waits.

        Returns:
            What the generator yields next.
        """
        return g.throw(self._raisable())

    def _raisable(self) -> RemoteError:
        error = RemoteError(
            self.type, self.getErrorMessage(), self.traceback, self.parents
        )
        error.__cause__ = RemoteTraceback(self.getTraceback())
        return error

    def __repr__(self) -> str:
        kind = self.type.decode()
        return f"<{type(self).__name__} {kind}: {self.getErrorMessage()}>"


def failure2Copyable(
    fail: Failure, unsafeTracebacks: bool | int = False
) -> CopyableFailure:
    """Make a failure that can go to the other side.

    Args:
        fail: The failure.
        unsafeTracebacks: Whether its traceback goes too.
    """
    made = CopyableFailure(fail)
    made.type = fail.type
    made.unsafeTracebacks = unsafeTracebacks
    return made


def _text(thing: object) -> str:
    if isinstance(thing, bytes):
        return thing.decode("utf-8", "backslashreplace")
    return thing if isinstance(thing, str) else repr(thing)[:1000]
