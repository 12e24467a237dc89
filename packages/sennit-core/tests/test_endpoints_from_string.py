"""A description becomes the endpoint that it describes, by kinds of our own and of others."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sennit.core.defer import Deferred
from sennit.core.endpoints import (
    AdoptedStreamServerEndpoint,
    StandardIOEndpoint,
    TCP4ClientEndpoint,
    TCP4ServerEndpoint,
    TCP6ServerEndpoint,
    UNIXClientEndpoint,
    UNIXServerEndpoint,
    clientFromString,
    quoteStringArgument,
    serverFromString,
)
from sennit.core.engine import Reactor
from sennit.core.errors import (
    CertificateError,
    EndpointPluginError,
    EndpointStringError,
    VerifyError,
)
from sennit.core.protocol import Factory, Protocol
from sennit.core.testing import CertificateAuthority, MemoryReactorClock, MemoryResolver
from sennit.core.tls import serverOptions

Drive = Callable[..., Any]

AUTHORITY = CertificateAuthority()

# The group ffdhe2048 of RFC 7919 §A.1.
DIFFIE_HELLMAN = b"""-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
"""


def quiet(protocol: Callable[..., Protocol] = Protocol) -> Factory:
    factory = Factory.forProtocol(protocol)
    factory.noisy = False
    return factory


class Echo(Protocol):
    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)


class Asker(Protocol):
    """Sends a question when connected; its answer is a Deferred."""

    def __init__(self) -> None:
        self.answer: Deferred[bytes] = Deferred()

    def connectionMade(self) -> None:
        self.transport.write(b"ping")

    def dataReceived(self, data: bytes) -> None:
        self.answer.callback(data)
        self.transport.loseConnection()


# What each kind asks of the reactor


@pytest.mark.parametrize(
    ("description", "kind", "port", "backlog", "interface"),
    [
        ("tcp:80", TCP4ServerEndpoint, 80, 50, ""),
        ("tcp:port=0:backlog=7", TCP4ServerEndpoint, 0, 7, ""),
        ("tcp:80:127.0.0.1", TCP4ServerEndpoint, 80, 50, "127.0.0.1"),
        (r"tcp:80:interface=\:\:1", TCP4ServerEndpoint, 80, 50, "::1"),
        ("tcp6:80", TCP6ServerEndpoint, 80, 50, "::"),
        (r"tcp6:80:interface=\:\:1:9", TCP6ServerEndpoint, 80, 9, "::1"),
    ],
)
def test_tcp_servers(
    description: str, kind: type, port: int, backlog: int, interface: str
) -> None:
    reactor = MemoryReactorClock()
    endpoint = serverFromString(reactor, description)
    factory = quiet()
    endpoint.listen(factory)
    assert type(endpoint) is kind
    assert reactor.tcpServers == [(port, factory, backlog, interface)]


@pytest.mark.parametrize(
    ("description", "asked"),
    [
        ("unix:/run/s", ("/run/s", 50, 0o666, True)),
        ("unix:address=/run/s:660:9:0", ("/run/s", 9, 0o660, False)),
        ("unix:path=s:mode=600:lockfile=0", ("s", 50, 0o600, False)),
    ],
)
def test_unix_servers(description: str, asked: tuple[Any, ...]) -> None:
    reactor = MemoryReactorClock()
    endpoint = serverFromString(reactor, description)
    endpoint.listen(quiet())
    assert type(endpoint) is UNIXServerEndpoint
    address, _, *others = reactor.unixServers[0]
    assert (address, *others) == asked


@pytest.mark.parametrize(
    ("description", "asked"),
    [
        ("tcp:h:80", ("h", 80, 30, None)),
        ("tcp:host=h:port=80:timeout=2.5", ("h", 80, 2.5, None)),
        ("tcp:host=h:80:bindAddress=192.0.2.1", ("h", 80, 30, ("192.0.2.1", 0))),
        (r"tcp:\:\:1:80", ("::1", 80, 30, None)),
    ],
)
def test_tcp_clients(description: str, asked: tuple[Any, ...]) -> None:
    reactor = MemoryReactorClock()
    endpoint = clientFromString(reactor, description)
    endpoint.connect(quiet())
    assert type(endpoint) is TCP4ClientEndpoint
    host, port, _, timeout, bind_address = reactor.tcpClients[0]
    assert (host, port, timeout, bind_address) == asked


@pytest.mark.parametrize(
    ("description", "asked"),
    [
        ("unix:/run/s", ("/run/s", 30, False)),
        ("unix:path=/run/s:lockfile=1:timeout=9", ("/run/s", 9, True)),
        ("unix:/run/s:checkPID=1", ("/run/s", 30, True)),
    ],
)
def test_unix_clients(description: str, asked: tuple[Any, ...]) -> None:
    reactor = MemoryReactorClock()
    endpoint = clientFromString(reactor, description)
    endpoint.connect(quiet())
    assert type(endpoint) is UNIXClientEndpoint
    path, _, *others = reactor.unixClients[0]
    assert (path, *others) == asked


def test_what_the_program_was_started_with() -> None:
    reactor = MemoryReactorClock()
    stdio: Any = serverFromString(reactor, "stdio:")
    assert type(stdio) is StandardIOEndpoint
    descriptor = os.open(os.devnull, os.O_RDONLY)
    endpoint = serverFromString(reactor, f"fd:{descriptor}:UNIX")
    factory = quiet()
    endpoint.listen(factory)
    assert type(endpoint) is AdoptedStreamServerEndpoint
    assert reactor.adoptedPorts == [(descriptor, socket.AF_UNIX, factory)]


# Errors


@pytest.mark.parametrize(
    ("make", "description", "message"),
    [
        (
            serverFromString,
            "tpc:80",
            "there is no kind of endpoint 'tpc' (did you mean 'tcp'?): kinds are ",
        ),
        (serverFromString, "8080", "the kind is missing (did you mean 'tcp:8080'?)"),
        (serverFromString, "", "there is no kind of endpoint ''"),
        (
            clientFromString,
            "stdio:",
            "there is no client's side of 'stdio': kinds are ",
        ),
        (clientFromString, "tls:a..b:1", "invalid hostname: 'a..b'"),
        (serverFromString, "systemd:INET", "chosen by index= or by name="),
        (serverFromString, "systemd:INET:0:web", "chosen by index= or by name="),
        (serverFromString, "systemd:INET:0", "has handed over 0 sockets, not 0"),
        (serverFromString, "systemd:INET:name=web", "no 'web', but none at all"),
        (serverFromString, "systemd:IPX:0", "must be INET, INET6 or UNIX, not 'IPX'"),
        (clientFromString, "tcp:a:1:bindAddress=b", "an IP address of this host, not"),
    ],
)
def test_errors_say_what_would_do(
    make: Callable[..., Any], description: str, message: str
) -> None:
    with pytest.raises(EndpointStringError) as raised:
        make(MemoryReactorClock(), description)
    assert message in raised.value.message


# systemd, as it starts a program


def test_a_socket_of_systemd_is_served_by_name_and_by_index() -> None:
    program = """
import os, sys
os.environ["LISTEN_PID"] = str(os.getpid())
for number, given in enumerate(map(int, sys.argv[1:])):
    os.dup2(given, 3 + number)
from sennit.core import reactor
from sennit.core.endpoints import serverFromString
from sennit.core.protocol import Factory, Protocol
class Hello(Protocol):
    def connectionMade(self):
        self.transport.write(self.factory.text)
        self.transport.loseConnection()
for text, where in (b"index", "INET:index=0"), (b"name", "UNIX:name=admin"):
    factory = Factory.forProtocol(Hello)
    factory.text = text
    serverFromString(reactor, "systemd:" + where).listen(factory)
assert not [name for name in os.environ if name.startswith("LISTEN")]
reactor.callWhenRunning(print, "ready", flush=True)
reactor.run()
"""
    web = socket.create_server(("127.0.0.1", 0))
    admin = socket.socket(socket.AF_UNIX)
    admin.bind("")
    admin.listen()
    with web, admin:
        # High numbers: not those that systemd's own will have.
        given = [os.dup(each.fileno()) for each in (web, admin)]
        server = subprocess.Popen(
            [sys.executable, "-c", program, *map(str, given)],
            env={**os.environ, "LISTEN_FDS": "2", "LISTEN_FDNAMES": "web:admin"},
            pass_fds=given,
            stdout=subprocess.PIPE,
            text=True,
        )
        for each in given:
            os.close(each)
        with server:
            assert server.stdout is not None
            assert server.stdout.readline() == "ready\n"
            with socket.create_connection(web.getsockname(), 10) as client:
                assert client.recv(9, socket.MSG_WAITALL) == b"index"
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(10)
                client.connect(admin.getsockname())
                assert client.recv(9, socket.MSG_WAITALL) == b"name"
            server.terminate()


# TLS


@pytest.fixture
def pem(tmp_path: Path) -> Callable[[str, bytes], str]:
    """Writes a file; its path is quoted for a description."""

    def write(name: str, content: bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content)
        return quoteStringArgument(str(path))

    return write


def certificate_and_key(*names: str) -> tuple[bytes, bytes]:
    whole = AUTHORITY.issue(*names)
    begin = whole.index(b"-----BEGIN PRIVATE KEY")
    return whole[:begin], whole[begin:]


def talk(reactor: Reactor, drive: Drive, server: str, client: str) -> bytes:
    """Ask an echo server over a description of each side; ``{port}`` is the server's."""
    reactor.installNameResolver(MemoryResolver({"localhost": ["127.0.0.1"]}))

    async def main() -> bytes:
        port: Any = await serverFromString(reactor, server).listen(quiet(Echo))
        number = port.getHost().port
        there = clientFromString(reactor, client.format(port=number))
        asker: Any = await there.connect(quiet(Asker))
        answer: bytes = await asker.answer
        return answer

    answer: bytes = drive(main)
    return answer


def test_ssl_with_certificate_and_key_in_files(
    reactor: Reactor, drive: Drive, pem: Any, tmp_path: Path
) -> None:
    certificate, key = certificate_and_key("localhost")
    roots = tmp_path / "roots"
    roots.mkdir()
    (roots / "root.pem").write_bytes(AUTHORITY.pem)
    server = (
        f"ssl:0:privateKey={pem('key.pem', key)}:certKey={pem('cert.pem', certificate)}"
        f":extraCertChain={pem('chain.pem', AUTHORITY.pem)}:interface=127.0.0.1"
        f":sslmethod=TLSv1_2_METHOD:dhParameters={pem('dh.pem', DIFFIE_HELLMAN)}"
    )
    trust = f"caCertsDir={quoteStringArgument(str(roots))}"
    client = f"ssl:127.0.0.1:{{port}}:{trust}:hostname=localhost"
    assert talk(reactor, drive, server, client) == b"ping"


def test_tls_with_a_folder_of_certificates(
    reactor: Reactor, drive: Drive, pem: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "certificates"
    folder.mkdir()
    (folder / "localhost.pem").write_bytes(AUTHORITY.issue("localhost"))
    (folder / "other.pem").write_bytes(AUTHORITY.issue("other.example"))
    root = pem("root.pem", AUTHORITY.pem)
    server = f"tls:{quoteStringArgument(str(folder))}:port=0:interface=127.0.0.1"
    assert talk(
        reactor, drive, server, f"tls:localhost:{{port}}:trustRoots={root}"
    ) == (b"ping")


def test_tls_over_another_endpoint(reactor: Reactor, drive: Drive, pem: Any) -> None:
    """The name is the one that is verified; where it is, the other endpoint says."""
    server = f"ssl:0:privateKey={pem('server.pem', AUTHORITY.issue('far.example'))}"
    root = pem("root.pem", AUTHORITY.pem)
    client = (
        f"tls:far.example:443:trustRoots={root}"
        r":endpoint=tcp\:127.0.0.1\:{port}\:timeout\=5"
    )
    assert talk(reactor, drive, server, client) == b"ping"


@pytest.mark.parametrize(
    ("kind", "named"), [("ssl", "certKey"), ("tls", "certificate")]
)
def test_a_client_shows_its_certificate(
    reactor: Reactor, drive: Drive, pem: Any, kind: str, named: str
) -> None:
    class Named(Protocol):
        transport: Any

        def connectionMade(self) -> None:
            self.transport.write(
                self.transport.getPeerCertificate().commonName.encode()
            )

    options = serverOptions(AUTHORITY.issue("127.0.0.1"), trustRoot=AUTHORITY.pem)
    certificate, key = certificate_and_key("somebody")
    root = pem("root.pem", AUTHORITY.pem)
    roots = "caCertsDir" if kind == "ssl" else "trustRoots"
    ours = f"privateKey={pem('key.pem', key)}:{named}={pem('cert.pem', certificate)}"

    async def main() -> bytes:
        port = reactor.listenSSL(0, quiet(Named), options, interface="127.0.0.1")
        where = f"{kind}:127.0.0.1:{port.getHost().port}:{roots}={root}:{ours}"
        asker: Any = await clientFromString(reactor, where).connect(quiet(Asker))
        answer: bytes = await asker.answer
        return answer

    assert drive(main) == b"somebody"


@pytest.mark.parametrize(
    ("make", "description", "message"),
    [
        (serverFromString, "ssl:0:privateKey={key}:certKey={cert}", "not that of the"),
        (serverFromString, "ssl:0:privateKey={nothing}", "in PEM form"),
        (
            serverFromString,
            "ssl:0:privateKey={cert}:extraCertChain=/no",
            "No such file",
        ),
        (serverFromString, "ssl:0:{cert}:dhParameters={key}", "no Diffie-Hellman"),
        (serverFromString, "tls:{folder}", "no certificate that can be used"),
        (clientFromString, "ssl:h:1:caCertsDir=/no/such", "No such file"),
        (
            clientFromString,
            "tls:h:1:privateKey={key}:certificate={cert}",
            "not that of",
        ),
    ],
)
def test_certificates_that_cannot_be_used_are_an_error_at_once(
    make: Callable[..., Any], description: str, message: str, pem: Any, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    files = {
        "key": pem("key.pem", certificate_and_key("a")[1]),
        "cert": pem("cert.pem", AUTHORITY.issue("b")),
        "nothing": pem("nothing.pem", b""),
        "folder": quoteStringArgument(str(tmp_path / "folder")),
    }
    with pytest.raises(CertificateError, match=message):
        make(MemoryReactorClock(), description.format(**files))


def test_a_server_that_nobody_vouches_for_is_refused(
    reactor: Reactor, drive: Drive, pem: Any
) -> None:
    server = f"ssl:0:privateKey={pem('server.pem', AUTHORITY.issue('localhost'))}"
    for client in ("ssl:127.0.0.1:{port}", "tls:localhost:{port}"):
        with pytest.raises(VerifyError):
            talk(reactor, drive, server, client)


# Kinds of other distributions


Install = Callable[..., str]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Installs a distribution whose module adds kinds; gives the module's name."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def add(source: str, name: str = "shouting", **kinds: str) -> str:
        module = f"kinds_of_{name}_{os.urandom(4).hex()}"
        (site / f"{module}.py").write_text(source)
        info = site / f"{name}-1.5.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Name: {name}\nVersion: 1.5\n")
        points = [f"{kind} = {module}:{target}" for kind, target in kinds.items()]
        (info / "entry_points.txt").write_text(
            "\n".join(["[sennit.endpoints]", *points])
        )
        return module

    return add


BOTH = """
from sennit.core.endpoints import serverFromString, clientFromString, quoteStringArgument

class Both:
    prefix = "both"
    def parseStreamServer(self, reactor, *args, **kwargs):
        return serverFromString(reactor, ":".join(map(quoteStringArgument, args)))
    def parseStreamClient(self, reactor, host, port=1):
        return (reactor, host, port)

both = Both()
"""


def test_a_kind_of_another_distribution_is_used(install: Install) -> None:
    module = install(BOTH, both="both", made="Both")
    reactor = MemoryReactorClock()
    # What is not asked for is not imported.
    serverFromString(reactor, "tcp:80")
    with pytest.raises(EndpointStringError, match=r"'bot'.*did you mean 'both'.*made"):
        clientFromString(reactor, "bot:x")
    assert module not in sys.modules

    assert type(serverFromString(reactor, "both:tcp:80")) is TCP4ServerEndpoint
    assert type(serverFromString(reactor, "made:tcp:80")) is TCP4ServerEndpoint
    client: Any = clientFromString(reactor, r"both:a\:b:port=x=y")
    assert client == (reactor, "a:b", "x=y")


def test_a_kind_may_have_one_side_only(install: Install) -> None:
    install(
        "class Half:\n    parseStreamServer = lambda self, reactor: None", half="Half"
    )
    with pytest.raises(EndpointStringError, match="no client's side of 'half'"):
        clientFromString(MemoryReactorClock(), "half:")


def test_an_error_of_a_kind_tells_whose_it_is(install: Install) -> None:
    install(BOTH, both="both")
    with pytest.raises(TypeError, match="unexpected keyword argument 'x'") as raised:
        clientFromString(MemoryReactorClock(), "both:h:x=1")
    assert raised.value.__notes__ == [
        "'both:h:x=1' is of a kind that shouting 1.5 adds"
    ]


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        ("raise RuntimeError('no luck')", "x", "RuntimeError: no luck"),
        ("import nothing_of_that_name", "x", "ModuleNotFoundError: No module"),
        ("", "Missing", "AttributeError: .* no attribute 'Missing'"),
        ("class X:\n    def __init__(self, a): pass", "X", "TypeError: .*missing 1"),
        ("x = object()", "x", "neither parseStreamServer nor parseStreamClient"),
    ],
)
def test_a_kind_that_is_broken_names_its_distribution(
    install: Install, source: str, target: str, why: str
) -> None:
    install(source, name="unlucky", odd=target)
    with pytest.raises(EndpointPluginError, match=f"'odd' of unlucky 1.5.*{why}"):
        serverFromString(MemoryReactorClock(), "odd:")


def test_two_distributions_with_one_kind_are_an_error(install: Install) -> None:
    install(BOTH, name="first", both="both")
    install(BOTH, name="second", both="both")
    with pytest.raises(EndpointPluginError, match=r"first 1\.5 and second 1\.5"):
        serverFromString(MemoryReactorClock(), "both:tcp:80")


def test_our_own_kinds_cannot_be_replaced(install: Install) -> None:
    module = install("raise RuntimeError", tcp="x")
    assert type(serverFromString(MemoryReactorClock(), "tcp:1")) is TCP4ServerEndpoint
    assert module not in sys.modules
