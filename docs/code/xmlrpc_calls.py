"""A shop whose procedures are called over HTTP, and a customer."""

from typing import Any

from sennit.core import task
from sennit.core.engine import Reactor
from sennit.web import xmlrpc
from sennit.web.server import Request, Site


class Stock(xmlrpc.XMLRPC):
    def __init__(self) -> None:
        super().__init__()
        self.pieces = {"cheese": 3, "ham": 1}

    def xmlrpc_count(self, name: str) -> int:
        """How many pieces there are."""
        if name not in self.pieces:
            raise xmlrpc.Fault(404, f"we do not sell {name}")
        return self.pieces[name]

    async def xmlrpc_sell(self, name: str, pieces: int) -> dict[str, int]:
        """Take pieces away; what is left is told."""
        if self.xmlrpc_count(name) < pieces:
            raise xmlrpc.Fault(7, f"out of {name}")
        self.pieces[name] -= pieces
        return self.pieces


class Shop(xmlrpc.XMLRPC):
    @xmlrpc.withRequest
    def xmlrpc_greet(self, request: Request, name: str) -> str:
        """Greet somebody, and tell where they are."""
        return f"Hello {name} at {request.getRequestHostname().decode()}"


shop = Shop()
shop.putSubHandler("stock", Stock())
xmlrpc.addIntrospection(shop, multicall=True)


async def main(reactor: Reactor) -> None:
    port = reactor.listenTCP(0, Site(shop), interface="127.0.0.1")
    url = f"http://127.0.0.1:{port.getHost().port}/"
    proxy = xmlrpc.Proxy(url, timeout=10)
    print(await proxy.callRemote("greet", "Ali"))
    print(await proxy.callRemote("stock.sell", "cheese", 2))
    print(await proxy.callRemote("system.methodHelp", "stock.sell"))
    try:
        await proxy.callRemote("stock.sell", "ham", 9)
    except xmlrpc.Fault as fault:
        print(fault.faultCode, fault.faultString)
    calls: list[dict[str, Any]] = [
        {"methodName": "stock.count", "params": [name]} for name in ("cheese", "fish")
    ]
    print(await proxy.callRemote("system.multicall", calls))


task.react(main)
