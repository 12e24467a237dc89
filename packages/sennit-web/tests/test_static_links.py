"""Symbolic links: none leads out of the root, unless that is wanted."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sennit.web.static import File, OutsideRoot
from sennit.web.static._root import Links, Root

Talk = Callable[..., Any]

WAYS = {
    # links: (inside, anywhere, nowhere)
    "/file": (200, 200, 200),
    "/folder/file": (200, 200, 200),
    "/to-file": (200, 200, 404),
    "/to-folder/file": (200, 200, 404),
    "/to-folder/": (200, 200, 404),
    "/folder/to-sibling": (200, 200, 404),
    "/out-file": (404, 200, 404),
    "/out-folder/secret": (404, 200, 404),
    "/out-folder/": (404, 200, 404),
    "/folder/out": (404, 200, 404),
    "/out-and-in/file": (200, 200, 404),
    "/loop": (404, 404, 404),
    "/to-nothing": (404, 404, 404),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with links of all kinds, itself reached by one."""
    www = tmp_path / "www"
    (www / "folder").mkdir(parents=True)
    (www / "file").write_bytes(b"file")
    (www / "folder" / "file").write_bytes(b"in the folder")
    out = tmp_path / "out"
    out.mkdir()
    (out / "secret").write_bytes(b"secret")
    (out / "back").symlink_to(www / "folder")
    links: dict[str, str | Path] = {
        "to-file": "file",
        "to-folder": www / "folder",
        "folder/to-sibling": "../file",
        "out-file": out / "secret",
        "out-folder": out,
        "folder/out": "../../out/secret",
        "out-and-in": out / "back",
        "loop": "loop",
        "to-nothing": "nothing",
    }
    for name, target in links.items():
        (www / name).symlink_to(target)
    (tmp_path / "current").symlink_to(www)
    return tmp_path / "current"


@pytest.fixture(params=["descriptor", "path"])
def places(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a descriptor is, told by the system; or by its path, where it tells not."""
    if request.param == "path":
        reading = os.readlink

        def unknown(path: Any) -> Any:
            if str(path).startswith("/proc/"):
                raise FileNotFoundError(path)
            return reading(path)

        monkeypatch.setattr("sennit.web.static._root.os.readlink", unknown)


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("links", ["inside", "anywhere", "nowhere"])
@pytest.mark.parametrize("path", WAYS)
def test_links_lead_where_they_may(
    talk: Talk, root: Path, path: str, links: Links
) -> None:
    tree = File(str(root), links=links)
    expected = WAYS[path][("inside", "anywhere", "nowhere").index(links)]
    answer = talk(tree).send("GET", path).answer
    assert answer.code == expected
    out = path in ("/out-file", "/out-folder/secret", "/out-folder/", "/folder/out")
    assert (b"secret" in answer.body) == (out and expected == 200)


def test_a_processor_gets_no_link_out(talk: Talk, root: Path) -> None:
    (root / "out.x").symlink_to(root / "out-file")
    tree = File(str(root))
    tree.processors = {".x": lambda path, registry: pytest.fail(path)}
    assert talk(tree).send("GET", "/out.x").answer.code == 404


def test_an_extension_left_out_leads_nowhere_else(talk: Talk, root: Path) -> None:
    (root / "secret.txt").symlink_to(root / "out-file")
    tree = File(str(root), ignoredExts=[".txt"])
    assert talk(tree).send("GET", "/secret").answer.code == 404


def test_a_listing_shows_what_can_be_had(talk: Talk, root: Path) -> None:
    def shown(links: Links) -> bytes:
        body: bytes = talk(File(str(root), links=links)).send("GET", "/").answer.body
        return body

    assert b"out-file" not in shown("inside")
    assert b"out-folder" not in shown("inside")
    assert b"to-folder/" in shown("inside")
    assert b"out-file" in shown("anywhere")
    assert b"to-file" not in shown("nowhere")
    assert b"to-nothing" not in shown("anywhere")


def test_the_root_may_be_turned_to_another_folder(
    talk: Talk, root: Path, tmp_path: Path
) -> None:
    """As those do it who put a new version beside the old one."""
    tree = File(str(root))
    assert talk(tree).send("GET", "/folder/file").answer.body == b"in the folder"
    fresh = tmp_path / "fresh"
    (fresh / "folder").mkdir(parents=True)
    (fresh / "folder" / "file").write_bytes(b"fresh")
    (tmp_path / "turned").symlink_to(fresh)
    os.replace(tmp_path / "turned", root)
    assert talk(tree).send("GET", "/folder/file").answer.body == b"fresh"


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux where a file is")
def test_who_changes_the_way_meanwhile_leads_nobody_out(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder becomes a link between the look at it and the opening."""
    opening = os.open

    def open_late(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        if str(path).endswith("folder/secret"):
            monkeypatch.undo()
            os.rename(root / "folder", root / "old")
            (root / "folder").symlink_to(root / "out-folder")
        return opening(path, flags, *args, **kwargs)

    monkeypatch.setattr("sennit.web.static._root.os.open", open_late)
    with pytest.raises(OutsideRoot):
        Root(str(root)).open(str(root / "folder" / "secret"))


def test_nothing_stays_open_of_what_is_refused(root: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    tree = Root(str(root))
    for name in ("out-file", "folder/out", "loop", "to-nothing"):
        with pytest.raises(OSError, match=r"Errno \d+"):
            tree.open(str(root / name))
    with pytest.raises(IsADirectoryError):
        tree.file(str(root / "folder"))
    assert len(os.listdir("/proc/self/fd")) == before


def test_the_whole_file_system_may_be_the_root(root: Path) -> None:
    """Its path is a separator already."""
    tree = Root("/")
    for path in (root / "file", root / "out-file"):
        os.close(tree.open(str(path)))
    with pytest.raises(FileNotFoundError):
        tree.open("/nothing")
