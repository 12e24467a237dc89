"""curl speaks to our servers: by telnet://, gopher:// and https://."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sennit.core.testing import CertificateAuthority

Serve = Callable[..., list[str]]

HELLO = """
class Hello(Protocol):
    def connectionMade(self):
        self.transport.write(b"Hello, World!\\n" * 1000)
        self.transport.loseConnection()

serve(reactor.listenTCP(0, Factory.forProtocol(Hello), interface="127.0.0.1"))
"""

QUOTE = """
class Line(LineReceiver):
    def lineReceived(self, line):
        self.sendLine(b"you asked for " + line)
        self.transport.loseConnection()

serve(reactor.listenTCP(0, Factory.forProtocol(Line), interface="127.0.0.1"))
"""

# An answer of HTTP's, written by hand, that ends with the connection or after its length.
HTTPS = """
from sennit.core import tls

BODY = b"Hello, World!\\n" * 100_000

class Answer(LineReceiver):
    def lineReceived(self, line):
        if line:
            return
        self.transport.write(b"HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\n")
        if sys.argv[2] == "length":
            self.transport.write(b"Content-Length: %d\\r\\n\\r\\n" % len(BODY))
            self.transport.write(BODY)
        else:
            self.transport.write(b"Connection: close\\r\\n\\r\\n" + BODY)
            self.transport.loseConnection()

options = tls.serverOptions(sys.argv[1], acceptableProtocols=[b"http/1.1"])
factory = Factory.forProtocol(Answer)
serve(reactor.listenSSL(0, factory, options, interface="127.0.0.1"))
"""

PEER = """
from sennit.core.endpoints import serverFromString

class Peer(Protocol):
    def connectionMade(self):
        self.transport.write(str(self.transport.getPeer()).encode())
        self.transport.loseConnection()

factory = Factory.forProtocol(Peer)
endpoint = serverFromString(reactor, "haproxy:tcp:0:interface=127.0.0.1")
endpoint.listen(factory).addCallback(serve)
"""

SOCKS = """
from sennit.protocols.socks import SOCKSv4Factory, SOCKSv5Factory

class Answer(LineReceiver):
    def lineReceived(self, line):
        if not line:
            self.transport.write(b"HTTP/1.0 200 OK\\r\\n\\r\\n" + b"x" * 1_000_000)
            self.transport.loseConnection()

def right(user, password):
    return (user, password) == (b"joe", b"word")

serve(
    reactor.listenTCP(0, SOCKSv4Factory(None), interface="127.0.0.1"),
    reactor.listenTCP(0, SOCKSv5Factory(), interface="127.0.0.1"),
    reactor.listenTCP(0, SOCKSv5Factory(right), interface="127.0.0.1"),
    reactor.listenTCP(0, Factory.forProtocol(Answer), interface="127.0.0.1"),
)
"""


def curl(*args: str) -> bytes:
    command = ["curl", "--silent", "--show-error", "--max-time", "20", *args]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, check=True
    ).stdout


def test_all_that_was_written_arrives_before_the_end(serve: Serve) -> None:
    (port,) = serve(HELLO)
    said = subprocess.run(
        ["curl", "--silent", "--max-time", "20", f"telnet://127.0.0.1:{port}"],
        stdin=subprocess.PIPE,
        capture_output=True,
    )
    assert said.stdout == b"Hello, World!\n" * 1000


def test_a_gopher_request_is_a_line(serve: Serve) -> None:
    """gopher:// sends what follows the type, and CR LF."""
    (port,) = serve(QUOTE)
    said = curl(f"gopher://127.0.0.1:{port}/0poetry")
    assert said == b"you asked for poetry\r\n"


@pytest.mark.parametrize("ends", ["length", "connection"])
def test_https_is_http_over_our_tls(serve: Serve, tmp_path: Path, ends: str) -> None:
    authority = CertificateAuthority()
    root, certificate = tmp_path / "root.pem", tmp_path / "localhost.pem"
    root.write_bytes(authority.pem)
    certificate.write_bytes(authority.issue("localhost"))
    (port,) = serve(HTTPS, str(certificate), ends)
    here = ("--resolve", f"localhost:{port}:127.0.0.1", f"https://localhost:{port}/")
    # Twice: over a connection that is kept, or a second one.
    said = curl("--cacert", str(root), *here, f"https://localhost:{port}/again")
    assert said == b"Hello, World!\n" * 200_000
    with pytest.raises(subprocess.CalledProcessError) as refused:
        curl(*here)
    assert refused.value.returncode == 60  # the certificate cannot be verified


def test_curl_as_a_proxy_tells_where_it_is(serve: Serve) -> None:
    """--haproxy-protocol sends a line of version 1, with curl's own address."""
    (port,) = serve(PEER)
    command = ["curl", "--haproxy-protocol", "--max-time", "20"]
    said = subprocess.run(
        [*command, f"telnet://127.0.0.1:{port}"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    assert re.fullmatch(rb"IPv4Address\(TCP, '127.0.0.1', \d+\)", said.stdout)


def test_curl_is_connected_by_every_version_of_socks(serve: Serve) -> None:
    """By addresses and names, with a password where it is wanted."""
    four, five, closed, http = serve(SOCKS)
    url = f"http://localhost:{http}/"
    for kind, port in (
        ("--socks4", four),
        ("--socks4a", four),
        ("--socks5", five),
        ("--socks5-hostname", five),
    ):
        said = curl("--ipv4", kind, f"127.0.0.1:{port}", url)
        assert said == b"x" * 1_000_000
    proxy = ["--socks5-hostname", f"127.0.0.1:{closed}"]
    assert curl(*proxy, "--proxy-user", "joe:word", url) == b"x" * 1_000_000
    for user in ([], ["--proxy-user", "joe:other"]):
        refused = subprocess.run(["curl", "--silent", *proxy, *user, url], timeout=30)
        # curl's code for a proxy that says no.
        assert refused.returncode == 97
