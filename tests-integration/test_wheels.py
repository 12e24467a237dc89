"""What is built is whole, holds nothing of its siblings, and works by itself.

The folder that SENNIT_WHEELS names holds the wheels and sdists of one release;
``nox -s integration`` builds them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("SENNIT_WHEELS", ""))
WHEELS = sorted(FOLDER.glob("sennit*.whl"))
WITH_CODE = [wheel for wheel in WHEELS if "_" in wheel.name.partition("-")[0]]
PACKAGES = Path(__file__).resolve().parents[1] / "packages"

pytestmark = pytest.mark.skipif(
    not os.environ.get("SENNIT_WHEELS"),
    reason="SENNIT_WHEELS names no folder of built wheels: run nox -s integration",
)

# Imports every module of a part that is there, but for programs and the plugin of
# pytest. What needs more than the part declares has to say what to install.
IMPORT_ALL = """
import importlib, pkgutil, sys
sys.path.insert(0, sys.argv[1])
part = importlib.import_module(sys.argv[2])
modules = list(pkgutil.walk_packages(part.__path__, part.__name__ + "."))
for module in modules:
    if module.name.endswith(("__main__", ".pytest_plugin")):
        continue
    try:
        importlib.import_module(module.name)
    except ImportError as error:
        if "pip install" not in str(error):
            raise
"""


def part_of(wheel: Path) -> str:
    """Return the import name: sennit.core of sennit_core-0.1.0-py3-none-any.whl."""
    return wheel.name.partition("-")[0].replace("_", ".", 1)


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def required(wheel: Path) -> list[str]:
    """Return the siblings that a wheel requires, by the words of its metadata."""
    with zipfile.ZipFile(wheel) as archive:
        (member,) = (name for name in names(wheel) if name.endswith("/METADATA"))
        metadata = archive.read(member).decode()
    return re.findall(r"^Requires-Dist: (sennit(?:-\w+)?)", metadata, re.MULTILINE)


def with_siblings(wheel: Path) -> list[Path]:
    """Return a wheel and those of all the siblings it requires."""
    stems = {name.replace("-", "_") for name in required(wheel)}
    return [wheel, *(w for w in WHEELS if w.name.partition("-")[0] in stems)]


def test_every_distribution_is_built() -> None:
    built = {wheel.name.partition("-")[0].replace("_", "-") for wheel in WHEELS}
    assert built == {folder.name for folder in PACKAGES.iterdir()}


@pytest.mark.parametrize("wheel", WHEELS, ids=lambda wheel: wheel.name)
def test_no_wheel_claims_the_namespace(wheel: Path) -> None:
    """A sennit/__init__.py in one would hide all the others."""
    assert "sennit/__init__.py" not in names(wheel)


@pytest.mark.parametrize("wheel", WITH_CODE, ids=lambda wheel: wheel.name)
def test_a_wheel_holds_its_part_only(wheel: Path) -> None:
    home = part_of(wheel).replace(".", "/") + "/"
    strangers = [
        name
        for name in names(wheel)
        if not name.startswith(home) and ".dist-info/" not in name
    ]
    assert strangers == []


@pytest.mark.parametrize("wheel", WITH_CODE, ids=lambda wheel: wheel.name)
def test_a_wheel_with_code_is_marked_as_typed(wheel: Path) -> None:
    assert f"{part_of(wheel).replace('.', '/')}/py.typed" in names(wheel)


@pytest.mark.parametrize("wheel", WHEELS, ids=lambda wheel: wheel.name)
def test_every_wheel_has_the_licence(wheel: Path) -> None:
    assert any(name.endswith("/licenses/LICENSE") for name in names(wheel))


@pytest.mark.parametrize("wheel", WHEELS, ids=lambda wheel: wheel.name)
def test_an_sdist_has_what_its_wheel_is_built_from(wheel: Path) -> None:
    stem = "-".join(wheel.name.split("-")[:2])
    with tarfile.open(FOLDER / f"{stem}.tar.gz") as archive:
        found = set(archive.getnames())
    packed = {
        f"{stem}/src/{name}" for name in names(wheel) if ".dist-info/" not in name
    }
    files = {f"{stem}/{name}" for name in ("LICENSE", "README.md", "pyproject.toml")}
    assert packed | files <= found


@pytest.mark.parametrize("wheel", WITH_CODE, ids=lambda wheel: wheel.name)
def test_a_part_works_with_what_it_declares_alone(wheel: Path, tmp_path: Path) -> None:
    """Every module imports in a Python that sees its requirements and no more."""
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    wheels = map(str, with_siblings(wheel))
    subprocess.run([*pip, "--target", str(tmp_path), *wheels], check=True)
    subprocess.run(
        [sys.executable, "-I", "-S", "-c", IMPORT_ALL, tmp_path, part_of(wheel)],
        check=True,
    )
