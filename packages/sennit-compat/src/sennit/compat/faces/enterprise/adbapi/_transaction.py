"""What an interaction is given: a cursor, in a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core import log

if TYPE_CHECKING:
    from sennit.compat.faces.enterprise.adbapi._connection import Connection
    from sennit.compat.faces.enterprise.adbapi._pool import ConnectionPool

__all__ = ["Transaction"]


class Transaction:
    """A module's cursor, opened over a connection that may have to be replaced first.

    All attributes but those below are those of the cursor.

    Args:
        pool: Whose connection it is.
        connection: The connection.
    """

    _cursor: Any = None

    def __init__(self, pool: ConnectionPool, connection: Connection) -> None:
        self._pool = pool
        self._connection = connection
        self.reopen()

    def close(self) -> None:
        """Close the cursor, if there is one; the transaction goes on."""
        cursor, self._cursor = self._cursor, None
        if cursor is not None:
            cursor.close()

    def reopen(self) -> None:
        """Have another cursor, over a new connection if the old one gives none.

        Raises:
            Exception: The module's own error, if the pool does not reconnect, or the new
                connection gives none either.
        """
        try:
            self.close()
            self._cursor = self._connection.cursor()
            return
        except Exception:
            if not self._pool.reconnect:
                raise
            log.err(None, "a connection gives no cursor: there will be another")
        self.reconnect()
        self._cursor = self._connection.cursor()

    def reconnect(self) -> None:
        """Replace the connection; `reopen` gives a cursor over the new one."""
        self._connection.reconnect()
        self._cursor = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)
