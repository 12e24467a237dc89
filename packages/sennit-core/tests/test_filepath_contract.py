"""What provides the contract of a path."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Protocol

import pytest
from zope.interface import Interface, directlyProvides
from zope.interface.verify import verifyObject

from sennit.core._interfaces import derive
from sennit.core.filepath import FilePath, IFilePath
from sennit.core.filepath.zippath import ZipArchive


@pytest.fixture
def archive(tmp_path: Path) -> ZipArchive[str]:
    zipfile.ZipFile(tmp_path / "x.zip", "w").close()
    return ZipArchive(tmp_path / "x.zip")


def size(path: IFilePath) -> int:
    return path.getsize() if path.exists() and path.isfile() else 0


def test_paths_of_files_and_of_archives_keep_it(archive: ZipArchive[str]) -> None:
    derived = derive(IFilePath, __name__, {Protocol: Interface})
    kept: list[IFilePath] = [FilePath(archive.path), archive, archive.child("x")]
    for path in kept:
        directlyProvides(path, derived)
        assert verifyObject(derived, path)
    assert [size(path) for path in kept] == [archive.getsize(), 0, 0]
