"""One connection of a pool, as long as something is done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.compat.faces.enterprise.adbapi._errors import ConnectionLost
from sennit.core import log

if TYPE_CHECKING:
    from sennit.compat.faces.enterprise.adbapi._pool import ConnectionPool

__all__ = ["Connection"]


class Connection:
    """A module's connection, which is replaced when it is found dead.

    All attributes but those below are those of the module's connection.

    Args:
        pool: Whose connection it is.
    """

    # Programs look at `_pool` and `_connection` to get at what is beneath.

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool
        self._connection: Any = None
        self.reconnect()

    def close(self) -> None:
        """Nothing: it is the pool's, for whatever its thread does next."""

    def rollback(self) -> None:
        """Undo what the transaction has done.

        If the pool reconnects, the connection is tried afterwards, as a rollback may
        succeed on a dead one.

        Raises:
            ConnectionLost: It is dead, and the pool reconnects: it was closed, the next
                transaction has another.
            Exception: The module's own error, if the pool does not reconnect.
        """
        if not self._pool.reconnect:
            self._connection.rollback()
            return
        try:
            self._connection.rollback()
            cursor = self._connection.cursor()
            cursor.execute(self._pool.good_sql)
            cursor.close()
            self._connection.commit()
        except Exception as error:
            log.err(None, "a connection cannot be rolled back: it is given up")
            self._pool.disconnect(self._connection)
            raise ConnectionLost("the connection to the database was lost") from error

    def reconnect(self) -> None:
        """Take the thread's connection, or a new one if it had one."""
        if self._connection is not None:
            self._pool.disconnect(self._connection)
        self._connection = self._pool.connect()

    def __getattr__(self, name: str) -> Any:
        # Not from __init__ on: a copy of it has no attributes at first.
        if name == "_connection":
            raise AttributeError(name)
        return getattr(self._connection, name)
