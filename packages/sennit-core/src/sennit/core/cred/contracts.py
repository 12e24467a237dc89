"""The contracts of a login: credentials, checkers and realms.

Whoever needs them at run time (``implementer``, ``providedBy``, ``verifyObject``) finds
them, by the same names, in `sennit.core.cred.interfaces`, and in the modules where
programs look for them: ``credentials``, ``checkers`` and ``portal``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol, TypeAlias

__all__ = [
    "AvatarId",
    "IAnonymous",
    "ICredentials",
    "ICredentialsChecker",
    "IRealm",
    "IUsernameDigestHash",
    "IUsernameHashedPassword",
    "IUsernamePassword",
    "Login",
]

AvatarId: TypeAlias = bytes | tuple[()]
"""Whose credentials they were: a name, or ``checkers.ANONYMOUS``."""

Login: TypeAlias = tuple[Any, Any, Callable[[], object]]
"""One of the interfaces asked for, the avatar that provides it, and the logout."""


class ICredentials(Protocol):
    """What somebody shows to tell who they are.

    Each kind is a contract that extends this one: the portal finds by it the checker
    that knows the kind.
    """


class IAnonymous(ICredentials, Protocol):
    """The wish to be let in without telling who one is."""


class IUsernamePassword(ICredentials, Protocol):
    """A name and a password, as they were typed.

    The checker may store passwords in whatever form it can make of these.
    """

    @property
    def username(self) -> bytes:
        """Who it is said to be."""
        ...

    @property
    def password(self) -> bytes:
        """The password that was given."""
        ...

    def checkPassword(self, password: bytes) -> bool | Awaitable[bool]:
        """Compare the password that was given with the right one.

        Args:
            password: The right one.

        Returns:
            Whether they are equal, perhaps later.
        """
        ...


class IUsernameHashedPassword(ICredentials, Protocol):
    """A name, and what only the owner of a password can make of it.

    The checker must have the passwords themselves to check this kind.
    """

    @property
    def username(self) -> bytes:
        """Who it is said to be."""
        ...

    def checkPassword(self, password: bytes) -> bool | Awaitable[bool]:
        """Find out whether this was made of the right password.

        Args:
            password: The right one.

        Returns:
            Whether it was, perhaps later.
        """
        ...


class IUsernameDigestHash(ICredentials, Protocol):
    """A name and a digest that can be checked without the password itself.

    The checker stores the hash of ``username:realm:password``, as ``htdigest`` makes it.
    """

    @property
    def username(self) -> bytes:
        """Who it is said to be."""
        ...

    def checkHash(self, digestHash: bytes) -> bool | Awaitable[bool]:
        """Find out whether the digest was made of the password with this hash.

        Args:
            digestHash: The hash of ``username:realm:password``, in hexadecimal.

        Returns:
            Whether it was, perhaps later.
        """
        ...


class ICredentialsChecker(Protocol):
    """Tells whose credentials of some kinds are."""

    @property
    def credentialInterfaces(self) -> Iterable[Any]:
        """The kinds it knows, which are contracts that extend ICredentials."""
        ...

    def requestAvatarId(self, credentials: Any) -> AvatarId | Awaitable[AvatarId]:
        """Check credentials.

        Args:
            credentials: They are of one of the kinds named.

        Returns:
            The avatar ID, or a Deferred or coroutine of it; fails with
            ``UnauthorizedLogin``.
        """
        ...


class IRealm(Protocol):
    """Makes the objects that users work with; each application writes its own."""

    def requestAvatar(
        self, avatarId: Any, mind: Any, *interfaces: Any
    ) -> Login | Awaitable[Login]:
        """Make or find the avatar of a user.

        Args:
            avatarId: What the checker found: a name, or ``checkers.ANONYMOUS``.
            mind: What the client brings for the avatar to call; often None.
            interfaces: What the protocol can work with, best first.

        Returns:
            One of the interfaces, what provides it, and a function without arguments
            to call when the user leaves; or a Deferred or coroutine of the three.
            Fails with ``LoginDenied``, or with NotImplementedError where the realm
            has none of these interfaces.
        """
        ...
