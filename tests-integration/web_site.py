"""A site that has something of everything, for clients of others to ask.

usage: web_site.py FOLDER

FOLDER has ``server.pem`` and the files below ``/files/``. The site listens on a port, on
one over TLS and at the UNIX socket ``FOLDER/socket``; the ports are printed.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from sennit.core import reactor, tls
from sennit.core.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from sennit.core.cred.contracts import Login
from sennit.core.cred.portal import Portal
from sennit.core.defer import Deferred
from sennit.core.task import deferLater
from sennit.web import guard, xmlrpc
from sennit.web.resource import EncodingResourceWrapper
from sennit.web.router import Router
from sennit.web.server import GzipEncoderFactory, Request, Site
from sennit.web.static import Data, File

# The only mutable state: how many of the requests to /never were given up.
GIVEN_UP: list[str] = []

router = Router()


@router.get("/hello")
def hello(request: Request) -> bytes:
    return b"hello"


@router.route("/echo", methods=["GET", "POST", "PUT", "DELETE", "PATCH"])
def echo(request: Request) -> bytes:
    request.setHeader(b"content-type", b"application/json")
    body = request.content.read()
    told = {
        "method": request.method.decode(),
        "uri": request.uri.decode(),
        "version": request.clientproto.decode(),
        "host": request.getRequestHostname().decode(),
        "secure": request.isSecure(),
        "args": {
            name.decode(): [value.decode() for value in values]
            for name, values in request.args.items()
        },
        "headers": {
            name.decode().lower(): [value.decode("latin-1") for value in values]
            for name, values in request.requestHeaders.getAllRawHeaders()
        },
        "length": len(body),
        "digest": hashlib.sha256(body).hexdigest(),
    }
    return json.dumps(told).encode()


@router.put("/digest", streamsBody=True)
async def digest(request: Request) -> bytes:
    made = hashlib.sha256()
    async for piece in request.stream:
        made.update(piece)
    return made.hexdigest().encode()


@router.get("/pieces/{count:int}")
async def pieces(request: Request, count: int) -> None:
    for number in range(count):
        request.write(b"%d\n" % number)
        await deferLater(reactor, 0)


@router.get("/never")
async def never(request: Request) -> bytes:
    try:
        await Deferred()
    finally:
        GIVEN_UP.append("never")
    return b"not to be"


@router.get("/fail")
def fail(request: Request) -> bytes:
    raise ZeroDivisionError("<b>a secret</b>")


@router.get("/fail/late")
def fail_late(request: Request) -> bytes:
    request.setHeader(b"content-length", b"1000")
    request.write(b"x" * 500)
    raise ZeroDivisionError("too late")


# Without a click, so that a browser that runs no more than the page can be asked for it.
FORM = """<!DOCTYPE html><meta charset="utf-8"><title>A form</title>
<form method="post" enctype="multipart/form-data">
<input name="word" value="&lt;gr\u00fcn&gt;"><textarea name="text">one
two</textarea><input type="file" name="file"></form>
<script>
const given = new DataTransfer();
given.items.add(new File([new Uint8Array(300000).fill(7)], "seven.bin"));
document.querySelector("[type=file]").files = given.files;
if (location.search) document.querySelector("form").submit();
</script>"""


@router.get("/form")
def form(request: Request) -> bytes:
    request.setHeader(b"content-type", b"text/html; charset=utf-8")
    return FORM.encode()


@router.post("/form")
def filled(request: Request) -> bytes:
    told = {
        name.decode(): [
            value.decode() if len(value) < 100 else hashlib.sha256(value).hexdigest()
            for value in values
        ]
        for name, values in request.args.items()
    }
    request.setHeader(b"content-type", b"application/json")
    return json.dumps(told).encode()


@router.get("/visits")
def visits(request: Request) -> bytes:
    seen = int(request.getCookie(b"visits") or 0) + 1
    request.addCookie(b"visits", b"%d" % seen, path=b"/")
    return b"%d" % seen


@router.get("/away")
def away(request: Request) -> bytes:
    request.redirect(b"/echo?from=away")
    return b""


@router.get("/state")
async def state(request: Request) -> bytes:
    # What ends with a turn of the loop has ended then.
    for _ in range(5):
        await deferLater(reactor, 0.02)
        gc.collect()
    memory = int(Path("/proc/self/statm").read_text().split()[1]) * 4
    told = {
        "descriptors": len(os.listdir("/proc/self/fd")),
        "delayed": len(reactor.getDelayedCalls()),
        "given up": len(GIVEN_UP),
        "sessions": len(site.sessions),
        "objects": len(gc.get_objects()),
        "KiB": memory,
    }
    return json.dumps(told).encode()


class Calls(xmlrpc.XMLRPC):
    """Procedures for others to call."""

    def xmlrpc_echo(self, *args: Any) -> Any:
        return args

    async def xmlrpc_add(self, one: int, other: int) -> int:
        await deferLater(reactor, 0)
        return one + other

    def xmlrpc_fault(self) -> xmlrpc.Fault:
        return xmlrpc.Fault(7, "no <such> thing")

    def xmlrpc_fail(self) -> None:
        raise ZeroDivisionError("a secret")


class Office:
    """Gives everybody a page that tells their name."""

    def requestAvatar(self, avatarId: bytes, mind: object, *interfaces: Any) -> Login:
        return interfaces[0], Data(b"welcome, " + avatarId, "text/plain"), lambda: None


def guarded(factory: Any) -> guard.HTTPAuthSessionWrapper:
    """A page for joe, who has the password ``secret``."""
    users = InMemoryUsernamePasswordDatabaseDontUse(joe=b"secret")
    return guard.HTTPAuthSessionWrapper(Portal(Office(), [users]), [factory])


calls = Calls(allowNone=True)
xmlrpc.addIntrospection(calls, multicall=True)
folder = Path(sys.argv[1])
router.putChild(b"rpc", calls)
router.putChild(b"files", File(folder / "files"))
router.putChild(b"basic", guarded(guard.BasicCredentialFactory(b"here")))
router.putChild(b"digested", guarded(guard.DigestCredentialFactory(b"MD5", b"here")))
packed = Data(b"hello\n" * 10_000, "text/plain")
router.putChild(b"packed", EncodingResourceWrapper(packed, [GzipEncoderFactory()]))
site = Site(router, maxBody=300_000_000, bodyTimeout=None)

if __name__ == "__main__":
    options = tls.serverOptions(str(folder / "server.pem"))
    reactor.listenUNIX(str(folder / "socket"), site)
    ports = (
        reactor.listenTCP(0, site, interface="127.0.0.1"),
        reactor.listenSSL(0, site, options, interface="127.0.0.1"),
    )
    sys.stdout.write(" ".join(str(port.getHost().port) for port in ports) + "\n")
    sys.stdout.flush()
    reactor.run()
