"""The talk's XML-RPC server: called by the standard library, and by a client of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from xmlrpc.client import Binary, DateTime, Fault, ServerProxy

import pytest

if TYPE_CHECKING:
    from conftest import Run


@pytest.fixture
def url(run: Run) -> Iterator[str]:
    """Where the server is, which is interrupted in the end."""
    server = run("web/xmlrpc_serv.py", 0)
    yield f"http://127.0.0.1:{server.port('XML-RPC on TCP')}/"
    server.process.send_signal(2)
    assert "ValueError(12)" in server.finish(8) or "ValueError: 12" in server.text


@pytest.mark.parametrize("path", ["", "RPC2"])
def test_the_standard_library_calls_it(url: str, path: str) -> None:
    with ServerProxy(url + path) as proxy:
        assert proxy.hello() == "hello, world!"
        assert proxy.echo() == []
        args: list[Any] = [1, "two", [3.5, True], {"k": "d\u00fc"}, Binary(b"\0\xff")]
        args.append(DateTime("20030209T12:00:00"))
        assert proxy.echo(*args) == args
        assert (proxy.defer(), proxy.wait()) == ("hello", "hello")
        assert proxy.system.methodHelp("echo") == "Return all passed args."
        for name, code, text in [
            ("fail", 7, "Out of cheese."),
            ("defer_fail", 8002, "error"),
            ("nosuch", 8001, "procedure nosuch not found"),
        ]:
            with pytest.raises(Fault) as caught:
                getattr(proxy, name)()
            assert (caught.value.faultCode, caught.value.faultString) == (code, text)
        assert proxy.hello() == "hello, world!"


def test_the_client_calls_it(url: str, run: Run) -> None:
    with ServerProxy(url) as proxy, pytest.raises(Fault):
        proxy.defer_fail()
    printed = run("web/xmlrpc_client.py", url).ends().splitlines()
    assert printed == [
        "methods: defer, defer_fail, echo, fail, hello, wait, system.listMethods,"
        " system.methodHelp, system.methodSignature",
        "hello: hello, world!",
        "echo: [1, 'two', {'three': [4.5, True]}]",
        "fail: Out of cheese. (7)",
    ]
