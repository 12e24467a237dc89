"""Copying and moving, within a device and across."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from sennit.core.filepath import FilePath, LinkError


@pytest.fixture
def folder(tmp_path: Path) -> FilePath[str]:
    return FilePath(tmp_path)


@pytest.fixture
def tree(folder: FilePath[str]) -> FilePath[str]:
    tree = folder.child("tree")
    tree.preauthChild("a/b").makedirs()
    tree.child("f").setContent(b"f")
    tree.preauthChild("a/b/g").setContent(b"g" * 100_000)
    return tree


def contents(path: FilePath[str]) -> dict[str, bytes | None]:
    return {
        "/".join(below.segmentsFrom(path)): below.getContent()
        if below.isfile()
        else None
        for below in path.walk()
        if below != path
    }


@pytest.fixture
def two_devices(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Renaming to another name than a temporary one's fails the first time."""
    renamed: list[str] = []
    rename = os.rename

    def across(source: str, destination: str) -> None:
        renamed.append(destination)
        if len(renamed) == 1:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        rename(source, destination)

    monkeypatch.setattr(os, "rename", across)
    return renamed


# Copying


def test_a_folder_is_copied_with_all_it_holds(tree: FilePath[str]) -> None:
    copy = tree.sibling("copy")
    tree.copyTo(copy)
    assert contents(copy) == contents(tree)
    assert sorted(contents(copy)) == ["a", "a/b", "a/b/g", "f"]


def test_what_is_copied_joins_what_is_there(tree: FilePath[str]) -> None:
    copy = tree.sibling("copy")
    copy.createDirectory()
    copy.child("f").setContent(b"old")
    copy.child("kept").touch()
    tree.copyTo(copy)
    assert sorted(copy.listdir()) == ["a", "f", "kept"]
    assert copy.child("f").getContent() == b"f"


def test_a_copy_may_have_a_path_of_bytes(tree: FilePath[str]) -> None:
    copy = tree.sibling(b"copy")
    tree.copyTo(copy)
    assert contents(copy.asTextMode()) == contents(tree)


@pytest.mark.parametrize("inside", ["", "new", "a/b/new"])
def test_a_folder_is_not_copied_into_itself(tree: FilePath[str], inside: str) -> None:
    before = contents(tree)
    with pytest.raises(OSError, match="itself"):
        tree.copyTo(tree.preauthChild(inside))
    assert contents(tree) == before


def test_a_file_is_not_copied_to_itself(tree: FilePath[str]) -> None:
    file = tree.child("f")
    file.linkTo(tree.child("link"))
    os.link(file, tree.child("hard"))
    for same in ("f", "link", "hard"):
        with pytest.raises(OSError, match="itself"):
            file.copyTo(tree.child(same))
    assert file.getContent() == b"f"


def test_what_is_not_there_is_not_copied(folder: FilePath[str]) -> None:
    with pytest.raises(FileNotFoundError):
        folder.child("none").copyTo(folder.child("copy"))
    assert folder.listdir() == []


def test_what_is_neither_file_nor_folder_is_not_copied(folder: FilePath[str]) -> None:
    os.mkfifo(folder.child("pipe"))
    with pytest.raises(NotImplementedError):
        folder.child("pipe").copyTo(folder.child("copy"))


def test_links_are_followed_or_copied(tree: FilePath[str]) -> None:
    os.symlink("a", tree.child("link"))
    followed, copied = tree.sibling("followed"), tree.sibling("copied")
    tree.copyTo(followed)
    tree.copyTo(copied, followLinks=False)
    assert not followed.child("link").islink()
    assert followed.preauthChild("link/b/g").isfile()
    assert os.readlink(copied.child("link")) == "a"


def test_a_link_back_up_is_copied_but_not_followed(tree: FilePath[str]) -> None:
    tree.linkTo(tree.preauthChild("a/up"))
    with pytest.raises(LinkError):
        tree.copyTo(tree.sibling("followed"))
    tree.copyTo(tree.sibling("copied"), followLinks=False)
    assert tree.sibling("copied").preauthChild("a/up").islink()


# Moving


def test_a_move_is_a_renaming(tree: FilePath[str]) -> None:
    before, number = contents(tree), tree.getInodeNumber()
    moved = tree.sibling("moved")
    tree.moveTo(moved)
    assert contents(moved) == before
    assert moved.getInodeNumber() == number
    assert not tree.exists()


@pytest.mark.usefixtures("two_devices")
def test_a_move_to_another_device_leaves_nothing_behind(
    folder: FilePath[str], tree: FilePath[str]
) -> None:
    tree.child("f").chmod(0o600)
    tree.child("a").chmod(0o711)
    before = contents(tree)
    moved = tree.sibling("moved")
    tree.moveTo(moved)
    assert contents(moved) == before
    assert folder.listdir() == ["moved"]
    assert moved.child("f").getPermissions().shorthand() == "rw-------"
    assert moved.child("a").getPermissions().shorthand() == "rwx--x--x"


@pytest.mark.usefixtures("two_devices")
def test_a_move_that_fails_midway_changes_nothing(
    folder: FilePath[str], tree: FilePath[str]
) -> None:
    os.mkfifo(tree.child("pipe"))
    with pytest.raises(NotImplementedError):
        tree.moveTo(tree.sibling("moved"))
    assert folder.listdir() == ["tree"]
    assert sorted(tree.listdir()) == ["a", "f", "pipe"]


@pytest.mark.parametrize("follow", [True, False])
@pytest.mark.usefixtures("two_devices")
def test_a_link_moved_to_another_device_is_followed_or_not(
    tree: FilePath[str], follow: bool
) -> None:
    link, moved = tree.child("link"), tree.child("moved")
    tree.child("f").linkTo(link)
    link.moveTo(moved, followLinks=follow)
    assert moved.islink() is not follow
    assert moved.getContent() == b"f"
    assert not link.islink()
    assert tree.child("f").exists()


def test_a_move_that_is_refused_is_an_error(tree: FilePath[str]) -> None:
    with pytest.raises(OSError, match="Invalid argument"):
        tree.moveTo(tree.child("inside"))
    with pytest.raises(FileNotFoundError):
        tree.child("none").moveTo(tree.child("moved"))
