"""Procedures over HTTP, called by their names, and one that has no cheese."""

from sennit.core.engine import Reactor
from sennit.web import client, xmlrpc
from sennit.web.server import Site
from services.service import LOCAL, Said, Service, repeat

__all__ = ["SERVICE"]


class Shop(xmlrpc.XMLRPC):
    def xmlrpc_add(self, *prices: int) -> int:
        return sum(prices)

    def xmlrpc_cheese(self) -> None:
        raise xmlrpc.Fault(7, "Out of cheese.")


def start(reactor: Reactor) -> int:
    site = Site(Shop(), reactor=reactor)
    return reactor.listenTCP(0, site, interface=LOCAL).getHost().port


async def talk(reactor: Reactor, port: int) -> Said:
    pool = client.HTTPConnectionPool(reactor)
    agent = client.Agent(reactor, pool=pool)
    shop = xmlrpc.Proxy(f"http://{LOCAL}:{port}/", agent=agent, reactor=reactor)
    total, trips = await repeat(200, lambda: shop.callRemote("add", 1, 2, 3))
    assert total == 6, total
    try:
        await shop.callRemote("cheese")
    except xmlrpc.Fault as fault:
        told = fault.faultString
    await pool.closeCachedConnections()
    return Said(f"1 + 2 + 3 = {total}. {told}", trips)


SERVICE = Service(
    "XML-RPC",
    "python -c 'from xmlrpc.client import ServerProxy as S; "
    'print(S("http://127.0.0.1:{port}").add(1, 2))\'',
    start,
    talk,
)
