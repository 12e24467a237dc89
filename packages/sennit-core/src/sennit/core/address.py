"""Addresses: one is made per accepted connection, so they are plain slotted objects.

They cannot be changed (the fields are read-only properties), equal one another only
within their kind, hash, and sort. They are not tuples, which ``"%s" % address`` would
take apart; nor dataclasses, whose frozen kind takes three times as long to make.
"""

from __future__ import annotations

import os
from typing import Literal, TypeAlias

__all__ = [
    "HostnameAddress",
    "IPv4Address",
    "IPv6Address",
    "PipeAddress",
    "ProcessAddress",
    "UNIXAddress",
]

_KINDS = ("TCP", "UDP")

_Field: TypeAlias = str | bytes | int | None


class _Address:
    """Equality, hash, order and text, from the fields in their order."""

    __slots__ = ()

    def _fields(self) -> tuple[_Field, ...]:
        raise NotImplementedError

    def _identity(self) -> object:
        return self._fields()

    def _shown(self) -> str:
        return ", ".join(map(repr, self._fields()))

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __lt__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._fields() < other._fields()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._shown()})"


class IPv4Address(_Address):
    """The address of a TCP or UDP port on IPv4."""

    __slots__ = ("_host", "_port", "_type")

    def __init__(self, type: Literal["TCP", "UDP"], host: str, port: int) -> None:
        """Make an address.

        Args:
            type: The kind of port, ``"TCP"`` or ``"UDP"``.
            host: The address in dotted decimals, or a name not resolved yet.
            port: The number of the port.

        Raises:
            ValueError: When the type is neither.
        """
        if type not in _KINDS:
            raise _wrong_kind(type)
        self._type: Literal["TCP", "UDP"] = type
        self._host = host
        self._port = port

    @property
    def type(self) -> Literal["TCP", "UDP"]:
        """The kind of port: ``"TCP"`` or ``"UDP"``."""
        return self._type

    @property
    def host(self) -> str:
        """The host, in dotted decimals."""
        return self._host

    @property
    def port(self) -> int:
        """The number of the port."""
        return self._port

    def _fields(self) -> tuple[str, str, int]:
        return (self._type, self._host, self._port)

    def _shown(self) -> str:
        return f"{self._type}, {self._host!r}, {self._port}"


class IPv6Address(_Address):
    """The address of a TCP or UDP port on IPv6."""

    __slots__ = ("_flow_info", "_host", "_port", "_scope_id", "_type")

    def __init__(
        self,
        type: Literal["TCP", "UDP"],
        host: str,
        port: int,
        flowInfo: int = 0,
        scopeID: int | str = 0,
    ) -> None:
        """Make an address.

        Args:
            type: The kind of port, ``"TCP"`` or ``"UDP"``.
            host: The address in colon notation, without its zone.
            port: The number of the port.
            flowInfo: The flow label (RFC 6437); 0 for none.
            scopeID: The zone of a link-local address: an interface's index or name.

        Raises:
            ValueError: When the type is neither.
        """
        if type not in _KINDS:
            raise _wrong_kind(type)
        self._type: Literal["TCP", "UDP"] = type
        self._host = host
        self._port = port
        self._flow_info = flowInfo
        self._scope_id = scopeID

    @property
    def type(self) -> Literal["TCP", "UDP"]:
        """The kind of port: ``"TCP"`` or ``"UDP"``."""
        return self._type

    @property
    def host(self) -> str:
        """The host, in colon notation, without its zone."""
        return self._host

    @property
    def port(self) -> int:
        """The number of the port."""
        return self._port

    @property
    def flowInfo(self) -> int:
        """The flow label (RFC 6437); 0 for none."""
        return self._flow_info

    @property
    def scopeID(self) -> int | str:
        """The zone of a link-local address; 0 for none."""
        return self._scope_id

    def _fields(self) -> tuple[str, str, int, int, int | str]:
        return (self._type, self._host, self._port, self._flow_info, self._scope_id)

    def _shown(self) -> str:
        shown = f"{self._type}, {self._host!r}, {self._port}"
        if self._flow_info or self._scope_id:
            shown += f", flowInfo={self._flow_info!r}, scopeID={self._scope_id!r}"
        return shown


class HostnameAddress(_Address):
    """The name of a host and a port on it, before the name is resolved."""

    __slots__ = ("_hostname", "_port")

    def __init__(self, hostname: bytes, port: int) -> None:
        """Make an address.

        Args:
            hostname: The name, as it goes over the wire (IDNA where needed).
            port: The number of the port.
        """
        self._hostname = hostname
        self._port = port

    @property
    def hostname(self) -> bytes:
        """The name of the host, as it goes over the wire."""
        return self._hostname

    @property
    def port(self) -> int:
        """The number of the port."""
        return self._port

    def _fields(self) -> tuple[bytes, int]:
        return (self._hostname, self._port)


class UNIXAddress(_Address):
    """The place of a UNIX socket in the file system.

    Two are equal when they lead to the same file, by whatever links. Names in the
    abstract namespace of Linux begin with a NUL and are just names.
    """

    __slots__ = ("_name",)

    def __init__(self, name: str | bytes | os.PathLike[str] | None) -> None:
        """Make an address.

        Args:
            name: The path; None (or nothing) for a socket that has none, as the
                client's end of most connections.
        """
        self._name = None if name is None else os.fsencode(name)

    @property
    def name(self) -> bytes | None:
        """The path of the socket; None where it has none."""
        return self._name

    def _fields(self) -> tuple[bytes]:
        return (self._name or b"",)

    def _identity(self) -> object:
        return _file(self._name) or self._name

    def _shown(self) -> str:
        return repr(None if self._name is None else os.fsdecode(self._name))


class PipeAddress(_Address):
    """The other side of standard input and output: who that is, nobody knows."""

    __slots__ = ()

    def _fields(self) -> tuple[()]:
        return ()


class ProcessAddress(_Address):
    """A child process."""

    __slots__ = ("_executable",)

    def __init__(
        self, executable: str | bytes | os.PathLike[str] | os.PathLike[bytes]
    ) -> None:
        """Make an address.

        Args:
            executable: The program's file.
        """
        self._executable = os.fsdecode(executable)

    @property
    def executable(self) -> str:
        """The program's file."""
        return self._executable

    def _fields(self) -> tuple[str]:
        return (self._executable,)


def _wrong_kind(kind: object) -> ValueError:
    return ValueError(f"the type of an address is 'TCP' or 'UDP', not {kind!r}")


def _file(name: bytes | None) -> tuple[int, int] | None:
    """Give the device and inode of a file; None where there is no such file."""
    if not name or name.startswith(b"\0"):
        return None
    try:
        found = os.stat(name)
    except OSError:
        return None
    return (found.st_dev, found.st_ino)
