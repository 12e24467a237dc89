"""Types, bytes in memory, whole responses in files, and redirects to the slash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sennit.web.resource import Resource
from sennit.web.static import (
    ASISProcessor,
    Data,
    File,
    Redirect,
    Registry,
    addSlash,
    getTypeAndEncoding,
    loadMimeTypes,
)

Talk = Callable[..., Any]


def below(resource: Resource) -> Resource:
    top = Resource()
    top.putChild(b"it", resource)
    return top


def test_more_types_are_read_from_files(tmp_path: Path) -> None:
    types = tmp_path / "mime.types"
    types.write_text("application/x-sennit snt\n")
    assert loadMimeTypes([str(types)])[".snt"] == "application/x-sennit"
    assert ".html" in loadMimeTypes()
    asked: list[Any] = []
    assert loadMimeTypes(["a"], init=asked.append)[".conf"] == "text/plain"
    assert asked == [["a"]]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.txt", ("text/plain", None)),
        ("A.TXT", ("text/plain", None)),
        ("a.txt.gz", ("text/plain", "gzip")),
        ("a.gz", ("x/default", "gzip")),
        ("a", ("x/default", None)),
        (".txt", ("x/default", None)),
        ("a.other", ("x/default", None)),
    ],
)
def test_a_name_tells_type_and_coding(name: str, found: tuple[str, str]) -> None:
    types, encodings = {".txt": "text/plain"}, {".gz": "gzip"}
    assert getTypeAndEncoding(name, types, encodings, "x/default") == found


def test_bytes_are_sent_as_a_file_is(talk: Talk) -> None:
    data = Data(b"0123456789", "text/x-digits")
    first = talk(below(data)).send("GET", "/it").answer
    assert (first.code, first.body) == (200, b"0123456789")
    assert first.headers["Content-Type"] == "text/x-digits"
    assert first.headers["Content-Length"] == "10"
    tag = first.headers["ETag"]
    again = talk(below(data)).send("GET", "/it", if_none_match=tag).answer
    assert (again.code, again.body) == (304, b"")
    part = talk(below(data)).send("GET", "/it", range="bytes=2-3", if_range=tag).answer
    assert (part.code, part.body) == (206, b"23")
    several = talk(below(data)).send("GET", "/it", range="bytes=0-0,-1").answer
    assert several.body.count(b"text/x-digits") == 2
    head = talk(below(data)).send("HEAD", "/it").answer
    assert (head.body, head.headers["Content-Length"]) == (b"", "10")
    assert talk(below(data)).send("POST", "/it").answer.code == 405
    data.data = b"other"
    changed = talk(below(data)).send("GET", "/it", if_none_match=tag).answer
    assert (changed.code, changed.body) == (200, b"other")


@pytest.mark.parametrize(
    ("content", "code", "headers", "body"),
    [
        (
            b"HTTP/1.1 301 Gone Away\nLocation: /x\nX-A: 1\nX-A: 2\n\nbody",
            301,
            {"Location": "/x", "X-A": "1"},
            b"body",
        ),
        (b"HTTP/1.0 202\r\n\r\nbody\r\n\r\nmore", 202, {}, b"body\r\n\r\nmore"),
        (b"X-A: 1\nContent-Length: 99\n\nbody", 200, {"Content-Length": "4"}, b"body"),
        (b"HTTP/1.1 404 No\nX-A: 1", 404, {"X-A": "1"}, b""),
    ],
)
def test_a_file_may_be_a_whole_response(
    talk: Talk,
    tmp_path: Path,
    content: bytes,
    code: int,
    headers: dict[str, str],
    body: bytes,
) -> None:
    """But where it ends, we say."""
    (tmp_path / "a.asis").write_bytes(content)
    tree = File(str(tmp_path))
    tree.processors = {".asis": ASISProcessor}
    answer = talk(tree).send("GET", "/a.asis").answer
    assert (answer.code, answer.body) == (code, body)
    assert headers.items() <= dict(answer.headers).items()


def test_what_is_no_response_is_an_error(
    talk: Talk, tmp_path: Path, logged: list[Any]
) -> None:
    (tmp_path / "a.asis").write_bytes(b"no header\n\nbody")
    tree = File(str(tmp_path))
    tree.processors = {".asis": ASISProcessor}
    assert talk(tree).send("GET", "/a.asis").answer.code == 500


def test_processors_share_what_they_have_made() -> None:
    registry = Registry()
    assert registry.getCachedPath("a") is None
    registry.cachePath("a", 1)
    assert registry.getCachedPath("a") == 1


@pytest.mark.parametrize(
    ("uri", "with_slash"),
    [
        (b"/a", b"/a/"),
        (b"/a/b?c=/d", b"/a/b/?c=/d"),
        (b"//evil/a", b"/evil/a/"),
        (b"///", b"/"),
        (b"/", b"/"),
        (b"/?a", b"/?a"),
        (b"http://host:80/a?b", b"http://host:80/a/?b"),
        (b"http://host", b"http://host/"),
        (b"/a#b?c", b"/a/#b?c"),
        (b"", b"/"),
    ],
)
def test_a_slash_is_added_to_the_path(uri: bytes, with_slash: bytes) -> None:
    class Asked:
        pass

    asked: Any = Asked()
    asked.uri = uri
    assert addSlash(asked) == with_slash
    assert Redirect(asked).url == with_slash


def test_a_redirect_sends_there(talk: Talk) -> None:
    class Top(Resource):
        def getChild(self, path: bytes, request: Any) -> Any:
            return Redirect(request)

    answer = talk(Top()).send("GET", "/a?b").answer
    assert (answer.code, answer.headers["Location"]) == (302, "/a/?b")
