"""A shop: paths with parameters, answers that take a while, a basket for each visitor.

usage: shop.py [PORT]     (8080 unless told; 0 for any that is free)

Begin at http://127.0.0.1:8080/.
"""

import json
import sys
from html import escape

from sennit.core import reactor
from sennit.core.task import deferLater
from sennit.web import pages
from sennit.web.resource import EncodingResourceWrapper, Rendered
from sennit.web.router import Router
from sennit.web.server import GzipEncoderFactory, Request, Session, Site
from sennit.web.util import redirectTo

PRICES = {"apple": 30, "pear": 45, "plum": 20}


class Basket:
    """What a visitor has bought: a session makes one when it is asked for it."""

    def __init__(self, session: Session) -> None:
        self.bought: list[str] = []


router = Router()


def page(title: str, body: str) -> bytes:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    return f"<!DOCTYPE html>{head}<h1>{escape(title)}</h1>{body}".encode()


@router.get("/")
def shelf(request: Request) -> bytes:
    basket: Basket = request.getSession(Basket)
    things = "".join(f'<li><a href="things/{name}">{name}</a>' for name in PRICES)
    bought = ", ".join(basket.bought) or "nothing yet"
    return page("The shop", f"<ul>{things}</ul><p>Your basket: {bought}</p>")


@router.get("/things/{name}")
async def thing(request: Request, name: str) -> Rendered:
    # A real one asks its database here; other requests go on meanwhile.
    await deferLater(reactor, 0.01)
    if name not in PRICES:
        return pages.notFound(message=f"The shop has no {name}.")
    form = '<form method="post"><button>Into the basket</button></form>'
    return page(name, f"<p>{PRICES[name]} cents</p>{form}")


@router.post("/things/{name}")
def buy(request: Request, name: str) -> Rendered:
    if name not in PRICES:
        return pages.notFound(message=f"The shop has no {name}.")
    request.getSession(Basket).bought.append(name)
    body = redirectTo(b"/", request)
    # What was posted is not posted again by who goes there.
    request.setResponseCode(303)
    return body


@router.get("/cheaper/{cents:int}")
def cheaper(request: Request, cents: int) -> bytes:
    request.setHeader(b"content-type", b"application/json")
    return json.dumps([name for name in PRICES if PRICES[name] < cents]).encode()


site = Site(EncodingResourceWrapper(router, [GzipEncoderFactory()]))

if __name__ == "__main__":
    port = reactor.listenTCP(int(sys.argv[1]) if sys.argv[1:] else 8080, site)
    print("the shop on TCP port", port.getHost().port, flush=True)
    reactor.run()
