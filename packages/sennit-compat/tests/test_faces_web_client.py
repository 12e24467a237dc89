"""``twisted.web.client`` under its own name."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from twisted.internet import defer, endpoints, reactor, ssl, task
from twisted.internet.protocol import Factory, Protocol
from twisted.web import client, iweb
from twisted.web.client import Agent, FileBodyProducer, HTTPConnectionPool, readBody
from twisted.web.http_headers import Headers
from zope.interface import implementer
from zope.interface.verify import verifyObject

class Server(Protocol):
    def dataReceived(self, data):
        body = data.split(b"\\r\\n")[0]
        self.transport.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body)

@implementer(iweb.IPolicyForHTTPS)
class Policy(client.BrowserLikePolicyForHTTPS):
    def creatorForNetloc(self, hostname, port):
        creator = super().creatorForNetloc(hostname, port)
        print(type(creator).__name__, hostname, port)
        return creator

@implementer(iweb.IBodyProducer)
class Body:
    length = 3

    def startProducing(self, consumer):
        consumer.write(b"abc")
        return defer.succeed(None)

    def pauseProducing(self): pass
    def resumeProducing(self): pass
    def stopProducing(self): pass

@defer.inlineCallbacks
def main(reactor):
    port = reactor.listenTCP(0, Factory.forProtocol(Server), interface="127.0.0.1")
    url = b"http://127.0.0.1:%d/x" % port.getHost().port
    pool = HTTPConnectionPool(reactor)
    agent = Agent(reactor, contextFactory=Policy(), pool=pool)
    verifyObject(iweb.IAgent, agent)
    verifyObject(iweb.IPolicyForHTTPS, Policy())
    response = yield agent.request(b"GET", url, Headers({"User-Agent": ["x"]}), None)
    verifyObject(iweb.IResponse, response)
    print(response.code, response.phrase, (yield readBody(response)))
    response = yield agent.request(b"POST", url, bodyProducer=Body())
    print((yield readBody(response)))
    try:
        yield agent.request(b"GET", b"https://127.0.0.1:%d/" % port.getHost().port)
    except client.ResponseNeverReceived as error:
        print("not TLS")
    except Exception as error:
        print("not TLS")
    with open(sys.executable, "rb") as file:
        verifyObject(iweb.IBodyProducer, FileBodyProducer(file))
    print(client.UNKNOWN_LENGTH is iweb.UNKNOWN_LENGTH)
    yield pool.closeCachedConnections()
    yield port.stopListening()

task.react(main)
"""


def test_a_program_of_agents_runs_unchanged() -> None:
    pytest.importorskip("OpenSSL")
    command = [sys.executable, "-W", "error", "-m", "sennit.compat", "/dev/stdin"]
    done = subprocess.run(
        command, input=PROGRAM, capture_output=True, text=True, timeout=30
    )
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[:2] == ["200 b'OK' b'GET /x HTTP/1.1'", "b'POST /x HTTP/1.1'"]
    assert lines[2].startswith("ClientTLSOptions b'127.0.0.1'")
    assert lines[3:] == ["not TLS", "True"]


def test_every_public_name_of_twisted_is_there() -> None:
    from sennit.compat.faces.web import client

    known = """
        Agent BrowserLikePolicyForHTTPS BrowserLikeRedirectAgent ContentDecoderAgent
        CookieAgent GzipDecoder HTTPConnectionPool PartialDownloadError ProxyAgent
        readBody RedirectAgent RequestGenerationFailed RequestTransmissionFailed Response
        ResponseDone ResponseFailed ResponseNeverReceived URI
    """
    assert set(known.split()) - set(client.__all__) == set()
