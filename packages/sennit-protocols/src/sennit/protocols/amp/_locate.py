"""Who answers a command: methods of a class, found by the command's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MethodType
from typing import Any, ClassVar, TypeAlias

from sennit.core.defer import Deferred, maybeDeferred
from sennit.core.failure import Failure
from sennit.protocols.amp._boxes import AmpBox
from sennit.protocols.amp._commands import DECLARED, commands_of
from sennit.protocols.amp._errors import BadLocalReturn, RemoteAmpError
from sennit.protocols.amp._stock import is_method
from sennit.protocols.amp._unrolled import Write

__all__ = [
    "CommandLocator",
    "Quick",
    "Responder",
    "SimpleStringLocator",
    "bad_return",
    "described",
]


Quick: TypeAlias = tuple[
    Any,
    Callable[..., Any],
    Callable[[Any, Mapping[bytes, bytes]], Any],
    Write,
]
"""A command, the function that answers it, what calls that, what writes the answer."""


class Responder:
    """A method that answers a command: from box to box.

    Attributes:
        command: The command.
        function: The method, bound to its locator.
        proto: What arguments are given as the protocol.
    """

    __slots__ = ("command", "function", "proto")

    def __init__(self, command: Any, function: Callable[..., Any], proto: Any) -> None:
        self.command = command
        self.function = function
        self.proto = proto

    def __call__(self, box: AmpBox) -> Deferred[AmpBox]:
        """Answer.

        Returns:
            The box of the answer; fails with a `RemoteAmpError` where the method has
            failed as its command declares.
        """
        answered: Deferred[Any] = maybeDeferred(self._call, box)
        answered.addCallbacks(self._box, self._declared)
        return answered

    def _call(self, box: AmpBox) -> Any:
        arguments = self.command.parseArguments(box, self.proto)
        return self.function(**arguments)

    def _box(self, result: Any) -> AmpBox:
        try:
            box: AmpBox = self.command.makeResponse(result, self.proto)
        except Exception:
            raise bad_return(self.command, self.function, result) from None
        return box

    def _declared(self, failure: Failure) -> Failure:
        known = described(self.command, failure)
        return failure if known is None else Failure(known)


def bad_return(command: Any, function: Any, result: object) -> BadLocalReturn:
    """The error for what a responder has returned, while it is being handled."""
    name = getattr(function, "__qualname__", repr(function))
    message = (
        f"the responder {name} returned {result!r:.200}, "
        f"of which no response to {command.__name__} can be made"
    )
    return BadLocalReturn(message, Failure())


def described(command: Any, failure: Failure) -> RemoteAmpError | None:
    """A responder's failure as the error that its command declares; None if it does not."""
    error = failure.value
    for kind, code in command.allErrors.items():
        if isinstance(error, kind):
            fatal = kind in command.fatalErrors
            return RemoteAmpError(code, str(error), fatal, failure)
    return None


class CommandLocator:
    """Answers commands by its methods that are declared with ``@Command.responder``."""

    # By the command's name, all and those that need no box.
    _amp_responders: ClassVar[dict[bytes, tuple[Any, Callable[..., Any]]]] = {}
    _amp_by_values: ClassVar[dict[bytes, Quick]] = {}

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        found: dict[bytes, tuple[Any, Callable[..., Any]]] = {}
        for base in reversed(cls.__mro__):
            for member in (*vars(base).get(DECLARED, ()), *vars(base).values()):
                for command in commands_of(member):
                    found[command.commandName] = (command, member)
        cls._amp_responders = found
        cls._amp_by_values = {
            name: (
                *(command, function),
                *(
                    command.argument_plan.caller_of(function),
                    command.response_plan.write,
                ),
            )
            for name, (command, function) in found.items()
            if command.quick_answer
        }

    def locateResponder(self, name: bytes) -> Callable[[AmpBox], Any] | None:
        """Find the method that answers a command.

        Args:
            name: The command's name on the wire.
        """
        found = self._amp_responders.get(name)
        if found is None:
            return None
        command, function = found
        return Responder(command, MethodType(function, self), self)

    _amp_stock: ClassVar[Any] = locateResponder

    def quick_responders(self) -> Mapping[bytes, Quick]:
        """Those that need no box; none where `locateResponder` is overridden."""
        stock = is_method(self.locateResponder, type(self)._amp_stock)
        return self._amp_by_values if stock else {}


class SimpleStringLocator:
    """Answers commands by methods that take a box and give one: ``amp_SUM`` for Sum.

    Attributes:
        baseDispatchPrefix: What stands before the command's name, in capitals.
    """

    baseDispatchPrefix: bytes = b"amp_"

    def locateResponder(self, name: bytes) -> Callable[[AmpBox], Any] | None:
        """Find the method that answers a command.

        Args:
            name: The command's name on the wire.
        """
        wanted = (self.baseDispatchPrefix + name.upper()).decode("latin-1")
        return getattr(self, wanted, None)
