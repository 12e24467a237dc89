"""Credentials that need no challenge."""

from __future__ import annotations

from zope.interface import implementer

from sennit.core.cred._compare import same
from sennit.core.cred.interfaces import (
    IAnonymous,
    IUsernameHashedPassword,
    IUsernamePassword,
)

__all__ = ["Anonymous", "UsernameHashedPassword", "UsernamePassword"]


@implementer(IUsernamePassword)
class UsernamePassword:
    """A name and a password.

    Attributes:
        username: The name.
        password: The password.
    """

    def __init__(self, username: bytes, password: bytes) -> None:
        """Take the two as they were received."""
        self.username = username
        self.password = password

    def checkPassword(self, password: bytes) -> bool:
        """Compare the password with the right one."""
        return same(self.password, password)


@implementer(IUsernameHashedPassword)
class UsernameHashedPassword:
    """A name and a hash that is checked against what the checker has stored.

    `UsernamePassword` does the same, and says better what it does.

    Attributes:
        username: The name.
        hashed: The hash.
    """

    def __init__(self, username: bytes, hashed: bytes) -> None:
        """Take the two as they were received."""
        self.username = username
        self.hashed = hashed

    def checkPassword(self, password: bytes) -> bool:
        """Compare the hash with what is stored."""
        return same(self.hashed, password)


@implementer(IAnonymous)
class Anonymous:
    """The wish to be let in without telling who one is."""
