"""A quote of the day: a thread asks a database, while the reactor goes on."""

import sqlite3
import tempfile
from pathlib import Path

from sennit.core import threads
from sennit.core.engine import Reactor
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol
from services.hello import Listener
from services.service import LOCAL, Said, Service, connect, repeat

__all__ = ["SERVICE"]

# Old sayings, without an owner.
SAYINGS = [
    "A rolling stone gathers no moss.",
    "Many hands make light work.",
    "Still waters run deep.",
    "The early bird catches the worm.",
    "Two heads are better than one.",
]


def make_database(path: Path) -> None:
    """Write a small SQLite file with the sayings."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("CREATE TABLE quotes (text TEXT NOT NULL)")
        connection.executemany(
            "INSERT INTO quotes VALUES (?)", [(saying,) for saying in SAYINGS]
        )
    connection.close()


def pick(path: Path) -> str:
    """Ask the database for any quote; it blocks, so a thread calls it."""
    connection = sqlite3.connect(path)
    try:
        row = connection.execute("SELECT text FROM quotes ORDER BY random() LIMIT 1")
        return str(row.fetchone()[0])
    finally:
        connection.close()


class Quote(Protocol):
    """Tells a quote when the thread has found one, and hangs up."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def connectionMade(self) -> None:
        threads.deferToThread(pick, self.path).addCallbacks(self.tell, self.sorry)

    def tell(self, quote: str) -> None:
        self.transport.write(quote.encode() + b"\n")
        self.transport.loseConnection()

    def sorry(self, failure: Failure) -> None:
        self.transport.write(b"No quote today: " + failure.getErrorMessage().encode())
        self.transport.loseConnection()


class QuoteFactory(Factory):
    """Keeps the database as long as it listens."""

    def startFactory(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="sennit-demo-")
        self.path = Path(self.folder.name, "quotes.sqlite")
        make_database(self.path)

    def stopFactory(self) -> None:
        self.folder.cleanup()

    def buildProtocol(self, addr: object) -> Quote:
        return Quote(self.path)


def start(reactor: Reactor) -> int:
    return reactor.listenTCP(0, QuoteFactory(), interface=LOCAL).getHost().port


async def talk(reactor: Reactor, port: int) -> Said:
    async def visit() -> str:
        return (await (await connect(reactor, port, Listener())).over).decode().strip()

    heard, trips = await repeat(50, visit)
    assert heard in SAYINGS, heard
    return Said(f"heard '{heard}'", trips)


SERVICE = Service("quote of the day", "nc 127.0.0.1 {port}", start, talk)
