"""``twisted.enterprise.adbapi``, with a real database: `sqlite3`."""

from __future__ import annotations

import pickle
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sennit.compat.faces.enterprise.adbapi import (
    Connection,
    ConnectionLost,
    ConnectionPool,
    Transaction,
)
from sennit.core import log
from sennit.core.defer import gatherResults
from sennit.core.engine import Reactor

Make = Callable[..., ConnectionPool]


@pytest.fixture
def make(reactor: Reactor, tmp_path: Path) -> Iterator[Make]:
    """Makes pools over one file, which are closed at the end."""
    made: list[ConnectionPool] = []

    def pool(**keywords: Any) -> ConnectionPool:
        path = str(tmp_path / "data")
        made.append(ConnectionPool("sqlite3", path, cp_reactor=reactor, **keywords))
        return made[-1]

    yield pool
    for each in made:
        if each.running:
            each.close()


def insert(transaction: Transaction, *numbers: int) -> int:
    for each in numbers:
        transaction.execute("insert into t values (?)", (each,))
    rows: int = transaction.execute("select count(*) from t").fetchone()[0]
    return rows


async def test_what_was_executed_is_there(make: Make) -> None:
    pool = make()
    created: Any = pool.runOperation("create table t (x integer)")
    assert await created is None
    await pool.runOperation("insert into t values (?)", (5,))
    assert await pool.runQuery("select x from t where x > ?", (4,)) == [(5,)]


async def test_an_interaction_is_one_transaction(make: Make) -> None:
    """Committed if it returns, undone if it raises."""
    pool = make()
    await pool.runOperation("create table t (x integer)")
    assert await pool.runInteraction(insert, 1, 2) == 2

    def fail(transaction: Transaction) -> None:
        insert(transaction, 3)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await pool.runInteraction(fail)
    assert await pool.runQuery("select x from t") == [(1,), (2,)]


async def test_a_connection_is_given_with_its_transaction(make: Make) -> None:
    pool = make()
    await pool.runOperation("create table t (x integer)")

    def work(connection: Connection, fails: bool = False) -> str:
        connection.execute("insert into t values (1)")
        # It is the pool's: nothing comes of that.
        connection.close()
        if fails:
            raise KeyError("table")
        return "done"

    with pytest.raises(KeyError):
        await pool.runWithConnection(work, fails=True)
    assert await pool.runWithConnection(work) == "done"
    assert await pool.runQuery("select x from t") == [(1,)]


async def test_an_error_of_the_module_is_the_results(make: Make) -> None:
    pool = make()
    with pytest.raises(sqlite3.OperationalError, match="syntax"):
        await pool.runQuery("selec 1")


async def test_each_thread_has_one_connection_and_closes_it(make: Make) -> None:
    """Modules such as this one allow no thread another one's connection."""
    opened: list[int] = []
    pool = make(
        cp_min=1,
        cp_max=3,
        cp_openfun=lambda given: opened.append(threading.get_ident()),
    )
    gate = threading.Barrier(3)

    def meet(transaction: Transaction) -> int:
        gate.wait(10)
        return threading.get_ident()

    for _ in range(2):
        threads = await gatherResults([pool.runInteraction(meet) for _ in range(3)])
        assert set(threads) == set(opened) == set(pool.connections)
    held = list(pool.connections.values())
    pool.close()
    # Closed by its own thread, or it would be told here that it may not be.
    assert (pool.connections, len(opened)) == ({}, 3)
    for each in held:
        with pytest.raises(sqlite3.ProgrammingError):
            each.total_changes  # noqa: B018


async def test_a_dead_connection_is_found_and_replaced(
    make: Make, flushLoggedErrors: Callable[..., list[Any]]
) -> None:
    opened: list[Any] = []
    pool = make(cp_min=1, cp_max=1, cp_reconnect=True, cp_openfun=opened.append)

    def die(transaction: Transaction) -> None:
        transaction._connection._connection.close()
        raise ValueError("died")

    with pytest.raises(ValueError, match="died"):
        await pool.runInteraction(die)
    assert len(flushLoggedErrors(sqlite3.ProgrammingError)) == 1
    assert len(flushLoggedErrors(ConnectionLost)) == 1
    assert await pool.runQuery("select 1") == [(1,)]
    assert len(opened) == 2


async def test_a_dead_connection_is_replaced_for_a_new_cursor(
    make: Make, flushLoggedErrors: Callable[..., list[Any]]
) -> None:
    pool = make(cp_min=1, cp_max=1, cp_reconnect=True)

    def die(transaction: Transaction) -> Any:
        transaction._connection._connection.close()
        transaction.reopen()
        return transaction.execute("select 7").fetchall()

    assert await pool.runInteraction(die) == [(7,)]
    assert len(flushLoggedErrors(sqlite3.ProgrammingError)) == 1


async def test_a_rollback_that_fails_is_logged_and_hides_nothing(
    make: Make, flushLoggedErrors: Callable[..., list[Any]]
) -> None:
    pool = make(cp_min=1, cp_max=1)

    def die(transaction: Transaction) -> None:
        transaction._connection._connection.close()
        raise ValueError("died")

    with pytest.raises(ValueError, match="died"):
        await pool.runInteraction(die)
    assert len(flushLoggedErrors(sqlite3.ProgrammingError)) == 1


async def test_a_program_may_override_how_an_interaction_runs(
    reactor: Reactor, tmp_path: Path
) -> None:
    """As old recipes do, to try once more."""

    class Stubborn(ConnectionPool):
        def _runInteraction(self, interaction: Any, *args: Any, **kw: Any) -> Any:
            try:
                return super()._runInteraction(interaction, *args, **kw)
            except sqlite3.OperationalError:
                self.disconnect(self.connections.get(self.threadID()))
                return super()._runInteraction(interaction, *args, **kw)

    pool = Stubborn("sqlite3", str(tmp_path / "data"), cp_reactor=reactor)
    tries = []

    def fail_once(transaction: Transaction) -> str:
        tries.append(transaction)
        if len(tries) == 1:
            raise sqlite3.OperationalError("locked")
        return "done"

    assert await pool.runInteraction(fail_once) == "done"
    pool.close()


async def test_a_connection_that_cannot_be_set_up_is_closed(make: Make) -> None:
    opened: list[Any] = []

    def refuse(connection: Any) -> None:
        opened.append(connection)
        raise ValueError("no such encoding")

    pool = make(cp_openfun=refuse, check_same_thread=False)
    with pytest.raises(ValueError, match="encoding"):
        await pool.runQuery("select 1")
    assert pool.connections == {}
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].cursor()


async def test_another_threads_connection_is_not_disconnected(make: Make) -> None:
    pool = make()
    with pytest.raises(RuntimeError, match="wrong connection"):
        pool.disconnect(object())


async def test_a_closed_pool_fails_what_is_asked(make: Make) -> None:
    pool = make()
    await pool.runQuery("select 1")
    pool.close()
    assert not pool.running
    with pytest.raises(RuntimeError, match="stopped"):
        await pool.runQuery("select 1")
    pool.start()
    assert await pool.runQuery("select 1") == [(1,)]


def test_it_lives_as_long_as_its_reactor(reactor: Reactor, make: Make) -> None:
    """What is asked before waits; when the reactor stops, all is closed."""
    pool = make()
    found: list[Any] = []
    asked = pool.runQuery("select 1").addCallback(found.append)
    assert (pool.running, found) == (False, [])
    asked.addCallback(lambda _: found.append(pool.running))
    asked.addBoth(lambda _: reactor.stop())
    reactor.run(installSignalHandlers=False)
    assert found == [[(1,)], True]
    assert (pool.running, pool.connections) == (False, {})


def test_one_that_was_never_started_closes(reactor: Reactor, make: Make) -> None:
    pool = make()
    pool.close()
    reactor.callWhenRunning(reactor.stop)
    reactor.run(installSignalHandlers=False)
    assert not pool.running


@pytest.mark.sennit
async def test_noise_names_no_password(tmp_path: Path, reactor: Reactor) -> None:
    said: list[str] = []
    log.addObserver(lambda event: said.append(str(event.get("message"))))
    path = str(tmp_path / "secret")
    pool = ConnectionPool("sqlite3", path, cp_noisy=True, cp_reactor=reactor)
    await pool.runQuery("select 1")
    pool.close()
    text = "".join(said)
    assert "connecting: sqlite3" in text
    assert "closing: sqlite3" in text
    assert "secret" not in text


def test_keywords_are_attributes() -> None:
    class Reactor:
        def callWhenRunning(self, function: object) -> None:
            """It never runs."""

    def pool(**keywords: Any) -> ConnectionPool:
        return ConnectionPool("sqlite3", "x", cp_reactor=Reactor(), **keywords)

    one = pool(cp_max=1, cp_name="db", cp_good_sql="select 2", timeout=3)
    assert (one.min, one.max, one.name, one.good_sql) == (1, 1, "db", "select 2")
    assert (one.connargs, one.connkw) == (("x",), {"timeout": 3})
    assert (one.noisy, one.reconnect, pool().min, pool().max) == (False, False, 3, 5)
    with pytest.raises(ImportError):
        ConnectionPool("no_such_module")


def test_a_pickle_of_it_connects_anew() -> None:
    kept = pickle.loads(pickle.dumps(ConnectionPool("sqlite3", "x", cp_max=2)))
    assert (kept.dbapi, kept.connargs, kept.max) == (sqlite3, ("x",), 2)
    assert not kept.running
