"""URLs as people write them, made into what is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple
from urllib.parse import quote, unquote_to_bytes, urlencode, urljoin, urlsplit

from sennit.web.client._checks import check_target

__all__ = ["Parameters", "Target", "target"]

Parameters = Mapping[str, Any] | Iterable[tuple[str, Any]]
"""Names and values; a value may be a list of values."""

# What is not to be quoted: what has a meaning, and what is quoted already.
_SAFE: Final = "/?:@!$&'()*+,;=%~-._[]"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


class Target(NamedTuple):
    """Where a request goes.

    Attributes:
        uri: What to ask for: quoted, without name and password.
        login: The name and password that stood in it; None if none did.
    """

    uri: bytes
    login: tuple[str, str] | None


def target(
    url: str | bytes, base: str = "", params: Parameters | None = None
) -> Target:
    """Make a URI of a URL.

    Args:
        url: With letters of all languages, and blanks; relative to *base*.
        base: Where it begins from.
        params: What to add to its query.

    Raises:
        ValueError: It has no host, or control characters.
    """
    text = url if isinstance(url, str) else url.decode("ascii")
    if params is None:
        return _plain_target(text, base)
    return _make(text, base, params)


def _make(text: str, base: str, params: Parameters | None) -> Target:
    # The standard library drops some of these silently; then the URL would be another.
    if _CONTROL.search(text):
        raise ValueError(f"Invalid URL {text!r}: there are control characters in it")
    parts = urlsplit(urljoin(base, text.strip()))
    if not parts.scheme or not parts.hostname:
        raise ValueError(f"Invalid URL {text!r}: it names no host")
    host = _host(parts.hostname)
    if parts.port is not None:
        host += f":{parts.port}"
    query = quote(parts.query, _SAFE)
    if params is not None:
        added = urlencode(params if isinstance(params, Mapping) else list(params), True)
        query = f"{query}&{added}" if query and added else query or added
    uri = f"{parts.scheme}://{host}{quote(parts.path, _SAFE) or '/'}"
    if query:
        uri += f"?{query}"
    if parts.fragment:
        uri += f"#{quote(parts.fragment, _SAFE)}"
    login = None
    if parts.username is not None:
        login = (_plain(parts.username), _plain(parts.password or ""))
    return Target(check_target(uri.encode("ascii")), login)


# As many as a busy program asks for in turn.
@lru_cache(512)
def _plain_target(text: str, base: str) -> Target:
    return _make(text, base, None)


def _host(name: str) -> str:
    if ":" in name:
        return f"[{name}]"
    if name.isascii():
        return name
    return name.encode("idna").decode("ascii")


def _plain(quoted: str) -> str:
    return unquote_to_bytes(quoted).decode("utf-8", "surrogateescape")
