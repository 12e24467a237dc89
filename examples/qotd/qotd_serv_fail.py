"""The server of quotes with a database that fails: the errback's side.

usage: qotd_serv_fail.py [PORT]     (9999 unless told; 0 for any that is free)
"""

import sys

import qotd_serv

from sennit.core import reactor


def getQuoteFromDB() -> bytes:
    raise RuntimeError("the database is away")


qotd_serv.getQuoteFromDB = getQuoteFromDB

if __name__ == "__main__":
    port = reactor.listenTCP(
        int(sys.argv[1]) if sys.argv[1:] else 9999, qotd_serv.QOTDFactory()
    )
    print("quotes on TCP port", port.getHost().port, flush=True)
    reactor.run()
