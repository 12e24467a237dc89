"""What the documentation and the README say is so."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest

from public_api import public_modules

ROOT = Path(__file__).resolve().parents[1]
CODE = ROOT / "docs" / "code"
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTED = [
    *("sennit.app", "sennit.core", "sennit.protocols", "sennit.spread"),
    "sennit.web",
]


@pytest.mark.parametrize(
    "printed", sorted(CODE.glob("*.txt")), ids=lambda path: path.stem
)
def test_a_program_of_the_docs_prints_what_they_show(printed: Path) -> None:
    program = printed.with_suffix(".py")
    done = subprocess.run(
        [sys.executable, program], capture_output=True, text=True, timeout=30
    )
    assert done.stdout == printed.read_text(encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "tests", sorted(CODE.glob("test_*.py")), ids=lambda path: path.stem
)
def test_the_tests_in_the_docs_pass(tests: Path) -> None:
    subprocess.run([sys.executable, "-m", "pytest", "-q", tests], check=True)


def test_the_watchdog_says_what_the_docs_show() -> None:
    done = subprocess.run(
        [sys.executable, CODE / "held_up.py"], capture_output=True, text=True
    )
    said = re.findall(r"\] (the event loop .*)$", done.stdout, re.MULTILINE)
    assert re.match(r"the event loop is held by count, for \d\.\d\d s by now", said[0])
    assert said[-1].startswith("the event loop turns again; it was held by count, for")
    assert "sum(range(number))" in done.stdout


def test_the_plan_in_the_docs_is_run() -> None:
    done = subprocess.run(
        [sys.executable, CODE / "run_plan.py"],
        capture_output=True,
        text=True,
        timeout=30,
    )
    said = [line.partition(" [-] ")[2] for line in done.stdout.splitlines()]
    assert (said[3], said[-1]) == ("at work", "Server Shut Down.")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_programs_in_the_docs_are_kept_running() -> None:
    done = subprocess.run(
        [sys.executable, CODE / "kept_running.py"],
        capture_output=True,
        text=True,
        timeout=30,
    )
    said = re.findall(r"\[\w+\] (\[?(?:store|server).*)$", done.stdout, re.MULTILINE)
    assert said == [
        "[store] store: ready",
        "[server] server: at work",
        "server has ended: signal 15",
        "store has ended: signal 15",
    ]


def test_the_log_looks_as_the_docs_show_it() -> None:
    done = subprocess.run(
        [sys.executable, CODE / "log_lines.py"], capture_output=True, text=True
    )
    stamp = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} \[-\] (.*)$"
    said = re.findall(stamp, done.stdout, re.MULTILINE)
    assert said == ["Log opened.", "at work", "it did not go well"]
    assert "IndexError: pop from empty list" in done.stdout


def test_the_filter_in_the_docs_filters() -> None:
    done = subprocess.run(
        [sys.executable, CODE / "filter.py"],
        input="good\nmorning\n",
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (done.stdout, done.stderr) == ("GOOD\nMORNING\n2 lines\n", "")


@pytest.mark.parametrize("package", DOCUMENTED)
def test_every_public_module_has_its_place_in_the_reference(package: str) -> None:
    pages = (ROOT / "docs" / "reference").glob("*.md")
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    documented = set(re.findall(r"automodule:: ([\w.]+)", text))
    assert set(public_modules(package)) - documented == set()


def test_the_readme_begins_with_two_commands() -> None:
    """One runs the demonstration, one the checks: on a machine that has only pip."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert blocks[:2] == [
        "pip install nox && nox -s demo\n",
        "pip install nox && nox\n",
    ]


@pytest.fixture
def echo_of_the_readme() -> Iterator[int]:
    """The port on which the README's server runs."""
    from_here = README[README.index("    from ") :].splitlines()
    block = takewhile(lambda line: not line or line.startswith("    "), from_here)
    source = textwrap.dedent("\n".join(block)).strip()
    assert len(source.splitlines()) == 10
    with subprocess.Popen(
        [sys.executable, "-u", "-c", source.replace("8000", "0")],
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        yield int(server.stdout.readline().split()[-1])
        server.terminate()


def test_the_server_in_the_readme_echoes(echo_of_the_readme: int) -> None:
    with socket.create_connection(("127.0.0.1", echo_of_the_readme), 10) as connection:
        connection.sendall(b"hello")
        assert connection.recv(5, socket.MSG_WAITALL) == b"hello"
