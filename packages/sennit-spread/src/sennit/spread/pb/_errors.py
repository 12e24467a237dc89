"""What can go wrong between two brokers, and what each error does to the connection.

An error of a remote method goes to whoever has called, and to nobody else. What breaks
the protocol's rules, or a limit, ends the connection.
"""

from __future__ import annotations

from collections.abc import Sequence

from sennit.core.failure import Failure

__all__ = [
    "BrokerLimitExceeded",
    "DeadReferenceError",
    "Error",
    "NoSuchMethod",
    "NotSerializable",
    "PBConnectionLost",
    "PeerTimeout",
    "ProtocolError",
    "RemoteError",
    "RemoteTraceback",
    "TooManyCalls",
    "TooManyReferences",
]


class ProtocolError(Exception):
    """What came is nothing that a broker says; the connection ends."""


class DeadReferenceError(ProtocolError):
    """A method of a reference was called whose connection is over."""


class PBConnectionLost(ConnectionError):
    """The connection ended before the answer came.

    Its argument is the Failure that tells why, its text that of the reason.
    """

    def __str__(self) -> str:
        reason = self.args[0] if self.args else ""
        if isinstance(reason, Failure):
            return reason.getErrorMessage()
        return str(reason)


class PeerTimeout(ProtocolError, TimeoutError):
    """The other side did not begin, log in, or take what it had asked for, in time.

    The connection ends; its text says what there was not.
    """


class Error(Exception):
    """An error that a remote method is meant to end with: subclass it.

    It goes to the caller by its class's name, with its text. Any other error does so
    too, but is logged here, as a mistake of the method.
    """


class NoSuchMethod(AttributeError):
    """The object has no remote method of this name."""


class NotSerializable(Error):
    """A result cannot be sent to the caller, who gets this in its place.

    Its text says what in it no rule allows.
    """


class BrokerLimitExceeded(Error):
    """The other side wants more than one connection may cost us."""


class TooManyReferences(BrokerLimitExceeded):
    """More objects are to be lent to the other side than one connection may hold."""


class TooManyCalls(BrokerLimitExceeded):
    """The other side has more calls under way than may be at a time."""


class RemoteTraceback(Exception):
    """Where an error of the other side was raised: the cause of a `RemoteError`."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


class RemoteError(Exception):
    """An error of the other side, as it is raised where an answer is awaited.

    Attributes:
        remoteType: The full name of the error's class.
        remoteTraceback: Its traceback as text, if the other side gives it away.
        remoteParents: The full names of the class and all its bases. By these,
            `check` and the ``trap`` of a `Failure` know what kind of error it is.
    """

    def __init__(
        self,
        remoteType: str | bytes,
        value: object,
        remoteTraceback: str,
        remoteParents: Sequence[str] = (),
    ) -> None:
        super().__init__(value)
        self.remoteType: str | bytes = remoteType
        self.remoteTraceback: str = remoteTraceback
        self.remoteParents: list[str] = list(remoteParents)

    def check(self, *errorTypes: type[BaseException] | str) -> object:
        """Find which of some kinds of error this is.

        Args:
            errorTypes: Exception classes, or their full names.

        Returns:
            The first that fits, None where none does.
        """
        return Failure(self).check(*errorTypes)
