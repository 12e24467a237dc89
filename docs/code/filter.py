"""A filter: what comes by standard input goes, in capitals, to standard output."""

from sennit.core import reactor
from sennit.core.failure import Failure
from sennit.core.protocol import connectionDone
from sennit.core.stdio import StandardIO
from sennit.protocols.basic import LineReceiver


class Shout(LineReceiver):
    delimiter = b"\n"
    lines = 0

    def lineReceived(self, line: bytes) -> None:
        self.lines += 1
        self.sendLine(line.upper())

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        # The descriptors are the program's own again.
        print(f"{self.lines} lines")
        reactor.stop()


StandardIO(Shout())
reactor.run()
