"""A program that runs a service as ``sennit run`` does."""

import sys

from sennit.app.runner import Plan, Target, run
from sennit.app.service import Service
from sennit.core import reactor


class Once(Service):
    def startService(self) -> None:
        super().startService()
        print("at work")
        reactor.callLater(0, reactor.stop)


plan = Plan("once", Target("a service", Once), logFormat="text")
sys.exit(run(plan))
