"""What is kept of files for a second: never anything that is not so any more."""

from __future__ import annotations

import gzip
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sennit.core.task import Clock
from sennit.web.static import File
from sennit.web.static._kept import Keeper
from sennit.web.static._known import REMEMBERED, Shelf

Talk = Callable[..., Any]

OLD = time.time() - 100


@pytest.fixture
def root(tmp_path: Path) -> Path:
    www = tmp_path / "www"
    www.mkdir()
    return www


@pytest.fixture
def tree(root: Path, clock: Clock) -> File:
    """The folder, in a time that is advanced."""
    made = File(str(root))
    made._shelf = Shelf(clock.seconds)
    made._keeper = Keeper(clock.seconds)
    return made


@pytest.fixture(autouse=True)
def long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that tests make were left alone for long."""
    monkeypatch.setattr("sennit.web.static._kept._ALONE", 0)


def put(path: Path, content: bytes, modified: float = OLD) -> None:
    path.write_bytes(content)
    os.utime(path, (modified, modified))


def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which files are opened from now on."""
    found: list[str] = []
    opening = os.open

    def noted(path: Any, *args: Any) -> int:
        found.append(os.path.basename(path))
        return opening(path, *args)

    monkeypatch.setattr("sennit.web.static._root.os.open", noted)
    return found


# Compressed forms


def forms(root: Path, text: bytes = b"plain " * 20) -> None:
    put(root / "a.js", text)
    for suffix in ("br", "zst", "gz"):
        put(root / f"a.js.{suffix}", suffix.encode())


@pytest.mark.parametrize(
    ("accepted", "coding", "body"),
    [
        ("gzip, deflate, br, zstd", "br", b"br"),
        ("gzip, zstd", "zstd", b"zst"),
        ("gzip", "gzip", b"gz"),
        ("gzip;q=0.5, br;q=0.1", "gzip", b"gz"),
        ("deflate", None, b"plain " * 20),
        (None, None, b"plain " * 20),
    ],
)
def test_the_form_that_a_client_likes_best_is_sent(
    talk: Talk,
    root: Path,
    tree: File,
    accepted: str | None,
    coding: str | None,
    body: bytes,
) -> None:
    forms(root)
    fields = {"accept_encoding": accepted} if accepted else {}
    answer = talk(tree).send("GET", "/a.js", **fields).answer
    assert (answer.code, answer.body) == (200, body)
    assert answer.headers["Content-Encoding"] == coding
    assert answer.headers["Content-Type"] == "text/javascript"
    # Caches have to know, whichever form it is.
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_each_form_has_its_own_tag_and_its_own_parts(
    talk: Talk, root: Path, tree: File
) -> None:
    """RFC 9110 §14.2: a part is one of the form that is sent."""
    forms(root)
    plain = talk(tree).send("GET", "/a.js").answer.headers["ETag"]
    squeezed = talk(tree).send("GET", "/a.js", accept_encoding="gzip").answer
    tag = squeezed.headers["ETag"]
    assert tag != plain
    again = talk(tree).send("GET", "/a.js", accept_encoding="gzip", if_none_match=tag)
    assert again.answer.code == 304
    assert again.answer.headers["Vary"] == "Accept-Encoding"
    other = talk(tree).send("GET", "/a.js", if_none_match=tag)
    assert other.answer.code == 200
    part = talk(tree).send("GET", "/a.js", accept_encoding="gzip", range="bytes=1-")
    assert (part.answer.code, part.answer.body) == (206, b"z")
    assert part.answer.headers["Content-Encoding"] == "gzip"


def test_a_form_that_is_older_than_the_file_is_not_sent(
    talk: Talk, root: Path, tree: File
) -> None:
    """It is of what the file was before."""
    put(root / "a.js", b"new", OLD + 50)
    put(root / "a.js.gz", gzip.compress(b"old"))
    answer = talk(tree).send("GET", "/a.js", accept_encoding="gzip").answer
    assert (answer.body, answer.headers["Vary"]) == (b"new", None)


def test_a_form_that_comes_later_is_seen_after_a_second(
    talk: Talk, root: Path, tree: File, clock: Clock
) -> None:
    put(root / "a.js", b"plain")

    def coding() -> str | None:
        answer = talk(tree).send("GET", "/a.js", accept_encoding="gzip").answer
        found: str | None = answer.headers["Content-Encoding"]
        return found

    assert coding() is None
    put(root / "a.js.gz", b"gz", OLD + 50)
    clock.advance(REMEMBERED * 1.1)
    assert coding() == "gzip"
    (root / "a.js.gz").unlink()
    assert coding() is None


def test_forms_that_lead_elsewhere_or_are_no_files_are_not_sent(
    talk: Talk, root: Path, tree: File, tmp_path: Path
) -> None:
    put(root / "a.js", b"plain")
    put(tmp_path / "secret", b"secret", OLD + 50)
    (root / "a.js.gz").symlink_to(tmp_path / "secret")
    (root / "a.js.br").mkdir()
    answer = talk(tree).send("GET", "/a.js", accept_encoding="gzip, br").answer
    assert (answer.body, answer.headers["Content-Encoding"]) == (b"plain", None)


def test_forms_may_be_left_out(talk: Talk, root: Path) -> None:
    forms(root)
    tree = File(str(root), precompressed=False)
    answer = talk(tree).send("GET", "/a.js", accept_encoding="gzip").answer
    assert (answer.body, answer.headers["Vary"]) == (b"plain " * 20, None)
    # One that is asked for by its own name is a file like any other.
    answer = talk(tree).send("GET", "/a.js.gz").answer
    assert (answer.body, answer.headers["Content-Encoding"]) == (b"gz", "gzip")
    assert answer.headers["Content-Type"] == "text/javascript"


# Small files


def test_a_small_file_is_opened_once_a_second(
    talk: Talk,
    root: Path,
    tree: File,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (root / "docs").mkdir()
    put(root / "docs" / "a.txt", b"content")
    found = opened(monkeypatch)
    answers = [talk(tree).send("GET", "/docs/a.txt").answer for _ in range(5)]
    assert {answer.body for answer in answers} == {b"content"}
    assert len({str(answer.headers) for answer in answers}) == 1
    assert found.count("a.txt") == 1
    clock.advance(REMEMBERED * 1.1)
    talk(tree).send("GET", "/docs/a.txt")
    assert found.count("a.txt") == 2


def in_place(path: Path) -> None:
    """Overwritten, with the length and the time of before."""
    put(path, b"CONTENT")


def replaced(path: Path) -> None:
    """Another file of the same length and time in its place."""
    put(path.with_suffix(".new"), b"CONTENT")
    os.replace(path.with_suffix(".new"), path)


def longer(path: Path) -> None:
    put(path, b"content and more")


def gone(path: Path) -> None:
    path.unlink()


def linked(path: Path) -> None:
    """A link to a file that is not to be had."""
    put(path.parents[1] / "secret", b"content")
    path.unlink()
    path.symlink_to(path.parents[1] / "secret")


@pytest.mark.parametrize("change", [in_place, replaced, longer, gone, linked])
def test_whatever_happens_to_a_file_is_seen_at_once(
    talk: Talk, root: Path, tree: File, change: Callable[[Path], None]
) -> None:
    path = root / "a.txt"
    put(path, b"content")
    for _ in range(2):
        assert talk(tree).send("GET", "/a.txt").answer.body == b"content"
    change(path)
    answer = talk(tree).send("GET", "/a.txt").answer
    if change in (gone, linked):
        assert answer.code == 404
    else:
        assert (answer.code, answer.body) == (200, path.read_bytes())


def test_who_asks_for_less_gets_it_of_a_kept_file(
    talk: Talk, root: Path, tree: File
) -> None:
    put(root / "a.txt", b"content")
    etag = [talk(tree).send("GET", "/a.txt").answer for _ in range(2)][1].headers[
        "ETag"
    ]
    assert talk(tree).send("GET", "/a.txt", if_none_match=etag).answer.code == 304
    assert talk(tree).send("GET", "/a.txt", range="bytes=-1").answer.body == b"t"
    assert talk(tree).send("HEAD", "/a.txt").answer.headers["Content-Length"] == "7"
    assert talk(tree).send("PUT", "/a.txt").answer.code == 405


def test_a_file_that_was_changed_just_now_is_not_kept(
    talk: Talk, root: Path, tree: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be changed again before the time of the system moves on."""
    monkeypatch.setattr("sennit.web.static._kept._ALONE", 10**9)
    put(root / "a.txt", b"content")
    found = opened(monkeypatch)
    for _ in range(3):
        talk(tree).send("GET", "/a.txt")
    assert found == ["a.txt"] * 3


def test_only_so_much_is_kept(
    talk: Talk, root: Path, tree: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither large files, nor many bytes, nor many files."""
    monkeypatch.setattr("sennit.web.static._kept._MOST_EACH", 100)
    monkeypatch.setattr("sennit.web.static._kept._MOST_BYTES", 250)
    monkeypatch.setattr("sennit.web.static._kept._MOST_FILES", 4)
    monkeypatch.setattr("sennit.web.static._known._MOST", 4)
    for number in range(20):
        put(root / f"{number}.txt", b"x" * (10 * number + 1))
    for number in (*range(20), *range(20)):
        talk(tree).send("GET", f"/{number}.txt")
        kept = tree._keeper._kept.values()
        assert all(len(each) <= 100 for each in kept)
        assert sum(map(len, kept)) == tree._keeper._bytes <= 250
        assert len(kept) <= 4
        assert len(tree._shelf._known) <= 4


def test_what_a_subclass_renders_is_not_kept(talk: Talk, root: Path) -> None:
    class Counting(File):
        count = 0

        def render_GET(self, request: Any) -> Any:
            Counting.count += 1
            return super().render_GET(request)

    put(root / "a.txt", b"content")
    tree = Counting(str(root))
    for _ in range(3):
        talk(tree).send("GET", "/a.txt")
    assert Counting.count == 3
