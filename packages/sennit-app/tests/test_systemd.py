"""A service manager is told how its service is, and nobody else is."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sennit.app.systemd import BadNotifySocket, Notifier, WatchdogService, unitFile
from sennit.core.task import Clock


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket of a manager."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        yield listening


def told(manager: socket.socket) -> list[str]:
    """Return the messages that have come."""
    messages = []
    while True:
        try:
            messages.append(manager.recv(1000).decode())
        except BlockingIOError:
            return messages


def test_the_manager_hears_what_its_service_does(manager: socket.socket) -> None:
    notifier = Notifier(manager.getsockname())
    notifier.ready("serving")
    notifier.status("busy")
    notifier.reloading()
    notifier.alive()
    notifier.stopping()
    messages = told(manager)
    assert messages[:2] == ["READY=1\nSTATUS=serving", "STATUS=busy"]
    assert messages[2].startswith("RELOADING=1\nMONOTONIC_USEC=")
    assert messages[3:] == ["WATCHDOG=1", "STOPPING=1"]


@pytest.mark.skipif(not os.path.exists("/proc"), reason="only Linux has such names")
def test_a_manager_may_have_an_abstract_name() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"\0sennit-test-{os.getpid()}")
        manager.setblocking(False)
        Notifier(f"@sennit-test-{os.getpid()}").ready()
        assert told(manager) == ["READY=1"]


def test_the_environment_tells_of_a_manager_once(manager: socket.socket) -> None:
    """So that children do not speak for their parent."""
    environ = {
        "NOTIFY_SOCKET": manager.getsockname(),
        "WATCHDOG_USEC": "3000000",
        "WATCHDOG_PID": str(os.getpid()),
        "PATH": "/bin",
    }
    notifier = Notifier.fromEnvironment(environ)
    assert notifier
    assert notifier.watchdogInterval == 3.0
    assert environ == {"PATH": "/bin"}


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"WATCHDOG_USEC": "x"},
        {"WATCHDOG_USEC": "0"},
        {"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"},
    ],
)
def test_a_watchdog_is_fed_only_where_it_is_ours(environ: dict[str, str]) -> None:
    notifier = Notifier.fromEnvironment(environ)
    assert not notifier
    assert notifier.watchdogInterval is None
    notifier.ready()


def test_a_socket_that_is_none_is_a_named_error() -> None:
    with pytest.raises(BadNotifySocket, match="relative"):
        Notifier.fromEnvironment({"NOTIFY_SOCKET": "relative/path"})


def test_a_manager_that_is_gone_or_does_not_read_is_no_error(
    manager: socket.socket, tmp_path: Path
) -> None:
    Notifier(str(tmp_path / "nobody")).ready()
    notifier = Notifier(manager.getsockname())
    for _ in range(10_000):
        notifier.alive()
    assert told(manager)


def test_a_message_is_not_taken_for_two(manager: socket.socket) -> None:
    with pytest.raises(ValueError, match="one line"):
        Notifier(manager.getsockname()).status("all is well\nREADY=1")
    assert told(manager) == []


def test_signs_of_life_come_twice_in_an_interval(manager: socket.socket) -> None:
    clock = Clock()
    service = WatchdogService(Notifier(manager.getsockname(), 10), clock)
    service.startService()
    assert told(manager) == ["WATCHDOG=1"]
    clock.pump([5, 5])
    assert told(manager) == ["WATCHDOG=1"] * 2
    service.stopService()
    assert clock.getDelayedCalls() == []


def test_no_signs_are_given_to_who_asks_for_none(manager: socket.socket) -> None:
    clock = Clock()
    service = WatchdogService(Notifier(manager.getsockname()), clock)
    service.startService()
    assert told(manager) == []
    assert clock.getDelayedCalls() == []
    service.stopService()


def test_a_unit_file_runs_the_command_with_little_else_allowed() -> None:
    unit = unitFile(
        ["/usr/bin/sennit", "run", "my app.tac", "100%", '$"'],
        description="An app",
        name="app",
    )
    assert 'ExecStart=/usr/bin/sennit run "my app.tac" 100%% "$$\\""\n' in unit
    for line in ("Type=notify", "DynamicUser=yes", "ProtectSystem=strict"):
        assert f"\n{line}\n" in unit


def test_a_unit_file_can_name_user_and_folder() -> None:
    unit = unitFile(["/x"], description="d", name="n", user="www", folder="/srv")
    assert "\nUser=www\n" in unit
    assert "\nWorkingDirectory=/srv\n" in unit
    assert "DynamicUser" not in unit


@pytest.mark.parametrize(
    ("command", "description"), [([], "d"), (["sennit"], "d"), (["/x"], "a\nb")]
)
def test_a_unit_file_that_would_not_work_is_an_error(
    command: list[str], description: str
) -> None:
    with pytest.raises(ValueError, match=r"absolute path|line break"):
        unitFile(command, description=description, name="n")


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze"
)
def test_systemd_has_nothing_to_say_against_a_unit_file(tmp_path: Path) -> None:
    path = tmp_path / "app.service"
    path.write_text(unitFile(["/bin/true", "a b"], description="d", name="app"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(path)],
        capture_output=True,
        text=True,
        timeout=30,
    )
    complaints = [line for line in done.stderr.splitlines() if "app.service" in line]
    assert complaints == []
