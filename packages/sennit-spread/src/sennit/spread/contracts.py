"""The contracts of remote objects: how they travel, who is the root, who may log in.

Whoever needs them at run time (``implementer``, ``providedBy``) finds them, by the same
names, in `sennit.spread.interfaces`, and where programs look for them: in ``pb``.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Protocol

from sennit.core.cred.contracts import ICredentials

__all__ = [
    "IJellyable",
    "IPBRoot",
    "IPerspective",
    "IUnjellyable",
    "IUsernameMD5Password",
]


class IJellyable(Protocol):
    """Can be made an expression that travels."""

    def jellyFor(self, jellier: Any) -> Any:
        """Make the expression.

        Args:
            jellier: What works on the message: ``invoker`` is the broker, ``prepare``
                and ``preserve`` have a later mention of this object refer to it.

        Returns:
            A list, whose first item is a name that the other side knows.
        """


class IUnjellyable(Protocol):
    """Can be made of an expression that has come."""

    def unjellyFor(self, unjellier: Any, jellyList: list[Any]) -> Any:
        """Take the state out of the expression.

        Args:
            unjellier: What works on the message: ``invoker`` is the broker,
                ``unjelly`` makes objects of the parts.
            jellyList: The expression; its first item is the name.

        Returns:
            The object; mostly this one.
        """


class IPBRoot(Protocol):
    """Has the object that a client gets first."""

    def rootObject(self, broker: Any) -> Any:
        """Give the object for one connection.

        Args:
            broker: The connection's broker.

        Returns:
            A `Referenceable <sennit.spread.pb.Referenceable>`.
        """


class IPerspective(Protocol):
    """What a user who is logged in works with: an avatar that is called from afar."""

    def perspectiveMessageReceived(
        self, broker: Any, message: bytes, args: Any, kwargs: Any
    ) -> Any:
        """Answer a call of the user's.

        Args:
            broker: The connection's broker, whose ``unserialize`` makes the arguments.
            message: The method's name.
            args: The positional arguments, as an expression.
            kwargs: The others, as an expression.

        Returns:
            The answer as an expression, made by the broker's ``serialize``.
        """


class IUsernameMD5Password(ICredentials, Protocol):
    """A name, and an answer to a challenge that only the password's owner can give.

    The hash is MD5, as the protocol was made in 2000: who listens on the line can try
    passwords. Have TLS below it.
    """

    @property
    def username(self) -> bytes:
        """Who it is said to be."""
        ...

    def checkPassword(self, password: bytes) -> bool | Awaitable[bool]:
        """Find out whether the answer was made with this password."""
        ...

    def checkMD5Password(self, password: bytes) -> bool | Awaitable[bool]:
        """Find out whether the answer was made with the password of this MD5 digest."""
        ...
