"""Users with hashed passwords in SQLite, and a realm that gives them mailboxes."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sennit.core import task
from sennit.core.cred.contracts import Login
from sennit.core.cred.credentials import UsernamePassword
from sennit.core.cred.error import UnauthorizedLogin
from sennit.core.cred.passwords import hashPassword
from sennit.core.cred.portal import Portal
from sennit.core.cred.sql import SQLPasswordChecker
from sennit.core.engine import Reactor


class Mailbox:
    def __init__(self, owner: str) -> None:
        self.owner = owner

    def close(self) -> None:
        print("mailbox closed:", self.owner)


class Post:
    def requestAvatar(
        self, avatarId: bytes, mind: object, *interfaces: object
    ) -> Login:
        if Mailbox not in interfaces:
            raise NotImplementedError("here are mailboxes only")
        mailbox = Mailbox(avatarId.decode())
        return Mailbox, mailbox, mailbox.close


def make_users(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE users (name TEXT PRIMARY KEY, password TEXT)")
        ali = ("ali", hashPassword(b"sesame"))
        connection.execute("INSERT INTO users VALUES (?, ?)", ali)


async def visit(portal: Portal, name: bytes, password: bytes) -> None:
    credentials = UsernamePassword(name, password)
    try:
        _, mailbox, logout = await portal.login(credentials, None, Mailbox)
    except UnauthorizedLogin as error:
        print("turned away:", error)
    else:
        print("mailbox open:", mailbox.owner)
        logout()


async def main(reactor: Reactor) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "users.sqlite")
        make_users(path)
        portal = Portal(Post(), [SQLPasswordChecker(path, reactor=reactor)])
        await visit(portal, b"ali", b"sesame")
        await visit(portal, b"ali", b"barley")
        await visit(portal, b"nobody", b"sesame")


task.react(main)
