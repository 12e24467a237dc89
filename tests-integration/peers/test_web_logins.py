"""curl logs in over HTTP, by basic and digest authentication."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

Serve = Callable[..., list[str]]

OFFICE = """
from sennit.core.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from sennit.core.cred.portal import Portal
from sennit.web import guard
from sennit.web.resource import Resource
from sennit.web.server import Site

class Desk(Resource):
    isLeaf = True

    def __init__(self, owner):
        Resource.__init__(self)
        self.owner = owner

    def render_GET(self, request):
        return b"%b at %b" % (self.owner, request.path)

    def render_POST(self, request):
        return b"%b sent %b" % (self.owner, request.content.read())

class Office:
    def requestAvatar(self, avatarId, mind, *interfaces):
        return interfaces[0], Desk(avatarId), lambda: None

ways = {
    "basic": guard.BasicCredentialFactory(b'The "office"'),
    "MD5": guard.DigestCredentialFactory(b"MD5", b'The "office"'),
    "SHA-256": guard.DigestCredentialFactory(b"SHA-256", b"The office"),
}
users = InMemoryUsernamePasswordDatabaseDontUse(joe=b'se:c"ret')
portal = Portal(Office(), [users])
root = Resource()
factories = [ways[name] for name in sys.argv[1:]]
root.putChild(b"desk", guard.HTTPAuthSessionWrapper(portal, factories))
serve(reactor.listenTCP(0, Site(root), interface="127.0.0.1"))
"""


def curl(port: str, *options: str, user: str = 'joe:se:c"ret') -> tuple[str, str]:
    """Ask for what is below the desk; give the body and the status."""
    command = ["curl", "--silent", "--show-error", "--max-time", "20", "--user", user]
    command += [*options, "--write-out", " %{http_code}"]
    command.append(f"http://127.0.0.1:{port}/desk/a%20b?c=d")
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
    body, _, status = done.stdout.rpartition(" ")
    return body, status


@pytest.mark.parametrize(
    ("ways", "option"),
    [
        (["basic"], "--basic"),
        (["MD5"], "--digest"),
        (["SHA-256"], "--digest"),
        (["SHA-256", "MD5", "basic"], "--digest"),
        (["SHA-256", "MD5", "basic"], "--basic"),
        (["MD5", "basic"], "--anyauth"),
    ],
)
def test_curl_is_let_in_with_the_password_only(
    serve: Serve, ways: list[str], option: str
) -> None:
    [port] = serve(OFFICE, *ways)
    assert curl(port, option) == ("joe at /desk/a%20b", "200")
    assert curl(port, option, "--data", "x=y") == ("joe sent x=y", "200")
    assert curl(port, option, user="joe:wrong") == ("Unauthorized", "401")
    assert curl(port, option, user='jane:se:c"ret') == ("Unauthorized", "401")
