"""A database whose module blocks, in a thread of its own."""

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from sennit.core import task, threads
from sennit.core.defer import Deferred
from sennit.core.engine import Reactor
from sennit.core.threadpool import ThreadPool

R = TypeVar("R")


class Database:
    """One connection in one thread: transactions follow one another."""

    def __init__(self, reactor: Reactor, path: str) -> None:
        self.reactor = reactor
        self.pool = ThreadPool(1, 1, "database")
        self.pool.callInThread(self._open, path)
        self.pool.start()
        reactor.addSystemEventTrigger("during", "shutdown", self.close)

    def _open(self, path: str) -> None:
        self.connection = sqlite3.connect(path)

    def run(self, transaction: Callable[..., R], *args: Any) -> Deferred[R]:
        return threads.deferToThreadPool(
            self.reactor, self.pool, self._run, transaction, *args
        )

    def _run(self, transaction: Callable[..., R], *args: Any) -> R:
        # Commits, or rolls back if it raises.
        with self.connection:
            return transaction(self.connection, *args)

    def close(self) -> None:
        self.pool.callInThread(lambda: self.connection.close())
        self.pool.stop()


def create(connection: sqlite3.Connection) -> None:
    connection.execute("create table calls (who text)")


def note(connection: sqlite3.Connection, who: str) -> int:
    connection.execute("insert into calls values (?)", (who,))
    if who == "nobody":
        raise ValueError("nobody has called")
    (number,) = connection.execute("select count(*) from calls").fetchone()
    return int(number)


async def main(reactor: Reactor) -> None:
    database = Database(reactor, ":memory:")
    await database.run(create)
    print(await database.run(note, "alice"))
    try:
        await database.run(note, "nobody")
    except ValueError as error:
        print(error)
    print(await database.run(note, "bob"))


task.react(main)
