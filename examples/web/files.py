"""Serve a folder: files, indexes, and a page for each folder that has none.

usage: files.py [FOLDER [PORT]]     (this one, at 8080; 0 for any port that is free)

Begin at http://127.0.0.1:8080/.
"""

import sys

from sennit.core import reactor
from sennit.web.server import Site
from sennit.web.static import File


def main(folder: str = ".", port: str = "8080") -> None:
    site = Site(File(folder))
    listening = reactor.listenTCP(int(port), site, interface="127.0.0.1")
    print(f"files on TCP port {listening.getHost().port}", flush=True)
    reactor.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
