"""The runner as its users meet it: real processes, signals, files, statuses."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Start

# Seconds after which a program that should have ended, or said something, never will.
PATIENCE = 20.0

LINE = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} \[([^\]]*)\] (.*)$"

STARTS = """
import os, signal
from sennit.app import service

class Started(service.Service):
    def privilegedStartService(self):
        print("privileged", os.getuid(), os.getgid(), os.getcwd())
    def startService(self):
        super().startService()
        print("started", os.getuid(), os.getgid(), sorted(os.getgroups()))
        {then}
    def stopService(self):
        print("stopped")

application = service.Application("started")
Started().setServiceParent(application)
"""


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def write(folder: Path, then: str = "pass") -> str:
    (folder / "started.tac").write_text(STARTS.format(then=then))
    return "started.tac"


def talk(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(b"hello")
        return connection.recv(5, socket.MSG_WAITALL)


def eventually(true: Callable[[], object]) -> None:
    """Wait for something that another process does, and tells nobody."""
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


# The log


@pytest.mark.parametrize(
    ("command", "shown"), [(("run",), "sennit run"), (("twistd", "-n", "-y"), "twistd")]
)
def test_the_log_tells_the_run_line_by_line(
    sennit: Start, echo: str, port: int, command: tuple[str, ...], shown: str
) -> None:
    program = sennit(*command, echo)
    program.wait_for("Starting factory")
    assert talk(port) == b"hello"
    program.wait_for("received hello")
    program.send(signal.SIGINT)
    assert program.ends() == 0
    expected = [
        r"\[-\] Log opened\.",
        rf"\[-\] {shown} \S+ \(.+ \d+\.\d+\.\d+\) starting up\.",
        r"\[-\] reactor class: sennit\.core\.engine\.Reactor\.",
        rf"\[-\] Factory starting on {port}",
        r"\[-\] Starting factory <.*Factory.*>",
        r"\[Echo,0,127\.0\.0\.1\] received hello",
        r"\[-\] Received SIGINT, shutting down\.",
        rf"\[-\] \(TCP Port {port} Closed\)",
        r"\[-\] Stopping factory <.*Factory.*>",
        r"\[-\] Main loop terminated\.",
        r"\[-\] Server Shut Down\.",
    ]
    lines = program.lines()
    assert len(lines) == len(expected), lines
    for line, pattern in zip(lines, expected, strict=True):
        assert re.fullmatch(pattern, line), line


def test_json_lines_have_what_is_printed_too(sennit: Start, tmp_path: Path) -> None:
    program = sennit("run", "--log-format", "json", write(tmp_path))
    program.wait_for("started")
    program.send(signal.SIGTERM)
    assert program.ends() == 0
    said = [json.loads(line)["message"] for line in program.text.splitlines()]
    assert said[0] == "Log opened."
    assert said[3].startswith("privileged")
    assert said[-2:] == ["Main loop terminated.", "Server Shut Down."]


def test_hup_opens_the_log_anew_and_usr1_rotates_it(
    sennit: Start, echo: str, port: int, tmp_path: Path
) -> None:
    log, moved = tmp_path / "echo.log", tmp_path / "moved.log"
    program = sennit("run", "--logfile", log, echo)
    eventually(lambda: log.exists() and "Starting factory" in log.read_text())
    log.rename(moved)
    program.send(signal.SIGHUP)
    eventually(log.exists)
    talk(port)
    eventually(lambda: "received hello" in log.read_text())
    assert "received hello" not in moved.read_text()
    program.send(signal.SIGUSR1)
    eventually((tmp_path / "echo.log.1").exists)
    program.send(signal.SIGTERM)
    assert program.ends() == 0
    assert "Server Shut Down." in log.read_text()


def test_an_observer_may_be_named_or_brought(sennit: Start, tmp_path: Path) -> None:
    (tmp_path / "seen.py").write_text(
        "import sys\n"
        "def observer():\n"
        "    return lambda event: sys.__stdout__.write(f'seen {event[\"message\"]}\\n')\n"
    )
    program = sennit("run", "--logger", "seen.observer", write(tmp_path))
    program.wait_for(r"^seen \('started")
    program.send(signal.SIGTERM)
    assert program.ends() == 0


def test_an_application_brings_its_observer(sennit: Start, tmp_path: Path) -> None:
    tac = write(tmp_path)
    (tmp_path / tac).write_text(
        (tmp_path / tac).read_text()
        + "import sys\n"
        + "from sennit.core.logger import ILogObserver, formatEvent\n"
        + "def seen(event): sys.__stdout__.write(f'seen {formatEvent(event)}\\n')\n"
        + "application.setComponent(ILogObserver, seen)\n"
    )
    program = sennit("run", tac)
    program.wait_for("^seen started")
    program.send(signal.SIGTERM)
    assert program.ends() == 0
    assert program.text.endswith("seen Server Shut Down.\n")


def test_a_terminal_that_closes_ends_what_logs_to_it(
    sennit: Start, tmp_path: Path
) -> None:
    program = sennit("run", write(tmp_path))
    program.wait_for("started")
    program.send(signal.SIGHUP)
    assert program.ends() == -signal.SIGHUP


# Signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_services_start_ends_the_run_in_order(
    sennit: Start, tmp_path: Path, number: signal.Signals
) -> None:
    then = f"os.kill(os.getpid(), {int(number)})"
    program = sennit("run", "--pidfile", "x.pid", write(tmp_path, then))
    assert program.ends() == 0, program.text
    assert f"Received {number.name}, shutting down." in program.text
    assert re.search("(?s)started.*stopped.*Server Shut Down", program.text)
    assert "Traceback" not in program.text
    assert not (tmp_path / "x.pid").exists()


def test_a_signal_while_the_file_is_loaded_leaves_nothing(
    sennit: Start, tmp_path: Path
) -> None:
    (tmp_path / "x.tac").write_text("import os\nos.kill(os.getpid(), 2)\n")
    program = sennit("run", "--pidfile", "x.pid", "x.tac")
    assert program.ends() == 130
    assert program.text == "sennit run: interrupted before it has started\n"
    assert os.listdir(tmp_path) == ["x.tac"]


# What cannot be run


@pytest.mark.parametrize(
    ("source", "status", "said"),
    [
        ("x = = 1\n", 78, r"x\.tac, line 1: invalid syntax: x = = 1"),
        ("x = 1\n", 78, r"x\.tac has no variable 'application'"),
        ("application = 5\n", 78, r"x\.tac is a int: neither an application, nor"),
        ("import no_such\n", 78, r"could not be loaded: .*: No module named 'no_such'"),
        ("raise SystemExit(3)\n", 3, "it has ended itself: 3"),
        (None, 66, r"x\.tac cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_cannot_be_run_is_told_in_words_and_a_status(
    sennit: Start, tmp_path: Path, source: str | None, status: int, said: str
) -> None:
    if source is not None:
        (tmp_path / "x.tac").write_text(source)
    for command, wanted in ((("run",), status), (("twistd", "-n", "-y"), 1)):
        program = sennit(*command, "x.tac")
        assert program.ends() == wanted
        last = program.text.splitlines()[-1]
        assert re.search(said, last), program.text
        assert not (tmp_path / "twistd.pid").exists()


def test_an_error_in_the_file_shows_where_it_is(sennit: Start, tmp_path: Path) -> None:
    (tmp_path / "x.tac").write_text("def f():\n    1 / 0\nf()\n")
    program = sennit("run", "x.tac")
    assert program.ends() == 78
    assert re.search(r'x\.tac", line 2', program.text)


@pytest.mark.parametrize("daemon", [(), ("--daemon", "--logfile", "echo.log")])
def test_a_port_in_use_ends_the_run(
    sennit: Start,
    echo_at: Callable[[int], str],
    tmp_path: Path,
    taken: int,
    daemon: tuple[str, ...],
) -> None:
    program = sennit("run", "--pidfile", "echo.pid", *daemon, echo_at(taken))
    assert program.ends() == 69
    said = f"Couldn't listen on 127.0.0.1:{taken}: [Errno 98] Address already in use."
    assert said in program.text
    assert "Traceback" not in program.text
    assert not (tmp_path / "echo.pid").exists()
    if daemon:
        log = (tmp_path / "echo.log").read_text()
        assert said in log
        assert log.endswith("Server Shut Down.\n")


def test_a_service_that_cannot_start_ends_those_that_have(
    sennit: Start, tmp_path: Path
) -> None:
    program = sennit("run", write(tmp_path, "raise ValueError('no')"))
    assert program.ends() == 69
    assert re.search("(?s)started.*ValueError: no.*stopped", program.text)


def test_a_log_that_cannot_be_written_ends_the_run(
    sennit: Start, tmp_path: Path
) -> None:
    program = sennit("run", "--logfile", "no/x.log", write(tmp_path))
    assert program.ends() == 73
    assert program.text == (
        "sennit run: the log no/x.log cannot be written: No such file or directory\n"
    )


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--rundir", "no"], 71, "cannot run in no: No such file"),
        (["--umask", "999"], 2, "'999' is no octal number"),
        (["--uid", "no-such-user"], 2, "there is no user 'no-such-user'"),
        (["--loop", "twirl"], 2, "there is no loop 'twirl'"),
        (["--logger", "json.no"], 2, "the module 'json' has no 'no'"),
        (["--pidfile", "no/x.pid"], 73, "no/x.pid cannot be written: No such file"),
    ],
)
def test_what_cannot_be_prepared_ends_the_run(
    sennit: Start, tmp_path: Path, words: list[str], status: int, said: str
) -> None:
    program = sennit("run", *words, write(tmp_path))
    assert program.ends() == status
    assert said in program.text
    assert "started" not in program.text


# Daemons and pid files


def test_a_daemon_serves_when_the_command_returns_and_ends_by_its_pid(
    sennit: Start, echo: str, port: int, tmp_path: Path
) -> None:
    program = sennit("run", "--daemon", echo)
    assert (program.ends(), program.text) == (0, "")
    pid = int((tmp_path / "sennit.pid").read_text())
    try:
        assert talk(port) == b"hello"
        assert os.getsid(pid) not in (pid, os.getsid(0))
        second = sennit("run", "--daemon", echo)
        assert second.ends() == 75
        assert f"it runs already, as process {pid}" in second.text
    finally:
        os.kill(pid, signal.SIGTERM)
    eventually(lambda: not (tmp_path / "sennit.pid").exists())
    log = tmp_path / "sennit.log"
    eventually(lambda: log.read_text().endswith("Server Shut Down.\n"))


def test_twistd_is_a_daemon_unless_told_otherwise(
    sennit: Start, echo: str, port: int, tmp_path: Path
) -> None:
    assert sennit("twistd", "-y", echo).ends() == 0
    pid = int((tmp_path / "twistd.pid").read_text())
    assert talk(port) == b"hello"
    # 0077, as nobody has said otherwise.
    assert (tmp_path / "twistd.pid").stat().st_mode & 0o777 == 0o600
    os.kill(pid, signal.SIGTERM)
    eventually(lambda: not (tmp_path / "twistd.pid").exists())
    assert "twistd" in (tmp_path / "twistd.log").read_text()


@pytest.mark.parametrize("left", ["1234567\n", "", "no number", f"{os.getpid()}\n"])
def test_a_pid_file_that_was_left_behind_does_not_keep_a_program_from_running(
    sennit: Start, tmp_path: Path, left: str
) -> None:
    """The number may be that of another process by now, which began after that."""
    file = tmp_path / "x.pid"
    file.write_text(left)
    os.utime(file, (1, 1))
    program = sennit("run", "--pidfile", file, write(tmp_path))
    program.wait_for("started")
    assert int(file.read_text()) == program.process.pid
    program.send(signal.SIGTERM)
    assert program.ends() == 0
    assert not file.exists()


def test_a_daemon_that_is_stopped_before_it_has_started_is_a_failure(
    sennit: Start, tmp_path: Path
) -> None:
    (tmp_path / "x.tac").write_text(
        "import os, signal\n"
        "from sennit.app import service\n"
        "from sennit.core.defer import Deferred\n"
        "class Never(service.Service):\n"
        "    async def startService(self):\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "        await Deferred()\n"
        "application = service.Application('x')\n"
        "Never().setServiceParent(application)\n"
    )
    program = sennit("run", "--daemon", "x.tac")
    assert program.ends() == 69
    assert "it was stopped before all services had started" in program.text


# Privileges


root = pytest.mark.skipif(os.getuid() != 0, reason="only root may become others")


@root
def test_privileges_are_given_up_between_the_two_starts(
    sennit: Start, tmp_path: Path
) -> None:
    program = sennit("run", "--uid", "nobody", write(tmp_path))
    program.wait_for(r"\] privileged 0 0 ")
    found = program.wait_for(r"\] started (\d+) (\d+) \[(.*)\]")
    assert found[1] == "65534"
    assert "0" not in [found[1], found[2], *found[3].split(", ")]
    program.send(signal.SIGTERM)
    assert program.ends() == 0
    assert "set uid/gid 65534/" in program.text


@root
def test_a_program_may_run_in_a_root_of_its_own(sennit: Start, tmp_path: Path) -> None:
    jail = tmp_path / "jail"
    jail.mkdir()
    program = sennit("run", "--chroot", jail, "--pidfile", "x.pid", write(tmp_path))
    program.wait_for(r"\] privileged 0 0 /$")
    program.wait_for(r"\] started")
    assert (jail / "x.pid").exists()
    program.send(signal.SIGTERM)
    assert program.ends() == 0


def test_files_get_the_permissions_that_the_umask_leaves(
    sennit: Start, tmp_path: Path
) -> None:
    program = sennit("run", "--umask", "027", "--pidfile", "x.pid", write(tmp_path))
    program.wait_for("started")
    assert (tmp_path / "x.pid").stat().st_mode & 0o777 == 0o640
    program.send(signal.SIGTERM)
    program.ends()


# Plans, targets, profiles


def test_a_plan_is_shown_and_nothing_done(sennit: Start, tmp_path: Path) -> None:
    program = sennit("run", "--show-plan", "--umask", "022", "no.tac")
    assert program.ends() == 0
    assert re.search(r"(?m)^umask +0022$", program.text)
    assert "\nsteps: loading, heeding signals, logging, masking\n" in program.text


@pytest.mark.parametrize("name", ["Echo", "factory", "make"])
def test_a_name_in_a_module_is_run(
    sennit: Start, tmp_path: Path, port: int, name: str
) -> None:
    (tmp_path / "things.py").write_text(
        "from sennit.core.protocol import Factory, Protocol\n"
        "class Echo(Protocol):\n"
        "    def dataReceived(self, data): self.transport.write(data)\n"
        "factory = Factory.forProtocol(Echo)\n"
        "def make(): return factory\n"
    )
    program = sennit(
        "run", f"things:{name}", "--listen", f"tcp:{port}:interface=127.0.0.1"
    )
    program.wait_for("Starting factory")
    assert talk(port) == b"hello"
    program.send(signal.SIGTERM)
    assert program.ends() == 0
    without = sennit("run", f"things:{name}")
    assert without.ends() == 2
    assert "say where with --listen" in without.text


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_the_loop_is_the_one_that_is_named(
    sennit: Start, tmp_path: Path, loop: str
) -> None:
    then = "from sennit.core import reactor; print('on', type(reactor.loop).__module__)"
    program = sennit("run", "--loop", loop, write(tmp_path, then))
    assert program.wait_for(r"\] on (\w+)")[1] == loop
    program.send(signal.SIGTERM)
    assert program.ends() == 0


def test_a_profile_is_written_when_the_run_is_over(
    sennit: Start, tmp_path: Path
) -> None:
    program = sennit("run", "--profile", "x.txt", write(tmp_path))
    program.wait_for("started")
    program.send(signal.SIGTERM)
    assert program.ends() == 0
    assert "startService" in (tmp_path / "x.txt").read_text()
