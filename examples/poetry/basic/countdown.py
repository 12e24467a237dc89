"""Count down from five, a second at a time, and stop.

usage: countdown.py [SECONDS]     (1 between two numbers unless told)
"""

import sys

from sennit.core import reactor


class Countdown:
    left = 5

    def __init__(self, pause: float) -> None:
        self.pause = pause

    def count(self) -> None:
        if not self.left:
            reactor.stop()
            return
        print(self.left, "...", flush=True)
        self.left -= 1
        reactor.callLater(self.pause, self.count)


reactor.callWhenRunning(Countdown(float(sys.argv[1]) if sys.argv[1:] else 1).count)
print("Start!")
reactor.run()
print("Stop!")
