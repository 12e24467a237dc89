"""A web site: a page for every name, and what it says of a page that is not there."""

from sennit.core.engine import Reactor
from sennit.web.client import Client
from sennit.web.router import Router
from sennit.web.server import Request, Site
from services.service import LOCAL, Said, Service, repeat

__all__ = ["SERVICE"]

router = Router()


@router.get("/hello/{name}")
async def hello(request: Request, name: str) -> bytes:
    request.setHeader(b"content-type", b"text/plain; charset=utf-8")
    return f"Hello, {name}!".encode()


def start(reactor: Reactor) -> int:
    site = Site(router, reactor=reactor)
    return reactor.listenTCP(0, site, interface=LOCAL).getHost().port


async def talk(reactor: Reactor, port: int) -> Said:
    async with Client(f"http://{LOCAL}:{port}", reactor=reactor) as client:

        async def visit() -> str:
            return (await client.get("/hello/World")).text()

        heard, trips = await repeat(200, visit)
        missing = (await client.get("/nothing")).status
    assert (heard, missing) == ("Hello, World!", 404), (heard, missing)
    return Said(f"{heard} A page that is not there: {missing}", trips)


SERVICE = Service("web site", "curl http://127.0.0.1:{port}/hello/World", start, talk)
