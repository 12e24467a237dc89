"""From one path to others: no name leads out."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given, strategies

from sennit.core.filepath import FilePath, InsecurePath, LinkError
from sennit.core.filepath._secure import check_device

ROOT = FilePath("/srv/www")


@pytest.fixture
def folder(tmp_path: Path) -> FilePath[str]:
    return FilePath(tmp_path)


# Down


@pytest.mark.parametrize(
    "name", ["..", "/etc", "a/b", "../www", "../../etc/passwd", "a/../..", "//", "a\0b"]
)
def test_a_child_is_one_name(name: str) -> None:
    with pytest.raises(InsecurePath):
        ROOT.child(name)
    with pytest.raises(InsecurePath):
        ROOT.child(os.fsencode(name))


@given(strategies.text(alphabet="./a\0\\é\udcff~", max_size=9) | strategies.binary())
def test_a_child_is_refused_or_directly_below(name: str | bytes) -> None:
    try:
        child = ROOT.child(name).asTextMode()  # type: ignore[type-var]
    except InsecurePath:
        return
    assert ROOT in (child, child.parent())


@given(strategies.text(alphabet="./wa\0", max_size=12))
def test_a_preauthorized_child_is_refused_or_below(name: str) -> None:
    try:
        child = ROOT.preauthChild(name)
    except InsecurePath:
        return
    assert ROOT in (child, *child.parents())


def test_a_folder_whose_name_only_begins_the_same_is_not_below() -> None:
    with pytest.raises(InsecurePath):
        ROOT.preauthChild("../www-secret/key")


def test_the_root_has_children_and_none_outside() -> None:
    root = FilePath("/")
    assert root.child("etc").path == "/etc"
    assert root.preauthChild("etc/passwd").path == "/etc/passwd"
    assert root.parent() == root
    with pytest.raises(InsecurePath):
        root.child("..")


def test_nothing_and_a_dot_are_the_folder_itself() -> None:
    assert ROOT.child("") == ROOT.child(".") == ROOT
    assert ROOT.child("a/") == ROOT.child("a")


@pytest.mark.parametrize(
    "name", ["c:x", "x:stream", "CON", "nul.txt", "com1 ", "Lpt9."]
)
def test_on_windows_devices_drives_and_streams_are_no_names(name: str) -> None:
    with pytest.raises(InsecurePath):
        check_device(name)


def test_on_windows_what_only_looks_like_a_device_is_a_name() -> None:
    for name in ("console", "com", "com10", "a.nul"):
        check_device(name)


def test_a_descendant_is_a_child_of_a_child() -> None:
    assert ROOT.descendant(["a", "b"]) == ROOT.child("a").child("b")
    assert ROOT.descendant(list[str]()) == ROOT
    with pytest.raises(InsecurePath):
        ROOT.descendant(["a", "..", ".."])


def test_the_first_that_is_there_is_found(folder: FilePath[str]) -> None:
    folder.child("index.htm").touch()
    found = folder.childSearchPreauth("index.html", "index.htm")
    assert found == folder.child("index.htm")
    assert folder.childSearchPreauth("default.asp") is None


def test_a_pattern_finds_what_is_below_sorted(folder: FilePath[str]) -> None:
    inner = folder.child("in[1]")
    inner.createDirectory()
    folder.child("outside").touch()
    for name in ("b.py", "a.py", "c.txt"):
        inner.child(name).touch()
    assert inner.globChildren("*.py") == [inner.child("a.py"), inner.child("b.py")]
    assert folder.globChildren(b"*/c.*") == [inner.child("c.txt").asBytesMode()]
    with pytest.raises(InsecurePath):
        inner.globChildren("../*")


# Up


def test_parents_lead_to_the_root() -> None:
    assert [p.path for p in ROOT.parents()] == ["/srv", "/"]
    assert list(FilePath("/").parents()) == []


def test_segments_lead_back_down() -> None:
    deep = ROOT.child("a").child("b")
    assert deep.segmentsFrom(ROOT) == ["a", "b"]
    assert deep.segmentsFrom(FilePath("/")) == ["srv", "www", "a", "b"]


@pytest.mark.parametrize("other", ["/srv/www", "/srv/www/a", "/srv/ww", "/etc"])
def test_no_segments_lead_from_what_is_not_above(other: str) -> None:
    with pytest.raises(ValueError, match="is not above"):
        ROOT.segmentsFrom(FilePath(other))


def test_the_parts_of_a_path() -> None:
    path = FilePath("/srv/www/a.tar.gz")
    assert path.dirname() == "/srv/www"
    assert path.basename() == "a.tar.gz"
    assert path.splitext() == ("/srv/www/a.tar", ".gz")
    assert path.isabs()
    assert (path.sep, path.asBytesMode().sep) == (os.sep, os.sep.encode())


# Beside


def test_a_sibling_is_one_name_too() -> None:
    assert ROOT.sibling("ftp").path == "/srv/ftp"
    assert ROOT.siblingExtension(".old").path == "/srv/www.old"
    for name in ("..", "a/b"):
        with pytest.raises(InsecurePath):
            ROOT.sibling(name)
    with pytest.raises(InsecurePath):
        ROOT.siblingExtension("/../../etc")


def test_the_first_extension_that_is_there_is_found(folder: FilePath[str]) -> None:
    page = folder.child("page[1]")
    page.siblingExtension(".txt").touch()
    page.siblingExtension(".html").touch()
    assert page.siblingExtensionSearch(".htm", ".txt") == folder.child("page[1].txt")
    assert page.siblingExtensionSearch("*") == folder.child("page[1].html")
    assert page.siblingExtensionSearch("", ".htm") is None
    page.touch()
    assert page.siblingExtensionSearch("") == page
    assert page.siblingExtensionSearch(b"*") == page.asBytesMode().siblingExtension(
        b".html"
    )


def test_temporary_siblings_are_new_each_time() -> None:
    one, two = ROOT.temporarySibling(".new"), ROOT.temporarySibling(".new")
    assert one != two
    assert one.parent() == two.parent() == ROOT.parent()
    assert one.basename().endswith("www.new")
    assert one.alwaysCreate


def test_a_long_name_leaves_room_for_a_temporary_one(folder: FilePath[str]) -> None:
    path = folder.child("é" * 120)
    path.setContent(b"long")
    assert path.getContent() == b"long"


# Symbolic links


def test_a_link_leads_to_its_target(folder: FilePath[str]) -> None:
    target, link, second = map(folder.child, ("target", "link", "second"))
    target.touch()
    target.linkTo(link)
    link.linkTo(second)
    assert second.realpath() == target.realpath() == target
    assert second.islink()
    assert not target.islink()


def test_a_link_to_nothing_leads_there_all_the_same(folder: FilePath[str]) -> None:
    folder.child("nothing").linkTo(folder.child("link"))
    assert folder.child("link").realpath() == folder.child("nothing")
    assert not folder.child("link").exists()


def test_links_in_a_circle_lead_nowhere(folder: FilePath[str]) -> None:
    one, two = folder.child("one"), folder.child("two")
    one.linkTo(two)
    two.linkTo(one)
    with pytest.raises(LinkError):
        one.realpath()


# str and bytes


def test_a_path_has_the_type_of_the_name_that_leads_to_it() -> None:
    raw = ROOT.asBytesMode()
    assert raw.path == b"/srv/www"
    assert raw.child("x").path == "/srv/www/x"
    assert ROOT.child(b"x").path == b"/srv/www/x"
    assert raw.parent().path == b"/srv"
    assert raw.asBytesMode() is raw
    assert ROOT.asTextMode() is ROOT
    assert raw.asTextMode() == ROOT


def test_a_name_that_is_no_text_survives_being_text() -> None:
    raw = FilePath(b"/\xff")
    assert raw.asTextMode().asBytesMode() == raw
    assert raw.asTextMode("utf-8").asBytesMode("utf-8") == raw


def test_an_encoding_may_be_named() -> None:
    assert FilePath("/é").asBytesMode("latin-1").path == b"/\xe9"
    assert FilePath(b"/\xe9").asTextMode("latin-1").path == "/é"
    with pytest.raises(UnicodeEncodeError):
        FilePath("/é").asBytesMode("ascii")


def test_text_and_bytes_are_never_equal_and_have_no_order() -> None:
    raw = ROOT.asBytesMode()
    assert raw != ROOT
    with pytest.raises(TypeError):
        sorted([ROOT, raw])  # type: ignore[type-var]


# What kind of object it is


def test_paths_are_ordered_and_hashed_as_their_text() -> None:
    a, b = FilePath("/a"), FilePath("/b")
    assert a < b
    assert b > a
    assert a <= FilePath("/a") <= b
    assert sorted([b, a]) == [a, b]
    assert {a: 1}[FilePath("/a")] == 1
    assert len({a, "/a"}) == 2
    assert a != "/a"
    with pytest.raises(TypeError):
        sorted([a, "/a"])  # type: ignore[type-var]


def test_a_path_is_pickled_without_what_was_seen_of_it(folder: FilePath[str]) -> None:
    path = folder.child("x")
    path.touch()
    assert path.getsize() == 0
    Path(path).write_bytes(b"more")
    copy = pickle.loads(pickle.dumps(path))
    assert copy == path
    assert copy.getsize() == 4


def test_pathlib_and_os_take_it_and_are_taken(tmp_path: Path) -> None:
    path = FilePath(tmp_path / "x")
    assert Path(path) == tmp_path / "x"
    assert os.fspath(path) == path.path
    assert FilePath(path) == path
    with open(path, "wb") as file:
        file.write(b"x")
    assert path.getContent() == b"x"


def test_a_relative_path_begins_at_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert FilePath("x").path == str(tmp_path / "x")
    assert FilePath("").path == str(tmp_path)


def test_what_is_no_path_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        FilePath(3)  # type: ignore[type-var]


def test_it_shows_itself() -> None:
    assert repr(ROOT) == "FilePath('/srv/www')"


class Own(FilePath[str]):
    """A kind of path whose children are of its kind."""


Own.clonePath = Own  # type: ignore[assignment, method-assign]


def test_a_kind_of_path_may_make_its_own(folder: FilePath[str]) -> None:
    own = Own(folder.path)
    folder.child("x").touch()
    made = [own.child("x"), own.parent(), own.sibling("y"), *own.children()]
    assert {type(path) for path in made} == {Own}
    assert own == folder
