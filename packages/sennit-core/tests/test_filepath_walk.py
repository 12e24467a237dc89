"""Going through folders."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import IO

import pytest

from sennit.core.filepath import (
    AbstractFilePath,
    FileMode,
    FilePath,
    LinkError,
    OtherAnyStr,
    UnlistableError,
)

# Deeper than the stack may be.
DEPTH = sys.getrecursionlimit() + 50


@pytest.fixture
def folder(tmp_path: Path) -> FilePath[str]:
    for name in ("a/b", "c"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("f", "a/f", "a/b/f"):
        (tmp_path / name).touch()
    return FilePath(tmp_path)


def names(folder: FilePath[str], found: list[FilePath[str]]) -> list[str]:
    return ["/".join(path.segmentsFrom(folder)) for path in found]


def test_children_are_what_is_in_a_folder(folder: FilePath[str]) -> None:
    assert sorted(names(folder, folder.children())) == ["a", "c", "f"]
    assert sorted(folder.listdir()) == ["a", "c", "f"]


def test_walking_shows_each_folder_before_what_is_in_it(folder: FilePath[str]) -> None:
    found = list(folder.walk())
    assert found.pop(0) == folder
    assert sorted(names(folder, found)) == ["a", "a/b", "a/b/f", "a/f", "c", "f"]
    assert all(
        found.index(p) > found.index(p.parent()) for p in found if p.parent() in found
    )


def test_a_file_or_nothing_is_a_short_walk(folder: FilePath[str]) -> None:
    for path in (folder.child("f"), folder.child("none")):
        assert list(path.walk()) == [path]


def test_only_folders_are_asked_about_and_gone_into_if_wanted(
    folder: FilePath[str],
) -> None:
    asked: list[FilePath[str]] = []

    def descend(path: FilePath[str]) -> bool:
        asked.append(path)
        return path.basename() != "b"

    found = list(folder.walk(descend))
    assert folder.child("a").child("b") in found
    assert folder.child("a").child("b").child("f") not in found
    assert sorted(names(folder, asked)) == ["a", "a/b", "c"]


def test_a_link_to_another_folder_is_gone_into(folder: FilePath[str]) -> None:
    folder.child("a").linkTo(folder.child("c").child("link"))
    found = list(folder.walk())
    assert folder.preauthChild("c/link/b/f") in found


def test_a_link_back_up_ends_the_walk(folder: FilePath[str]) -> None:
    folder.linkTo(folder.child("a").child("up"))
    with pytest.raises(LinkError):
        list(folder.walk())
    assert list(folder.walk(lambda path: not path.islink()))


class Deep(AbstractFilePath[str]):
    """A tree with one folder in each, down to a depth."""

    def __init__(self, depth: int = 0) -> None:
        self.path = f"/{depth}"
        self.depth = depth

    def child(self, path: OtherAnyStr) -> Deep:  # type: ignore[override]
        return Deep(self.depth + 1)

    def parent(self) -> Deep:
        return Deep(max(0, self.depth - 1))

    def basename(self) -> str:
        return "down"

    def listdir(self) -> list[str]:
        return ["down"] if self.depth < DEPTH else []

    def isdir(self) -> bool:
        return True

    def open(self, mode: FileMode = "r") -> IO[bytes]:
        return io.BytesIO(b"deep")

    def getAccessTime(self) -> float:
        return 1.5

    getModificationTime = getStatusChangeTime = getAccessTime


def test_a_tree_of_your_own_is_walked_to_any_depth() -> None:
    root = Deep()
    found = list(root.walk())
    assert [path.depth for path in found] == list(range(DEPTH + 1))
    assert found[-1].segmentsFrom(root) == ["down"] * DEPTH
    assert found[-1].sibling("down") == root.descendant(["down"] * DEPTH) == found[-1]
    assert root.getContent() == b"deep"
    assert (root.getatime(), root.getmtime(), root.getctime()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("name", "cause"), [("f", NotADirectoryError), ("none", FileNotFoundError)]
)
def test_what_is_no_folder_cannot_be_listed(
    folder: FilePath[str], name: str, cause: type[OSError]
) -> None:
    with pytest.raises(UnlistableError) as raised:
        folder.child(name).children()
    error = raised.value
    assert isinstance(error.originalException, cause)
    assert error.errno == error.originalException.errno
    assert error.filename == folder.child(name).path
    assert str(error) == str(error.originalException)


class Failing(FilePath[str]):
    def listdir(self) -> list[str]:
        raise PermissionError(13, "Permission denied", self.path)


def test_other_errors_of_listing_stay_what_they_are(folder: FilePath[str]) -> None:
    with pytest.raises(PermissionError) as raised:
        Failing(folder.path).children()
    assert not isinstance(raised.value, UnlistableError)
