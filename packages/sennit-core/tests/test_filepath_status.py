"""What the file system says of a path, and how long that is believed."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from sennit.core.filepath import FilePath


@pytest.fixture
def path(tmp_path: Path) -> FilePath[str]:
    return FilePath(tmp_path / "file")


def test_files_folders_and_nothing_are_told_apart(path: FilePath[str]) -> None:
    assert (path.exists(), path.isfile(), path.isdir()) == (False, False, False)
    path.touch()
    assert (path.exists(), path.isfile(), path.isdir()) == (True, True, False)
    folder = path.parent()
    assert (folder.exists(), folder.isfile(), folder.isdir()) == (True, False, True)
    assert not folder.isBlockDevice()


def test_a_socket_is_one(path: FilePath[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.dirname())
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path.basename())
    assert path.isSocket()
    assert not path.isfile()


def test_that_something_is_there_is_believed_until_asked_anew(
    path: FilePath[str],
) -> None:
    path.setContent(b"12345")
    assert path.getsize() == 5
    os.remove(path)
    assert path.exists()
    assert path.getsize() == 5
    path.changed()
    assert not path.exists()


def test_that_nothing_is_there_is_not_kept(path: FilePath[str]) -> None:
    assert not path.exists()
    Path(path).touch()
    assert path.exists()


def test_asking_anew_says_what_is_wrong_unless_told_not_to(
    path: FilePath[str],
) -> None:
    path.touch()
    assert path.exists()
    os.remove(path)
    with pytest.raises(FileNotFoundError):
        path.restat()
    path.restat(reraise=False)
    assert not path.exists()


CHANGES: list[Callable[[FilePath[str]], object]] = [
    lambda path: path.setContent(b"more"),
    lambda path: path.moveTo(path.sibling("elsewhere")),
    lambda path: path.sibling("4 bytes").moveTo(path),
    lambda path: path.sibling("4 bytes").copyTo(path),
    lambda path: path.remove(),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_changed_through_the_path_is_seen(
    path: FilePath[str], change: Callable[[FilePath[str]], object]
) -> None:
    path.setContent(b"x")
    path.sibling("4 bytes").setContent(b"more")
    assert path.getsize() == 1
    change(path)
    assert not path.exists() or path.getsize() == 4


def test_no_file_can_have_a_nul_in_its_name() -> None:
    path = FilePath("/a\0b")
    assert not path.exists()
    with pytest.raises(ValueError, match="null"):
        path.getsize()


def test_times_are_seconds_and_in_the_old_names_whole_ones(
    path: FilePath[str],
) -> None:
    path.touch()
    os.utime(path, (1000.25, 2000.75))
    path.changed()
    assert (path.getAccessTime(), path.getModificationTime()) == (1000.25, 2000.75)
    assert (path.getatime(), path.getmtime()) == (1000, 2000)
    assert path.getctime() == int(path.getStatusChangeTime()) > 2000


def test_touching_sets_the_times_to_now(path: FilePath[str]) -> None:
    path.setContent(b"kept")
    os.utime(path, (1, 1))
    path.touch()
    assert path.getModificationTime() > 1
    assert path.getContent() == b"kept"


def test_the_numbers_are_those_of_the_system(path: FilePath[str]) -> None:
    path.touch()
    os.link(path, path.sibling("second"))
    status = os.stat(path)
    assert path.getInodeNumber() == status.st_ino
    assert path.getDevice() == status.st_dev
    assert path.getNumberOfHardLinks() == 2
    assert (path.getUserID(), path.getGroupID()) == (status.st_uid, status.st_gid)


def test_modes_are_set_and_seen(path: FilePath[str]) -> None:
    path.touch()
    path.chmod(0o640)
    assert path.getPermissions().shorthand() == "rw-r-----"
    path.chmod(0o600)
    assert path.getPermissions().shorthand() == "rw-------"


@pytest.mark.parametrize(
    "ask", [FilePath.getsize, FilePath.getmtime, FilePath.getPermissions]
)
def test_what_is_not_there_has_no_status(
    path: FilePath[str], ask: Callable[[FilePath[str]], object]
) -> None:
    with pytest.raises(FileNotFoundError):
        ask(path)
