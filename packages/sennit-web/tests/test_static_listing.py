"""The page of a folder: what is on it, in which order, and nothing that can break it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urljoin

import pytest
from hypothesis import given, strategies as st

from sennit.web.resource import Resource
from sennit.web.static import DirectoryLister, Entry, File, Folder, formatFileSize
from sennit.web.static._lister import PAGE_SIZE
from sennit.web.static._page import folderPage
from sennit.web.static._sizes import shownSize

Talk = Callable[..., Any]


class Page(HTMLParser):
    """Reads links and texts; fails at what a page must not have."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.links: list[str] = []
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        assert not any(name.startswith("on") or name == "src" for name in found)
        if tag == "a" and found["href"] is not None:
            self.links.append(found["href"])

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def rows(self) -> list[str]:
        """The links of the entries."""
        return [link for link in self.links if not link.startswith(("?", "../"))]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with entries of several kinds, sizes and times."""
    www = tmp_path / "www"
    (www / "Zoo").mkdir(parents=True)
    (www / "alp").mkdir()
    for at, (name, size) in enumerate(
        {"b.txt": 30, "A.png": 2000, "c.tar.gz": 100}.items()
    ):
        (www / name).write_bytes(b"x" * size)
        os.utime(www / name, (1_000_000_000 + at, 1_000_000_000 + at))
    return www


def listed(talk: Talk, root: Path, query: str = "") -> Page:
    answer = talk(File(str(root))).send("GET", "/" + query).answer
    assert answer.code == 200
    return Page(answer.body)


def test_folders_come_first_then_files_by_name(talk: Talk, root: Path) -> None:
    page = listed(talk, root)
    assert page.rows == ["alp/", "Zoo/", "A.png", "b.txt", "c.tar.gz"]
    texts = " ".join(page.texts)
    for text in ("Directory listing for /", "30 B", "2.0 kB", "text/plain"):
        assert text in texts
    assert "application/x-tar (gzip)" in texts
    assert "2001-09-09 01:46" in texts
    assert "2 folders and 3 files, 2.1 kB" in texts


@pytest.mark.parametrize(
    ("query", "files"),
    [
        ("?sort=name&order=descending", ["c.tar.gz", "b.txt", "A.png"]),
        ("?sort=size", ["b.txt", "c.tar.gz", "A.png"]),
        ("?sort=size&order=descending", ["A.png", "c.tar.gz", "b.txt"]),
        ("?sort=modified", ["b.txt", "A.png", "c.tar.gz"]),
        ("?sort=type", ["c.tar.gz", "A.png", "b.txt"]),
        ("?sort=nonsense&order=&page=x", ["A.png", "b.txt", "c.tar.gz"]),
        ("?page=99", ["A.png", "b.txt", "c.tar.gz"]),
    ],
)
def test_it_is_sorted_by_what_is_asked_for(
    talk: Talk, root: Path, query: str, files: list[str]
) -> None:
    assert [link for link in listed(talk, root, query).rows if link[-1] != "/"] == files


def test_the_head_of_a_column_turns_it_around(talk: Talk, root: Path) -> None:
    assert "?sort=name&order=descending" in listed(talk, root).links
    assert "?sort=size&order=descending" in listed(talk, root, "?sort=size").links
    turned = listed(talk, root, "?sort=size&order=descending")
    assert "?sort=size" in turned.links


def test_the_folders_above_are_links(talk: Talk, root: Path) -> None:
    (root / "alp" / "x y" / "z").mkdir(parents=True)
    answer = talk(File(str(root))).send("GET", "/alp/x%20y/z/").answer
    links = Page(answer.body).links
    here = "http://host/alp/x%20y/z/"
    above = [urljoin(here, link) for link in links if link.startswith("../")]
    assert above == [
        "http://host/",
        "http://host/alp/",
        "http://host/alp/x%20y/",
        "http://host/alp/x%20y/",
    ]


NAMES = [
    b"plain",
    b"<script>alert(1)<",
    b"a\"b'c&d",
    b"javascript:alert(1)",
    b"http:",
    b"?sort=size",
    b"#anchor",
    b"100%",
    b"%41",
    b"a b+c",
    b"\xff\xfe",
    "ünï—☃".encode(),
    "\u202egnp.exe".encode(),
    b"new\nline",
    b"-",
    b"..a",
    b"a;b=c,d",
    b"back\\slash",
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_shown_and_leads_to_its_file(
    talk: Talk, tmp_path: Path, name: bytes
) -> None:
    tree = File(str(tmp_path))
    (tmp_path / os.fsdecode(name)).write_bytes(name)
    page = Page(talk(tree).send("GET", "/").answer.body)
    assert "script" not in page.tags
    (link,) = page.rows
    target = urljoin("http://here/", link)
    assert target.startswith("http://here/")
    path = target.removeprefix("http://here")
    assert talk(tree).send("GET", path).answer.body == name


def is_name(name: bytes) -> bool:
    """Whether there can be a file of that name."""
    return b"/" not in name and name not in (b".", b"..")


@given(
    st.text(max_size=40),
    st.lists(st.binary(min_size=1, max_size=20).filter(is_name)),
    st.booleans(),
)
def test_no_name_is_ever_markup(path: str, names: list[bytes], folder: bool) -> None:
    kind = "" if folder else "text/plain"
    entries = [Entry(name, kind, "", 1, 0.0) for name in names]
    page = Page(folderPage(Folder(path, entries, len(entries))))
    count = sum(1 for _ in re.split("/+", path.strip("/")) if path.strip("/"))
    plain = Page(folderPage(Folder("/x" * count, [], 0)))
    cells = ["tr", "td", "a", "td", "td", "td", "time"]
    assert sorted(page.tags) == sorted(plain.tags + cells * len(entries))
    assert [unquote_to_bytes(link.rstrip("/")) for link in page.rows] == names


def test_nothing_is_loaded_and_nothing_runs(talk: Talk, root: Path) -> None:
    answer = talk(File(str(root))).send("GET", "/").answer
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")
    assert b"http://" not in answer.body.replace(b"http://www.w3.org/2000/svg", b"")
    assert not {"script", "link", "img", "iframe"} & set(Page(answer.body).tags)


def test_an_empty_folder_says_so(talk: Talk, tmp_path: Path) -> None:
    assert "There is nothing here." in listed(talk, tmp_path).texts


def test_a_large_folder_has_pages(tmp_path: Path, talk: Talk) -> None:
    for number in range(PAGE_SIZE + 5):
        (tmp_path / f"{number:05}").touch()
    first, second = listed(talk, tmp_path), listed(talk, tmp_path, "?page=2")
    assert len(first.rows) == PAGE_SIZE
    assert second.rows == [f"{number:05}" for number in range(PAGE_SIZE, PAGE_SIZE + 5)]
    assert "?page=2" in first.links
    assert second.links[-1] == "?page=1"
    back = listed(talk, tmp_path, "?page=2&order=descending")
    assert back.rows == [f"{number:05}" for number in range(4, -1, -1)]
    assert listed(talk, tmp_path, "?page=900").rows == second.rows


def test_only_some_names_may_be_shown(talk: Talk, root: Path) -> None:
    """And what is not there any more is left out."""
    lister = DirectoryLister(str(root), ["b.txt", "gone", b"alp"])
    top = Resource()
    top.putChild(b"all", lister)
    assert Page(talk(top).send("GET", "/all").answer.body).rows == ["alp/", "b.txt"]
    assert talk(top).send("GET", "/all/x").answer.code == 404
    assert talk(top).send("POST", "/all").answer.code == 405
    head = talk(top).send("HEAD", "/all").answer
    assert (head.code, head.body) == (200, b"")
    assert repr(lister) == f"<DirectoryLister of {str(root)!r}>"


def test_the_page_may_be_another(talk: Talk, root: Path) -> None:
    class Plain(DirectoryLister):
        def makePage(self, folder: Folder) -> bytes:
            return b"\n".join(entry.name for entry in folder.entries)

    top = Resource()
    top.putChild(b"", Plain(str(root)))
    body = talk(top).send("GET", "/").answer.body
    assert body == b"alp\nZoo\nA.png\nb.txt\nc.tar.gz"


@pytest.mark.parametrize(
    ("size", "short", "shown"),
    [
        (0, "0B", "0 B"),
        (999, "999B", "999 B"),
        (1000, "1000B", "1.0 kB"),
        (1024, "1K", "1.0 kB"),
        (9949, "9K", "9.9 kB"),
        (9951, "9K", "10 kB"),
        (999_499, "976K", "999 kB"),
        (999_501, "976K", "1.0 MB"),
        (1 << 20, "1M", "1.0 MB"),
        (123_456_789, "117M", "123 MB"),
        (5 << 40, "5120G", "5.5 TB"),
        (1 << 63, "8589934592G", "9.2 EB"),
    ],
)
def test_sizes_are_short(size: int, short: str, shown: str) -> None:
    assert formatFileSize(size) == short
    assert shownSize(size) == shown
