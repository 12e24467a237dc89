"""A body that is read as it comes, and an answer that is written so."""

from hashlib import sha256
from urllib.request import Request as Asked, urlopen

from sennit.core import reactor, task, threads
from sennit.core.engine import Reactor
from sennit.web.router import Router
from sennit.web.server import Request, Site

router = Router()


@router.put("/digest", streamsBody=True)
async def digest(request: Request) -> bytes:
    made = sha256()
    async for piece in request.stream:
        made.update(piece)
    return made.hexdigest().encode()


@router.get("/countdown")
async def countdown(request: Request) -> None:
    request.setHeader(b"content-type", b"text/plain")
    for number in (3, 2, 1):
        request.write(b"%d\n" % number)
        await task.deferLater(reactor, 0.01)


def fetch(method: str, url: str, data: bytes | None = None) -> str:
    with urlopen(Asked(url, data, method=method)) as answer:
        return str(answer.read().decode())


async def main(reactor: Reactor) -> None:
    port = reactor.listenTCP(0, Site(router), interface="127.0.0.1").getHost().port
    url = f"http://127.0.0.1:{port}"
    body = bytes(10_000_000)
    print(await threads.deferToThread(fetch, "PUT", f"{url}/digest", body))
    print(await threads.deferToThread(fetch, "GET", f"{url}/countdown"), end="")


task.react(main)
