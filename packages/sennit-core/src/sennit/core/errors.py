"""Every exception of the engine, by the name the field knows it under.

Each also is the builtin a user would catch: whatever a socket can do wrong is an
``OSError`` (`ConnectError`, `ConnectionClosed`), misuse is a ``RuntimeError`` or a
``ValueError``, and both time-outs are the builtin ``TimeoutError``. Errors of the
operating system become ours at one border: `getConnectError`.
"""

from __future__ import annotations

import asyncio
import builtins
import errno
import socket
import ssl
from typing import ClassVar

__all__ = [
    "AlreadyCalled",
    "AlreadyCancelled",
    "AlreadyListened",
    "BadFileError",
    "BindError",
    "CONNECTION_DONE",
    "CONNECTION_LOST",
    "CannotListenError",
    "CertificateError",
    "ConnectBindError",
    "ConnectError",
    "ConnectInProgressError",
    "ConnectingCancelledError",
    "ConnectionAborted",
    "ConnectionClosed",
    "ConnectionDone",
    "ConnectionFdescWentAway",
    "ConnectionLost",
    "ConnectionRefusedError",
    "ConnectionTruncated",
    "DNSLookupError",
    "DNSTimeoutError",
    "EndpointPluginError",
    "EndpointStringError",
    "FileDescriptorOverrun",
    "FileDescriptorsTruncated",
    "InvalidAddressError",
    "MessageLengthError",
    "MulticastJoinError",
    "NoProtocol",
    "NoRouteError",
    "NotConnectingError",
    "NotListeningError",
    "PeerVerifyError",
    "ProcessDone",
    "ProcessExitedAlready",
    "ProcessTerminated",
    "ReactorAlreadyInstalledError",
    "ReactorAlreadyRunning",
    "ReactorNotRestartable",
    "ReactorNotRunning",
    "SSLError",
    "ServiceNameUnknownError",
    "TCPTimedOutError",
    "TimeoutError",
    "UnknownHostError",
    "UnsupportedAddressFamily",
    "UnsupportedSocketType",
    "UserError",
    "VerifyError",
    "getConnectError",
]


class _ToldError(Exception):
    """An error whose text is a fixed sentence, then what it was raised with."""

    sentence: ClassVar[str] = ""

    def __str__(self) -> str:
        told = " ".join(map(str, self.args))
        return f"{self.sentence}: {told}." if told else f"{self.sentence}."


# Binding and listening


class BindError(_ToldError, OSError):
    """A socket could not be bound to its local address."""

    sentence = "An error occurred binding to an interface"


class CannotListenError(BindError):
    """A port could not be opened: it is in use, forbidden, or not of this host.

    Attributes:
        interface: The local address that was asked for; empty for all.
        port: The port number, or the path of a UNIX socket.
        socketError: What the operating system said.
    """

    def __init__(
        self, interface: str, port: int | str | None, socketError: OSError
    ) -> None:
        """Name the place, and what the system said of it."""
        super().__init__(interface, port, socketError)
        self.interface = interface
        self.port = port
        self.socketError = socketError
        self.errno: int | None = socketError.errno

    def __str__(self) -> str:
        where = self.interface or "any"
        return f"Couldn't listen on {where}:{self.port}: {self.socketError}."


class AlreadyListened(RuntimeError):
    """A port that listens was asked to listen again."""


class MulticastJoinError(OSError):
    """A multicast group could not be joined or left."""


class MessageLengthError(_ToldError, OSError):
    """A datagram is longer than the network takes (``EMSGSIZE``)."""

    sentence = "Message is too long to send"


class NotListeningError(_ToldError, RuntimeError):
    """A port that does not listen was asked to stop."""

    sentence = "The Port was not listening when it was asked to stop listening"


# Connecting


class ConnectError(ConnectionError):
    """A connection could not be made.

    Attributes:
        osError: The errno, the error or the text that says why; None if unknown.
    """

    sentence: ClassVar[str] = "An error occurred while connecting"

    def __init__(self, osError: object = None, string: object = "") -> None:
        """Tell why: an errno and its text, or either alone."""
        super().__init__(string)
        self.osError = osError
        self.errno: int | None = osError if isinstance(osError, int) else None
        self.strerror: str = str(string)

    def __str__(self) -> str:
        told = (self.sentence, self.osError, self.strerror)
        return ": ".join(str(each) for each in told if each not in (None, "")) + "."


class ConnectBindError(ConnectError):
    """The local address asked for in connecting could not be bound."""

    sentence = "Couldn't bind"


class UnknownHostError(ConnectError):
    """The name of the other side leads to no address."""

    sentence = "Hostname couldn't be looked up"


class NoRouteError(ConnectError):
    """No way leads to the other side (``ENETUNREACH``)."""

    sentence = "No route to host"


class ConnectionRefusedError(ConnectError, builtins.ConnectionRefusedError):
    """Nobody listens at the other side (``ECONNREFUSED``)."""

    sentence = "Connection was refused by other side"


class TCPTimedOutError(ConnectError, builtins.TimeoutError):
    """The operating system gave the connection up (``ETIMEDOUT``)."""

    sentence = "TCP connection timed out"


class BadFileError(ConnectError):
    """The file given as a UNIX socket is none."""

    sentence = "File used for UNIX socket is no good"


class ServiceNameUnknownError(ConnectError):
    """A port was given by name, and no service has that name."""

    sentence = "Service name given as port is unknown"


class UserError(ConnectError):
    """The user's program gave the connection up before it was made."""

    sentence = "User aborted connection"


class TimeoutError(UserError, builtins.TimeoutError):
    """The time the user allowed for connecting, or for a Deferred, is over."""

    sentence = "User timeout caused connection failure"


class SSLError(ConnectError, ssl.SSLError):
    """TLS could not be set up, or what came is no TLS."""

    sentence = "An SSL error occurred"


class VerifyError(SSLError, ssl.SSLCertVerificationError):
    """The other side's certificate is not good: expired, untrusted, another's.

    Attributes:
        verify_code: OpenSSL's number of what is wrong; 0 if unknown.
        verify_message: The same in words.
    """

    sentence = "The certificate of the other side is not good"

    def __init__(self, verify_code: int = 0, verify_message: str = "") -> None:
        """Take number and words."""
        super().__init__(None, verify_message)
        self.verify_code = verify_code
        self.verify_message = verify_message


class PeerVerifyError(VerifyError):
    """The other side refused our certificate, or misses one."""

    sentence = "The other side does not accept our certificate"


class CertificateError(ValueError):
    """A certificate or key cannot be used: unreadable, or not of each other."""


class DNSLookupError(_ToldError, OSError):
    """A name could not be resolved."""

    sentence = "DNS lookup failed"


class DNSTimeoutError(DNSLookupError, builtins.TimeoutError):
    """Nobody has said in time where a name leads."""


class ConnectInProgressError(RuntimeError):
    """A connection was asked for while it was being made."""


class NotConnectingError(_ToldError, RuntimeError):
    """A connector that is not connecting was asked to stop connecting."""

    sentence = "The Connector was not connecting when it was asked to stop connecting"


class ConnectingCancelledError(ConnectionError, asyncio.CancelledError):
    """The Deferred of an endpoint's ``connect`` was cancelled in time.

    It is asyncio's cancellation, too, so that a cancelled Task ends as it should.

    Attributes:
        address: Where the connection would have led.
    """

    def __init__(self, address: object) -> None:
        """Name where the connection would have led."""
        super().__init__(address)
        self.address = address


class NoProtocol(ConnectionError):
    """The factory built no protocol for a connection that was made."""


class InvalidAddressError(ValueError):
    """An address is of the wrong kind for what was asked.

    Attributes:
        address: The address that was given.
        message: What is wrong with it.
    """

    def __init__(self, address: str, message: str) -> None:
        """Name the address, and what is wrong with it."""
        super().__init__(address, message)
        self.address = address
        self.message = message


class UnsupportedAddressFamily(ValueError):
    """A socket of this address family cannot be adopted."""


class UnsupportedSocketType(ValueError):
    """A socket of this type (stream, datagram) cannot be adopted."""


class EndpointStringError(ValueError, TypeError):
    """The description of an endpoint cannot be understood.

    It is a ``TypeError``, too, as that of any call with arguments which do not fit.

    Attributes:
        description: The whole text.
        position: Where the part at fault begins in it, counted from 0.
        message: What is wrong there, and what is expected.
    """

    def __init__(self, description: str, position: int, message: str) -> None:
        """Name the text, the place and the fault."""
        super().__init__(description, position, message)
        self.description = description
        self.position = position
        self.message = message

    def __str__(self) -> str:
        place = f"character {self.position + 1} of {self.description!r}"
        return f"{self.message} (at {place})"


class EndpointPluginError(ImportError):
    """A kind of endpoint that a distribution adds cannot be used."""


# Losing a connection


class ConnectionClosed(ConnectionError):
    """A connection is over, in one of the ways below."""


class ConnectionDone(_ToldError, ConnectionClosed):
    """Both sides are through: the connection ended as it should."""

    sentence = "Connection was closed cleanly"


class ConnectionLost(_ToldError, ConnectionClosed):
    """The connection ended by an error: a reset, a time-out, a broken wire."""

    sentence = "Connection to the other side was lost in a non-clean fashion"


class ConnectionAborted(ConnectionLost, builtins.ConnectionAbortedError):
    """We ended the connection at once, by ``abortConnection``."""

    sentence = "Connection was aborted locally using ITCPTransport.abortConnection"


class ConnectionTruncated(ConnectionLost):
    """A TLS connection ended without the other side's word (close_notify) that it does.

    Somebody between may have cut it: what came may not be all (RFC 8446 §6.1).
    """

    sentence = "Connection was closed without notice: data may be missing"


class ConnectionFdescWentAway(ConnectionLost):
    """The connection's descriptor was closed behind the reactor's back."""

    sentence = "The descriptor of the connection went away"


class FileDescriptorOverrun(ConnectionLost):
    """More descriptors were sent than bytes to carry them (``SCM_RIGHTS``)."""

    sentence = "More descriptors than bytes were sent over a UNIX connection"


class FileDescriptorsTruncated(FileDescriptorOverrun):
    """Descriptors that were sent to us did not fit into this process (``MSG_CTRUNC``)."""

    sentence = "More descriptors than this process can take came over a UNIX connection"


# What a reader or writer returns to the reactor to say that it is through: shared,
# because they are values to compare with and are never raised.
CONNECTION_DONE = ConnectionDone("Connection done")
CONNECTION_LOST = ConnectionLost("Connection lost")


# Timers, processes, reactors


class AlreadyCalled(_ToldError, ValueError):
    """A delayed call, or a Deferred's source, has had its turn."""

    sentence = "Tried to cancel an already-called event"


class AlreadyCancelled(_ToldError, ValueError):
    """A delayed call was cancelled before."""

    sentence = "Tried to cancel an already-cancelled event"


class ProcessDone(ConnectionDone):
    """A child process ended with exit code 0.

    Attributes:
        exitCode: 0.
        signal: None.
        status: The status word as ``os.waitpid`` gave it.
    """

    sentence = "A process has ended without apparent errors"

    def __init__(self, status: int | None) -> None:
        """Take the status word of the process."""
        super().__init__("process finished with exit code 0")
        self.exitCode = 0
        self.signal: None = None
        self.status = status


class ProcessTerminated(ConnectionLost):
    """A child process ended by a signal or with another exit code than 0.

    Attributes:
        exitCode: The exit code; None where a signal ended it.
        signal: The number of the signal; None where it ended by itself.
        status: The status word as ``os.waitpid`` gave it.
    """

    sentence = "A process has ended with a probable error condition"

    def __init__(
        self,
        exitCode: int | None = None,
        signal: int | None = None,
        status: int | None = None,
    ) -> None:
        """Take the exit code or the signal, and the status word."""
        how = "process ended"
        if exitCode is not None:
            how += f" with exit code {exitCode}"
        if signal is not None:
            how += f" by signal {signal}"
        super().__init__(how)
        self.exitCode = exitCode
        self.signal = signal
        self.status = status


class ProcessExitedAlready(ProcessLookupError):
    """A signal was sent to a child process that is no more."""


class ReactorNotRunning(RuntimeError):
    """A reactor that does not run was asked to stop."""


class ReactorNotRestartable(RuntimeError):
    """A reactor that was closed for good was asked to run."""


class ReactorAlreadyRunning(RuntimeError):
    """A reactor that runs was asked to run."""


class ReactorAlreadyInstalledError(AssertionError):
    """A second reactor was to become the global one."""


_BY_ERRNO: dict[object, type[ConnectError]] = {
    errno.ENETUNREACH: NoRouteError,
    errno.EHOSTUNREACH: NoRouteError,
    errno.ECONNREFUSED: ConnectionRefusedError,
    errno.ETIMEDOUT: TCPTimedOutError,
}


def getConnectError(e: BaseException | tuple[object, ...]) -> Exception:
    """Translate what went wrong in connecting into a named error.

    Args:
        e: An exception, or the arguments of one: ``(errno, text)``.

    Returns:
        The `ConnectError` of that errno, a plain one where there is none; an error
        that has a name of ours already stays what it is.
    """
    if isinstance(e, ConnectError | DNSLookupError | NoProtocol):
        return e
    args = e if isinstance(e, tuple) else e.args
    if len(args) != 2:
        return ConnectError(string=e)
    number, text = args
    if isinstance(e, socket.gaierror):
        return UnknownHostError(number, str(text))
    return _BY_ERRNO.get(number, ConnectError)(number, str(text))
