"""Sockets from systemd are found by number and by name, once, and only by who they are for."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import Any

import pytest

from sennit.core.systemd import ListenFDs


def environment(**more: str) -> dict[str, str]:
    return {"LISTEN_PID": str(os.getpid()), "PATH": "/bin", **more}


def test_descriptors_have_numbers_and_names() -> None:
    found = ListenFDs.fromEnvironment(
        environment(LISTEN_FDS="3", LISTEN_FDNAMES="web:admin:web")
    )
    assert found.inheritedDescriptors() == [3, 4, 5]
    assert found.inheritedNamedDescriptors() == {"web": 5, "admin": 4}


def test_names_may_be_left_out() -> None:
    found = ListenFDs.fromEnvironment(environment(LISTEN_FDS="2"), start=7)
    assert found.inheritedDescriptors() == [7, 8]
    assert found.inheritedNamedDescriptors() == {}


def test_what_is_found_is_taken_out() -> None:
    environ = environment(LISTEN_FDS="1", LISTEN_FDNAMES="web")
    found = ListenFDs.fromEnvironment(environ)
    assert environ == {"PATH": "/bin"}
    assert ListenFDs.fromEnvironment(environ).inheritedDescriptors() == []
    assert found.inheritedDescriptors() == found.inheritedDescriptors() == [3]


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"LISTEN_FDS": "2"},
        {"LISTEN_FDS": "2", "LISTEN_PID": str(os.getpid() + 1)},
        {"LISTEN_PID": str(os.getpid())},
        {"LISTEN_FDS": "0", "LISTEN_PID": str(os.getpid())},
    ],
)
def test_without_a_word_nothing_is_found(
    environ: dict[str, str], logged: list[dict[str, Any]]
) -> None:
    assert ListenFDs.fromEnvironment(environ).inheritedDescriptors() == []
    assert environ == {}
    assert logged == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LISTEN_FDS", "some"),
        ("LISTEN_FDS", "-1"),
        ("LISTEN_FDS", "2000000000"),
        ("LISTEN_PID", "me"),
        ("LISTEN_FDNAMES", "only-one"),
        ("LISTEN_FDNAMES", "one:two:three"),
    ],
)
def test_what_makes_no_sense_is_logged_and_ignored(
    name: str, value: str, logged: list[dict[str, Any]]
) -> None:
    environ = environment(**{"LISTEN_FDS": "2", name: value})
    assert ListenFDs.fromEnvironment(environ).inheritedDescriptors() == []
    assert f"{name}={value}" in logged[0]["message"][0]


def test_the_environment_of_the_process_is_the_default() -> None:
    """Started as systemd does it: what it finds, children get neither by name nor number."""
    program = (
        "import os, sys\n"
        "os.environ['LISTEN_PID'] = str(os.getpid())\n"
        "os.dup2(int(sys.argv[1]), 3)\n"
        "from sennit.core.systemd import ListenFDs\n"
        "print(ListenFDs.fromEnvironment().inheritedNamedDescriptors())\n"
        "print(os.get_inheritable(3), [n for n in os.environ if 'LISTEN' in n])\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = subprocess.run(
            [sys.executable, "-c", program, str(server.fileno())],
            env={**os.environ, "LISTEN_FDS": "1", "LISTEN_FDNAMES": "web"},
            pass_fds=[server.fileno()],
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert done.stdout.splitlines() == ["{'web': 3}", "False []"], done.stderr
