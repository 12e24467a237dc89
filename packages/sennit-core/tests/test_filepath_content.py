"""Making, reading, replacing and removing files and folders."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from sennit.core.filepath import FilePath


@pytest.fixture
def folder(tmp_path: Path) -> FilePath[str]:
    return FilePath(tmp_path)


# Opening


def test_a_file_is_opened_for_bytes(folder: FilePath[str]) -> None:
    path = folder.child("x")
    with path.open("w") as file:
        file.write(b"one\n")
    with path.open("a") as file:
        file.write(b"two\n")
    with path.open() as file:
        assert file.read() == b"one\ntwo\n"
    with path.open("wbb") as file:  # type: ignore[arg-type]
        assert file.mode == "wb"


def test_a_new_file_is_made_or_it_is_an_error(folder: FilePath[str]) -> None:
    path = folder.child("x")
    with path.create() as file:
        file.write(b"new")
        file.seek(0)
        assert file.read() == b"new"
    with pytest.raises(FileExistsError):
        path.create()
    path.requireCreate()
    with pytest.raises(FileExistsError):
        path.open("w")
    with pytest.raises(ValueError, match="appended"):
        path.open("a")
    path.requireCreate(False)
    assert path.getContent() == b"new"


def test_what_is_not_there_has_no_content(folder: FilePath[str]) -> None:
    with pytest.raises(FileNotFoundError):
        folder.child("none").getContent()


# Replacing


def test_content_is_replaced_and_nothing_is_left_beside(folder: FilePath[str]) -> None:
    path = folder.child("x")
    for content in (b"one", b"two"):
        path.setContent(content)
        assert path.getContent() == content
    assert folder.listdir() == ["x"]


def test_a_reader_of_the_old_content_keeps_it(folder: FilePath[str]) -> None:
    path = folder.child("x")
    path.setContent(b"old")
    with path.open() as reader:
        path.setContent(b"new")
        assert reader.read() == b"old"


@pytest.mark.parametrize("raw", [False, True])
def test_content_that_cannot_be_written_leaves_all_as_it_was(
    folder: FilePath[str], raw: bool
) -> None:
    path: FilePath[Any] = folder.child(b"x") if raw else folder.child("x")
    path.setContent(b"old", b".tmp")
    with pytest.raises(TypeError):
        path.setContent("text")  # type: ignore[arg-type]
    assert path.getContent() == b"old"
    assert folder.listdir() == ["x"]


def test_a_place_that_cannot_be_taken_leaves_nothing_beside(
    folder: FilePath[str],
) -> None:
    path = folder.child("full")
    path.child("x").makedirs()
    with pytest.raises(OSError, match=r"Is a directory|not empty|denied"):
        path.setContent(b"new")
    assert folder.listdir() == ["full"]


def test_content_reaches_the_disk_before_it_takes_its_place(
    folder: FilePath[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    sync, replace = os.fsync, os.replace

    def synced(descriptor: int) -> None:
        steps.append("folder" if Path(f"/dev/fd/{descriptor}").is_dir() else "file")
        sync(descriptor)

    def replaced(old: str, new: str) -> None:
        steps.append(f"{os.path.getsize(old)} bytes in place")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    folder.child("x").setContent(b"four")
    assert steps == ["4 bytes in place"]
    folder.child("x").setContent(b"four", fsync=True)
    assert steps[1:] == ["file", "4 bytes in place", "folder"]


# Folders


def test_folders_are_made_with_those_above(folder: FilePath[str]) -> None:
    deep = folder.preauthChild("a/b/c")
    with pytest.raises(FileNotFoundError):
        deep.createDirectory()
    deep.makedirs()
    assert deep.isdir()
    deep.child("d").createDirectory()
    assert deep.child("d").isdir()


def test_a_folder_that_is_there_may_be_well(folder: FilePath[str]) -> None:
    with pytest.raises(FileExistsError):
        folder.makedirs()
    folder.makedirs(ignoreExistingDirectory=True)
    folder.child("x").touch()
    with pytest.raises(FileExistsError):
        folder.child("x").makedirs(ignoreExistingDirectory=True)


def test_other_errors_are_never_well(
    folder: FilePath[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "makedirs", full)
    with pytest.raises(OSError, match="No space"):
        folder.makedirs(ignoreExistingDirectory=True)


# Removing


def test_a_folder_goes_with_all_it_holds(folder: FilePath[str]) -> None:
    inner = folder.child("a")
    inner.child("b").makedirs()
    inner.child("f").touch()
    inner.remove()
    assert not inner.exists()
    assert folder.listdir() == []


def test_of_a_link_only_the_link_goes(folder: FilePath[str]) -> None:
    target = folder.child("target")
    target.createDirectory()
    target.child("kept").touch()
    for link, to in (("link", target), ("dangling", folder.child("none"))):
        to.linkTo(folder.child(link))
        folder.child(link).remove()
    assert folder.listdir() == ["target"]
    assert target.listdir() == ["kept"]


def test_what_is_not_there_cannot_be_removed(folder: FilePath[str]) -> None:
    with pytest.raises(FileNotFoundError):
        folder.child("none").remove()
