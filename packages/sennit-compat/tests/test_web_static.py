"""Twisted's names for static files and scripts, and the pages that its programs look at."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from zope.interface.verify import verifyObject

import sennit.compat
from sennit.core.interfaces import IPullProducer
from sennit.core.task import Clock
from sennit.core.testing import StringTransport
from sennit.web import static
from sennit.web.server import Site


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    sennit.compat.install()
    yield
    sennit.compat.uninstall()


@pytest.fixture
def theirs() -> Any:
    return importlib.import_module("twisted.web.static")


@pytest.fixture
def script() -> Any:
    return importlib.import_module("twisted.web.script")


def ask(root: Any, path: str, **settings: Any) -> bytes:
    """All that a site answers to a GET."""
    site = Site(root, reactor=Clock(), **settings)
    transport = StringTransport()
    protocol: Any = site.buildProtocol(transport.getPeer())
    protocol.makeConnection(transport)
    protocol.dataReceived(f"GET {path} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
    return transport.value()


def test_names_are_ours(theirs: Any) -> None:
    assert theirs.Data is static.Data
    assert theirs.loadMimeTypes is static.loadMimeTypes
    assert issubclass(theirs.File, static.File)
    assert theirs.isDangerous("..")
    assert theirs.isDangerous("a/b")
    assert not theirs.isDangerous("a..")


def test_producers_provide_the_interface(theirs: Any, tmp_path: Path) -> None:
    with open(tmp_path / "a", "w+b") as file:
        verifyObject(IPullProducer, theirs.NoRangeStaticProducer(None, file))


def test_a_folder_looks_as_it_did(theirs: Any, tmp_path: Path) -> None:
    """Whoever reads the page by program finds what is looked for."""
    (tmp_path / "sub & more").mkdir()
    (tmp_path / "a.txt.gz").write_bytes(b"x" * 2048)
    page = ask(theirs.File(str(tmp_path)), "/")
    assert b"<h1>Directory listing for /</h1>" in page
    assert (
        b'<tr class="odd">\n'
        b'    <td><a href="sub%20%26%20more/">sub &amp; more/</a></td>\n'
        b"    <td></td>\n    <td>[Directory]</td>\n    <td></td>\n</tr>\n"
        b'<tr class="even">\n    <td><a href="a.txt.gz">a.txt.gz</a></td>\n'
        b"    <td>2K</td>\n    <td>[text/plain]</td>\n    <td>[gzip]</td>\n</tr>\n"
    ) in page


def test_a_page_may_have_its_own_templates(theirs: Any, tmp_path: Path) -> None:
    class Lister(theirs.DirectoryLister):  # type: ignore[misc]
        template = "%(header)s:%(tableContent)s"
        linePattern = "%(text)s;"

    class Files(theirs.File):  # type: ignore[misc]
        def directoryListing(self) -> Any:
            return Lister(self.path, self.listNames())

    for name in "ab":
        (tmp_path / name).touch()
    assert ask(Files(str(tmp_path)), "/").endswith(b"Directory listing for /:a;b;")


RESOURCE = """
from twisted.web.resource import Resource

class Counting(Resource):
    isLeaf = True
    count = 0

    def render_GET(self, request):
        self.count += 1
        return b"asked %d times" % self.count

resource = Counting()
"""


def test_a_script_makes_a_resource(theirs: Any, script: Any, tmp_path: Path) -> None:
    """Anew for each request, or once if it says so."""
    root = theirs.File(str(tmp_path))
    root.processors = {".rpy": script.ResourceScript}
    (tmp_path / "each.rpy").write_text(RESOURCE)
    (tmp_path / "once.rpy").write_text("cache()\n" + RESOURCE)
    (tmp_path / "none.rpy").write_text("pass")
    for count in (1, 2):
        assert ask(root, "/each.rpy").endswith(b"asked 1 times")
        assert ask(root, "/once.rpy").endswith(b"asked %d times" % count)
    assert b" 500 " in ask(root, "/none.rpy")


def test_a_script_may_write_the_answer(
    theirs: Any, script: Any, tmp_path: Path
) -> None:
    """What it raises is shown to programmers only."""
    root = theirs.File(str(tmp_path))
    root.processors = {".epy": script.PythonScript}
    (tmp_path / "a.epy").write_text("request.write(b'written')")
    (tmp_path / "b.epy").write_text("1 / 0")
    assert b"written" in ask(root, "/a.epy")
    assert b" 500 " in ask(root, "/b.epy")
    assert b"ZeroDivisionError" not in ask(root, "/b.epy")
    assert b"ZeroDivisionError" in ask(root, "/b.epy", displayTracebacks=True)
    assert b" 404 " in ask(script.PythonScript(str(tmp_path / "no"), None), "/")


def test_a_folder_may_be_of_scripts(script: Any, tmp_path: Path) -> None:
    (tmp_path / "a.rpy").write_text(RESOURCE)
    (tmp_path / "index.rpy").write_text(RESOURCE)
    root = script.ResourceScriptDirectory(str(tmp_path))
    assert ask(root, "/a.rpy").endswith(b"asked 1 times")
    assert ask(root, "/").endswith(b"asked 1 times")
    assert b" 404 " in ask(root, "/b.rpy")
    assert b" 404 " in ask(root, "/..%2fa.rpy")
