"""``twisted.python.fakepwd``: databases of users, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

__all__ = ["ShadowDatabase", "UserDatabase"]


class _Record(tuple[Any, ...]):
    """A row that has names, too."""

    names: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:
        if name in self.names:
            return self[self.names.index(name)]
        raise AttributeError(name)


class _User(_Record):
    names: tuple[str, ...] = (
        "pw_name",
        "pw_passwd",
        "pw_uid",
        "pw_gid",
        "pw_gecos",
        "pw_dir",
        "pw_shell",
    )


class _Shadow(_Record):
    names: tuple[str, ...] = (
        "sp_nam",
        "sp_pwd",
        "sp_lstchg",
        "sp_min",
        "sp_max",
        "sp_warn",
        "sp_inact",
        "sp_expire",
        "sp_flag",
    )

    @property
    def sp_namp(self) -> Any:
        """The user's name, as older systems call it."""
        return self[0]

    @property
    def sp_pwdp(self) -> Any:
        """The password, as older systems call it."""
        return self[1]


class UserDatabase:
    """Has the functions of `pwd`, and users that were added."""

    def __init__(self) -> None:
        self._users: list[_User] = []
        self._uids: Iterator[int] = count(10101)

    def addUser(
        self,
        username: str,
        password: str = "password",
        uid: int | None = None,
        gid: int | None = None,
        gecos: str = "",
        home: str = "",
        shell: str = "/bin/sh",
    ) -> None:
        """Add a user; numbers that are not given are new ones."""
        uid = next(self._uids) if uid is None else uid
        gid = uid if gid is None else gid
        row = (username, password, uid, gid, gecos, home, shell)
        self._users.append(_User(row))

    def getpwuid(self, uid: int) -> _User:
        """The user of a number.

        Raises:
            KeyError: There is none.
        """
        return self._find(2, uid)

    def getpwnam(self, name: str) -> _User:
        """The user of a name.

        Raises:
            KeyError: There is none.
            TypeError: The name is no text.
        """
        if not isinstance(name, str):
            raise TypeError(f"a name is a text, not {name!r}")
        return self._find(0, name)

    def getpwall(self) -> list[_User]:
        """All users."""
        return self._users

    def _find(self, column: int, value: Any) -> _User:
        for user in self._users:
            if user[column] == value:
                return user
        raise KeyError(value)


class ShadowDatabase:
    """Has the functions of ``spwd``, and users that were added."""

    def __init__(self) -> None:
        self._users: list[_Shadow] = []

    def addUser(
        self,
        username: str,
        password: str,
        lastChange: int = 0,
        min: int = 0,
        max: int = 99999,
        warn: int = 7,
        inact: int = -1,
        expire: int = -1,
        flag: int = -1,
    ) -> None:
        """Add a user."""
        row = (username, password, lastChange, min, max, warn, inact, expire, flag)
        self._users.append(_Shadow(row))

    def getspnam(self, username: str) -> _Shadow:
        """The user of a name.

        Raises:
            KeyError: There is none.
            TypeError: The name is no text.
        """
        if not isinstance(username, str):
            raise TypeError(f"a name is a text, not {username!r}")
        for user in self._users:
            if user[0] == username:
                return user
        raise KeyError(username)

    def getspall(self) -> list[_Shadow]:
        """All users."""
        return self._users
