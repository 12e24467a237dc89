"""The inside of a zip archive as a tree of paths."""

from __future__ import annotations

import errno
import time
import zipfile
from pathlib import Path

import pytest

from sennit.core.filepath import FilePath, InsecurePath, UnlistableError
from sennit.core.filepath.zippath import ZipArchive, ZipPath

STAMP = (2003, 4, 5, 6, 7, 8)


@pytest.fixture
def archive(tmp_path: Path) -> ZipArchive[str]:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name in ("f", "a/b/g", "empty/", "../up"):
            file.writestr(zipfile.ZipInfo(name, STAMP), name.encode())
    return ZipArchive(path)


def test_its_folders_are_those_that_its_names_speak_of(
    archive: ZipArchive[str],
) -> None:
    assert archive.listdir() == ["f", "a", "empty", ".."]
    assert archive.child("a").listdir() == ["b"]
    assert archive.child("empty").isdir()
    assert archive.child("empty").listdir() == []
    assert not archive.child("f").isdir()
    assert archive.child("f").isfile()
    assert not archive.child("none").exists()


def test_a_walk_shows_all(archive: ZipArchive[str]) -> None:
    inside = [p.pathInArchive for p in archive.walk()]
    assert inside == ["", "f", "a", "a/b", "a/b/g", "empty", "..", "../up"]


def test_a_file_is_read(archive: ZipArchive[str]) -> None:
    path = archive.descendant(["a", "b", "g"])
    assert path.getContent() == b"a/b/g"
    assert path.getsize() == 5


@pytest.mark.parametrize(
    ("name", "mode", "number"),
    [("none", "r", errno.ENOENT), ("a", "r", errno.EISDIR), ("f", "w", errno.EROFS)],
)
def test_other_ways_of_opening_are_errors(
    archive: ZipArchive[str], name: str, mode: str, number: int
) -> None:
    with pytest.raises(OSError, match=name) as raised:
        archive.child(name).open(mode)  # type: ignore[arg-type]
    assert raised.value.errno == number


def test_what_is_no_folder_cannot_be_listed(archive: ZipArchive[str]) -> None:
    for name in ("f", "none"):
        with pytest.raises(UnlistableError):
            archive.child(name).children()


def test_a_child_is_one_name(archive: ZipArchive[str]) -> None:
    with pytest.raises(InsecurePath):
        archive.child("a/b")
    assert archive.child("..").child("up").getContent() == b"../up"
    assert not archive.child("a").child("..").exists()
    assert archive.child("") == archive.child("a").parent() == archive


def test_up_and_beside(archive: ZipArchive[str]) -> None:
    deep = archive.child("a").child("b").child("g.txt")
    assert [p.path for p in deep.parents()] == [
        f"{archive.path}/a/b",
        f"{archive.path}/a",
        archive.path,
    ]
    assert deep.segmentsFrom(archive) == ["a", "b", "g.txt"]
    assert deep.sibling("h") == deep.parent().child("h")
    assert deep.dirname() == f"{archive.path}/a/b"
    assert deep.splitext() == (f"{archive.path}/a/b/g", ".txt")
    assert (archive.basename(), archive.dirname()) == (
        "all.zip",
        FilePath(archive.path).dirname(),
    )


def test_a_path_has_the_type_of_the_name_that_leads_to_it(
    archive: ZipArchive[str],
) -> None:
    raw = archive.child(b"a")
    assert raw.listdir() == [b"b"]
    assert raw.path == archive.path.encode() + b"/a"
    assert raw.parent().path == archive.path.encode()
    assert raw.sep == b"/"
    assert raw.archive is archive
    assert archive.archive is archive


def test_times_are_those_that_were_stored_or_the_archives(
    archive: ZipArchive[str],
) -> None:
    disk = FilePath(archive.path)
    stored = time.mktime((*STAMP, 0, 0, -1))
    assert archive.child("f").getModificationTime() == stored
    assert archive.child("f").getStatusChangeTime() == stored
    assert archive.child("empty").getmtime() == int(stored)
    assert archive.child("a").getModificationTime() == disk.getModificationTime()
    assert archive.getModificationTime() == disk.getModificationTime()
    assert archive.getStatusChangeTime() == disk.getStatusChangeTime()
    assert archive.child("f").getAccessTime() == disk.getAccessTime()


def test_what_is_not_there_has_neither_size_nor_time(archive: ZipArchive[str]) -> None:
    with pytest.raises(FileNotFoundError):
        archive.child("none").getsize()
    with pytest.raises(FileNotFoundError):
        archive.child("none").getModificationTime()
    assert archive.child("a").getsize() == 0


def test_the_archive_itself_is_a_folder_as_large_as_its_file(
    archive: ZipArchive[str],
) -> None:
    assert archive.isdir()
    assert not archive.isfile()
    assert not archive.islink()
    assert archive.getsize() == FilePath(archive.path).getsize()
    FilePath(archive.path).remove()
    archive.changed()
    assert not archive.exists()


def test_paths_of_an_archive_are_compared_among_themselves(
    archive: ZipArchive[str],
) -> None:
    one, two = archive.child("a"), archive.child("b")
    assert one == ZipPath(archive, "a")
    assert hash(one) == hash(ZipPath(archive, "a"))
    assert one < two
    assert one != FilePath(one.path)
    assert repr(one) == f"ZipPath({one.path!r})"
    assert repr(archive) == f"ZipArchive({archive.path!r})"


def test_what_is_no_archive_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"no zip")
    with pytest.raises(zipfile.BadZipFile):
        ZipArchive(tmp_path / "x")
