"""File: from the path of a URL to a file, and what is said of it."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sennit.core.task import Clock
from sennit.web import pages
from sennit.web.http import Headers, Request
from sennit.web.resource import Resource
from sennit.web.static import File

Talk = Callable[..., Any]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with some files."""
    www = tmp_path / "www"
    (www / "docs" / "deep").mkdir(parents=True)
    (www / "a.txt").write_bytes(b"0123456789")
    (www / "docs" / "b.html").write_bytes(b"<p>b</p>")
    (www / "docs" / "deep" / "c").write_bytes(b"c")
    (tmp_path / "secret").write_bytes(b"secret")
    return www


def test_a_file_is_sent_with_all_that_is_known_of_it(talk: Talk, root: Path) -> None:
    answer = talk(File(str(root))).send("GET", "/a.txt").answer
    status = (root / "a.txt").stat()
    assert (answer.code, answer.body) == (200, b"0123456789")
    headers = answer.headers
    assert headers["Content-Type"] == "text/plain"
    assert headers["Content-Length"] == "10"
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["ETag"] == (
        f'"{status.st_ino:x}-{status.st_size:x}-{status.st_mtime_ns:x}"'
    )
    assert headers["Last-Modified"].endswith(" GMT")
    assert headers["Vary"] is None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/docs/b.html", b"<p>b</p>"),
        ("/docs/deep/c", b"c"),
        ("/docs/deep/%63", b"c"),
        ("/%61.txt", b"0123456789"),
    ],
)
def test_files_below_are_found(talk: Talk, root: Path, path: str, body: bytes) -> None:
    answer = talk(File(str(root))).send("GET", path).answer
    assert (answer.code, answer.body) == (200, body)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/a.txt/",
        "/a.txt/more",
        "/docs//b.html",
        "//docs/b.html",
        "/docs/nothing/",
        "/../secret",
        "/docs/../a.txt",
        "/docs/%2e%2e/%2e%2e/secret",
        "/%2e%2e%2fsecret",
        "/..%2fsecret",
        "/docs%2fb.html",
        "/./a.txt",
        "/%2e/a.txt",
        "/a.txt%00",
        "/%00",
        "/%ff",
        "/" + "a" * 300,
        "/" + "a/" * 100,
        "/%2fetc%2fpasswd",
        "/..\\secret",
    ],
)
def test_what_is_not_there_or_not_below_is_not_found(
    talk: Talk, root: Path, path: str, logged: list[Any]
) -> None:
    """However it is written; and nothing is logged as an error."""
    answer = talk(File(str(root))).send("GET", path).answer
    assert answer.code == 404
    assert b"There is no such file." in answer.body
    assert not any(event.get("isError") for event in logged)


def test_a_tree_may_be_named_by_bytes(talk: Talk, root: Path) -> None:
    tree = File(os.fsencode(root))
    for path in ("/a.txt", "/docs/b.html"):
        assert talk(tree).send("GET", path).answer.code == 200
    assert b"b.html" in talk(tree).send("GET", "/docs/").answer.body


def test_names_that_are_no_utf_8_are_found(talk: Talk, root: Path) -> None:
    """A name is bytes to the file system; a URL can have any."""
    (root / os.fsdecode(b"\xfc.txt")).write_bytes(b"latin")
    assert talk(File(str(root))).send("GET", "/%fc.txt").answer.body == b"latin"


def test_a_file_may_be_all_there_is(talk: Talk, root: Path) -> None:
    top = Resource()
    top.putChild(b"only", File(str(root / "a.txt")))
    assert talk(top).send("GET", "/only").answer.body == b"0123456789"
    assert talk(top).send("GET", "/only/more").answer.code == 404


def test_children_that_were_put_there_come_first(talk: Talk, root: Path) -> None:
    tree = File(str(root))
    tree.putChild(b"docs", File(str(root / "a.txt")))
    assert talk(tree).send("GET", "/docs").answer.body == b"0123456789"


def test_head_tells_the_same_and_sends_nothing(talk: Talk, root: Path) -> None:
    tree = File(str(root))
    got = talk(tree).send("GET", "/a.txt").answer
    told = talk(tree).send("HEAD", "/a.txt").answer
    assert (told.code, told.body) == (200, b"")
    assert dict(told.headers) == dict(got.headers)


def test_only_get_and_head_are_answered(talk: Talk, root: Path) -> None:
    answer = talk(File(str(root))).send("DELETE", "/a.txt").answer
    assert answer.code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert (root / "a.txt").exists()


# Conditions and ranges, as a browser sends them.


def test_what_is_known_is_not_sent_again(talk: Talk, root: Path) -> None:
    tree = File(str(root))
    first = talk(tree).send("GET", "/a.txt").answer
    for field in (
        {"if_none_match": first.headers["ETag"]},
        {"if_modified_since": first.headers["Last-Modified"]},
    ):
        answer = talk(tree).send("GET", "/a.txt", **field).answer
        assert (answer.code, answer.body) == (304, b"")
        assert answer.headers["ETag"] == first.headers["ETag"]
        # RFC 9110 §8.6: it would be that of what is not sent.
        assert answer.headers["Content-Length"] is None
    (root / "a.txt").write_bytes(b"new")
    answer = talk(tree).send("GET", "/a.txt", **field).answer
    changed = talk(tree).send("GET", "/a.txt", if_none_match=first.headers["ETag"])
    assert (changed.answer.code, changed.answer.body) == (200, b"new")


def test_a_condition_that_fails_is_412(talk: Talk, root: Path) -> None:
    answer = talk(File(str(root))).send("GET", "/a.txt", if_match='"other"').answer
    assert (answer.code, answer.body) == (412, b"")


@pytest.mark.parametrize(
    ("asked", "body", "told"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=5-5000", b"56789", "bytes 5-9/10"),
        ("bytes=1-2,3-4", b"1234", "bytes 1-4/10"),
        ("bytes=1-2,50-60", b"12", "bytes 1-2/10"),
    ],
)
def test_a_part_is_sent(
    talk: Talk, root: Path, asked: str, body: bytes, told: str
) -> None:
    answer = talk(File(str(root))).send("GET", "/a.txt", range=asked).answer
    assert (answer.code, answer.body) == (206, body)
    assert answer.headers["Content-Range"] == told
    assert answer.headers["Content-Type"] == "text/plain"


def test_several_parts_are_sent_in_one_body(talk: Talk, root: Path) -> None:
    answer = talk(File(str(root))).send("GET", "/a.txt", range="bytes=8-,0-1").answer
    assert answer.code == 206
    kind, _, boundary = answer.headers["Content-Type"].partition("; boundary=")
    assert kind == "multipart/byteranges"
    mark = b"--" + boundary.strip('"').encode()
    assert answer.headers["Content-Range"] is None
    assert answer.body.split(b"\r\n") == [
        b"",
        mark,
        b"Content-type: text/plain",
        b"Content-range: bytes 8-9/10",
        b"",
        b"89",
        mark,
        b"Content-type: text/plain",
        b"Content-range: bytes 0-1/10",
        b"",
        b"01",
        mark + b"--",
        b"",
    ]


def test_of_what_is_not_there_the_size_is_told(talk: Talk, root: Path) -> None:
    answer = talk(File(str(root))).send("GET", "/a.txt", range="bytes=10-").answer
    assert (answer.code, answer.body) == (416, b"")
    assert answer.headers["Content-Range"] == "bytes */10"


@pytest.mark.parametrize(
    "fields",
    [
        {"range": "bytes=5-4"},
        {"range": "lines=0-1"},
        {"range": "bytes=" + ",".join(["0-0"] * 1000)},
        {"range": "bytes=0-1", "if_range": '"other"'},
        {"range": "bytes=0-1", "if_range": "Sun, 06 Nov 1994 08:49:37 GMT"},
    ],
)
def test_otherwise_the_whole_is_sent(
    talk: Talk, root: Path, fields: dict[str, str]
) -> None:
    """What is no range, asks for too many, or is of another state of the file."""
    answer = talk(File(str(root))).send("GET", "/a.txt", **fields).answer
    assert (answer.code, answer.body) == (200, b"0123456789")


def test_the_rest_of_the_same_file_is_sent(talk: Talk, root: Path) -> None:
    tree = File(str(root))
    first = talk(tree).send("GET", "/a.txt").answer.headers
    for state in (first["ETag"], first["Last-Modified"]):
        talking = talk(tree).send("GET", "/a.txt", range="bytes=8-", if_range=state)
        assert (talking.answer.code, talking.answer.body) == (206, b"89")


def test_an_empty_file_has_no_parts(talk: Talk, root: Path) -> None:
    (root / "empty").touch()
    answer = talk(File(str(root))).send("GET", "/empty", range="bytes=0-").answer
    assert (answer.code, answer.body) == (200, b"")


def test_head_has_no_parts(talk: Talk, root: Path) -> None:
    """RFC 9110 §14.2: ranges are for GET."""
    answer = talk(File(str(root))).send("HEAD", "/a.txt", range="bytes=0-1").answer
    assert (answer.code, answer.headers["Content-Length"]) == (200, "10")


# Folders


def test_a_folder_is_sent_to_its_slash(talk: Talk, root: Path) -> None:
    answer = talk(File(str(root))).send("GET", "/docs?x=/y").answer
    assert (answer.code, answer.headers["Location"]) == (302, "/docs/?x=/y")


def test_a_folder_never_sends_to_another_host(talk: Talk, root: Path) -> None:
    """A path that begins with two slashes would be one."""
    (root / "evil.example").mkdir()
    tree = File(str(root))
    top = Resource()
    top.putChild(b"", tree)
    answer = talk(top).send("GET", "//evil.example").answer
    assert (answer.code, answer.headers["Location"]) == (302, "/evil.example/")


def test_an_index_is_shown_in_the_place_of_a_folder(talk: Talk, root: Path) -> None:
    tree = File(str(root))
    (root / "docs" / "index.html").write_bytes(b"the index")
    answer = talk(tree).send("GET", "/docs/").answer
    assert (answer.body, answer.headers["Content-Type"]) == (b"the index", "text/html")
    tree.indexNames = ["b.html"]
    assert talk(tree).send("GET", "/docs/").answer.body == b"<p>b</p>"
    (root / "index.html").write_bytes(b"the root's")
    tree.indexNames = ["index.html"]
    assert talk(tree).send("GET", "/").answer.body == b"the root's"


def test_a_folder_may_be_kept_to_oneself(talk: Talk, root: Path) -> None:
    class Closed(File):
        def directoryListing(self) -> Any:
            return pages.forbidden()

    for path in ("/", "/docs/"):
        assert talk(Closed(str(root))).send("GET", path).answer.code == 403
    assert talk(Closed(str(root))).send("GET", "/a.txt").answer.code == 200


# What is no file, and what may not be read


def test_pipes_and_sockets_are_not_waited_for(talk: Talk, root: Path) -> None:
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(root / "socket"))
        for path in ("/pipe", "/socket"):
            assert talk(File(str(root))).send("GET", path).answer.code == 404


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_forbidden_by_the_system(
    talk: Talk, root: Path
) -> None:
    (root / "a.txt").chmod(0)
    assert talk(File(str(root))).send("GET", "/a.txt").answer.code == 403


def test_what_may_not_be_read_is_forbidden(
    talk: Talk, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> int:
        raise PermissionError(13, "no")

    tree = File(str(root))
    monkeypatch.setattr("sennit.web.static._root.os.open", refuse)
    answer = talk(tree).send("GET", "/a.txt").answer
    assert (answer.code, b"may not be read" in answer.body) == (403, True)
    assert talk(tree).send("GET", "/docs/").answer.code == 403


def test_what_is_the_servers_fault_is_told_so(
    talk: Talk, root: Path, monkeypatch: pytest.MonkeyPatch, logged: list[Any]
) -> None:
    def fail(*args: Any) -> int:
        raise OSError(24, "Too many open files")

    tree = File(str(root))
    monkeypatch.setattr("sennit.web.static._root.os.open", fail)
    assert talk(tree).send("GET", "/a.txt").answer.code == 500
    assert any(event.get("isError") for event in logged)


# What programs change


def test_attributes_count_for_all_that_is_below(talk: Talk, root: Path) -> None:
    tree = File(str(root), defaultType="text/x-default")
    tree.contentTypes = {".html": "text/x-html"}
    tree.childNotFound = pages.errorPage(410, "Gone", "It is gone.")

    def kind(path: str) -> str:
        found: str = talk(tree).send("GET", path).answer.headers["Content-Type"]
        return found

    assert kind("/docs/b.html") == "text/x-html"
    assert kind("/docs/deep/c") == "text/x-default"
    assert talk(tree).send("GET", "/docs/none").answer.code == 410


def test_a_type_may_be_set_or_left_out(talk: Talk, root: Path) -> None:
    file = File(str(root / "a.txt"), defaultType=None)
    file.type = "application/x-mine"
    top = Resource()
    top.putChild(b"a", file)
    assert talk(top).send("GET", "/a").answer.headers["Content-Type"] == file.type


def test_extensions_may_be_left_out(talk: Talk, root: Path) -> None:
    tree = File(str(root), ignoredExts=[".txt"])
    tree.ignoreExt(".html")
    assert talk(tree).send("GET", "/a").answer.body == b"0123456789"
    assert talk(tree).send("GET", "/docs/b").answer.body == b"<p>b</p>"
    assert talk(tree).send("GET", "/b").answer.code == 404
    anything = File(str(root), allowExt=True)
    assert talk(anything).send("GET", "/a").answer.body == b"0123456789"


class Loud(Resource):
    """Shows a file in capitals."""

    isLeaf = True

    def __init__(self, path: str, registry: Any) -> None:
        super().__init__()
        self.path = path
        self.registry = registry

    def render_GET(self, request: Any) -> bytes:
        return Path(self.path).read_bytes().upper() + b"/".join(request.postpath)


def test_a_processor_stands_for_the_files_of_an_extension(
    talk: Talk, root: Path
) -> None:
    tree = File(str(root))
    tree.processors = {".html": Loud}
    assert talk(tree).send("GET", "/docs/b.html").answer.body == b"<P>B</P>"
    assert talk(tree).send("GET", "/docs/b.html/x/y").answer.body == b"<P>B</P>x/y"
    assert talk(tree).send("GET", "/a.txt").answer.body == b"0123456789"
    tree.indexNames = ["b.html"]
    assert talk(tree).send("GET", "/docs/").answer.body == b"<P>B</P>"


def test_a_subclass_may_have_its_own_way_down(talk: Talk, root: Path) -> None:
    class Mine(File):
        def getChild(self, path: bytes, request: Any) -> Any:
            return super().getChild(path.lower(), request)

    assert talk(Mine(str(root))).send("GET", "/DOCS/B.HTML").answer.body == b"<p>b</p>"


def test_a_subclass_may_have_its_own_arguments(talk: Talk, root: Path) -> None:
    """Then it is made anew for each file, as the field does it."""

    class Mine(File):
        def __init__(self, path: str, *args: Any, **kwargs: Any) -> None:
            super().__init__(path, *args, **kwargs)
            self.made = True

        def render_GET(self, request: Any) -> Any:
            request.setHeader(b"x-made", b"%d" % self.made)
            return super().render_GET(request)

    answer = talk(Mine(str(root), links="nowhere")).send("GET", "/docs/b.html").answer
    assert (answer.body, answer.headers["X-Made"]) == (b"<p>b</p>", "1")
    again = talk(Mine(str(root))).send("GET", "/docs/b.html").answer
    assert again.headers["X-Made"] == "1"


def test_a_subclass_may_open_what_it_wants(
    talk: Talk, root: Path, clock: Clock
) -> None:
    """Then a producer sends it, which is asked each turn of the reactor."""

    def got(**fields: str) -> Any:
        talking = talk(tree).send("GET", "/a.txt", **fields)
        clock.pump([0] * 5)
        return talking.answer

    class Mine(File):
        def openForReading(self) -> Any:
            return open(root / "docs" / "b.html", "rb")

    tree = Mine(str(root))
    first = got()
    assert first.body == b"<p>b</p>"
    assert got(if_none_match=first.headers["ETag"]).code == 304
    assert got(if_modified_since=first.headers["Last-Modified"]).code == 304
    assert got(range="bytes=1-2").body == b"p>"
    assert talk(tree).send("HEAD", "/a.txt").answer.headers["Content-Length"] == "8"
    assert talk(tree).send("GET", "/docs").answer.code == 302


def test_headers_that_were_set_before_stay(talk: Talk, root: Path) -> None:
    """A resource on the way may have set some."""

    class Gate(Resource):
        def getChild(self, path: bytes, request: Any) -> Any:
            request.setHeader(b"x-gate", b"open")
            request.responseHeaders.setRawHeaders(b"accept-ranges", [b"none"])
            return File(str(root)).getChildWithDefault(path, request)

    answer = talk(Gate()).send("GET", "/a.txt").answer
    assert (answer.code, answer.headers["X-Gate"]) == (200, "open")
    assert answer.headers.get_all("Accept-Ranges") == ["bytes"]


# As a path and as a resource


def test_it_is_a_path_as_well(root: Path) -> None:
    tree = File(str(root))
    assert tree.listNames() == ["a.txt", "docs"]
    assert [name for name, _ in tree.listEntities()] == ["a.txt", "docs"]
    assert all(isinstance(child, File) for _, child in tree.listEntities())
    assert tree.child("a.txt").getContent() == b"0123456789"
    assert File(str(root / "a.txt")).getFileSize() == 10
    assert File(str(root / "a.txt")).listNames() == []
    with File(str(root / "a.txt")).openForReading() as file:
        assert file.read() == b"0123456789"
    with pytest.raises(IsADirectoryError):
        tree.openForReading()
    with File(str(root / "new")).open("w") as fresh:
        fresh.write(b"new")
    assert stat.S_ISREG((root / "new").stat().st_mode)


def test_links_are_of_three_kinds(root: Path) -> None:
    with pytest.raises(ValueError, match="links are"):
        File(str(root), links="sometimes")  # type: ignore[arg-type]


def test_the_headers_it_makes_are_headers() -> None:
    """Lines that are set as they are sent can be asked for, and changed."""
    request: Any = Request(None)
    request.setHeaderLines(b"ETag: a\r\nX-Y: z\r\n")
    assert request.responseHeaders == Headers({b"etag": [b"a"], b"x-y": [b"z"]})
    request.setHeaderLines(b"X-Y: new\r\n")
    assert request.responseHeaders.getRawHeaders(b"x-y") == [b"new"]
