"""Names and passwords in a text file, a user a line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, cast

from zope.interface import implementer

from sennit.core import log
from sennit.core.cred._compare import same
from sennit.core.cred.checkers._plain import DENIED, check_password
from sennit.core.cred.error import UnauthorizedLogin
from sennit.core.cred.interfaces import (
    ICredentialsChecker,
    IUsernameHashedPassword,
    IUsernamePassword,
)
from sennit.core.defer import Deferred, fail, maybeDeferred

__all__ = ["FilePasswordDB"]

# Makes of a name, the password given and what is stored what should be stored.
_Hash: TypeAlias = Callable[[bytes, bytes, bytes], bytes]
# What tells whether a file is still the same.
_Stamp: TypeAlias = tuple[int, int, int]


@implementer(ICredentialsChecker)
class FilePasswordDB:
    """Checks passwords against a text file with a user on each line.

    The columns of a line are parted by a delimiter; further columns, white space at the
    end and lines with too few columns do not count. Of two lines for one user the first
    does.

    For hashes as `sennit.core.cred.passwords` makes them, have them checked in threads:
    ``HashedPasswordChecker(FilePasswordDB(path, cache=True).getUser)``.

    Attributes:
        filename: The path of the file.
        caseSensitive: Whether upper and lower case make two users.
        hash: What makes of a password what is stored; None if that is itself.
        cache: Whether the file is read again only when it has changed.
        credentialInterfaces: The kinds of credentials it checks.
    """

    def __init__(
        self,
        filename: str | os.PathLike[str],
        delim: bytes = b":",
        usernameField: int = 0,
        passwordField: int = 1,
        caseSensitive: bool = True,
        hash: _Hash | None = None,
        cache: bool = False,
    ) -> None:
        """Tell where the file is and how it is written.

        Args:
            filename: Its path.
            delim: What parts the columns.
            usernameField: The column of the names, from 0.
            passwordField: The column of the passwords.
            caseSensitive: False to take names in upper case for the same in lower
                case, which is then the avatar ID.
            hash: Called with the name, the password that was given and what is stored;
                the password is right if it returns what is stored. It must be quick.
            cache: True to keep the users in memory as long as the file's time, size
                and number are the same.
        """
        self.filename = filename
        self.caseSensitive = caseSensitive
        self.hash = hash
        self.cache = cache
        self.credentialInterfaces: tuple[Any, ...] = (
            (IUsernamePassword,)
            if hash
            else (IUsernamePassword, IUsernameHashedPassword)
        )
        self._delim = delim
        self._columns = (usernameField, passwordField)
        # Replaced as a whole by `_users`, which threads may call as well.
        self._cached: tuple[_Stamp, dict[bytes, bytes]] | None = None

    def getUser(self, username: bytes) -> tuple[bytes, bytes]:
        """Look a user up.

        Args:
            username: The name that was given.

        Returns:
            The name (in lower case if case does not count), and what is stored.

        Raises:
            KeyError: There is no such user.
            UnauthorizedLogin: The file cannot be read; the log has the reason.
        """
        users = self._users()
        name = self._canonical(username)
        return name, users[name]

    def requestAvatarId(
        self, credentials: IUsernamePassword | IUsernameHashedPassword
    ) -> Deferred[bytes]:
        """Check credentials.

        Returns:
            The name as of `getUser`; fails with ``UnauthorizedLogin``.
        """
        try:
            users = self._users()
        except UnauthorizedLogin:
            return fail()
        name = self._canonical(credentials.username)
        stored = users.get(name)
        if self.hash is None:
            return check_password(credentials, name, stored)
        # For an unknown user the hash of another is made, in vain: what is stored may
        # have to be in a form of its own, with a salt in it.
        sample = next(iter(users.values()), None) if stored is None else stored
        if sample is None:
            return fail(UnauthorizedLogin(DENIED))
        given = cast("IUsernamePassword", credentials)
        made: Deferred[bytes] = maybeDeferred(
            self.hash, given.username, given.password, sample
        )
        return made.addCallback(_decide, sample, name, stored is not None)

    def _canonical(self, username: bytes) -> bytes:
        return username if self.caseSensitive else username.lower()

    def _users(self) -> dict[bytes, bytes]:
        """Return what is stored of each user, as the file is now."""
        try:
            if not self.cache:
                return self._read()
            stamp = _stamp(os.stat(self.filename))
            if self._cached is None or self._cached[0] != stamp:
                self._cached = stamp, self._read()
            return self._cached[1]
        except OSError as error:
            log.msg(f"Nobody can log in: {error}")
            raise UnauthorizedLogin(DENIED) from error

    def _read(self) -> dict[bytes, bytes]:
        users: dict[bytes, bytes] = {}
        with open(self.filename, "rb") as file:
            for name, stored in self._pairs(file):
                users.setdefault(self._canonical(name), stored)
        return users

    def _pairs(self, lines: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
        name_at, password_at = self._columns
        for line in lines:
            columns = line.rstrip().split(self._delim)
            if len(columns) > max(name_at, password_at):
                yield columns[name_at], columns[password_at]


def _stamp(stat: os.stat_result) -> _Stamp:
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _decide(made: bytes, stored: bytes, avatarId: bytes, known: bool) -> bytes:
    if same(made, stored) and known:
        return avatarId
    raise UnauthorizedLogin(DENIED)
