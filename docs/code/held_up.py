"""A call that holds the loop, and the watchdog that says so."""

import sys

from sennit.core import log, reactor, watchdog


def count(number: int) -> None:
    while number:
        number -= 1
        if sum(range(number)) < 0:
            break


def main() -> None:
    reactor.callLater(0.1, count, 12000)
    reactor.callLater(0.2, reactor.stop)


log.startLogging(sys.stdout)
watchdog.watch(reactor, threshold=0.1)
reactor.callWhenRunning(main)
reactor.run()
