"""Send every box back: below commands, AMP is boxes that come and go.

usage: reflector.py [PORT]     (8750 unless told; 0 for any that is free)
"""

import sys

from sennit.core import reactor
from sennit.core.failure import Failure
from sennit.core.protocol import Factory
from sennit.protocols.amp import AMP, AmpBox, IBoxSender


class BoxReflector:
    def startReceivingBoxes(self, boxSender: IBoxSender) -> None:
        self.boxSender: IBoxSender | None = boxSender

    def ampBoxReceived(self, box: AmpBox) -> None:
        assert self.boxSender is not None
        self.boxSender.sendBox(box)

    def stopReceivingBoxes(self, reason: Failure) -> None:
        self.boxSender = None


if __name__ == "__main__":
    factory = Factory.forProtocol(lambda: AMP(boxReceiver=BoxReflector()))
    number = int(sys.argv[1]) if sys.argv[1:] else 8750
    port = reactor.listenTCP(number, factory, interface="127.0.0.1")
    print("reflecting on port", port.getHost().port, flush=True)
    reactor.run()
