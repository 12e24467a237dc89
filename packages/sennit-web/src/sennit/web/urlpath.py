"""URLPath: a URL to be walked like a path."""

from __future__ import annotations

import re
from typing import Protocol, TypeVar
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

__all__ = ["HasURL", "URLPath"]

U = TypeVar("U", bound="URLPath")

# What RFC 3986 §3.3 and §3.4 allow in a segment, a path and a query beside letters and
# digits; a percent sign stays, for what is quoted already must not be quoted again.
SEGMENT = "%-._~!$&'()*+,;=:@"
PATH = SEGMENT + "/"
QUERY = PATH + "?"

# The ports that are meant where a URL names none.
USUAL_PORT = {b"http": b":80", b"https": b":443"}

PASSWORD = re.compile(b"^([^:@]*:)[^@]*@")


class HasURL(Protocol):
    """What of a request `URLPath.fromRequest` needs."""

    def prePathURL(self) -> bytes:
        """The URL up to what was asked for."""


class Part:
    """A part of a URL, which is quoted as far as it is not when it is set.

    Args:
        allowed: Characters that stay as they are, beside letters and digits.
    """

    def __init__(self, allowed: str) -> None:
        self._allowed = allowed

    def __set_name__(self, owner: type[object], name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, url: URLPath, owner: type[object] | None = None) -> bytes:
        part: bytes = getattr(url, self._name)
        return part

    def __set__(self, url: URLPath, part: bytes | str) -> None:
        setattr(url, self._name, quoted(part, self._allowed))


def quoted(part: bytes | str, allowed: str) -> bytes:
    """Quote what neither is allowed nor a letter or digit; `str` as UTF-8."""
    whole = part.encode("utf-8") if isinstance(part, str) else part
    return quote(whole, safe=allowed).encode("ascii")


class URLPath:
    """A URL: five parts in bytes, quoted as they are sent.

    Args:
        scheme: As in ``http``.
        netloc: Host and port.
        path: The path.
        query: What follows ``?``.
        fragment: What follows ``#``.
    """

    scheme: Part = Part(PATH)
    netloc: Part = Part(PATH + "[]")
    path: Part = Part(PATH)
    query: Part = Part(QUERY)
    fragment: Part = Part(QUERY)

    def __init__(
        self,
        scheme: bytes | str = b"",
        netloc: bytes | str = b"localhost",
        path: bytes | str = b"",
        query: bytes | str = b"",
        fragment: bytes | str = b"",
    ) -> None:
        self.scheme = scheme or b"http"
        self.netloc = netloc
        self.path = path or b"/"
        self.query = query
        self.fragment = fragment

    # Making

    @classmethod
    def fromString(cls: type[U], url: str) -> U:
        """The URL that a text tells.

        Raises:
            ValueError: It is no text, or no URL.
        """
        if not isinstance(url, str):
            raise ValueError("'url' must be a str")
        parts = urlsplit(url)
        host = parts.netloc if parts.netloc.isascii() else _in_ascii(parts.netloc)
        whole = urlunsplit(parts._replace(netloc=host))
        return cls.fromBytes(whole.encode("utf-8"))

    @classmethod
    def fromBytes(cls: type[U], url: bytes) -> U:
        """The URL that bytes tell. A password in it is left out.

        Raises:
            ValueError: They are no bytes, or no URL.
        """
        if not isinstance(url, bytes):
            raise ValueError("'url' must be bytes")
        parts = urlsplit(quoted(url, QUERY + "#[]"))
        netloc = PASSWORD.sub(rb"\1@", parts.netloc)
        made = cls()
        made.scheme = parts.scheme
        made.netloc = netloc.removesuffix(USUAL_PORT.get(parts.scheme, b":"))
        made.path = parts.path or (b"/" if netloc else b"")
        made.query = parts.query
        made.fragment = parts.fragment
        return made

    @classmethod
    def fromRequest(cls: type[U], request: HasURL) -> U:
        """The URL of a request, up to the resource that answers it."""
        return cls.fromBytes(request.prePathURL())

    # Walking

    def pathList(self, unquote: bool = False, copy: bool = True) -> list[bytes]:
        """The segments of the path; the first is empty.

        Args:
            unquote: Whether to undo their quoting.
            copy: Ignored.
        """
        segments = self.path.split(b"/")
        return [unquote_to_bytes(each) for each in segments] if unquote else segments

    def sibling(self: U, path: bytes, keepQuery: bool = False) -> U:
        """The URL of another name in the same folder.

        Args:
            path: The name.
            keepQuery: Whether the query is kept.
        """
        return self._at([*self.pathList()[:-1], quoted(path, SEGMENT)], keepQuery)

    def child(self: U, path: bytes, keepQuery: bool = False) -> U:
        """The URL of a name below this one.

        Args:
            path: The name.
            keepQuery: Whether the query is kept.
        """
        segments = self.pathList()
        if segments[-1] == b"":
            segments.pop()
        return self._at([*segments, quoted(path, SEGMENT)], keepQuery)

    def here(self: U, keepQuery: bool = False) -> U:
        """The URL of the folder that this is in."""
        return self.sibling(b"", keepQuery)

    def parent(self: U, keepQuery: bool = False) -> U:
        """The URL of the folder around the one that this is in."""
        return self._at([*(self.pathList()[:-2] or [b""]), b""], keepQuery)

    def _at(self: U, segments: list[bytes], keepQuery: bool) -> U:
        query = self.query if keepQuery else b""
        made = type(self)(netloc=self.netloc, path=b"/".join(segments), query=query)
        made.scheme = self.scheme
        return made

    def click(self: U, st: bytes) -> U:
        """The URL that a link on this page leads to.

        Args:
            st: The link as the page has it.
        """
        return self.fromBytes(urljoin(bytes(self), quoted(st, QUERY + "#[]")))

    # Texts

    def __bytes__(self) -> bytes:
        return urlunsplit(
            (self.scheme, self.netloc, self.path, self.query, self.fragment)
        )

    def __str__(self) -> str:
        return bytes(self).decode("ascii")

    def __repr__(self) -> str:
        names = ("scheme", "netloc", "path", "query", "fragment")
        parts = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__name__}({parts})"


def _in_ascii(netloc: str) -> str:
    """A host's name in the form that DNS takes (RFC 3490)."""
    return netloc.encode("idna").decode("ascii")
