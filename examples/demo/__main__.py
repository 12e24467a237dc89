"""Several services in one process, and real clients that talk to each of them.

usage: python examples/demo [--serve]

Every service listens on a free port of 127.0.0.1. Then a client of each connects,
talks to it many times, and a table shows what was said and how long a round trip
took. With --serve the services stay up, for you to try, until Ctrl-C.
"""

import argparse
import platform
from collections.abc import Sequence
from statistics import median

from services import SERVICES
from services.service import Said, Service

from sennit.core import defer, reactor, task
from sennit.core.engine import Reactor

# A service that has not told its story after so many seconds never will.
PATIENCE = 15.0


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} us"
    return f"{seconds * 1e3:.1f} ms"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return the rows in aligned columns, the first of them as their heads."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in [rows[0], ["-" * width for width in widths], *rows[1:]]
    ]
    return "\n".join(line.rstrip() for line in lines)


async def conversation(reactor: Reactor, service: Service, port: int) -> Said:
    """Talk to one service, but not for ever."""
    talking = defer.ensureDeferred(service.talk(reactor, port))
    return await talking.addTimeout(PATIENCE, reactor)


async def talk_to_all(reactor: Reactor, ports: Sequence[int]) -> None:
    """Talk to one service after another, and show the table."""
    rows = [["service", "port", "what was said", "round trip"]]
    failed = False
    for service, port in zip(SERVICES, ports, strict=True):
        try:
            said = await conversation(reactor, service, port)
        except Exception as error:
            failed = True
            rows.append([service.name, str(port), f"FAILED: {error!r}", "-"])
        else:
            trip = f"{duration(median(said.trips))} (median of {len(said.trips)})"
            rows.append([service.name, str(port), said.text, trip])
    print(table(rows), flush=True)
    if failed:
        raise SystemExit(1)


def main() -> None:
    """Start the services; then either talk to them or let the user do so."""
    parser = argparse.ArgumentParser(prog="demo", description=__doc__.split("\n")[0])
    parser.add_argument("--serve", action="store_true", help="stay up until Ctrl-C")
    serve = parser.parse_args().serve
    ports = [service.start(reactor) for service in SERVICES]
    print(f"One process, Python {platform.python_version()}, all on 127.0.0.1:\n")
    if serve:
        rows = [["service", "port", "try it"]]
        rows += [
            [service.name, str(port), service.hint.format(port=port)]
            for service, port in zip(SERVICES, ports, strict=True)
        ]
        print(table(rows) + "\n\nCtrl-C ends it.", flush=True)
        reactor.run()
        print("All closed.")
    else:
        task.react(talk_to_all, (ports,))


if __name__ == "__main__":
    main()
