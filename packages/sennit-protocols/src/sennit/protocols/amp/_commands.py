"""Command: what can be asked, with its arguments, its response and its errors.

Both spellings make the same command. The classic one lists names and types in
``arguments`` and ``response``; the typed one annotates fields, and those of a nested
class ``Response``. What is listed is made of what is annotated, when the class is made.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, dataclass_transform

from sennit.protocols.amp._boxes import COMMAND, AmpBox
from sennit.protocols.amp._errors import InvalidSignature
from sennit.protocols.amp._names import wire_name
from sennit.protocols.amp._plan import Plan, entry
from sennit.protocols.amp._records import Record, is_record, made, values_of_record
from sennit.protocols.amp._typed import fields_of

if TYPE_CHECKING:
    from sennit.core.defer import Deferred
    from sennit.protocols.amp._dispatch import BoxDispatcher

__all__ = ["DECLARED", "Command", "CommandMeta", "commands_of"]

_F = TypeVar("_F", bound=Callable[..., Any])

# Attributes of a command that are no arguments, should somebody annotate them.
_OWN: Final = frozenset(
    (
        *("Response", "arguments", "commandName", "commandType", "errors", "extra"),
        *("fatalErrors", "protocolType", "requiresAnswer", "response", "responseType"),
        *("allErrors", "reverseErrors"),
    )
)

# What a subclass may override, by which its calls or its answers go by way of boxes.
_ASKING: Final = ("__init__", "makeArguments", "commandType", "do_command")
_READING: Final = ("parseResponse",)
_ANSWERING: Final = ("parseArguments", "makeResponse", "responseType")

# The commands that a function answers are noted in the function, by this name.
_MARK: Final = "_amp_commands"

DECLARED: Final = "_amp_declared"
"""The functions that were declared to be responders in a class's body, by this name."""


def commands_of(function: Any) -> tuple[Any, ...]:
    """The commands that a function is the responder of."""
    return getattr(function, _MARK, ()) if callable(function) else ()


@dataclass_transform(kw_only_default=True, eq_default=False)
class CommandMeta(type):
    """Makes commands: brings both spellings into one form."""

    argument_plan: Any

    def __init__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **kw: Any
    ) -> None:
        super().__init__(name, bases, namespace, **kw)
        command: Any = cls
        command.commandName = wire_name(namespace.get("commandName", name))
        _declare(command, namespace, sys._getframe(1).f_locals)
        for kind in ("errors", "fatalErrors"):
            setattr(command, kind, _gathered(cls, kind))
        command.allErrors = {**command.errors, **command.fatalErrors}
        command.reverseErrors = {
            code: error for error, code in command.allErrors.items()
        }
        asked = Plan(command.arguments, command if command.typed else None)
        answered = Plan(command.response)
        command.argument_plan, command.response_plan = asked, answered
        if answered.read and command.Response is None and _stock(command, _READING):
            answered.reads = answered.read
        if asked.write and command.protocolType is None and _stock(command, _ASKING):
            named = entry(COMMAND, command.commandName)
            asked.calls = (named, command.requiresAnswer, answered.reads)
        command.quick_answer = bool(
            asked.read and answered.write and _stock(command, _ANSWERING)
        )


def _declare(
    command: Any, namespace: Mapping[str, Any], local: Mapping[str, Any]
) -> None:
    """Set ``arguments``, ``response`` and ``Response`` of a command."""
    response = namespace.get("Response")
    if isinstance(response, type) and not is_record(response):
        response = command.Response = _record_like(response, local)
    if response is not None:
        command.response = fields_of(response, local)
    elif "response" in namespace:
        command.Response = None
    if "arguments" not in namespace and "__annotations__" in namespace:
        own = fields_of(command, local, _OWN)
        names = {name for name, _ in own}
        inherited = [
            (name, kind)
            for name, kind in getattr(command, "arguments", ())
            if name.decode() not in names
        ]
        command.arguments = inherited + own
        command.typed = True
    for declared in ("arguments", "response"):
        pairs = [(wire_name(name), kind) for name, kind in getattr(command, declared)]
        setattr(command, declared, pairs)
    command.typed = command.typed or command.Response is not None


def _record_like(plain: type, local: Mapping[str, Any]) -> type:
    """Make a record of a class that only has annotations."""
    namespace = {
        name: value
        for name, value in vars(plain).items()
        if name not in ("__dict__", "__weakref__")
    }
    return type(plain.__name__, (Record,), {**namespace, "_amp_locals": dict(local)})


def _gathered(cls: type, name: str) -> dict[Any, bytes]:
    """The errors of a command and of those that it extends."""
    return {
        error: wire_name(code)
        for base in reversed(cls.__mro__)
        for error, code in dict(vars(base).get(name, {})).items()
    }


def _stock(command: Any, names: tuple[str, ...]) -> bool:
    """Whether a command has these as `Command` has them."""
    for name in names:
        mine = next(vars(base)[name] for base in command.__mro__ if name in vars(base))
        if mine is not vars(command.__mro__[-2])[name]:
            return False
    return True


class Command(metaclass=CommandMeta):
    """What one side can ask the other: to be subclassed.

    The classic spelling::

        class Sum(amp.Command):
            arguments = [("a", amp.Integer()), ("b", amp.Integer())]
            response = [("total", amp.Integer())]

    and the typed one, of the same command::

        class Sum(amp.Command):
            a: int
            b: int

            class Response:
                total: int

    Class attributes, each of which a subclass may set:

    * ``arguments``, ``response``: pairs of a name, ``str`` or ``bytes``, and an
      `Argument`.
    * ``commandName``: The name on the wire; the class's own if it sets none.
    * ``errors``: The exceptions that a responder may raise, with their names on the
      wire; those of the base classes are added.
    * ``fatalErrors``: The same for those that end the connection.
    * ``requiresAnswer``: Whether it is answered. If not, ``callRemote`` gives None.
    * ``commandType``, ``responseType``: The classes of the boxes that are sent.
    * ``protocolType``: The class that a protocol must be of for the command to be
      asked on it; None for any.
    """

    if not TYPE_CHECKING:
        # A type checker tells the two spellings apart by who has these.
        arguments = ()
        response = ()
        Response = None

    extra: ClassVar[Any] = ()
    errors: ClassVar[Mapping[type[Exception], str | bytes]] = {}
    fatalErrors: ClassVar[Mapping[type[Exception], str | bytes]] = {}
    allErrors: ClassVar[Mapping[type[Exception], bytes]]
    reverseErrors: ClassVar[Mapping[bytes, type[Exception]]]
    commandName: ClassVar[Any]
    commandType: ClassVar[Callable[..., AmpBox]] = AmpBox
    responseType: ClassVar[Callable[..., AmpBox]] = AmpBox
    protocolType: ClassVar[type | None] = None
    requiresAnswer: ClassVar[bool] = True

    # Found out once, when the class is made.
    argument_plan: ClassVar[Plan]
    response_plan: ClassVar[Plan]
    quick_answer: ClassVar[bool]
    typed: ClassVar[bool] = False

    def __init__(self, /, **kw: Any) -> None:
        """Make a call, which ``callRemote`` can send.

        Raises:
            InvalidSignature: An argument is missing, or unknown.
        """
        self.argument_plan.check(kw, type(self).__name__)
        self.structured = kw
        if self.typed:
            vars(self).update(kw)

    @classmethod
    def makeArguments(cls, objects: dict[str, Any], proto: Any) -> AmpBox:
        """Make the box that asks.

        Args:
            objects: The arguments, by their names in Python.
            proto: The AMP protocol.

        Raises:
            InvalidSignature: One is missing, or unknown.
        """
        cls.argument_plan.check(objects, cls.__name__)
        return cls.argument_plan.fill(objects, cls.commandType(), proto)

    @classmethod
    def parseArguments(cls, box: AmpBox, protocol: Any) -> dict[str, Any]:
        """Take the arguments out of a box that asks.

        Raises:
            KeyError: One is missing.
        """
        return cls.argument_plan.take(box, protocol)

    @classmethod
    def makeResponse(cls, objects: Any, proto: Any) -> AmpBox:
        """Make the box that answers.

        Args:
            objects: What the responder has returned.
            proto: The AMP protocol.

        Raises:
            TypeError: The response cannot be made of it.
            KeyError: A value is missing.
        """
        values = cls.values_of(objects)
        return cls.response_plan.fill(values, cls.responseType(), proto)

    @classmethod
    def parseResponse(cls, box: AmpBox, protocol: Any) -> Any:
        """Take the response out of a box that answers.

        Returns:
            A dictionary; of a typed command its ``Response``.

        Raises:
            KeyError: A value is missing.
        """
        values = cls.response_plan.take(box, protocol)
        response = cls._response()
        return values if response is None else made(response, values)

    @classmethod
    def responder(cls, methodfunc: _F) -> _F:
        """Declare a method to be the responder: ``@Sum.responder``.

        It is called with the arguments by name, and returns a dictionary with the
        response; or, where the response is typed, that ``Response``, or the only field's
        value alone. It may be a coroutine, or return a Deferred.

        Args:
            methodfunc: A method in the body of a `CommandLocator`'s class.
        """
        known = commands_of(methodfunc)
        if cls not in known:
            setattr(methodfunc, _MARK, (*known, cls))
        body = sys._getframe(1).f_locals
        if "__qualname__" in body:
            # A lambda that has no name there is to be found as well.
            body.setdefault(DECLARED, []).append(methodfunc)
        return methodfunc

    @classmethod
    def values_of(cls, result: Any) -> dict[str, Any]:
        """What a responder has returned, as a dictionary.

        Raises:
            TypeError: It is something else.
        """
        if isinstance(result, dict):
            return result
        names = cls.response_plan.known
        if cls.typed and not names and result is None:
            return {}
        kind = cls._response()
        if kind is not None:
            if isinstance(result, kind):
                return values_of_record(result)
            if len(names) == 1:
                return dict.fromkeys(names, result)
        raise TypeError(f"{cls.__name__} is answered by a dictionary, or its Response")

    @classmethod
    def _response(cls) -> Any:
        return getattr(cls, "Response", None)

    def do_command(self, dispatcher: BoxDispatcher) -> Deferred[Any] | None:
        """Ask, on one connection."""
        kind = type(self)
        if kind.protocolType and not isinstance(dispatcher, kind.protocolType):
            raise InvalidSignature(
                f"{kind.__name__} is asked on {kind.protocolType.__name__} only"
            )
        box = self.makeArguments(self.structured, dispatcher.argument_proto)
        return dispatcher.ask_box(kind, box)
