"""Serve a page at every path: the smallest site.

usage: web_serv.py [PORT]     (10998 unless told; 0 for any that is free)
"""

import sys

from sennit.core import reactor
from sennit.web import server, static

root = static.Data(b"hello world", "text/plain")
root.putChild(b"", root)
site = server.Site(root)

if __name__ == "__main__":
    port = reactor.listenTCP(int(sys.argv[1]) if sys.argv[1:] else 10998, site)
    print("a site on TCP port", port.getHost().port, flush=True)
    reactor.run()
