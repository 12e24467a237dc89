"""``twisted.enterprise.adbapi``: databases whose modules block, in threads.

A `ConnectionPool` has threads of its own, and for each at most one connection, which no
other thread ever sees: modules differ in what they allow threads to share. A connection is
made when its thread first needs one, and closed by that thread when it leaves.
"""

from __future__ import annotations

from sennit.compat.faces.enterprise.adbapi._connection import Connection as Connection
from sennit.compat.faces.enterprise.adbapi._errors import (
    ConnectionLost as ConnectionLost,
)
from sennit.compat.faces.enterprise.adbapi._pool import (
    ConnectionPool as ConnectionPool,
)
from sennit.compat.faces.enterprise.adbapi._transaction import (
    Transaction as Transaction,
)

__all__ = ["Connection", "ConnectionLost", "ConnectionPool", "Transaction"]
