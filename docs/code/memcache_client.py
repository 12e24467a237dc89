"""Count visits in a memcached server.

usage: memcache_client.py PORT
"""

import sys

from sennit.core import task
from sennit.core.endpoints import TCP4ClientEndpoint, connectProtocol
from sennit.core.engine import Reactor
from sennit.protocols.memcache import MemCacheProtocol


async def remember(reactor: Reactor, port: int) -> None:
    endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", port)
    client = await connectProtocol(endpoint, MemCacheProtocol())
    await client.add(b"visits", b"0", expireTime=3600)
    visits = await client.increment(b"visits")
    print("visit", visits)
    values = await client.getMultiple([b"visits", b"guests"])
    print(values)
    client.transport.loseConnection()


if __name__ == "__main__":
    task.react(lambda reactor: remember(reactor, int(sys.argv[1])))
