"""UNIX datagrams: whole messages between programs of one host, in order, none lost.

A receiver that does not read in time makes its senders wait: what they write then is
kept and sent when there is room, as `_outbox` tells.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from typing import Any

from sennit.core.address import UNIXAddress
from sennit.core.engine._bindables import isAbstract, nobodyListens, removeFile
from sennit.core.engine._binding import Binding
from sennit.core.engine._datagrams._outbox import Outbox, PatientOutbox
from sennit.core.engine._datagrams._port import REFUSED, DatagramPort
from sennit.core.errors import (
    AlreadyListened,
    CannotListenError,
    ConnectError,
    MessageLengthError,
    getConnectError,
)
from sennit.core.failure import Failure
from sennit.core.protocol import (
    AbstractDatagramProtocol,
    ConnectedDatagramProtocol,
)

__all__ = ["ConnectedUNIXDatagramPort", "UNIXDatagramPort"]

# How the system says that a peer is gone: it tells so once, and forgets the peer then.
_GONE = (*REFUSED, errno.ENOTCONN)


class _UNIXDatagrams(DatagramPort):
    """What both kinds have in common: a path, or none.

    Attributes:
        path: The file, or an abstract name that starts with a zero byte; empty for
            none.
        mode: The file's permission bits, set before anybody can send.
    """

    kind = "UNIX datagram"

    def __init__(
        self,
        binding: Binding,
        path: str,
        protocol: AbstractDatagramProtocol,
        maxPacketSize: int = 65536,
        mode: int = 0o666,
    ) -> None:
        super().__init__(binding, protocol, maxPacketSize)
        self.path = path
        self.mode = mode
        self._file: os.stat_result | None = None

    def makeSocket(self) -> socket.socket:
        """Make the socket, bound if it has a path.

        What a dead program left there is removed first.

        Raises:
            CannotListenError: The path is in use or cannot be made.
        """
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        sock.setblocking(False)
        try:
            if isAbstract(self.path):
                sock.bind(self.path)
            elif self.path:
                self._bind_file(sock)
        except OSError as error:
            self.unbind()
            sock.close()
            raise CannotListenError("", self.path, error) from error
        return sock

    def _bind_file(self, sock: socket.socket) -> None:
        if nobodyListens(self.path, socket.SOCK_DGRAM):
            os.unlink(self.path)
        # Whoever may write to the file can send from the moment it is there.
        if sys.platform == "linux":
            # The file gets the socket's own permissions, less the umask's.
            os.fchmod(sock.fileno(), self.mode)
            sock.bind(self.path)
        else:
            # All threads have the umask in common; there is no other way.
            before = os.umask(~self.mode & 0o777)
            try:
                sock.bind(self.path)
            finally:
                os.umask(before)
        self._file = os.lstat(self.path)
        os.chmod(self.path, self.mode)

    def unbind(self) -> None:
        """Remove the file, if it is still ours."""
        if self._file is not None:
            removeFile(self.path, self._file)
            self._file = None

    def place(self) -> object:
        """The path."""
        return self.path

    def getHost(self) -> UNIXAddress:
        """The path it is bound to."""
        host = super().getHost()
        assert isinstance(host, UNIXAddress)
        return host


class UNIXDatagramPort(_UNIXDatagrams):
    """A UNIX datagram socket, as the transport of a datagram protocol."""

    _outbox: PatientOutbox

    def makeOutbox(self, sock: socket.socket) -> PatientOutbox:
        """An outbox with a line for each receiver."""
        return PatientOutbox(sock, self._not_sent_later)

    def write(self, packet: bytes, addr: str | bytes) -> None:
        """Send a datagram to the socket at a path.

        Args:
            packet: All of it; Linux takes some 200,000 bytes.
            addr: The path.

        Raises:
            ConnectError: Nobody listens there, or we may not send to it.
            MessageLengthError: It is longer than the system takes.
            TypeError: It is no bytes.
        """
        sock = self._socket
        if sock is None:
            return
        if addr in self._outbox.waiting:
            self._outbox.put(packet, addr)
            return
        try:
            sock.sendto(packet, addr)
        except BlockingIOError:
            self._outbox.put(packet, addr)
        except OSError as error:
            raise _explained(error) from error


class ConnectedUNIXDatagramPort(_UNIXDatagrams):
    """A UNIX datagram socket with one peer, as the transport of a protocol.

    Attributes:
        address: The peer's path.
    """

    _outbox: Outbox

    def __init__(
        self,
        binding: Binding,
        address: str,
        protocol: ConnectedDatagramProtocol,
        maxPacketSize: int = 65536,
        mode: int = 0o666,
        bindAddress: str = "",
    ) -> None:
        super().__init__(binding, bindAddress, protocol, maxPacketSize, mode)
        self.address = address
        self._peer = address

    def startListening(self) -> None:
        """Bind and connect, and let the protocol begin; or tell it, later, why not.

        Raises:
            AlreadyListened: It listens.
        """
        if self.connected:
            raise AlreadyListened(f"{self!r} listens already")
        try:
            sock = self.makeSocket()
        except (CannotListenError, ConnectError) as error:
            self._fail_soon(Failure(error))
        else:
            self._begin(sock)

    def makeSocket(self) -> socket.socket:
        """Make the socket, bound if it has a path, and connected.

        Raises:
            CannotListenError: Our own path is in use or cannot be made.
            ConnectError: Nobody is at the peer's path, or we may not send to it.
        """
        sock = super().makeSocket()
        try:
            sock.connect(self.address)
        except OSError as error:
            self.unbind()
            sock.close()
            raise _explained(error) from error
        return sock

    def _fail_soon(self, failure: Failure) -> None:
        told = getattr(self.protocol, "connectionFailed", None)
        self.binding.whenBound(lambda loop: loop.call_soon(self._tell, told, failure))

    def makeOutbox(self, sock: socket.socket) -> Outbox:
        """An outbox: such a socket tells when its peer has room."""
        return Outbox(sock, self._not_sent_later)

    def receiver(self) -> Any:
        """Something that leaves the address away."""
        return _OneSided(self._protocol)

    def write(self, packet: bytes) -> None:
        """Send a datagram to the peer.

        A peer that is gone is told by the protocol's ``connectionRefused``; one that
        has come back to the same path is connected to again.

        Args:
            packet: All of it; Linux takes some 200,000 bytes.

        Raises:
            MessageLengthError: It is longer than the system takes.
            TypeError: It is no bytes.
        """
        sock = self._socket
        if sock is None:
            return
        if self._outbox.waiting:
            self._outbox.put(packet, None)
            return
        try:
            sock.send(packet)
        except BlockingIOError:
            self._outbox.put(packet, None)
        except OSError as error:
            if error.errno == errno.ENOTCONN and self._connected_again(sock):
                self.write(packet)
            elif error.errno in _GONE:
                self._refused()
            else:
                raise _explained(error) from error

    def _connected_again(self, sock: socket.socket) -> bool:
        try:
            sock.connect(self.address)
        except OSError:
            return False
        return True

    def _not_sent_later(self, error: OSError) -> None:
        if error.errno in _GONE:
            self._refused()
        else:
            super()._not_sent_later(error)

    def getPeer(self) -> UNIXAddress:
        """The peer's path."""
        return UNIXAddress(self.address)


class _OneSided:
    """Tells a protocol that has one peer of datagrams, and not who sent them."""

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol

    def datagramReceived(self, datagram: bytes, addr: object) -> None:
        self._protocol.datagramReceived(datagram)


def _explained(error: OSError) -> Exception:
    if error.errno == errno.EMSGSIZE:
        return MessageLengthError(*error.args)
    return getConnectError((error.errno, error.strerror))
