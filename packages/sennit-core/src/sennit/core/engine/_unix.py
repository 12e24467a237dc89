"""UNIX sockets that listen."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from sennit.core.address import UNIXAddress
from sennit.core.engine._bindables import PathBindable
from sennit.core.engine._binding import Binding
from sennit.core.engine._listen import Port

if TYPE_CHECKING:
    from sennit.core.contracts import IProtocolFactory

__all__ = ["UNIXPort"]


class UNIXPort(Port):
    """A UNIX stream socket that listens.

    Attributes:
        path: The file, or an abstract name that starts with a zero byte.
        mode: The file's permission bits, set before anybody can connect.
        wantPID: Whether to hold the lock ``PATH.lock``.
        expected: Empty: the sockets of clients mostly have no name.
    """

    expected: Any = ""

    def __init__(
        self,
        binding: Binding,
        path: str,
        factory: IProtocolFactory,
        backlog: int = 50,
        mode: int = 0o666,
        wantPID: bool = False,
    ) -> None:
        super().__init__(binding, factory, backlog)
        self.path = path
        self.mode = mode
        self.wantPID = wantPID
        self._bindable = PathBindable(path, mode, wantPID)

    def bind(self) -> socket.socket:
        """Bind to the path."""
        return self.binding.bind(self._bindable)

    def unbind(self) -> None:
        """Remove the file, if we have made it, and the lock."""
        self._bindable.unbind()

    def describe(self) -> str:
        """``UNIX Port /run/s``."""
        return f"UNIX Port {self.place()}"

    def place(self) -> str:
        """The path."""
        return self.path

    def getHost(self) -> UNIXAddress:
        """The path it listens on."""
        host = super().getHost()
        assert isinstance(host, UNIXAddress)
        return host
