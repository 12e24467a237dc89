"""Stream transports: how a protocol reaches the other side of its connection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sennit.core.contracts._addresses import IAddress
    from sennit.core.failure import Failure

__all__ = [
    "IHalfCloseableDescriptor",
    "INegotiated",
    "IProcessTransport",
    "ISSLTransport",
    "ISystemHandle",
    "ITCPTransport",
    "ITLSTransport",
    "ITransport",
    "IUNIXTransport",
]


class ITransport(Protocol):
    """A stream of bytes to the other side, and the way to end it."""

    def write(self, data: bytes) -> None:
        """Send bytes, in the order written; what cannot go at once is kept.

        After the connection has ended, or `loseConnection` was called, it is dropped.

        Raises:
            TypeError: When it is not bytes; text must be encoded first.
        """

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Send several pieces, as if they had been joined.

        Raises:
            TypeError: When one of them is not bytes.
        """

    def loseConnection(self) -> None:
        """Close the connection when everything written so far has been sent.

        A registered producer is waited for as well. The protocol is told by
        ``connectionLost`` with ``ConnectionDone``, never before this returns.
        """

    def getPeer(self) -> IAddress:
        """Tell the address of the other side."""
        ...

    def getHost(self) -> IAddress:
        """Tell the address of this side."""
        ...


class ITCPTransport(ITransport, Protocol):
    """A TCP connection: its two directions close apart, and it has options."""

    def loseWriteConnection(self) -> None:
        """Close our direction when everything written has been sent; go on receiving.

        A protocol that provides `IHalfCloseableProtocol` is told when it is done.
        """

    def abortConnection(self) -> None:
        """Close the connection now, and drop what was not sent.

        The protocol is told by ``connectionLost`` with ``ConnectionAborted``, never
        before this returns.
        """

    def getTcpNoDelay(self) -> bool:
        """Tell whether ``TCP_NODELAY`` is set: whether small writes go out at once."""
        ...

    def setTcpNoDelay(self, enabled: bool) -> None:
        """Set or clear ``TCP_NODELAY`` (Nagle's algorithm is on while it is clear)."""

    def getTcpKeepAlive(self) -> bool:
        """Tell whether ``SO_KEEPALIVE`` is set: whether an idle peer is probed."""
        ...

    def setTcpKeepAlive(self, enabled: bool) -> None:
        """Set or clear ``SO_KEEPALIVE``."""


class IUNIXTransport(ITransport, Protocol):
    """A connection between processes of one host, which can carry descriptors."""

    def sendFileDescriptor(self, descriptor: int) -> None:
        """Send a duplicate of an open descriptor, along with the next byte written.

        Each descriptor needs a byte of its own, written in the same turn of the reactor:
        otherwise the connection is lost with ``FileDescriptorOverrun``.

        Args:
            descriptor: Its number; it may be closed when this returns.

        Raises:
            OSError: When it is not open.
        """


class ITLSTransport(ITCPTransport, Protocol):
    """A connection that can go over to TLS."""

    def startTLS(self, contextFactory: Any, normal: bool = True) -> None:
        """Go over to TLS when everything written so far has been sent.

        What is written from now on is sent when the handshake is done. A protocol that
        provides `IHandshakeListener` is told then; one whose handshake fails loses the
        connection with an ``SSLError``.

        Args:
            contextFactory: ``clientOptions(…)`` or ``serverOptions(…)`` of
                `sennit.core.tls`, or an ``ssl.SSLContext``.
            normal: Whether who has connected is the client in TLS, too.

        Raises:
            TypeError: When it is none of these, or for the other side.
        """


class ISSLTransport(ITCPTransport, Protocol):
    """A connection over TLS."""

    def getPeerCertificate(self) -> Any:
        """Tell the certificate of the other side; None if it has shown none.

        Returns:
            A `sennit.core.tls.Certificate`.
        """


class INegotiated(ISSLTransport, Protocol):
    """A connection over TLS on which the protocol was agreed (ALPN, RFC 7301)."""

    @property
    def negotiatedProtocol(self) -> bytes | None:
        """The protocol that was agreed on; None when none was, or not yet."""
        ...


class IProcessTransport(ITransport, Protocol):
    """A child process: what is written goes to its standard input."""

    @property
    def pid(self) -> int | None:
        """The process's number; None when it has ended and was waited for."""
        ...

    def closeStdin(self) -> None:
        """Close the child's standard input when everything written has been sent."""

    def closeStdout(self) -> None:
        """Close our end of the child's standard output."""

    def closeStderr(self) -> None:
        """Close our end of the child's standard error."""

    def closeChildFD(self, descriptor: int) -> None:
        """Close our end of one of the child's descriptors, when all is written.

        Args:
            descriptor: The child's number of it.
        """

    def writeToChild(self, childFD: int, data: bytes) -> None:
        """Send bytes into one of the child's descriptors.

        Raises:
            KeyError: When the child has no such descriptor to be written to.
        """

    def loseConnection(self) -> None:
        """Close standard input, output and error; the child may go on."""

    def signalProcess(self, signalID: str | int) -> None:
        """Send the child a signal.

        Args:
            signalID: Its number, or its name: ``"KILL"``, ``"TERM"``, ``"INT"``, …

        Raises:
            sennit.core.errors.ProcessExitedAlready: When there is no child any more.
            ValueError: When there is no signal of that name.
        """


class IHalfCloseableDescriptor(Protocol):
    """A descriptor for the reactor whose directions close apart."""

    def writeConnectionLost(self, reason: Failure) -> None:
        """Take note that nothing can be written any more."""

    def readConnectionLost(self, reason: Failure) -> None:
        """Take note that nothing will be read any more."""


class ISystemHandle(Protocol):
    """What stands for an object of the operating system."""

    def getHandle(self) -> Any:
        """Give that object: for a connection or a port, its socket."""
