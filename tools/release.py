"""Give every distribution the next version, and every sibling's bound with it.

All distributions carry one version and are released together; a sibling is asked for
from that version up to the next minor one, so that no untested pair is ever installed.

    python tools/release.py 0.2.0
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
from pathlib import Path

PACKAGES = Path(__file__).resolve().parents[1] / "packages"
VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
SIBLING = re.compile(r'"(sennit(?:-\w+)?)>=[\d.]+,<[\d.]+"')


def numbers(version: str) -> tuple[int, ...]:
    """Return the three numbers of *version*.

    Raises:
        SystemExit: it has not three numbers.
    """
    if (match := VERSION.fullmatch(version)) is None:
        sys.exit(f"{version} is no version: three numbers, like 0.2.0")
    return tuple(map(int, match.groups()))


def bump(folder: Path, version: str) -> None:
    """Set the version of the distribution in *folder* and the bounds of its siblings.

    Raises:
        SystemExit: *version* is below the one it has.
    """
    file = folder / "pyproject.toml"
    present = tomllib.loads(file.read_text(encoding="utf-8"))["project"]["version"]
    if numbers(version) < numbers(present):
        sys.exit(f"{version} is below {present}, the version of {folder.name}")
    if version != present:
        subprocess.run(["hatch", "version", version], cwd=folder, check=True)
    major, minor, _ = numbers(version)
    bounded = rf'"\1>={version},<{major}.{minor + 1}"'
    text = file.read_text(encoding="utf-8")
    file.write_text(SIBLING.sub(bounded, text), encoding="utf-8")


def main() -> None:
    """Bump all distributions to the version of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version")
    version = parser.parse_args().version
    for folder in sorted(PACKAGES.iterdir()):
        bump(folder, version)


if __name__ == "__main__":
    main()
