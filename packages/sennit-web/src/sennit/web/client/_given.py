"""What the short face is given, made into what agents take."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Final

from sennit.web.client._budgets import Timeouts
from sennit.web.client._errors import BadHeaders
from sennit.web.headers import Headers

__all__ = [
    "DEFAULT_TIMEOUTS",
    "HeadersLike",
    "Login",
    "basic",
    "headersOf",
    "timeoutsOf",
]

HeadersLike = Headers | Mapping[str, str] | Mapping[bytes, bytes]
"""Headers, or a mapping of their names and values."""

Login = tuple[str | bytes, str | bytes]
"""A name and a password, which are sent as they are (RFC 7617): use TLS."""

DEFAULT_TIMEOUTS: Final = Timeouts(connect=30, headers=60, body=60)
"""As long as proxies and browsers wait for servers, about; there is no total, because a
large download takes as long as it takes."""


def headersOf(given: HeadersLike | None) -> Headers:
    """Make headers of what stands for them.

    Raises:
        BadHeaders: A value has a line break in it, which somebody may have put there.
        ValueError: A name is none.
    """
    if isinstance(given, Headers):
        return given.copy()
    headers = Headers()
    for name, value in (given or {}).items():
        text = value if isinstance(value, bytes) else str(value).encode()
        if b"\n" in text or b"\r" in text:
            raise BadHeaders(f"the value of {name!r} has a line break in it")
        headers.addRawHeader(name, text)
    return headers


def timeoutsOf(given: float | Timeouts | None) -> Timeouts:
    """Make time-outs of seconds in all, or of what they are."""
    if given is None:
        return Timeouts()
    if isinstance(given, Timeouts):
        return given
    return DEFAULT_TIMEOUTS._replace(total=given)


def basic(login: Login) -> bytes:
    """Name and password as a header has them (RFC 7617 §2).

    Raises:
        ValueError: There is a colon in the name.
    """
    name, password = (
        each.encode() if isinstance(each, str) else each for each in login
    )
    if b":" in name:
        raise ValueError("a name in basic authentication has no colon (RFC 7617 §2)")
    return b"Basic " + b64encode(name + b":" + password)
