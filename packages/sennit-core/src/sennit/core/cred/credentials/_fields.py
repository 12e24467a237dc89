"""The fields of an Authorization header: ``name=value, name="value"``. RFC 9110 §11.2."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from sennit.core.cred.error import LoginFailed

__all__ = ["parse_fields", "user_of"]

# One field, and the comma or the end after it. There is one way only to match a text,
# so that none takes longer than its length. A value without quotes goes up to the comma:
# clients leave out quotes where the grammar wants them.
_FIELD = re.compile(
    rb"""[\s,]* ([^=\s,]+) \s*=\s*+
    (?: "((?:[^"\\]|\\.)*+)" \s* | ([^",][^,]*)? )
    (?: ,[\s,]* | \Z )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)


def parse_fields(header: bytes) -> dict[str, bytes]:
    """Read the fields, whose names are in lower case then.

    Raises:
        LoginFailed: It is no list of fields, or has one twice.
    """
    fields: dict[str, bytes] = {}
    position = 0
    while position < len(header):
        match = _FIELD.match(header, position)
        if match is None:
            raise LoginFailed("Invalid response, not a list of fields.")
        name = match[1].decode("latin-1").lower()
        if name in fields:
            raise LoginFailed(f"Invalid response, {name} given twice.")
        fields[name] = _value(match)
        position = match.end()
    return fields


def _value(match: re.Match[bytes]) -> bytes:
    if match[2] is not None:
        return _ESCAPED.sub(rb"\1", match[2])
    return (match[3] or b"").strip()


def user_of(fields: dict[str, bytes]) -> bytes:
    """Return the user's name, which may be in an extended field. RFC 7616 §3.4.4.

    Raises:
        LoginFailed: There is none, or there are two.
    """
    plain, extended = fields.get("username"), fields.get("username*")
    if plain is not None and extended is not None:
        raise LoginFailed("Invalid response, username given twice.")
    name = _extended_value(extended) if extended is not None else plain
    if not name:
        raise LoginFailed("Invalid response, no username given.")
    return name


def _extended_value(value: bytes) -> bytes:
    """Decode ``UTF-8'language'text`` with its percent signs. RFC 8187 §3.2."""
    charset, _, rest = value.partition(b"'")
    _, quote, text = rest.partition(b"'")
    if charset.lower() != b"utf-8" or not quote:
        raise LoginFailed("Invalid response, username* is not in UTF-8.")
    return unquote_to_bytes(text)
