"""Checks against hashes that are costly to make, in threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from zope.interface import implementer

import sennit.core
from sennit.core.cred.checkers._plain import DENIED
from sennit.core.cred.error import UnauthorizedLogin
from sennit.core.cred.interfaces import ICredentialsChecker, IUsernamePassword
from sennit.core.cred.passwords import PasswordHasher, Scrypt, verifyPassword
from sennit.core.defer import Deferred, DeferredSemaphore
from sennit.core.threads import deferToThreadPool

if TYPE_CHECKING:
    from sennit.core.contracts import IReactorThreads

__all__ = ["HashedPasswordChecker", "HashedPasswordDatabase"]

# Finds the avatar ID and the hash of a name's password, or raises KeyError.
_Find: TypeAlias = Callable[[bytes], tuple[bytes, str | bytes]]


@implementer(ICredentialsChecker)
class HashedPasswordChecker:
    """Checks names and passwords against hashes, wherever those are stored.

    The work is done in the reactor's threads, a few passwords at a time: whoever asks
    for many checks waits for their turn, and takes the threads from nobody else.

    A name that is not known costs a check as well. It is that of a hash made by
    ``hasher``: so let that be of the kind and cost of the hashes that are stored.

    Attributes:
        credentialInterfaces: The kind of credentials it checks.
        hasher: Tells what the check of an unknown name costs.
    """

    credentialInterfaces: tuple[Any, ...] = (IUsernamePassword,)

    def __init__(
        self,
        find: _Find,
        *,
        hasher: PasswordHasher | None = None,
        reactor: IReactorThreads | None = None,
        atOnce: int = 4,
    ) -> None:
        """Tell where the hashes are.

        Args:
            find: Called in a thread with a name, it returns the avatar ID and the hash,
                or raises KeyError: ``FilePasswordDB(path).getUser`` does.
            hasher: What the hashes are made by; `Scrypt` at its default cost if None.
            reactor: Whose threads are used; the default reactor's if None.
            atOnce: How many passwords are checked at a time. With `Scrypt`, each takes
                16 MiB and a processor.
        """
        self.hasher: PasswordHasher = Scrypt() if hasher is None else hasher
        self._find = find
        self._reactor = reactor
        self._turns = DeferredSemaphore(atOnce)

    def requestAvatarId(self, credentials: IUsernamePassword) -> Deferred[bytes]:
        """Check credentials.

        Returns:
            The avatar ID; fails with ``UnauthorizedLogin``, or with what went wrong
            where the hashes are stored.
        """
        return self._turns.run(
            self._in_thread, credentials.username, credentials.password
        )

    def _in_thread(self, username: bytes, password: bytes) -> Deferred[bytes]:
        reactor = sennit.core.reactor if self._reactor is None else self._reactor
        pool = reactor.getThreadPool()
        return deferToThreadPool(reactor, pool, self._check, username, password)

    def _check(self, username: bytes, password: bytes) -> bytes:
        # Before it is known whether it is needed: the first check makes it.
        decoy = self._decoy
        avatarId: bytes | None
        stored: str | bytes
        try:
            avatarId, stored = self._find(username)
        except KeyError:
            avatarId, stored = None, decoy
        matched = verifyPassword(password, stored)
        if avatarId is None or not matched:
            raise UnauthorizedLogin(DENIED)
        return avatarId

    @cached_property
    def _decoy(self) -> str:
        """The hash of nobody's password."""
        return self.hasher.hash(b"")


class HashedPasswordDatabase(HashedPasswordChecker):
    """Names and hashed passwords in memory.

    Attributes:
        users: The hash of each user's password.
    """

    def __init__(
        self,
        users: Mapping[bytes, str] | None = None,
        *,
        hasher: PasswordHasher | None = None,
        reactor: IReactorThreads | None = None,
        atOnce: int = 4,
    ) -> None:
        """Begin with some users.

        Args:
            users: The hash of each one's password.
            hasher: What the hashes are made by; `Scrypt` at its default cost if None.
            reactor: Whose threads are used; the default reactor's if None.
            atOnce: How many passwords are checked at a time.
        """
        super().__init__(self.getUser, hasher=hasher, reactor=reactor, atOnce=atOnce)
        self.users: dict[bytes, str] = dict(users or {})

    def addUser(self, username: bytes, password: bytes) -> None:
        """Hash the password of a user, new or not, and keep the hash.

        It takes the time that a hash takes, and does not leave it to a thread.
        """
        self.users[username] = self.hasher.hash(password)

    def getUser(self, username: bytes) -> tuple[bytes, str]:
        """Look a user up.

        Returns:
            The name and the hash.

        Raises:
            KeyError: There is no such user.
        """
        return username, self.users[username]
