"""URIs in their parts (RFC 3986), as bytes."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

__all__ = ["URI", "host_value"]

_PORTS: Final = {b"http": 80, b"https": 443}

# As many places as a busy program asks in turn; each costs some hundred bytes.
_REMEMBERED: Final = 512


class URI:
    """A URI, in its parts.

    Attributes:
        scheme: In small letters.
        netloc: What stands after ``//``: host and port as they were written.
        host: The name or address alone; an IPv6 address without its brackets.
        port: The port: that of the scheme where none is written.
        path: The path, without parameters.
        params: What stands after the last ``;`` of it.
        query: What stands after ``?``.
        fragment: What stands after ``#``; it is not sent.
    """

    __slots__ = (
        "fragment",
        "host",
        "netloc",
        "params",
        "path",
        "port",
        "query",
        "scheme",
    )

    def __init__(
        self,
        scheme: bytes,
        netloc: bytes,
        host: bytes,
        port: int,
        path: bytes,
        params: bytes,
        query: bytes,
        fragment: bytes,
    ) -> None:
        """Make a URI of its parts."""
        self.scheme: bytes = scheme
        self.netloc: bytes = netloc
        self.host: bytes = host.strip(b"[]")
        self.port: int = port
        self.path: bytes = path
        self.params: bytes = params
        self.query: bytes = query
        self.fragment: bytes = fragment

    @classmethod
    def fromBytes(cls, uri: bytes, defaultPort: int | None = None) -> URI:
        """Take a URI apart.

        Args:
            uri: The URI; blanks around it do not count.
            defaultPort: The port where none is written; that of the scheme if None.

        Raises:
            ValueError: What stands for the port is no number of a port.
        """
        parts = _parts(uri, defaultPort)
        return cls(*parts)

    def toBytes(self) -> bytes:
        """Put it together again."""
        scheme = self.scheme + b":" if self.scheme else b""
        netloc = b"//" + self.netloc if self.netloc else b""
        fragment = b"#" + self.fragment if self.fragment else b""
        return scheme + netloc + self._target() + fragment

    @property
    def originForm(self) -> bytes:
        """What a request to the host itself names (RFC 9112 §3.2.1)."""
        target = self._target()
        return target if target.startswith(b"/") else b"/" + target

    @property
    def userinfo(self) -> bytes | None:
        """What stands before ``@``: a name, or name and password; None if nothing."""
        before, at, _ = self.netloc.rpartition(b"@")
        return before if at else None

    @property
    def origin(self) -> tuple[bytes, bytes, int]:
        """Who answers for it, by scheme, host and port (RFC 9110 §4.3.1)."""
        return (self.scheme, self.host.lower(), self.port)

    def _target(self) -> bytes:
        target = self.path
        if self.params:
            target += b";" + self.params
        if self.query:
            target += b"?" + self.query
        return target

    def __repr__(self) -> str:
        return f"<URI {self.toBytes()!r}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, URI):
            return NotImplemented
        return self.toBytes() == other.toBytes() and self.port == other.port

    def __hash__(self) -> int:
        return hash((self.toBytes(), self.port))


@lru_cache(_REMEMBERED)
def _parts(
    uri: bytes, default: int | None
) -> tuple[bytes, bytes, bytes, int, bytes, bytes, bytes, bytes]:
    rest, _, fragment = uri.strip().partition(b"#")
    rest, _, query = rest.partition(b"?")
    scheme, colon, after = rest.partition(b":")
    if colon and _is_scheme(scheme):
        rest = after
    else:
        scheme = b""
    scheme = scheme.lower()
    netloc = b""
    if rest.startswith(b"//"):
        netloc, slash, path = rest[2:].partition(b"/")
        rest = slash + path
    path, params = _split_params(rest)
    host = netloc.rpartition(b"@")[2]
    port = _PORTS.get(scheme, 80) if default is None else default
    name, colon, digits = host.rpartition(b":")
    if colon and b"]" not in digits:
        host = name
        if digits:
            port = _port(digits)
    return scheme, netloc, host, port, path, params, query, fragment


def _is_scheme(text: bytes) -> bool:
    return (
        text[:1].isalpha() and text.translate(None, b"+-.").isalnum() and text.isascii()
    )


def _split_params(path: bytes) -> tuple[bytes, bytes]:
    """Part the parameters of the last segment from the path (RFC 2396 §3.3)."""
    at = path.find(b";", path.rfind(b"/") + 1)
    return (path, b"") if at < 0 else (path[:at], path[at + 1 :])


def _port(digits: bytes) -> int:
    # int() takes blanks, signs and underscores, which are no port's.
    if digits.isdigit() and len(digits) <= 5 and int(digits) <= 65535:
        return int(digits)
    raise ValueError(f"Invalid URI: {digits!r} is no number of a port")


def host_value(scheme: bytes, host: bytes, port: int) -> bytes:
    """Write a host as the Host header has it (RFC 9110 §7.2)."""
    if b":" in host:
        host = b"[" + host + b"]"
    if _PORTS.get(scheme) == port:
        return host
    return b"%b:%d" % (host, port)
