"""Cookies, as they come and as they are sent (RFC 6265)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

__all__ = ["made_cookie", "parsed_cookies"]

# What would begin another attribute or another line becomes a space, and so does any
# other control byte (RFC 6265 §4.1.1).
_ENDS: Final = re.compile(rb"[\x00-\x1f\x7f;]")


def parsed_cookies(values: Iterable[bytes]) -> dict[bytes, bytes]:
    """Read the values of ``Cookie`` headers.

    What is no pair is left out; of a name that comes twice the last is taken.

    Returns:
        The cookies' values by their names.
    """
    cookies: dict[bytes, bytes] = {}
    for value in values:
        for pair in value.split(b";"):
            name, equals, cookie = pair.lstrip().partition(b"=")
            if equals:
                cookies[name] = cookie
    return cookies


def _clean(value: Any) -> bytes:
    if isinstance(value, str):
        value = value.encode()
    elif isinstance(value, int) and not isinstance(value, bool):
        value = b"%d" % value
    elif not isinstance(value, bytes):
        kind = type(value).__name__
        raise TypeError(f"what a cookie is made of is bytes or str, not {kind}")
    return _ENDS.sub(b" ", b" ".join(value.splitlines()))


def made_cookie(
    name: str | bytes,
    value: str | bytes,
    *,
    expires: str | bytes | None = None,
    domain: str | bytes | None = None,
    path: str | bytes | None = None,
    max_age: str | bytes | int | None = None,
    comment: str | bytes | None = None,
    secure: bool | None = None,
    httpOnly: bool = False,
    sameSite: str | bytes | None = None,
) -> bytes:
    """Make the value of a ``Set-Cookie`` header.

    Raises:
        TypeError: Name or value are neither str nor bytes.
        ValueError: ``sameSite`` is none of ``lax``, ``strict``, ``none``; or ``none``
            without ``secure``, which browsers refuse.
    """
    parts = [_clean(name) + b"=" + _clean(value)]
    for attribute, given in (
        (b"Expires", expires),
        (b"Domain", domain),
        (b"Path", path),
        (b"Max-Age", max_age),
        (b"Comment", comment),
    ):
        if given is not None:
            parts.append(attribute + b"=" + _clean(given))
    if secure:
        parts.append(b"Secure")
    if httpOnly:
        parts.append(b"HttpOnly")
    if sameSite:
        which = _clean(sameSite).lower()
        if which not in (b"lax", b"strict", b"none"):
            raise ValueError(f"Invalid value for sameSite: {which!r}")
        if which == b"none" and not secure:
            raise ValueError(
                f'Invalid value for sameSite: {which!r}. Missing the "secure" attribute'
            )
        parts.append(b"SameSite=" + which)
    return b"; ".join(parts)
