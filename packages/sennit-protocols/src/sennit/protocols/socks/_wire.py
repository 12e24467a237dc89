"""What SOCKS clients say, taken apart; versions 4, 4a and 5 (RFC 1928, RFC 1929).

Each ``read…`` takes what has come so far, and returns a message with its length in
bytes; None while there is more to come of it. Every message has a longest form, so that
nothing has to be kept beyond it.
"""

from __future__ import annotations

import socket
import struct
from typing import Final, NamedTuple

__all__ = [
    "CONNECT",
    "BIND",
    "Login",
    "Request",
    "SOCKSError",
    "readLogin",
    "readMethods",
    "readRequest4",
    "readRequest5",
]

CONNECT: Final = 1
BIND: Final = 2

# Of a user's name, and of a host's: in version 5 their lengths are told in a byte.
_LONGEST: Final = 255
_IPV4, _NAME, _IPV6 = 1, 3, 4


class SOCKSError(ValueError):
    """A client breaks the rules of SOCKS.

    Attributes:
        reply: The code by which version 5 tells it; None where nothing is told.
    """

    def __init__(self, message: str, reply: int | None = None) -> None:
        """Say what is wrong."""
        super().__init__(message)
        self.reply = reply


class Request(NamedTuple):
    """A client's request.

    Attributes:
        code: `CONNECT` or `BIND`, or what nobody knows.
        host: An IP address, or a name.
        port: The number of the port.
        user: Who asks, as the client says; empty in version 5.
        isName: Whether the host is a name.
    """

    code: int
    host: str
    port: int
    user: bytes = b""
    isName: bool = False


class Login(NamedTuple):
    """A client's name and password, in bytes as they came."""

    user: bytes
    password: bytes


def readRequest4(data: bytes) -> tuple[Request, int] | None:
    """Read a request of version 4: fixed fields, a user, and in 4a a host's name."""
    if data[:1] not in (b"", b"\4"):
        raise SOCKSError(f"version 4 is spoken here, not {data[0]}")
    if len(data) < 8:
        return None
    code, port, address = struct.unpack_from("!xBH4s", data)
    found = _text(data, 8)
    if found is None:
        return None
    user, at = found
    # In 4a an address that cannot be, 0.0.0.x, says that a name follows.
    if address[:3] != bytes(3) or address == bytes(4):
        return Request(code, socket.inet_ntoa(address), port, user), at
    found = _text(data, at)
    if found is None:
        return None
    name, at = found
    return Request(code, _name(name), port, user, True), at


def _text(data: bytes, at: int) -> tuple[bytes, int] | None:
    """Read a text that a NUL ends, and tell where the next begins."""
    end = data.find(b"\0", at, at + _LONGEST + 1)
    if end >= 0:
        return data[at:end], end + 1
    if len(data) > at + _LONGEST:
        raise SOCKSError(f"a text of more than {_LONGEST} bytes")
    return None


def _name(name: bytes) -> str:
    try:
        return name.decode("ascii")
    except UnicodeDecodeError:
        raise SOCKSError(f"{name!r} is no host's name", 1) from None


def readMethods(data: bytes) -> tuple[bytes, int] | None:
    """Read the ways to log in that a client of version 5 knows, one a byte."""
    _version(data, 5)
    if len(data) < 2 or len(data) < 2 + data[1]:
        return None
    end = 2 + data[1]
    return data[2:end], end


def readLogin(data: bytes) -> tuple[Login, int] | None:
    """Read a client's name and password (RFC 1929)."""
    _version(data, 1)
    if len(data) < 2:
        return None
    middle = 2 + data[1]
    if len(data) <= middle:
        return None
    end = middle + 1 + data[middle]
    if len(data) < end:
        return None
    return Login(data[2:middle], data[middle + 1 : end]), end


def readRequest5(data: bytes) -> tuple[Request, int] | None:
    """Read a request of version 5 (RFC 1928, section 4)."""
    _version(data, 5)
    if len(data) < 5:
        return None
    code, kind = data[1], data[3]
    begin = 4
    if kind == _NAME:
        begin, size = 5, data[4]
    elif kind in (_IPV4, _IPV6):
        size = 4 if kind == _IPV4 else 16
    else:
        raise SOCKSError(f"there is no kind {kind} of address", 8)
    end = begin + size + 2
    if len(data) < end:
        return None
    address, (port,) = data[begin : end - 2], struct.unpack_from("!H", data, end - 2)
    if kind == _NAME:
        return Request(code, _name(address), port, isName=True), end
    family = socket.AF_INET if kind == _IPV4 else socket.AF_INET6
    return Request(code, socket.inet_ntop(family, address), port), end


def _version(data: bytes, version: int) -> None:
    if data and data[0] != version:
        raise SOCKSError(f"a message begins with {version}, not with {data[0]}")
