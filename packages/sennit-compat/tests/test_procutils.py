from __future__ import annotations

import os
from pathlib import Path

import pytest

from sennit.compat.faces.python.procutils import which


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders of the search path; in the first, ``tool`` is a folder."""
    made = [tmp_path / name for name in "abc"]
    for folder in made:
        folder.mkdir()
    (made[0] / "tool").mkdir()
    for program in (made[1] / "tool", made[2] / "tool", made[2] / "tool.EXE"):
        program.touch(mode=0o755)
    (made[1] / "data").touch(mode=0o644)
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, made)))
    monkeypatch.delenv("PATHEXT", raising=False)
    return made


def test_all_programs_of_a_name_are_found_in_order(folders: list[Path]) -> None:
    assert which("tool") == [str(folders[1] / "tool"), str(folders[2] / "tool")]
    assert which("nope") == []


def test_what_must_be_allowed_with_a_file_can_be_told(folders: list[Path]) -> None:
    assert which("data") == []
    assert which("data", os.R_OK) == [str(folders[1] / "data")]


def test_an_extension_may_be_left_out_where_the_system_lists_them(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATHEXT", os.pathsep.join([".COM", ".EXE", ""]))
    assert which("tool")[2:] == [str(folders[2] / "tool.EXE")]


def test_without_a_search_path_nothing_is_found(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PATH")
    assert which("tool") == []


def test_an_empty_entry_is_the_current_folder(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folders[1])
    monkeypatch.setenv("PATH", "")
    assert which("tool") == ["tool"]
