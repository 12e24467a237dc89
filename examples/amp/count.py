"""Two sides that count in turns over one connection: both ask, both answer.

usage: count.py serve [PORT]     (8750 unless told; 0 for any that is free)
       count.py call [PORT]
"""

import sys

from sennit.core import log, reactor
from sennit.core.endpoints import TCP4ClientEndpoint
from sennit.core.errors import ConnectionClosed
from sennit.core.protocol import Factory
from sennit.protocols import amp


class Count(amp.Command):
    arguments = [("n", amp.Integer())]
    response = [("ok", amp.Boolean())]


class Counter(amp.AMP):
    @Count.responder
    def count(self, n: int) -> dict[str, bool]:
        print("received:", n)
        n += 1
        if n < 10:
            print("sending:", n)
            # Whoever ends first leaves the other without an answer.
            self.callRemote(Count, n=n).addErrback(
                lambda failure: failure.trap(ConnectionClosed)
            )
        return {"ok": True}


def serve(port: int) -> None:
    listening = reactor.listenTCP(
        port, Factory.forProtocol(Counter), interface="127.0.0.1"
    )
    print("counting on port", listening.getHost().port, flush=True)


def call(port: int) -> None:
    endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", port)
    d = endpoint.connect(Factory.forProtocol(Counter))
    d.addErrback(log.err, "connection failed")
    d.addCallback(lambda protocol: protocol.callRemote(Count, n=1))
    d.addErrback(log.err, "call failed")


if __name__ == "__main__":
    log.startLogging(sys.stdout)
    begin = {"serve": serve, "call": call}[sys.argv[1]]
    begin(int(sys.argv[2]) if sys.argv[2:] else 8750)
    reactor.run()
