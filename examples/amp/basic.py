"""The smallest server and client: they connect, and that is all.

usage: basic.py serve [PORT]     (8750 unless told; 0 for any that is free)
       basic.py call [PORT]
"""

import sys

from sennit.core import log, reactor
from sennit.core.endpoints import TCP4ClientEndpoint
from sennit.core.protocol import Factory
from sennit.protocols.amp import AMP


def serve(port: int) -> None:
    listening = reactor.listenTCP(port, Factory.forProtocol(AMP), interface="127.0.0.1")
    print("AMP on port", listening.getHost().port, flush=True)


def call(port: int) -> None:
    endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", port)
    d = endpoint.connect(Factory.forProtocol(AMP))
    d.addErrback(log.err, "Connection failed")
    d.addCallback(lambda _: reactor.stop())


if __name__ == "__main__":
    log.startLogging(sys.stdout)
    begin = {"serve": serve, "call": call}[sys.argv[1]]
    begin(int(sys.argv[2]) if sys.argv[2:] else 8750)
    reactor.run()
