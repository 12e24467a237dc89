"""A tree of resources, asked by a client in a thread."""

from urllib.error import HTTPError
from urllib.request import urlopen

from sennit.core import task, threads
from sennit.core.engine import Reactor
from sennit.web import pages
from sennit.web.resource import Rendered, Resource
from sennit.web.server import Request, Site

POEMS = {b"fog": b"The fog comes on little cat feet.", b"sea": b"I must go down."}


class Poem(Resource):
    isLeaf = True

    def __init__(self, text: bytes) -> None:
        super().__init__()
        self.text = text

    def render_GET(self, request: Request) -> bytes:
        request.setHeader(b"content-type", b"text/plain; charset=utf-8")
        return self.text


class Poems(Resource):
    def getChild(self, path: bytes, request: Request) -> Resource:
        text = POEMS.get(path)
        return pages.notFound() if text is None else Poem(text)


class Slow(Resource):
    isLeaf = True

    async def render_GET(self, request: Request) -> Rendered:
        text = await threads.deferToThread(b" ".join, POEMS.values())
        return text.upper()


root = Resource()
root.putChild(b"poems", Poems())
root.putChild(b"all", Slow())


def fetch(url: str) -> str:
    try:
        with urlopen(url) as answer:
            return str(answer.read().decode())
    except HTTPError as error:
        with error:
            return str(error)


async def main(reactor: Reactor) -> None:
    port = reactor.listenTCP(0, Site(root), interface="127.0.0.1").getHost().port
    for path in ("poems/fog", "poems/rain", "all"):
        url = f"http://127.0.0.1:{port}/{path}"
        print(path, "->", await threads.deferToThread(fetch, url))


task.react(main)
