"""An old program's pool of connections to a database."""

# mypy: disable-error-code="import-not-found,untyped-decorator"

from collections.abc import Generator
from typing import Any

import sennit.compat

sennit.compat.install()

from twisted.enterprise import adbapi  # noqa: E402
from twisted.internet import defer, task  # noqa: E402


def move(transaction: Any, amount: int, source: str, target: str) -> str:
    transaction.execute("update t set n = n - ? where who = ?", (amount, source))
    transaction.execute("update t set n = n + ? where who = ?", (amount, target))
    transaction.execute("select min(n) from t")
    if transaction.fetchone()[0] < 0:
        raise ValueError(f"{source} has less than {amount}")
    return f"{source} gives {target} {amount}"


@defer.inlineCallbacks
def main(reactor: Any) -> Generator[Any, Any, None]:
    pool = adbapi.ConnectionPool("sqlite3", ":memory:", cp_min=1, cp_max=1)
    yield pool.runOperation("create table t (who text, n integer)")
    yield pool.runOperation("insert into t values ('alice', 5), ('bob', 0)")
    print((yield pool.runInteraction(move, 3, "alice", "bob")))
    try:
        yield pool.runInteraction(move, 3, "alice", "bob")
    except ValueError as error:
        print(error)
    print((yield pool.runQuery("select who, n from t")))


task.react(main)
