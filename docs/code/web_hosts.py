"""Two hosts on one port."""

from urllib.request import Request as Asked, urlopen

from sennit.core import task, threads
from sennit.core.engine import Reactor
from sennit.web.router import Router
from sennit.web.server import Request, Site
from sennit.web.vhost import NameVirtualHost

cats, dogs = Router(), Router()


@cats.get("/")
def purr(request: Request) -> bytes:
    return b"purr"


@dogs.get("/")
def bark(request: Request) -> bytes:
    return b"bark"


hosts = NameVirtualHost()
hosts.addHost(b"cats.example.com", cats)
hosts.addHost(b"*.dogs.example.com", dogs)
hosts.default = cats


def fetch(port: int, host: str) -> str:
    asked = Asked(f"http://127.0.0.1:{port}/", headers={"Host": host})
    with urlopen(asked) as answer:
        return str(answer.read().decode())


async def main(reactor: Reactor) -> None:
    port = reactor.listenTCP(0, Site(hosts), interface="127.0.0.1").getHost().port
    for host in ("cats.example.com", "big.dogs.example.com", "example.org"):
        print(host, "->", await threads.deferToThread(fetch, port, host))


task.react(main)
