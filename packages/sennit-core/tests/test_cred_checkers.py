"""Checkers: in memory, from a file, from a database, and what an unknown user costs."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Coroutine
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import sennit.core
from sennit.core.cred import interfaces, passwords
from sennit.core.cred.checkers import (
    FilePasswordDB,
    HashedPasswordChecker,
    HashedPasswordDatabase,
    InMemoryUsernamePasswordDatabaseDontUse,
    _hashed,
)
from sennit.core.cred.credentials import (
    CramMD5Credentials,
    UsernameHashedPassword,
    UsernamePassword,
)
from sennit.core.cred.error import PasswordHashError, UnauthorizedLogin
from sennit.core.cred.passwords import Scrypt
from sennit.core.cred.sql import SQLPasswordChecker
from sennit.core.defer import Deferred, DeferredList
from sennit.core.engine import Reactor
from sennit.core.failure import Failure

Drive = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]

QUICK = Scrypt(n=2, r=1, p=1)


def outcome(deferred: Deferred[Any]) -> Any:
    """The result or the error of a Deferred that has fired."""
    found: list[Any] = []
    deferred.addBoth(found.append)
    (result,) = found
    return result.value if isinstance(result, Failure) else result


class Counting(UsernamePassword):
    """Counts how often its password was compared."""

    compared = 0

    def checkPassword(self, password: bytes) -> bool:
        self.compared += 1
        return super().checkPassword(password)


# In memory


def test_users_in_memory_are_known_by_password_and_by_digest() -> None:
    database = InMemoryUsernamePasswordDatabaseDontUse(ali=b"sesame")
    database.addUser(b"bob", b"hello")
    digest = CramMD5Credentials()
    digest.username, digest.response = b"bob", b"0" * 32

    assert database.users == {b"ali": b"sesame", b"bob": b"hello"}
    right = outcome(database.requestAvatarId(UsernamePassword(b"bob", b"hello")))
    assert right == b"bob"
    wrong = outcome(database.requestAvatarId(digest))
    assert isinstance(wrong, UnauthorizedLogin)


@pytest.mark.parametrize("name", [b"ali", b"nobody"])
def test_an_unknown_user_costs_as_many_comparisons_as_a_known_one(
    name: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "users"
    file.write_bytes(b"ali:sesame\n")
    for database in (
        InMemoryUsernamePasswordDatabaseDontUse(ali=b"sesame"),
        FilePasswordDB(file),
    ):
        wrong = Counting(name, b"wrong")
        assert isinstance(outcome(database.requestAvatarId(wrong)), UnauthorizedLogin)
        assert wrong.compared == 1


# A file


@pytest.fixture
def users(tmp_path: Path) -> Path:
    file = tmp_path / "users"
    file.write_bytes(b"Ali:sesame:more\r\n\nno columns\nbob:two words \nAli:second\n")
    return file


def test_a_file_has_a_user_on_each_line(users: Path) -> None:
    database = FilePasswordDB(users)

    assert database.getUser(b"Ali") == (b"Ali", b"sesame")
    assert database.getUser(b"bob") == (b"bob", b"two words")
    for name in (b"ali", b"no columns", b""):
        with pytest.raises(KeyError):
            database.getUser(name)


def test_case_does_not_count_where_it_is_not_to(users: Path) -> None:
    database = FilePasswordDB(users, caseSensitive=False)

    assert database.getUser(b"ALI") == (b"ali", b"sesame")
    login = UsernamePassword(b"Ali", b"sesame")
    assert outcome(database.requestAvatarId(login)) == b"ali"


def test_columns_and_their_delimiter_can_be_chosen(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_bytes(b"sesame, x, ali\n")

    database = FilePasswordDB(str(file), b", ", usernameField=2, passwordField=0)

    assert database.getUser(b"ali") == (b"ali", b"sesame")


def test_plain_passwords_serve_hashed_credentials_as_well(users: Path) -> None:
    database = FilePasswordDB(users)

    assert database.credentialInterfaces == (
        interfaces.IUsernamePassword,
        interfaces.IUsernameHashedPassword,
    )
    login = UsernameHashedPassword(b"Ali", b"sesame")
    assert outcome(database.requestAvatarId(login)) == b"Ali"


def test_a_hash_of_ones_own_is_made_of_unknown_users_too(tmp_path: Path) -> None:
    asked: list[tuple[bytes, bytes, bytes]] = []

    def reverse(username: bytes, password: bytes, stored: bytes) -> bytes:
        asked.append((username, password, stored))
        return stored[:2] + password[::-1]

    file = tmp_path / "users"
    file.write_bytes(b"ali:xyemases\n")
    database = FilePasswordDB(file, hash=reverse)

    def login(name: bytes, password: bytes) -> Any:
        return outcome(database.requestAvatarId(UsernamePassword(name, password)))

    assert database.credentialInterfaces == (interfaces.IUsernamePassword,)
    assert login(b"ali", b"sesame") == b"ali"
    assert isinstance(login(b"ali", b"wrong"), UnauthorizedLogin)
    assert isinstance(login(b"nobody", b"sesame"), UnauthorizedLogin)
    assert asked[-1] == (b"nobody", b"sesame", b"xyemases")
    file.write_bytes(b"")
    assert isinstance(login(b"ali", b"sesame"), UnauthorizedLogin)
    assert len(asked) == 3


def test_nobody_can_log_in_by_a_file_that_is_not_there(
    tmp_path: Path, logged: list[dict[str, Any]]
) -> None:
    for cache in (True, False):
        database = FilePasswordDB(tmp_path / "none", cache=cache)
        login = UsernamePassword(b"ali", b"sesame")
        assert isinstance(outcome(database.requestAvatarId(login)), UnauthorizedLogin)
        with pytest.raises(UnauthorizedLogin):
            database.getUser(b"ali")
    assert len(logged) == 4
    for event in logged:
        assert "No such file" in event["message"][0]


def test_a_file_that_is_cached_is_read_again_when_it_has_changed(users: Path) -> None:
    database = FilePasswordDB(users, cache=True)
    assert database.getUser(b"Ali") == (b"Ali", b"sesame")

    before = os.stat(users)
    text = users.read_bytes()
    users.write_bytes(text.replace(b"sesame", b"barley"))
    os.utime(users, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert database.getUser(b"Ali") == (b"Ali", b"sesame")

    os.utime(users, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert database.getUser(b"Ali") == (b"Ali", b"barley")


# Hashes, in threads


@pytest.fixture
def hashed(reactor: Reactor) -> HashedPasswordDatabase:
    database = HashedPasswordDatabase(hasher=QUICK, reactor=reactor)
    database.addUser(b"ali", b"sesame")
    return database


def test_a_hashed_password_is_checked_in_a_thread(
    reactor: Reactor, drive: Drive
) -> None:
    where: list[threading.Thread] = []

    def find(username: bytes) -> tuple[bytes, str]:
        where.append(threading.current_thread())
        return username, QUICK.hash(b"sesame")

    async def main() -> None:
        checker = HashedPasswordChecker(find, hasher=QUICK, reactor=reactor)
        login = UsernamePassword(b"ali", b"sesame")
        assert await checker.requestAvatarId(login) == b"ali"
        with pytest.raises(UnauthorizedLogin):
            await checker.requestAvatarId(UsernamePassword(b"ali", b"wrong"))

    drive(main)
    assert len(where) == 2
    assert threading.main_thread() not in where


def test_the_default_reactor_serves_where_none_is_given(
    reactor: Reactor, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(sennit.core), "reactor", reactor)

    async def main() -> None:
        database = HashedPasswordDatabase({b"ali": QUICK.hash(b"sesame")}, hasher=QUICK)
        login = UsernamePassword(b"ali", b"sesame")
        assert await database.requestAvatarId(login) == b"ali"

    drive(main)


def test_an_unknown_user_costs_a_hash_of_the_same_kind(
    hashed: HashedPasswordDatabase, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []

    def verify(password: bytes, stored: str) -> bool:
        checked.append(stored.rsplit("$", 2)[0])
        return passwords.verifyPassword(password, stored)

    monkeypatch.setattr(_hashed, "verifyPassword", verify)

    async def main() -> None:
        # The empty password, of which the hash of nobody is made, helps nobody.
        for name in (b"ali", b"nobody"):
            with pytest.raises(UnauthorizedLogin):
                await hashed.requestAvatarId(UsernamePassword(name, b""))

    drive(main)
    assert checked == ["$scrypt$ln=1,r=1,p=1", "$scrypt$ln=1,r=1,p=1"]


def test_only_a_few_passwords_are_checked_at_a_time(
    reactor: Reactor, drive: Drive
) -> None:
    running: list[int] = [0]
    seen: list[int] = []
    lock = threading.Lock()
    both = threading.Barrier(2, timeout=10)

    def find(username: bytes) -> tuple[bytes, str]:
        with lock:
            running[0] += 1
            seen.append(running[0])
        both.wait()
        with lock:
            running[0] -= 1
        raise KeyError(username)

    async def main() -> Any:
        checker = HashedPasswordChecker(find, hasher=QUICK, reactor=reactor, atOnce=2)
        login = UsernamePassword(b"ali", b"sesame")
        return await DeferredList(
            [checker.requestAvatarId(login) for _ in range(6)], consumeErrors=True
        )

    for success, failure in drive(main):
        assert not success
        assert failure.check(UnauthorizedLogin)
    assert max(seen) == 2
    assert len(seen) == 6


def test_hashes_in_a_file_are_checked_in_threads(
    reactor: Reactor, drive: Drive, tmp_path: Path
) -> None:
    file = tmp_path / "users"
    file.write_bytes(b"ali:%s\nbob:sesame\n" % QUICK.hash(b"sesame").encode())

    async def main() -> None:
        find = FilePasswordDB(file, caseSensitive=False, cache=True).getUser
        checker = HashedPasswordChecker(find, hasher=QUICK, reactor=reactor)
        login = UsernamePassword(b"Ali", b"sesame")
        assert await checker.requestAvatarId(login) == b"ali"
        with pytest.raises(PasswordHashError):
            await checker.requestAvatarId(UsernamePassword(b"bob", b"sesame"))

    drive(main)


# A database


@pytest.fixture
def sqlite(tmp_path: Path) -> Path:
    path = tmp_path / "user s.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE users (name TEXT PRIMARY KEY, password TEXT)")
        rows = [("ali", QUICK.hash(b"sesame")), ("Jörg", QUICK.hash(b"x"))]
        connection.executemany("INSERT INTO users VALUES (?, ?)", rows)
        connection.execute("INSERT INTO users VALUES ('locked', NULL)")
    return path


def test_passwords_are_found_in_sqlite(
    sqlite: Path, reactor: Reactor, drive: Drive
) -> None:
    async def main() -> None:
        checker = SQLPasswordChecker(sqlite, hasher=QUICK, reactor=reactor)
        login = UsernamePassword(b"ali", b"sesame")
        assert await checker.requestAvatarId(login) == b"ali"
        login = UsernamePassword("Jörg".encode(), b"x")
        assert await checker.requestAvatarId(login) == "Jörg".encode()
        for name in (b"ali", b"nobody", b"locked", b"\xff", b"ali\0", b"' OR 1=1 --"):
            with pytest.raises(UnauthorizedLogin):
                await checker.requestAvatarId(UsernamePassword(name, b"wrong"))

    drive(main)


class Pool:
    """Connections of another module, which are given back by closing them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.opened: list[threading.Thread] = []
        self.closed: list[threading.Thread] = []

    def __call__(self) -> Connection:
        self.opened.append(threading.current_thread())
        return Connection(self)


class Connection:
    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.made = sqlite3.connect(pool.path)

    def cursor(self) -> sqlite3.Cursor:
        return self.made.cursor()

    def close(self) -> None:
        self.made.close()
        self.pool.closed.append(threading.current_thread())


def test_any_connection_and_any_query_will_do(
    sqlite: Path, reactor: Reactor, drive: Drive
) -> None:
    pool = Pool(sqlite)
    query = "SELECT rowid, password FROM users WHERE lower(name) = lower(?)"

    async def main() -> None:
        checker = SQLPasswordChecker(pool, query, hasher=QUICK, reactor=reactor)
        login = UsernamePassword(b"ALI", b"sesame")
        assert await checker.requestAvatarId(login) == b"1"
        checker = SQLPasswordChecker(
            pool,
            "SELECT CAST(name AS BLOB), CAST(password AS BLOB) FROM users"
            " WHERE name = ?",
            hasher=QUICK,
            reactor=reactor,
        )
        login = UsernamePassword(b"ali", b"sesame")
        assert await checker.requestAvatarId(login) == b"ali"

    drive(main)
    assert len(pool.opened) == 2
    assert pool.opened == pool.closed
    assert threading.main_thread() not in pool.opened


def test_a_database_that_is_not_there_is_an_error_and_is_not_made(
    tmp_path: Path, reactor: Reactor, drive: Drive
) -> None:
    path = tmp_path / "none.sqlite"

    async def main() -> None:
        checker = SQLPasswordChecker(str(path), hasher=QUICK, reactor=reactor)
        with pytest.raises(sqlite3.OperationalError, match="unable to open"):
            await checker.requestAvatarId(UsernamePassword(b"ali", b"sesame"))

    drive(main)
    assert not path.exists()
