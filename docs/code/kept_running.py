"""A store and a server that needs it: kept running, in that order, each line logged."""

import sys

from sennit.app.procmon import ProcessMonitor
from sennit.core import defer, log, reactor, task

STORE = "print('store: ready', flush=True); import time; time.sleep(60)"
SERVER = "print('server: at work', flush=True); import time; time.sleep(60)"

monitor = ProcessMonitor()
monitor.addProcess("store", [sys.executable, "-c", STORE], ready="ready")
monitor.addProcess("server", [sys.executable, "-c", SERVER], after=["store"])


async def a_while() -> None:
    monitor.startService()
    while "server" not in monitor.ready:
        await task.deferLater(reactor, 0.05)
    await task.deferLater(reactor, 0.5)
    await monitor.stopService()


if __name__ == "__main__":
    log.startLogging(sys.stdout)
    task.react(lambda reactor: defer.ensureDeferred(a_while()))
