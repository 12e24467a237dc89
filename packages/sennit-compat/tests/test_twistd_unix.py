"""``twisted.scripts._twistd_unix``: its runner, as real processes."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
from twisted.application.service import Application, Service
from twisted.internet import reactor
from twisted.scripts import _twistd_unix
import os, sys

class It(Service):
    def startService(self):
        print("started", os.getpid() == os.getsid(0), oct(os.umask(0)))
        {start}

class Runner(_twistd_unix.UnixApplicationRunner):
    def createOrGetApplication(self):
        made = Application("it")
        It().setServiceParent(made)
        return made
    def removePID(self, pidfile):
        super().removePID(pidfile)
        {removed}

config = _twistd_unix.ServerOptions()
config.parseOptions(sys.argv[1:] or ["--pidfile=it.pid"])
Runner(config).run()
"""


def run(
    folder: Path, *words: str, start: str = "pass", removed: str = "pass"
) -> subprocess.CompletedProcess[str]:
    (folder / "program.py").write_text(PROGRAM.format(start=start, removed=removed))
    return subprocess.run(
        [sys.executable, "-m", "sennit.compat", "program.py", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """Where a daemon tells that it has removed its pid file."""
    fifo = tmp_path / "told"
    os.mkfifo(fifo)
    return fifo


def test_a_daemon_tells_that_it_has_started(tmp_path: Path, told: Path) -> None:
    """Its first process ends when there is a pid file, and it can be stopped."""
    done = run(tmp_path, removed=f"open({str(told)!r}, 'w').write('removed')")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    os.kill(int((tmp_path / "it.pid").read_text()), signal.SIGTERM)
    assert told.read_text() == "removed"
    assert not (tmp_path / "it.pid").exists()
    # No leader of a session, so it gets no terminal; others get no permissions.
    assert "started False 0o77" in (tmp_path / "twistd.log").read_text()


def test_a_daemon_tells_why_it_has_not_started(tmp_path: Path, told: Path) -> None:
    done = run(
        tmp_path,
        start="raise ValueError('no shop: \\u2022')",
        removed=f"open({str(told)!r}, 'w').write('removed')",
    )
    assert done.returncode == 1
    assert done.stderr == (
        "An error has occurred: b'ValueError: no shop: \\\\u2022'\n"
        "Please look at log file for more information.\n"
    )
    assert told.read_text() == "removed"
    assert not (tmp_path / "it.pid").exists()


def test_a_daemon_that_dies_is_waited_for_no_more(tmp_path: Path) -> None:
    done = run(tmp_path, start="os._exit(9)")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        1,
        "An error has occurred: b''",
    )


def test_another_process_pid_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "it.pid").write_text(f"{os.getpid()}\n")
    done = run(tmp_path)
    assert done.returncode == 1
    assert "AlreadyRunning" in done.stderr
    assert (tmp_path / "it.pid").read_text() == f"{os.getpid()}\n"


def test_a_daemon_has_no_terminal_to_log_to(tmp_path: Path) -> None:
    done = run(tmp_path, "--logfile=-", "--pidfile=it.pid")
    assert (done.returncode, done.stderr) == (
        1,
        "Daemons cannot log to stdout, exiting!\n",
    )


@pytest.mark.skipif(os.getuid() != 0, reason="only root becomes somebody else")
def test_it_gives_up_privileges_and_groups(tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    done = run(
        tmp_path,
        *("-n", "--pidfile=", f"--uid={nobody.pw_uid}"),
        start="print('as', os.getresuid(), os.getresgid(), os.getgroups())\n"
        "        reactor.callWhenRunning(reactor.stop)",
    )
    ids = (nobody.pw_uid,) * 3, (nobody.pw_gid,) * 3, [nobody.pw_gid]
    assert "as {} {} {}".format(*ids) in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize(("words", "umask"), [((), "0o22"), (("--umask=27",), "0o27")])
def test_it_may_stay_in_the_terminal(
    tmp_path: Path, words: tuple[str, ...], umask: str
) -> None:
    done = run(
        tmp_path,
        *("-n", "--pidfile=it.pid", *words),
        start="reactor.callWhenRunning(reactor.stop)",
    )
    assert done.returncode == 0, done.stderr
    assert f" {umask}" in done.stdout or not words
    assert "Server Shut Down." in done.stdout
    assert not (tmp_path / "it.pid").exists()
