"""The pool: threads, a connection for each, and what is done with them.

`ConnectionPool.connections` is the one thing that several threads change: each only the
item of its own number, so that needs no lock. It is otherwise read when no thread is left.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar

import sennit.core
from sennit.compat.faces.enterprise.adbapi._connection import Connection
from sennit.compat.faces.enterprise.adbapi._threads import leavingWith
from sennit.compat.faces.enterprise.adbapi._transaction import Transaction
from sennit.core import log
from sennit.core.defer import Deferred
from sennit.core.threadpool import ThreadPool
from sennit.core.threads import deferToThreadPool

__all__ = ["ConnectionPool"]

_A = ParamSpec("_A")
_R = TypeVar("_R")


class ConnectionPool:
    """Connections to one database, each with a thread to wait for it.

    It is at work while its reactor runs; what it is asked for before waits for that.

    Attributes:
        dbapiName: The module's name.
        dbapi: The module, as of DB-API 2.0 (PEP 249).
        connargs: Arguments for the module's ``connect``.
        connkw: Keyword arguments for that.
        connections: The module's connections, by their threads' numbers.
        threadpool: The threads.
        running: Whether it is at work.
        connectionFactory: Makes what stands for a connection, of the pool.
        transactionFactory: Makes what stands for a cursor, of the pool and that.
        min: How many threads there are at least.
        max: How many threads there are at most.
        name: What the threads are called by.
        noisy: Whether it is logged when a connection is made or closed.
        openfun: Called, in the thread, with each new connection of the module.
        reconnect: Whether dead connections are found and replaced.
        good_sql: SQL that changes nothing, and succeeds unless a connection is dead.
    """

    # Which of the attributes are set by keywords, ``cp_`` before the name.
    CP_ARGS: ClassVar[list[str]] = [
        "min",
        "max",
        "name",
        "noisy",
        "openfun",
        "reconnect",
        "good_sql",
    ]

    min: int = 3
    max: int = 5
    name: str | None = None
    noisy: bool = False
    openfun: Callable[[Any], object] | None = None
    reconnect: bool = False
    good_sql: str = "select 1"
    running: bool = False
    connectionFactory: ClassVar[Callable[..., Any]] = Connection
    transactionFactory: ClassVar[Callable[..., Any]] = Transaction
    # What takes back a wish of the reactor: to be started with it, and to be stopped.
    startID: Any = None
    shutdownID: Any = None

    def __init__(self, dbapiName: str, *connargs: Any, **connkw: Any) -> None:
        """Make a pool; nothing is connected before something is asked of it.

        Args:
            dbapiName: The name of a module as of DB-API 2.0, such as ``sqlite3``.
            *connargs: For the module's ``connect``.
            **connkw: For that, too, but for ``cp_min``, ``cp_max``, ``cp_name``,
                ``cp_noisy``, ``cp_openfun``, ``cp_reconnect``, ``cp_good_sql``, which
                set the attributes of these names, and ``cp_reactor``: the reactor that
                it works with, the program's own unless given.

        Raises:
            ImportError: There is no such module.
        """
        given = connkw.pop("cp_reactor", None)
        self._reactor: Any = sennit.core.reactor if given is None else given
        self.dbapiName = dbapiName
        self.dbapi: Any = import_module(dbapiName)
        for name in self.CP_ARGS:
            if f"cp_{name}" in connkw:
                setattr(self, name, connkw.pop(f"cp_{name}"))
        self.connargs = connargs
        self.connkw = connkw
        self.min = min(self.min, self.max)
        self.connections: dict[int, Any] = {}
        self.threadID: Callable[[], int] = threading.get_ident
        self.threadpool: ThreadPool = ThreadPool(self.min, self.max, self.name)
        # Of this pool alone: its threads close what they have.
        vars(self.threadpool)["threadFactory"] = leavingWith(self._leave)
        self.startID = self._reactor.callWhenRunning(self.start)

    # Its life.

    def start(self) -> None:
        """Begin to work; done when the reactor starts."""
        self.startID = None
        if not self.running:
            self.threadpool.start()
            self.shutdownID = self._reactor.addSystemEventTrigger(
                "during", "shutdown", self.finalClose
            )
            self.running = True

    def close(self) -> None:
        """Finish what was asked for, and close all connections; this waits for it."""
        for wish in (self.startID, self.shutdownID):
            if wish is not None:
                self._reactor.removeSystemEventTrigger(wish)
        self.startID = None
        self.finalClose()

    def finalClose(self) -> None:
        """Do what `close` does, as the reactor stops."""
        self.shutdownID = None
        self.threadpool.stop()
        self.running = False
        # Those of threads that are not the pool's own.
        for connection in self.connections.values():
            self._close(connection)
        self.connections.clear()

    def _leave(self) -> None:
        connection = self.connections.pop(self.threadID(), None)
        if connection is not None:
            self._close(connection)

    # What is done in threads. Programs override some of it, by these names.

    def connect(self) -> Any:
        """Give this thread's connection of the module, a new one if it has none.

        Call it in a thread, as it blocks.
        """
        connection = self.connections.get(self.threadID())
        if connection is None:
            if self.noisy:
                # Not with what for: there may be a password.
                log.msg(f"adbapi connecting: {self.dbapiName}")
            connection = self.dbapi.connect(*self.connargs, **self.connkw)
            try:
                if self.openfun is not None:
                    self.openfun(connection)
            except BaseException:
                self._close(connection)
                raise
            self.connections[self.threadID()] = connection
        return connection

    def disconnect(self, conn: Any) -> None:
        """Close this thread's connection; the next `connect` makes another.

        Args:
            conn: What `connect` has given.

        Raises:
            RuntimeError: It is another thread's.
        """
        number = self.threadID()
        if conn is not self.connections.get(number):
            raise RuntimeError("wrong connection for thread: it is another's")
        if conn is not None:
            self._close(conn)
            del self.connections[number]

    def _close(self, conn: Any) -> None:
        if self.noisy:
            log.msg(f"adbapi closing: {self.dbapiName}")
        try:
            conn.close()
        except Exception:
            log.err(None, "a connection to a database cannot be closed")

    def _runWithConnection(
        self, func: Callable[..., Any], *args: Any, **kw: Any
    ) -> Any:
        connection = self.connectionFactory(self)
        try:
            result = func(connection, *args, **kw)
            connection.commit()
        except BaseException:
            _roll_back(connection)
            raise
        return result

    def _runInteraction(
        self, interaction: Callable[..., Any], *args: Any, **kw: Any
    ) -> Any:
        connection = self.connectionFactory(self)
        transaction = self.transactionFactory(self, connection)
        try:
            result = interaction(transaction, *args, **kw)
            transaction.close()
            connection.commit()
        except BaseException:
            _roll_back(connection)
            raise
        return result

    def _runQuery(self, trans: Any, *args: Any, **kw: Any) -> Any:
        trans.execute(*args, **kw)
        return trans.fetchall()

    def _runOperation(self, trans: Any, *args: Any, **kw: Any) -> None:
        trans.execute(*args, **kw)

    # What is asked of it.

    def runWithConnection(
        self,
        func: Callable[Concatenate[Any, _A], _R],
        *args: _A.args,
        **kw: _A.kwargs,
    ) -> Deferred[_R]:
        """Call something with a connection, in a thread, in a transaction.

        Args:
            func: Called with a `Connection`. What it has done is committed; if it raises,
                it is undone.
            *args: For the call.
            **kw: For the call.

        Returns:
            A Deferred of what it returns.
        """
        return deferToThreadPool(
            self._reactor, self.threadpool, self._runWithConnection, func, *args, **kw
        )

    def runInteraction(
        self,
        interaction: Callable[Concatenate[Any, _A], _R],
        *args: _A.args,
        **kw: _A.kwargs,
    ) -> Deferred[_R]:
        """Call something with a cursor, in a thread, in a transaction.

        Args:
            interaction: Called with a `Transaction`. What it has done is committed; if it
                raises, it is undone.
            *args: For the call.
            **kw: For the call.

        Returns:
            A Deferred of what it returns.
        """
        return deferToThreadPool(
            self._reactor,
            self.threadpool,
            self._runInteraction,
            interaction,
            *args,
            **kw,
        )

    def runQuery(self, *args: Any, **kw: Any) -> Deferred[Any]:
        """Execute SQL, in a transaction of its own.

        Args:
            *args: For the cursor's ``execute``: SQL, and perhaps what is put into it.
            **kw: For that, too.

        Returns:
            A Deferred of all rows, as the module's ``fetchall`` gives them.
        """
        return self.runInteraction(self._runQuery, *args, **kw)

    def runOperation(self, *args: Any, **kw: Any) -> Deferred[None]:
        """Execute SQL that gives no rows, in a transaction of its own.

        Args:
            *args: For the cursor's ``execute``: SQL, and perhaps what is put into it.
            **kw: For that, too.

        Returns:
            A Deferred of None.
        """
        return self.runInteraction(self._runOperation, *args, **kw)

    # Pickles of it connect anew.

    def __getstate__(self) -> dict[str, Any]:
        kept = ("dbapiName", "connargs", "connkw", *self.CP_ARGS)
        return {name: getattr(self, name) for name in kept if name != "openfun"}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        keywords = {f"cp_{name}": state[name] for name in self.CP_ARGS if name in state}
        ConnectionPool.__init__(
            self, state["dbapiName"], *state["connargs"], **state["connkw"], **keywords
        )


def _roll_back(connection: Any) -> None:
    """Undo a transaction that has failed; that is told, not what goes wrong here."""
    try:
        connection.rollback()
    except BaseException:
        log.err(None, "Rollback failed")
