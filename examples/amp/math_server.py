"""Add and divide for whoever asks.

usage: math_server.py [PORT]     (1234 unless told; 0 for any that is free)
"""

import sys

from math_commands import Math

from sennit.core import reactor
from sennit.core.protocol import Factory

if __name__ == "__main__":
    number = int(sys.argv[1]) if sys.argv[1:] else 1234
    port = reactor.listenTCP(number, Factory.forProtocol(Math), interface="127.0.0.1")
    print("math on port", port.getHost().port, flush=True)
    reactor.run()
