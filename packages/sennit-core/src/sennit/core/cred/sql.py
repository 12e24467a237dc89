"""Passwords in a database: SQLite's, or any for which Python has a DB-API module."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sennit.core.cred.checkers import HashedPasswordChecker

if TYPE_CHECKING:
    from sennit.core.contracts import IReactorThreads
    from sennit.core.cred.passwords import PasswordHasher

__all__ = ["DBConnection", "SQLPasswordChecker"]


class DBConnection(Protocol):
    """What the checker asks of a connection (PEP 249)."""

    def cursor(self) -> Any:
        """Make a cursor, which has ``execute``, ``fetchone`` and ``close``."""
        ...

    def close(self) -> object:
        """Close the connection, or give it back to the pool it came from."""
        ...


class SQLPasswordChecker(HashedPasswordChecker):
    """Checks names and passwords against a table that has hashes of the passwords.

    The table is the application's: this reads it, and never writes. Its hashes are made
    by `sennit.core.cred.passwords.hashPassword`.
    """

    def __init__(
        self,
        database: str | os.PathLike[str] | Callable[[], DBConnection],
        query: str = "SELECT name, password FROM users WHERE name = ?",
        *,
        hasher: PasswordHasher | None = None,
        reactor: IReactorThreads | None = None,
        atOnce: int = 4,
    ) -> None:
        """Tell where the passwords are.

        Args:
            database: The path of a SQLite file, or a function that opens a connection;
                it is called in a thread, for each login, and what it returned is used
                in that thread only and then closed.
            query: The statement that finds a user. It has one placeholder, written as
                the database's module wants it, for the name, which is given as text.
                Its row has two columns: the avatar ID and the hash of the password.
            hasher: Says what an unknown user's check is to cost, as for
                `HashedPasswordChecker`.
            reactor: Whose threads are used; the default reactor's if None.
            atOnce: How many passwords are checked at a time.
        """
        super().__init__(self.getUser, hasher=hasher, reactor=reactor, atOnce=atOnce)
        self._connect = (
            database if callable(database) else partial(_open_sqlite, database)
        )
        self._query = query

    def getUser(self, username: bytes) -> tuple[bytes, str | bytes]:
        """Look a user up, which blocks.

        Args:
            username: The name that was given.

        Returns:
            The avatar ID and the hash of the password.

        Raises:
            KeyError: There is no such user, or it has no password.
        """
        name = _text(username)
        with (
            closing(self._connect()) as connection,
            closing(connection.cursor()) as cursor,
        ):
            cursor.execute(self._query, (name,))
            row = cursor.fetchone()
        if row is None or row[1] is None:
            raise KeyError(username)
        avatarId, stored = row
        if not isinstance(avatarId, bytes):
            avatarId = str(avatarId).encode()
        return avatarId, stored


def _open_sqlite(path: str | os.PathLike[str]) -> sqlite3.Connection:
    """Open a database to read; one that is not there is an error, not an empty one."""
    return sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)


def _text(username: bytes) -> str:
    """Decode a name; one that no database can have as text is nobody's."""
    try:
        name = username.decode()
    except UnicodeDecodeError:
        raise KeyError(username) from None
    if "\0" in name:
        raise KeyError(username)
    return name
