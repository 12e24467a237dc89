"""Forward a port: every connection goes on to another host.

usage: portforward.py HOST PORT [OWNPORT]     (0 for any that is free, unless told)
"""

import sys

from sennit.core import reactor
from sennit.protocols.portforward import ProxyFactory

if __name__ == "__main__":
    host, port, own = sys.argv[1], int(sys.argv[2]), int((sys.argv[3:] or [0])[0])
    listening = reactor.listenTCP(own, ProxyFactory(host, port), interface="127.0.0.1")
    print("forwarding TCP port", listening.getHost().port, flush=True)
    reactor.run()
