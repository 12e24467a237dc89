"""XML-RPC with real Twisted at the other end: each side serves, each side asks."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("twisted") is None,
    reason="Twisted is not installed: nox -s integration has it",
)

IMPORTS = {
    "sennit": """
from sennit.core import reactor
from sennit.core.defer import Deferred, inlineCallbacks, succeed
from sennit.web import server, xmlrpc
""",
    "twisted": """
from twisted.internet import reactor
from twisted.internet.defer import Deferred, inlineCallbacks, succeed
from twisted.web import server, xmlrpc
""",
}

SERVER = """
class Echo(xmlrpc.XMLRPC):
    def xmlrpc_echo(self, *args):
        return args

    def xmlrpc_later(self, value):
        return succeed(value)

    def xmlrpc_fault(self):
        return xmlrpc.Fault(7, "no <more> & d\\u00fc")

    def xmlrpc_fail(self):
        raise RuntimeError("a secret")

    @xmlrpc.withRequest
    def xmlrpc_whose(self, request):
        return [request.getUser().decode(), request.getPassword().decode()]

root = Echo(allowNone=True)
root.putSubHandler("deep", Echo(allowNone=True))
xmlrpc.addIntrospection(root)
port = reactor.listenTCP(0, server.Site(root), interface="127.0.0.1")
print(port.getHost().port, flush=True)
reactor.run()
"""

CLIENT = """
import datetime, sys, traceback

VALUES = [
    1, -2 ** 31, 2 ** 31 - 1, 0.1, -1e300, True, False, None, "", "a < b & c > d\\n",
    "\\u00fc \\u4e2d \\U0001f600", [], [1, ["x", []]], {}, {"a b": {"<": [True]}},
    xmlrpc.Binary(bytes(range(256)) * 3), xmlrpc.DateTime("20030209T12:00:00"),
]

@inlineCallbacks
def ask(port):
    url = b"http://joe:se%%20cret@127.0.0.1:%d/" % port
    proxy = xmlrpc.Proxy(url, allowNone=True)
    for value in VALUES:
        for name in ("echo", "deep.echo"):
            assert (yield proxy.callRemote(name, value)) == [value], value
        assert (yield proxy.callRemote("later", value)) == value, value
    assert (yield proxy.callRemote("echo", *VALUES)) == VALUES
    for name, code in [("fault", 7), ("fail", 8002), ("nothere", 8001), ("a.b", 8001)]:
        try:
            yield proxy.callRemote(name)
        except xmlrpc.Fault as fault:
            assert fault.faultCode == code
            assert "secret" not in fault.faultString
        else:
            raise AssertionError(name)
    names = yield proxy.callRemote("system.listMethods")
    assert "deep.echo" in names and "system.methodHelp" in names
    dated = xmlrpc.Proxy(url, useDateTime=True)
    date = datetime.datetime(2003, 2, 9, 12)
    assert (yield dated.callRemote("echo", date)) == [date]
    plain = xmlrpc.Proxy(b"http://127.0.0.1:%d/" % port, user=b"j", password=b"s:s")
    assert (yield plain.callRemote("whose")) == ["j", "s:s"]
    print("all well")

def end(result):
    if result is not None:
        result.printTraceback(file=sys.stdout)
    reactor.stop()

ask(int(sys.argv[1])).addBoth(end)
reactor.run()
"""


@contextmanager
def served_by(peer: str) -> Iterator[str]:
    """The port of a server."""
    command = [sys.executable, "-c", IMPORTS[peer] + SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@pytest.mark.parametrize(
    ("server", "client"),
    [("sennit", "twisted"), ("twisted", "sennit"), ("sennit", "sennit")],
)
def test_every_kind_of_call_is_understood(server: str, client: str) -> None:
    with served_by(server) as port:
        command = [sys.executable, "-c", IMPORTS[client] + CLIENT, port]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.stdout == "all well\n", done.stdout + done.stderr
