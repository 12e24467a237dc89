"""Headers: names that do not mind their case, each with the values it came with.

Names are kept as they are written on the wire (``Content-Type``), values as bytes. What
could end a line is no part of a value: line breaks become spaces (RFC 9110 §5.5), and any
other control byte is refused, so that no value can smuggle a header, or a response.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final, TypeVar, overload

__all__ = ["Headers", "InvalidHeaderName", "InvalidHeaderValue", "canonical", "checked"]

_T = TypeVar("_T")

_TOKEN: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")

# How many names are remembered in their canonical form: programs use a few dozen, and
# peers that make names up must not fill the memory.
_MAX_KNOWN: Final = 1024

# Names that are not written with one capital a word.
_known: dict[bytes, bytes] = {
    name.lower(): name
    for name in (
        *(b"Content-MD5", b"DNT", b"ETag", b"P3P", b"TE"),
        *(b"WWW-Authenticate", b"X-XSS-Protection"),
    )
}


class InvalidHeaderName(ValueError):
    """A header's name has bytes that no name has (RFC 9110 §5.1)."""


class InvalidHeaderValue(ValueError):
    """A header's value has control bytes (RFC 9110 §5.5)."""


def canonical(name: bytes) -> bytes:
    """A name as it is written on the wire.

    Raises:
        InvalidHeaderName: It is no name.
    """
    found = _known.get(name)
    if found is not None:
        return found
    if not _TOKEN.fullmatch(name):
        raise InvalidHeaderName(name)
    lower = name.lower()
    found = _known.get(lower)
    if found is None:
        found = b"-".join([word.capitalize() for word in lower.split(b"-")])
    if len(_known) < _MAX_KNOWN:
        _known[name] = _known[lower] = found
    return found


def _name(name: object) -> bytes:
    if isinstance(name, bytes):
        return _known.get(name) or canonical(name)
    if isinstance(name, str):
        return canonical(name.encode("latin-1"))
    raise TypeError(f"a header's name is bytes or str, not {type(name).__name__}")


def _value(value: object) -> bytes:
    if isinstance(value, str):
        value = value.encode()
    elif not isinstance(value, bytes):
        kind = type(value).__name__
        raise TypeError(f"a header's value is bytes or str, not {kind}: {value!r}")
    if _CONTROL.search(value):
        value = b" ".join(value.splitlines())
        if _CONTROL.search(value):
            raise InvalidHeaderValue(value)
    return value


def checked(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """A header as it may be sent; the errors are those of `Headers.addRawHeader`."""
    return _name(name), _value(value)


class Headers:
    """The headers of a message, by their names.

    A name given as ``str`` is answered with values as ``str`` (UTF-8), one given as
    ``bytes`` with ``bytes``.
    """

    __slots__ = ("_raw",)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __init__(
        self,
        rawHeaders: Mapping[str, Sequence[str | bytes]]
        | Mapping[bytes, Sequence[str | bytes]]
        | None = None,
    ) -> None:
        """Make headers.

        Args:
            rawHeaders: Lists of values by names.
        """
        self._raw: dict[bytes, list[bytes]] = {}
        if rawHeaders is not None:
            for name, values in rawHeaders.items():
                self.setRawHeaders(name, values)

    @classmethod
    def _of_wire(cls, fields: Iterable[tuple[bytes, bytes]]) -> Headers:
        """Make headers of fields that a parser has let through."""
        made = cls()
        raw, known = made._raw, _known
        for name, value in fields:
            key = known.get(name) or canonical(name)
            if key in raw:
                raw[key].append(value)
            else:
                raw[key] = [value]
        return made

    def _lines(self) -> bytes:
        """All of them as they are sent, each with its end."""
        return b"".join(
            [
                b"%b: %b\r\n" % (name, value)
                for name, values in self._raw.items()
                for value in values
            ]
        )

    def setRawHeaders(self, name: str | bytes, values: Sequence[str | bytes]) -> None:
        """Set a header, in the place of what it was.

        Args:
            name: Its name.
            values: A list of its values; one line each when sent.

        Raises:
            TypeError: The values are no sequence of str and bytes.
            InvalidHeaderName: It is no name.
            InvalidHeaderValue: A value has control bytes other than line breaks.
        """
        if isinstance(values, str | bytes) or not hasattr(values, "__iter__"):
            kind = type(values).__name__
            raise TypeError(f"a header's values are a list, not {kind}: {values!r}")
        self._raw[_name(name)] = [_value(value) for value in values]

    def addRawHeader(self, name: str | bytes, value: str | bytes) -> None:
        """Add a value to those that a header has.

        Raises:
            TypeError: Name or value is neither str nor bytes.
            InvalidHeaderName: It is no name.
            InvalidHeaderValue: The value has control bytes other than line breaks.
        """
        self._raw.setdefault(_name(name), []).append(_value(value))

    def removeHeader(self, name: str | bytes) -> None:
        """Remove a header, if it is there."""
        self._raw.pop(_name(name), None)

    def hasHeader(self, name: str | bytes) -> bool:
        """Whether there is a header of that name."""
        return _name(name) in self._raw

    @overload
    def getRawHeaders(self, name: str) -> Sequence[str] | None: ...

    @overload
    def getRawHeaders(self, name: bytes) -> Sequence[bytes] | None: ...

    @overload
    def getRawHeaders(self, name: str, default: _T) -> Sequence[str] | _T: ...

    @overload
    def getRawHeaders(self, name: bytes, default: _T) -> Sequence[bytes] | _T: ...

    def getRawHeaders(self, name: str | bytes, default: Any = None) -> Any:
        """The values of a header.

        Args:
            name: Its name.
            default: What to return where there is none.

        Returns:
            A list, of the type of the name; not to be changed.
        """
        values = self._raw.get(_name(name), default)
        if isinstance(name, bytes) or values is default:
            return values
        return [value.decode() for value in values]

    def getAllRawHeaders(self) -> Iterator[tuple[bytes, Sequence[bytes]]]:
        """All headers: pairs of the name, as it is sent, and the list of values."""
        return iter(self._raw.items())

    def copy(self) -> Headers:
        """Make a copy; changes of either are none of the other's."""
        made = type(self)()
        made._raw = {name: values[:] for name, values in self._raw.items()}
        return made

    def __eq__(self, other: object) -> bool:
        return self._raw == other._raw if isinstance(other, Headers) else NotImplemented

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._raw!r})"
