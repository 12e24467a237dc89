"""What may stand in a request's head: nothing that begins a line of its own.

A name or value that came from somebody else, with a line break in it, would be read as
further headers or a further request. So everything is looked at before it is sent, and
what must not be there is refused, never mended.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from sennit.web.client._errors import BadHeaders

__all__ = ["check_header_lines", "check_method", "check_target", "is_token"]

# RFC 9110 §5.6.2.
_TOKEN: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")

# RFC 3986 has fewer characters; those that are more do no harm, and servers get them.
_TARGET: Final = re.compile(rb"[\x21-\x7e]+")

_USUAL: Final = frozenset(
    (b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"TRACE")
)


@lru_cache(512)
def is_token(name: bytes) -> bool:
    """Whether a name may be that of a header or a method."""
    return _TOKEN.fullmatch(name) is not None


def check_method(method: bytes) -> bytes:
    """Give the method back.

    Raises:
        TypeError: It is no bytes.
        ValueError: It is no method.
    """
    if method in _USUAL:
        return method
    if not isinstance(method, bytes):
        raise TypeError(f"a method is bytes, not {type(method).__name__}")
    if not is_token(method):
        raise ValueError(f"Invalid method {method!r}")
    return method


def check_target(uri: bytes) -> bytes:
    """Give a URI, or a part of one, back.

    Raises:
        TypeError: It is no bytes.
        ValueError: There are blanks, line breaks or bytes beyond ASCII in it.
    """
    if not isinstance(uri, bytes):
        raise TypeError(f"a URI is bytes, not {type(uri).__name__}")
    if _TARGET.fullmatch(uri) is None:
        raise ValueError(f"Invalid URI {uri!r}")
    return uri


def check_header_lines(lines: bytes, count: int) -> None:
    """See that lines of headers are as many as were written (RFC 9112 §2.2).

    Raises:
        BadHeaders: A value has a line break or a zero byte in it.
    """
    if lines.count(b"\n") != count or lines.count(b"\r") != count or b"\0" in lines:
        raise BadHeaders("a header's value has a line break or a zero byte in it")
