"""The text of an endpoint: ``kind:part:part:name=part``, taken apart.

Parts stand between colons; the first is the kind. A part is positional, or has a name
before its first equals sign. A backslash takes the special meaning of the character
after it, whichever that is: so a colon, an equals sign or a backslash may be in a part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from sennit.core.errors import EndpointStringError

__all__ = ["Description", "Part", "parse", "quoteStringArgument"]

_SPECIAL: Final = re.compile(r"[\\:=]")


class Part(NamedTuple):
    """What stands between two colons.

    Attributes:
        name: What is before the equals sign; None for a positional part.
        text: The rest, without the backslashes that protected something.
        position: Where it begins in the description, counted from 0.
    """

    name: str | None
    text: str
    position: int


class Description(NamedTuple):
    """A description, taken apart.

    Attributes:
        text: The whole.
        kind: The first part.
        parts: The others.
    """

    text: str
    kind: str
    parts: tuple[Part, ...]

    @property
    def positional(self) -> tuple[str, ...]:
        """The parts that have no name."""
        return tuple(part.text for part in self.parts if part.name is None)

    @property
    def named(self) -> dict[str, str]:
        """The parts that have one."""
        return {part.name: part.text for part in self.parts if part.name is not None}


def parse(description: str) -> Description:
    """Take a description apart.

    Raises:
        EndpointStringError: A backslash is the last character, a name is given to two
            parts, or to the kind.
        TypeError: It is no text.
    """
    if not isinstance(description, str):
        raise TypeError(
            f"an endpoint's description is a str, not {type(description).__name__}"
        )
    kind, *parts = _parts(description)
    if kind.name is not None:
        raise EndpointStringError(
            description, 0, f"a kind of endpoint is expected first, not {kind.name!r}="
        )
    names = [part.name for part in parts]
    for index, part in enumerate(parts):
        if part.name is not None and part.name in names[:index]:
            raise EndpointStringError(
                description, part.position, f"{part.name!r} is given twice"
            )
    return Description(description, kind.text, tuple(parts))


def _parts(description: str) -> Iterator[Part]:
    name: str | None = None
    text, begin = "", 0
    characters = enumerate(description)
    for position, character in characters:
        if character == "\\":
            protected = next(characters, None)
            if protected is None:
                raise EndpointStringError(
                    description, position, "a backslash protects nothing"
                )
            text += protected[1]
        elif character == ":":
            yield Part(name, text, begin)
            name, text, begin = None, "", position + 1
        elif character == "=" and name is None:
            name, text = text, ""
        else:
            text += character
    yield Part(name, text, begin)


def quoteStringArgument(argument: str) -> str:
    """Protect a text that is to be one part of a description.

    Args:
        argument: A path, an address, another description: whatever may have colons,
            equals signs or backslashes in it.
    """
    return _SPECIAL.sub(r"\\\g<0>", argument)
