"""A client of everything: a site is asked in short, and at length."""

import asyncio
from collections.abc import AsyncIterator

from sennit.core import task
from sennit.core.engine import Reactor
from sennit.web.client import (
    Agent,
    BrowserLikeRedirectAgent,
    Client,
    ContentDecoderAgent,
    GzipDecoder,
    HTTPConnectionPool,
    StatusError,
    Timeouts,
    get,
    readBody,
)
from sennit.web.router import Router
from sennit.web.server import Request, Site

router = Router()


@router.get("/stock/{name}")
def stock(request: Request, name: str) -> bytes:
    request.setHeader("content-type", "application/json")
    return b'{"apples": 3}'


@router.post("/stock/{name}")
async def add(request: Request, name: str) -> bytes:
    assert request.content is not None
    return b"%d bytes" % len(request.content.read())


@router.get("/old")
def old(request: Request) -> bytes:
    request.redirect(b"/stock/fruit")
    return b""


async def script(reactor: Reactor, url: str) -> None:
    answer = await get(url + "/stock/fruit", params={"color": "red"}, reactor=reactor)
    print(answer.status, answer.json())


async def pieces() -> AsyncIterator[bytes]:
    for number in range(3):
        await asyncio.sleep(0.01)
        yield b"piece %d\n" % number


async def session(reactor: Reactor, url: str) -> None:
    async with Client(url, headers={"X-Shop": "ours"}, reactor=reactor) as client:
        answer = await client.get("/old")
        print(answer.url.removeprefix(url), [each.status for each in answer.history])
        answer = await client.post("/stock/fruit", json={"pears": 5})
        print(answer.text())
        answer = await client.post("/stock/fruit", files={"list": ("a.txt", b"plums")})
        answer = await client.post("/stock/fruit", pieces())
        print(answer.text())
        try:
            (await client.get("/nothing")).raiseForStatus()
        except StatusError as error:
            print(error)


async def stream(client: Client) -> None:
    async with await client.get("/stock/fruit", stream=True) as answer:
        async for piece in answer:
            print(len(piece), "bytes")


async def agents(reactor: Reactor, url: bytes) -> None:
    pool = HTTPConnectionPool(reactor)
    agent = Agent(reactor, pool=pool, timeouts=Timeouts(connect=5, headers=10))
    following = BrowserLikeRedirectAgent(agent)
    unpacking = ContentDecoderAgent(following, [(b"gzip", GzipDecoder)])
    response = await unpacking.request(b"GET", url + b"/old")
    print(response.code, await readBody(response))
    await pool.closeCachedConnections()


async def main(reactor: Reactor) -> None:
    port = reactor.listenTCP(0, Site(router), interface="127.0.0.1")
    url = f"http://127.0.0.1:{port.getHost().port}"
    await script(reactor, url)
    await session(reactor, url)
    async with Client(url, reactor=reactor) as client:
        await stream(client)
    await agents(reactor, url.encode())
    await port.stopListening()


task.react(main)
