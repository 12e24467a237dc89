"""Whose a connection is, as Linux tells in ``/proc/net/tcp``."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable, Iterator
from typing import Any

from sennit.core.threads import deferToThread
from sennit.protocols.ident._errors import NoUser
from sennit.protocols.ident._server import IdentServer

__all__ = ["ProcIdentServer", "ProcServerMixin"]

_Address = tuple[str, int]


class ProcServerMixin:
    """Looks up connections of IPv4 in the system's table.

    Attributes:
        SYSTEM_NAME: What the answers tell of the system.
    """

    SYSTEM_NAME: str = "LINUX"

    def entries(self) -> Iterable[str]:
        """Give the lines of the table, without the first."""
        with open("/proc/net/tcp") as table:
            next(table)
            yield from (line.strip() for line in table)

    def getUsername(self, uid: int) -> str:
        """Give the name of a user."""
        # Not on every platform.
        import pwd

        return pwd.getpwuid(uid).pw_name

    def dottedQuadFromHexString(self, hexstr: str) -> str:
        """Read an IPv4 address as the table has it: ``0100007F`` is 127.0.0.1."""
        return socket.inet_ntoa(struct.pack("=I", int(hexstr, 16)))

    def unpackAddress(self, packed: str) -> _Address:
        """Read an address and a port as the table has them: ``0100007F:0277``."""
        host, port = packed.split(":")
        return self.dottedQuadFromHexString(host), int(port, 16)

    def parseLine(self, line: str) -> tuple[_Address, _Address, int]:
        """Read a line: the local address, the other one, and the user's number."""
        fields = line.split()
        local, remote = map(self.unpackAddress, fields[1:3])
        return local, remote, int(fields[7])

    def lookup(
        self, serverAddress: _Address, clientAddress: _Address
    ) -> tuple[str, str]:
        """Tell whose a connection is; may take a while, where users are far away.

        Raises:
            NoUser: There is no such connection.
        """
        for uid in self._users_of(serverAddress, clientAddress):
            return self.SYSTEM_NAME, self.getUsername(uid)
        raise NoUser

    def _users_of(self, ours: _Address, theirs: _Address) -> Iterator[int]:
        for line in self.entries():
            local, remote, uid = self.parseLine(line)
            if (local, remote) == (ours, theirs):
                yield uid


class ProcIdentServer(ProcServerMixin, IdentServer):
    """Answers from the system's table, which it reads in a thread."""

    def lookup(self, serverAddress: _Address, clientAddress: _Address) -> Any:
        """Give a Deferred of whose a connection is."""
        return deferToThread(super().lookup, serverAddress, clientAddress)
