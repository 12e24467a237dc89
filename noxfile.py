"""Every task of this repository; ``nox --list`` names them all.

A bare ``nox`` runs the checks that need nothing but PyPI and a Python. The versions
of Python that are not on this machine are skipped, and the summary says so; the
machines of the project ask for all of them (``--error-on-missing-interpreters``).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"
nox.options.stop_on_first_error = False

# uv asks neither the system whom to trust nor pip's settings where to look.
os.environ.setdefault("UV_SYSTEM_CERTS", "1")
if "PIP_INDEX_URL" in os.environ:
    os.environ.setdefault("UV_DEFAULT_INDEX", os.environ["PIP_INDEX_URL"])

PYTHONS = ["3.11", "3.12", "3.13"]
PACKAGES = Path("packages")
EVERYTHING = "sennit"
TESTED = sorted({test.parts[1] for test in PACKAGES.glob("*/tests/test_*.py")})
PARTS = [name.replace("-", ".", 1) for name in TESTED]
PEERS = Path("tests-integration", "peers")

# What the tests need beside what they test.
TEST_TOOLS = (
    "pytest",
    "hypothesis",
    "argon2-cffi",
    "brotli",
    "cryptography",
    "opentelemetry-sdk",
    "pyopenssl",
    "uvloop; sys_platform != 'win32'",
    "watchfiles",
    "zstandard",
)


# Clients and servers of others that the parts are tested with.
PEER_PACKAGES = ("twisted", "service_identity", "aiohttp", "requests", "httpx")


def siblings(package: str) -> list[str]:
    """Return *package* preceded by every sibling it declares, deepest first."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        project = nox.project.load_toml(PACKAGES / name / "pyproject.toml")["project"]
        for requirement in project.get("dependencies", []):
            sibling = re.split(r"[^\w-]", requirement, maxsplit=1)[0]
            if (PACKAGES / sibling).is_dir() and sibling not in found:
                visit(sibling)
        found[name] = None

    visit(package)
    return list(found)


def editable(package: str) -> list[str]:
    """Return the arguments which install *package* from this checkout."""
    return [arg for name in siblings(package) for arg in ("-e", str(PACKAGES / name))]


def install(session: nox.Session, package: str, *tools: str) -> None:
    """Install *package* from this checkout, its siblings, and tools from PyPI.

    The builder goes into the same environment: a fresh one for each package would
    take most of the time.
    """
    session.install("hatchling", "editables", *tools)
    session.install("-q", "--no-build-isolation", *editable(package))


def build_all(session: nox.Session, folder: Path) -> list[Path]:
    """Build every sdist and wheel into the emptied *folder*; return the wheels."""
    shutil.rmtree(folder, ignore_errors=True)
    session.install("hatchling")
    for package in siblings(EVERYTHING):
        with session.chdir(PACKAGES / package):
            session.run(
                *("python", "-m", "hatchling", "build", "-d", str(folder)),
                silent=True,
            )
    return sorted(folder.glob("*.whl"))


def run_pytest(session: nox.Session, *args: str | Path) -> None:
    """Run pytest on what the user names after ``--``, else on *args*."""
    session.run("python", "-m", "pytest", "-q", *(session.posargs or args))


def make_venv(session: nox.Session, folder: Path, requirements: Iterable[str]) -> Path:
    """Make another environment beside the session's; return its interpreter."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        session.install("virtualenv")
        session.run("python", "-m", "virtualenv", "-q", str(folder))
    session.run(
        *(str(python), "-m", "pip", "install", "-q", *requirements), external=True
    )
    return python


# The checks: what a bare `nox` runs.


@nox.session
def lint(session: nox.Session) -> None:
    """Check the form of the code and the direction of its imports."""
    install(session, EVERYTHING, "ruff", "import-linter")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")


@nox.session
def typing(session: nox.Session) -> None:
    """Check the types: of all sources at once, of each test folder, of the API."""
    foreign = ("aiohttp", "httpx", "types-requests")
    tools = ("mypy", "pyright[nodejs]", "nox", *foreign, *TEST_TOOLS)
    install(session, EVERYTHING, *tools)
    session.run("mypy")
    session.run("mypy", "noxfile.py", "tools")
    for package in TESTED:
        session.run("mypy", f"packages/{package}/tests")
    session.run("mypy", "tests-integration")
    session.run("mypy", "docs/code")
    session.run("mypy", "examples/tests")
    for part in PARTS:
        session.run("pyright", "--verifytypes", part, "--ignoreexternal")


@nox.session(python=PYTHONS)
@nox.parametrize("package", TESTED, ids=TESTED)
def tests(session: nox.Session, package: str) -> None:
    """Test one package, with only the siblings it declares installed."""
    install(session, package, *TEST_TOOLS)
    run_pytest(session, f"packages/{package}/tests")


@nox.session
def examples(session: nox.Session) -> None:
    """Run every example program, and see that it says what it should."""
    install(session, EVERYTHING, *TEST_TOOLS)
    run_pytest(session, "examples")


@nox.session
def integration(session: nox.Session) -> None:
    """Test the built wheels together, with real Twisted from PyPI as a peer."""
    wheels = build_all(session, Path(session.create_tmp(), "dist").resolve())
    session.install("pip", *PEER_PACKAGES, *TEST_TOOLS)
    session.install("--force-reinstall", *map(str, wheels))
    session.env["SENNIT_WHEELS"] = str(wheels[0].parent)
    run_pytest(session, "tests-integration", f"--ignore={PEERS}")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation; every warning is an error."""
    install(session, EVERYTHING, "sphinx", "myst-parser", "furo", "pytest")
    session.run("sphinx-build", "-n", "-W", "-q", "docs", "docs/_build/html")
    session.log("The front page: docs/_build/html/index.html")


@nox.session
def demo(session: nox.Session) -> None:
    """Serve, ask and measure in one process; ``-- --serve`` stays up."""
    install(session, EVERYTHING, "cryptography")
    session.run("python", "examples/demo", *session.posargs)


# What one asks for by name.


@nox.session(default=False)
def dev(session: nox.Session) -> None:
    """Make .venv: every package editable, and the tools of all the checks."""
    tools = ("mypy", "pyright[nodejs]", "ruff", "import-linter", "towncrier", "nox")
    packages = editable(EVERYTHING)
    python = make_venv(session, Path(".venv"), (*TEST_TOOLS, *tools, *packages))
    session.log(f"Ready: {python}")


@nox.session(default=False)
def api(session: nox.Session) -> None:
    """Write the lists of public names anew: packages/*/tests/public_api.txt."""
    install(session, EVERYTHING, "pytest")
    session.run("python", "tools/public_api.py", "--write", *PARTS)


@nox.session(default=False)
def coverage(session: nox.Session) -> None:
    """Show which lines the tests of the packages leave out."""
    install(session, EVERYTHING, "coverage", *TEST_TOOLS)
    folders = [f"packages/{package}/tests" for package in TESTED]
    session.run("coverage", "run", "-m", "pytest", "-q", *(session.posargs or folders))
    session.run("coverage", "report", "--skip-covered", "--show-missing")


@nox.session(default=False)
def peers(session: nox.Session) -> None:
    """Test against programs of the system; name the Debian package that lacks."""
    for line in (PEERS / "programs.txt").read_text().splitlines():
        program, package = line.split()
        if shutil.which(program) is None:
            session.error(f"{program} is missing: apt-get install {package}")
    install(session, EVERYTHING, *TEST_TOOLS)
    run_pytest(session, PEERS)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure beside Twisted and the best peers of each part; ``-- NAME`` for some."""
    install(session, EVERYTHING, "cryptography", "msgpack")
    folder = Path(session.create_tmp(), "peer").resolve()
    peers = (
        *("twisted", "pyopenssl", "service_identity", "uvloop", "grpcio"),
        *("aiohttp", "uvicorn[standard]", "granian", "httpx", "rpyc", "pyro5"),
    )
    peer = make_venv(session, folder, peers)
    runner = PACKAGES / "sennit-core" / "benchmarks" / "runner.py"
    session.run("python", str(runner), "--twisted", str(peer), *session.posargs)


@nox.session(default=False)
def conformance(session: nox.Session) -> None:
    """Judge the work by Twisted's own tests: ``-- HARNESS/run.py [OPTIONS]``.

    The harness is a program outside of this repository that takes ``--impl sennit
    --python INTERPRETER``; SENNIT_CONFORMANCE may name it too.
    """
    harness, *options = session.posargs or [os.environ.get("SENNIT_CONFORMANCE", "")]
    if not harness:
        session.error("name the harness: nox -s conformance -- HARNESS/run.py")
    install(session, EVERYTHING, "pip")
    python = Path(session.bin, "python")
    session.run("python", harness, "--impl", "sennit", "--python", python, *options)


@nox.session(default=False)
def build(session: nox.Session) -> None:
    """Build every distribution into dist/."""
    build_all(session, Path("dist").resolve())
    for path in sorted(Path("dist").iterdir()):
        session.log(path.name)


@nox.session(default=False)
def release(session: nox.Session) -> None:
    """Make a release of all distributions, ready to be committed: ``-- 0.2.0``."""
    if len(session.posargs) != 1:
        session.error("name the new version: nox -s release -- 0.2.0")
    version = session.posargs[0]
    if session.run("git", "status", "--porcelain", external=True, silent=True):
        session.error("the work tree is not clean: commit first")
    session.install("hatch", "towncrier", "pip", "pytest")
    session.run("python", "tools/release.py", version)
    session.run("towncrier", "build", "--yes", "--version", version)
    wheels = build_all(session, Path("dist").resolve())
    session.env["SENNIT_WHEELS"] = str(wheels[0].parent)
    session.run("python", "-m", "pytest", "-q", "tests-integration/test_wheels.py")
    session.log(f"Read the changes, commit them, tag v{version}, upload dist/*.")
