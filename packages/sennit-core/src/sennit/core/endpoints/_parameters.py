"""What the parts of a description mean: the parameters of a kind of endpoint.

A `Signature` reads the parts of a description into the arguments that an endpoint is
made with. Whatever does not fit is an error that names the part, its place, and what is
expected there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from sennit.core.endpoints._strings import Description, Part
from sennit.core.errors import EndpointStringError

__all__ = [
    "COUNT",
    "FLAG",
    "HOST",
    "MODE",
    "PATH",
    "PORT",
    "SECONDS",
    "TEXT",
    "Parameter",
    "Signature",
    "Value",
    "nearest",
]

_REQUIRED: Final = object()


class Value(NamedTuple):
    """A kind of value.

    Attributes:
        expected: What it is, for people.
        read: Reads it from text; raises ``ValueError``.
    """

    expected: str
    read: Callable[[str], Any]


def _filled(text: str) -> str:
    if not text:
        raise ValueError
    return text


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError
    return int(text)


def _port(text: str) -> int:
    number = _count(text)
    if number > 65535:
        raise ValueError
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    # False of "nan", too.
    if not 0 <= seconds < float("inf"):
        raise ValueError
    return seconds


def _mode(text: str) -> int:
    mode = int(text, 8)
    if not 0 <= mode <= 0o7777:
        raise ValueError
    return mode


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError
    return text == "1"


TEXT: Final = Value("text", str)
HOST: Final = Value("a host's name or IP address", _filled)
PATH: Final = Value("a path", _filled)
PORT: Final = Value("a port's number, 0 to 65535", _port)
COUNT: Final = Value("a whole number", _count)
SECONDS: Final = Value("a number of seconds", _seconds)
MODE: Final = Value("permission bits as an octal number", _mode)
FLAG: Final = Value("0 or 1", _flag)


class Parameter(NamedTuple):
    """One argument of a kind of endpoint.

    Attributes:
        name: Its name, in descriptions and for what makes the endpoint.
        value: What it may be.
        default: What it is where it is left out; without one it may not be.
        also: Other names for it in descriptions.
    """

    name: str
    value: Value
    default: Any = _REQUIRED
    also: tuple[str, ...] = ()


class Signature:
    """The parameters of a kind of endpoint, in the order of positional parts.

    A positional part is for the first parameter that has got none, and that is not
    given by its name elsewhere.
    """

    def __init__(self, *parameters: Parameter, positional: int | None = None) -> None:
        """Take the parameters.

        Args:
            *parameters: The parameters.
            positional: How many of them may be given by position; None for all.
        """
        self._parameters = parameters
        self._positional = parameters[:positional]
        self._by_name = {
            name: each for each in parameters for name in (each.name, *each.also)
        }

    def bind(self, description: Description) -> dict[str, Any]:
        """Read the parts of a description.

        Returns:
            The value of each parameter, by its name.

        Raises:
            EndpointStringError: A part does not fit, or one is missing.
        """
        given: dict[str, Part] = {}
        for part in description.parts:
            if part.name is not None:
                parameter = self._named(description, part, part.name)
                if parameter.name in given:
                    raise _wrong(description, part, f"{parameter.name} is given twice")
                given[parameter.name] = part
        for part in _without_name(description):
            given[self._next(description, part, given)] = part
        return {
            each.name: _read(description, each, given.get(each.name))
            for each in self._parameters
        }

    def _named(self, description: Description, part: Part, name: str) -> Parameter:
        if name not in self._by_name:
            kind, takes = description.kind, self._takes()
            told = f"{name!r} is no parameter of {kind!r}{nearest(name, self._by_name)}"
            raise _wrong(description, part, f"{told}: {takes}")
        return self._by_name[name]

    def _next(self, description: Description, part: Part, given: Iterable[str]) -> str:
        for each in self._positional:
            if each.name not in given:
                return each.name
        told = f"{part.text!r} is one part too many for {description.kind!r}"
        raise _wrong(description, part, f"{told}: {self._takes()}")

    def _takes(self) -> str:
        if not self._parameters:
            return "it takes none"
        named = self._parameters[len(self._positional) :]
        parts = [each.name for each in self._positional]
        return "it takes " + ", ".join(parts + [f"{each.name}=" for each in named])


def nearest(name: str, names: Iterable[str]) -> str:
    """A hint at the name that was perhaps meant; empty if none is near."""
    # Only who is mistaken needs this module.
    from difflib import get_close_matches

    near = get_close_matches(name, list(names), 1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _without_name(description: Description) -> list[Part]:
    parts = [part for part in description.parts if part.name is None]
    # "stdio:" is written with a colon that nothing follows.
    if parts and parts[-1] is description.parts[-1] and not parts[-1].text:
        parts.pop()
    return parts


def _read(description: Description, parameter: Parameter, part: Part | None) -> Any:
    name, value = parameter.name, parameter.value
    if part is None:
        if parameter.default is _REQUIRED:
            told = f"{name} is missing, which must be {value.expected}"
            raise EndpointStringError(description.text, len(description.text), told)
        return parameter.default
    try:
        return value.read(part.text)
    except ValueError:
        told = f"{name} must be {value.expected}, not {part.text!r}"
        raise _wrong(description, part, told) from None


def _wrong(description: Description, part: Part, message: str) -> EndpointStringError:
    return EndpointStringError(description.text, part.position, message)
