"""What a class declares about its options, gathered into one list."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, MutableMapping
from functools import partial
from typing import Any, NamedTuple

from sennit.compat.faces.python._lines import padTo
from sennit.compat.faces.python.reflect import (
    accumulateClassList,
    prefixedMethodNames,
)

__all__ = [
    "CoerceParameter",
    "Option",
    "UsageError",
    "declared_options",
    "flagFunction",
    "portCoerce",
]

PREFIX = "opt_"


class UsageError(Exception):
    """A command line is not as the program wants it; the text says why."""


class Option(NamedTuple):
    """One option, its names as on the command line without dashes."""

    #: What it is called in the mapping.
    name: str
    longs: tuple[str, ...]
    letters: tuple[str, ...]
    doc: str | None
    takes_value: bool
    #: Called with the value, or with an empty text for a flag.
    handle: Callable[[Any], object]
    #: What the mapping holds without the option; methods have no such thing.
    initial: tuple[Any, ...] = ()
    coerceDoc: str | None = None


def flagFunction(method: Callable[..., object], name: str | None = None) -> bool:
    """Whether a method handles a flag; otherwise it handles an option with a value.

    Args:
        method: The method, bound.
        name: The option's name, for the error.

    Raises:
        UsageError: It takes more than the value.
    """
    wanted = len(inspect.signature(method).parameters)
    if wanted > 1:
        shown = name or getattr(method, "__name__", repr(method))
        raise UsageError(f"Invalid Option function for {shown}")
    return wanted == 0


def portCoerce(value: str | int) -> int:
    """Make a port number of a text.

    Raises:
        ValueError: It is none.
    """
    number = int(value)
    if not 0 <= number <= 65535:
        raise ValueError(f"Port number not in range: {value}")
    return number


vars(portCoerce)["coerceDoc"] = "Must be an int between 0 and 65535."


class CoerceParameter:
    """Puts a parameter's value into the mapping, made into what is wanted.

    Args:
        options: The mapping.
        coerce: Makes it of the text.
    """

    def __init__(
        self, options: MutableMapping[str, Any], coerce: Callable[[Any], Any]
    ) -> None:
        self.options = options
        self.coerce = coerce

    def dispatch(self, parameterName: str, value: Any) -> None:
        """Put one value.

        Raises:
            UsageError: The text cannot be made into a value.
        """
        try:
            self.options[parameterName] = self.coerce(value)
        except ValueError as error:
            raise UsageError(f"Parameter type enforcement failed: {error}") from error


def declared_options(options: MutableMapping[str, Any]) -> list[Option]:
    """The options of an instance: its flags, its parameters, its methods.

    Raises:
        ValueError: A row of a list is too long.
        UsageError: A method takes more than a value.
    """
    return [*_flags(options), *_parameters(options), *_methods(options)]


def _rows(options: object, attribute: str, length: int) -> Iterator[list[Any]]:
    """The rows that a class and its bases list, each filled up with None."""
    rows: list[Any] = []
    accumulateClassList(type(options), attribute, rows)
    return (padTo(length, row) for row in rows)


def _letters(short: str | None) -> tuple[str, ...]:
    return () if short is None else (short,)


def _flags(options: MutableMapping[str, Any]) -> Iterator[Option]:
    def put(name: str, value: object) -> None:
        options[name] = 1

    for long, short, doc in _rows(options, "optFlags", 3):
        yield Option(
            long, (long,), _letters(short), doc, False, partial(put, long), (0,)
        )


def _parameters(options: MutableMapping[str, Any]) -> Iterator[Option]:
    for long, short, default, doc, coerce in _rows(options, "optParameters", 5):
        put = CoerceParameter(options, _as_given if coerce is None else coerce)
        yield Option(
            long,
            (long,),
            _letters(short),
            doc,
            True,
            partial(put.dispatch, long),
            (default,),
            getattr(coerce, "coerceDoc", None),
        )


def _as_given(value: str) -> str:
    return value


def _methods(options: object) -> Iterator[Option]:
    """One option for each function; methods that are the same one are its names."""
    kind = type(options)
    names: dict[object, list[str]] = {}
    for name in prefixedMethodNames(kind, PREFIX):
        function = getattr(kind, PREFIX + name)
        names.setdefault(function, []).append(name.replace("_", "-"))
    for function, given in names.items():
        method = function.__get__(options)  # type: ignore[attr-defined]
        flag = flagFunction(method, given[0])
        yield Option(
            max(given, key=len),
            tuple(each for each in given if len(each) > 1),
            tuple(each for each in given if len(each) == 1),
            inspect.getdoc(method),
            not flag,
            partial(_without_value, method) if flag else method,
        )


def _without_value(method: Callable[[], object], value: object) -> None:
    method()
