"""All distributions of a release are one: a version, a licence, bounds that agree."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = sorted((ROOT / "packages").iterdir())
SIBLING = re.compile(r"(sennit(?:-\w+)?)\b(.*)")


def project(folder: Path) -> dict[str, Any]:
    text = (folder / "pyproject.toml").read_text(encoding="utf-8")
    metadata: dict[str, Any] = tomllib.loads(text)["project"]
    return metadata


def test_all_distributions_have_one_version() -> None:
    assert len({project(folder)["version"] for folder in FOLDERS}) == 1


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_sibling_is_bounded_to_this_release(folder: Path) -> None:
    """From this very version on, and below the next minor one."""
    version = project(folder)["version"]
    major, minor, _ = map(int, version.split("."))
    for requirement in project(folder)["dependencies"]:
        if match := SIBLING.match(requirement):
            assert match[2] == f">={version},<{major}.{minor + 1}"


def test_the_meta_package_requires_every_other() -> None:
    requirements = project(ROOT / "packages" / "sennit")["dependencies"]
    siblings = {match[1] for each in requirements if (match := SIBLING.match(each))}
    assert siblings == {folder.name for folder in FOLDERS} - {"sennit"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_distribution_has_the_licence(folder: Path) -> None:
    assert (folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
