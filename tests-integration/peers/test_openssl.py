"""OpenSSL's own client and server at the other end of our TLS.

``s_client`` prints what it was shown and what it is sent, and with ``-msg`` each message
of TLS; a line that begins with ``R`` or ``Q`` is a command to it. ``s_server -rev``
sends every line back reversed, and closes on ``CLOSE``.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sennit.core.testing import CertificateAuthority, selfSigned

Serve = Callable[..., list[str]]

VERSIONS = ["1.2", "1.3"]

# Lines in capitals; what it is told in the end goes into a file.
SERVER = """
from sennit.core import tls
from sennit.core.tls import serverOptions

class Upper(LineReceiver):
    delimiter = b"\\n"
    def lineReceived(self, line):
        if line == b"much":
            self.transport.write(b"x" * 5_000_000)
            self.transport.loseConnection()
        elif line == b"bye":
            self.sendLine(b"BYE")
            self.transport.loseConnection()
        else:
            self.sendLine(line.upper())
    def connectionLost(self, reason):
        with open("reasons", "a") as file:
            print(reason.type.__name__, file=file)

def serve_tls(options):
    factory = Factory.forProtocol(Upper)
    serve(reactor.listenSSL(0, factory, options, interface="127.0.0.1"))

"""

CLIENT = """
import json, sys
from sennit.core import endpoints, task, tls
from sennit.core.defer import Deferred
from sennit.protocols.basic import LineReceiver

port, options = sys.argv[1:]
options = tls.clientOptions(**eval(options))

class Client(LineReceiver):
    delimiter = b"\\n"
    def __init__(self):
        self.heard, self.lost = Deferred(), Deferred()
    def connectionMade(self):
        self.sendLine(b"hello")
    def lineReceived(self, line):
        self.heard.callback(line.decode())
    def connectionLost(self, reason):
        self.lost.callback(reason.type.__name__)
        if not self.heard.called:
            self.heard.errback(reason)

async def main(reactor):
    said = {}
    try:
        endpoint = endpoints.SSL4ClientEndpoint(reactor, "127.0.0.1", int(port), options)
        client = await endpoints.connectProtocol(endpoint, Client())
        transport = client.transport
        said["heard"] = await client.heard
        said["agreed"] = (transport.negotiatedProtocol or b"").decode()
        said["shown"] = transport.getPeerCertificate().commonName
        said["ready"] = True
        print(json.dumps(said), flush=True)
        command = sys.stdin.readline().strip()
        if command == "close":
            transport.loseConnection()
        elif command:
            client.sendLine(command.encode())
        said = {"end": await client.lost}
    except Exception as error:
        said = {"failed": type(error).__name__, "words": str(error)}
    print(json.dumps(said), flush=True)

task.react(main)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates: of an authority, of hosts, of a client, and of strangers."""
    folder = tmp_path_factory.mktemp("pem")
    authority = CertificateAuthority()
    (folder / "authority.pem").write_bytes(authority.pem)
    for name in ("localhost", "a.example", "somebody"):
        (folder / f"{name}.pem").write_bytes(authority.issue(name))
    (folder / "stranger.pem").write_bytes(selfSigned("localhost"))
    return folder


@pytest.fixture(autouse=True)
def _there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    Path("reasons").unlink(missing_ok=True)


def ends() -> list[str]:
    """What our server's protocols were told in the end, once one was told."""
    for _ in range(500):
        if (file := Path("reasons")).exists() and (told := file.read_text()):
            return told.split()
        time.sleep(0.01)
    return []


def command(program: str, *args: str) -> list[str]:
    return ["openssl", program, *args]


def s_client(port: str, *args: str, said: str = "hello\nbye\n") -> str:
    """All that the client prints in a conversation that our server ends."""
    done = subprocess.run(
        command(
            *("s_client", "-connect", f"127.0.0.1:{port}", "-ign_eof"),
            *("-CAfile", "authority.pem", "-verify_return_error"),
            *("-servername", "localhost", "-verify_hostname", "localhost", *args),
        ),
        input=said,
        capture_output=True,
        text=True,
        timeout=20,
    )
    return done.stdout + done.stderr


class Talk:
    """A conversation with a program, and all that it has printed so far."""

    def __init__(self, *argv: str) -> None:
        self.process = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
        )
        self.text = ""
        self._patience = threading.Timer(20, self.process.kill)
        self._patience.start()

    def say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def until(self, pattern: str) -> re.Match[str]:
        """Read on until something matches."""
        assert self.process.stdout is not None
        while not (found := re.search(pattern, self.text)):
            line = self.process.stdout.readline()
            assert line, f"no {pattern} in {self.text}"
            self.text += line
        return found

    def rest(self) -> str:
        """All, to the end."""
        self.text += self.process.communicate(timeout=20)[0]
        return self.text

    def close(self) -> None:
        self._patience.cancel()
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def talk() -> Iterator[Callable[..., Talk]]:
    """Start programs to talk with; all of them are ended afterwards."""
    talks: list[Talk] = []

    def start(*argv: str) -> Talk:
        talks.append(Talk(*argv))
        return talks[-1]

    yield start
    for each in talks:
        each.close()


# Its client, our server


@pytest.mark.parametrize("version", VERSIONS)
def test_s_client_is_answered_and_hears_the_end(serve: Serve, version: str) -> None:
    (port,) = serve(SERVER + "serve_tls(serverOptions('localhost.pem'))")
    said = s_client(port, "-msg", f"-tls{version.replace('.', '_')}")
    assert "Verification: OK" in said
    assert f"New, TLSv{version}, Cipher is" in said
    assert re.search(r"^HELLO$.*^BYE$", said, re.MULTILINE | re.DOTALL)
    ours, theirs = (
        said.index(f"{way} TLS {version}, Alert [length 0002], warning close_notify")
        for way in ("<<<", ">>>")
    )
    assert said.index("BYE") < ours < theirs
    assert ends() == ["ConnectionDone"]


@pytest.mark.parametrize("version", VERSIONS)
def test_much_arrives_whole_before_the_end(serve: Serve, version: str) -> None:
    (port,) = serve(SERVER + "serve_tls(serverOptions('localhost.pem'))")
    said = s_client(port, "-quiet", f"-tls{version.replace('.', '_')}", said="much\n")
    assert said.count("x" * 1000) == 5000
    assert ends() == ["ConnectionDone"]


def test_tls_1_1_is_refused(serve: Serve) -> None:
    (port,) = serve(SERVER + "serve_tls(serverOptions('localhost.pem'))")
    said = s_client(port, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
    assert "alert protocol version" in said


@pytest.mark.parametrize(
    ("offered", "agreed"),
    [
        ("http/1.1,h2", "ALPN protocol: h2"),
        ("http/1.1", "ALPN protocol: http/1.1"),
        ("other", "No ALPN negotiated"),
    ],
)
def test_a_protocol_is_agreed_on(serve: Serve, offered: str, agreed: str) -> None:
    options = "'localhost.pem', acceptableProtocols=[b'h2', b'http/1.1']"
    (port,) = serve(SERVER + f"serve_tls(serverOptions({options}))")
    assert agreed in s_client(port, "-alpn", offered)


def test_each_name_is_shown_its_certificate(serve: Serve) -> None:
    (port,) = serve(
        SERVER
        + """serve_tls(tls.byServerName(
            serverOptions("localhost.pem"), {"a.example": serverOptions("a.example.pem")}
        ))"""
    )
    for args, shown in (
        ((), "localhost"),
        (("-noservername",), "localhost"),
        (("-servername", "a.example", "-verify_hostname", "a.example"), "a.example"),
    ):
        # A later -servername wins; -noservername does not go with one.
        said = subprocess.run(
            command(
                *("s_client", "-connect", f"127.0.0.1:{port}", "-ign_eof"),
                *("-CAfile", "authority.pem", "-verify_return_error", *args),
            ),
            input="bye\n",
            capture_output=True,
            text=True,
            timeout=20,
        ).stdout
        assert f"subject=CN = {shown}\n" in said
        assert "Verification: OK" in said


@pytest.mark.parametrize("version", VERSIONS)
def test_clients_show_the_certificate_that_is_asked_for(
    serve: Serve, version: str
) -> None:
    options = "'localhost.pem', trustRoot='authority.pem'"
    (port,) = serve(SERVER + f"serve_tls(serverOptions({options}))")
    speaks = f"-tls{version.replace('.', '_')}"
    said = s_client(port, speaks, "-cert", "somebody.pem", "-key", "somebody.pem")
    assert "HELLO" in said
    refused = s_client(port, speaks, "-cert", "stranger.pem", "-key", "stranger.pem")
    assert "alert unknown ca" in refused
    missing = s_client(port, speaks)
    assert re.search(r"alert (certificate required|handshake failure)", missing)
    assert "HELLO" not in refused + missing


def test_a_certificate_that_it_does_not_trust_ends_the_handshake(serve: Serve) -> None:
    (port,) = serve(SERVER + "serve_tls(serverOptions('stranger.pem'))")
    said = s_client(port)
    assert "verify error:num=18:self-signed certificate" in said
    assert "HELLO" not in said
    assert not Path("reasons").exists()


@pytest.mark.parametrize(
    ("leave", "reason"),
    [
        (lambda client: client.say("Q"), "ConnectionDone"),
        (lambda client: client.process.kill(), "ConnectionTruncated"),
    ],
    ids=["by its word", "without"],
)
def test_how_it_leaves_is_told(
    serve: Serve,
    talk: Callable[..., Talk],
    leave: Callable[[Talk], object],
    reason: str,
) -> None:
    (port,) = serve(SERVER + "serve_tls(serverOptions('localhost.pem'))")
    connect = ("-connect", f"127.0.0.1:{port}", "-CAfile", "authority.pem")
    client = talk(*command("s_client", "-brief", *connect))
    client.until("CONNECTION ESTABLISHED")
    client.say("hello")
    client.until("HELLO\n")
    leave(client)
    assert ends() == [reason]


def test_nothing_is_negotiated_again(serve: Serve, talk: Callable[..., Talk]) -> None:
    (port,) = serve(SERVER + "serve_tls(serverOptions('localhost.pem'))")
    connect = ("-connect", f"127.0.0.1:{port}", "-CAfile", "authority.pem")
    client = talk(*command("s_client", "-tls1_2", "-brief", *connect))
    client.until("CONNECTION ESTABLISHED")
    client.say("hello")
    client.until("HELLO\n")
    client.say("R")
    assert "RENEGOTIATING" in client.rest()
    assert "no renegotiation" in client.text


def test_new_keys_are_no_end(serve: Serve, talk: Callable[..., Talk]) -> None:
    """A key update (RFC 8446 §4.6.3) that asks for one of ours."""
    (port,) = serve(SERVER + "serve_tls(serverOptions('localhost.pem'))")
    connect = ("-connect", f"127.0.0.1:{port}", "-CAfile", "authority.pem")
    client = talk(*command("s_client", "-tls1_3", "-brief", *connect))
    client.until("CONNECTION ESTABLISHED")
    for line in ("hello", "again"):
        client.say(line)
        client.until(line.upper() + "\n")
        client.text = ""
        client.say("K")
        client.until("KEYUPDATE")
    client.say("Q")
    assert ends() == ["ConnectionDone"]


# A server of mail as far as STARTTLS (RFC 3207), and then lines in capitals.
MAIL = (
    SERVER
    + """
class Mail(Upper):
    delimiter = b"\\r\\n"
    def connectionMade(self):
        self.sendLine(b"220 here")
    def lineReceived(self, line):
        if line.startswith(b"EHLO"):
            self.sendLine(b"250-here")
            self.sendLine(b"250 STARTTLS")
        elif line == b"STARTTLS":
            self.sendLine(b"220 go on")
            self.transport.startTLS(serverOptions("localhost.pem"))
            self.delimiter = b"\\n"
        else:
            super().lineReceived(line)

serve(reactor.listenTCP(0, Factory.forProtocol(Mail), interface="127.0.0.1"))
"""
)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_conversation_goes_over_to_tls(serve: Serve, version: str) -> None:
    (port,) = serve(MAIL)
    speaks = f"-tls{version.replace('.', '_')}"
    said = s_client(port, "-starttls", "smtp", speaks, "-msg")
    assert "Verification: OK" in said
    assert re.search(r"^HELLO$.*^BYE$", said, re.MULTILINE | re.DOTALL)
    assert f"<<< TLS {version}, Alert [length 0002], warning close_notify" in said
    assert ends() == ["ConnectionDone"]


def test_what_is_slipped_in_behind_starttls_is_not_obeyed(serve: Serve) -> None:
    """Somebody between could add commands, to be taken for the client's (CVE-2011-0411)."""
    (port,) = serve(MAIL)
    with socket.create_connection(("127.0.0.1", int(port)), 20) as between:
        between.sendall(b"EHLO me\r\nSTARTTLS\r\nslipped in\r\n")
        said = b"".join(iter(lambda: between.recv(65536), b""))
    assert b"220 go on\r\n" in said
    assert b"SLIPPED IN" not in said
    assert ends() == ["SSLError"]


# Its server, our client


class SServer:
    """``s_server``, its port, and all that it prints."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.port = talk.until(r"ACCEPT 127\.0\.0\.1:(\d+)")[1]

    def ask(self, start: Callable[..., Talk], **options: Any) -> Talk:
        """Start our client."""
        given = {"hostname": "localhost", "trustRoot": "authority.pem", **options}
        return start(sys.executable, "-c", CLIENT, self.port, repr(given))


@pytest.fixture
def s_server(talk: Callable[..., Talk]) -> Callable[..., SServer]:
    def start(*args: str) -> SServer:
        chosen = ("-cert", "localhost.pem", "-key", "localhost.pem", *args)
        listen = ("-accept", "127.0.0.1:0", "-rev", "-CAfile", "authority.pem")
        return SServer(talk(*command("s_server", *listen, *chosen)))

    return start


def answer(client: Talk) -> dict[str, Any]:
    """What our client says first."""
    found: dict[str, Any] = json.loads(client.until(r"\{.*\}\n")[0])
    client.text = ""
    return found


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "line", ["close", "CLOSE"], ids=["we close", "the server closes"]
)
def test_our_client_is_answered_by_s_server(
    s_server: Callable[..., SServer],
    talk: Callable[..., Talk],
    version: str,
    line: str,
) -> None:
    speaks = f"-tls{version.replace('.', '_')}"
    server = s_server(speaks, "-msg", "-alpn", "h2", "-naccept", "1")
    client = server.ask(talk, acceptableProtocols=[b"http/1.1", b"h2"])
    assert answer(client) == {
        "heard": "olleh",
        "agreed": "h2",
        "shown": "localhost",
        "ready": True,
    }
    client.say(line)
    assert answer(client) == {"end": "ConnectionDone"}
    notice = rf"TLS {version}, Alert \[length 0002\], warning close_notify"
    server.talk.until(f"<<< {notice}")
    server.talk.until(f">>> {notice}")


def test_a_server_that_dies_truncates(
    s_server: Callable[..., SServer], talk: Callable[..., Talk]
) -> None:
    server = s_server()
    client = server.ask(talk)
    answer(client)
    server.talk.process.kill()
    client.say("")
    assert answer(client) == {"end": "ConnectionTruncated"}


def test_our_client_asks_for_the_name(
    s_server: Callable[..., SServer], talk: Callable[..., Talk]
) -> None:
    other = ("-cert2", "a.example.pem", "-key2", "a.example.pem")
    server = s_server("-servername", "a.example", *other)
    for name in ("localhost", "a.example"):
        client = server.ask(talk, hostname=name)
        assert answer(client)["shown"] == name
        client.say("close")


def test_our_client_shows_its_certificate(
    s_server: Callable[..., SServer], talk: Callable[..., Talk]
) -> None:
    server = s_server("-Verify", "1", "-verify_return_error")
    client = server.ask(talk, certificate="somebody.pem")
    assert answer(client)["heard"] == "olleh"
    server.talk.until("Peer certificate: CN = somebody")
    client.say("close")
    for options in ({}, {"certificate": "stranger.pem"}):
        told = answer(server.ask(talk, **options))
        assert told["failed"] == "PeerVerifyError"
        assert re.search("certificate required|unknown ca", told["words"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"hostname": "elsewhere"}, "not valid for 'elsewhere'"),
        ({"trustRoot": "stranger.pem"}, "self-signed certificate in certificate chain"),
        ({"trustRoot": None}, "self-signed certificate in certificate chain"),
    ],
    ids=["another name", "another authority", "the platform's"],
)
def test_our_client_does_not_talk_to_everybody(
    s_server: Callable[..., SServer],
    talk: Callable[..., Talk],
    options: dict[str, Any],
    words: str,
) -> None:
    server = s_server("-naccept", "1")
    told = answer(server.ask(talk, **options))
    assert told["failed"] == "VerifyError"
    assert words in told["words"]
    assert "alert" in server.talk.rest()


def test_our_client_speaks_no_tls_1_1(
    s_server: Callable[..., SServer], talk: Callable[..., Talk]
) -> None:
    server = s_server("-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
    told = answer(server.ask(talk))
    assert told["failed"] == "SSLError"
    assert "protocol version" in told["words"]
