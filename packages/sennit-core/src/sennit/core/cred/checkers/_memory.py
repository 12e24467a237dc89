"""Names and passwords in memory, as they are."""

from __future__ import annotations

from typing import Any

from zope.interface import implementer

from sennit.core.cred.checkers._plain import check_password
from sennit.core.cred.interfaces import (
    ICredentialsChecker,
    IUsernameHashedPassword,
    IUsernamePassword,
)
from sennit.core.defer import Deferred

__all__ = ["InMemoryUsernamePasswordDatabaseDontUse"]


@implementer(ICredentialsChecker)
class InMemoryUsernamePasswordDatabaseDontUse:
    """A toy, for examples and tests: passwords in memory, for whoever gets to see it.

    `HashedPasswordDatabase` is what a program may use. Only digests (CRAM-MD5, HTTP's)
    need the passwords themselves.

    Attributes:
        credentialInterfaces: The kinds of credentials it checks.
        users: The password of each user.
    """

    credentialInterfaces: tuple[Any, ...] = (IUsernamePassword, IUsernameHashedPassword)

    def __init__(self, **users: bytes) -> None:
        """Begin with some users.

        Args:
            users: The password of each; their names are ASCII.
        """
        self.users: dict[bytes, bytes] = {
            name.encode("ascii"): password for name, password in users.items()
        }

    def addUser(self, username: bytes, password: bytes) -> None:
        """Set the password of a user, new or not."""
        self.users[username] = password

    def requestAvatarId(
        self, credentials: IUsernamePassword | IUsernameHashedPassword
    ) -> Deferred[bytes]:
        """Check credentials.

        Returns:
            The user's name; fails with ``UnauthorizedLogin``.
        """
        username = credentials.username
        return check_password(credentials, username, self.users.get(username))
