from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest


def write(folder: Path, name: str, code: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(code))
    return path


def run(
    *arguments: str | Path, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m sennit.compat``."""
    return subprocess.run(
        [sys.executable, "-m", "sennit.compat", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=cwd,
    )


def test_a_program_sees_what_it_sees_under_python(tmp_path: Path) -> None:
    code = """
        import sys, __main__
        print(__name__, sys.argv, __file__, sys.path[0])
        print(__main__.__dict__ is globals(), __spec__, __builtins__ is not None)
    """
    write(tmp_path, "there/program.py", code)
    plain = subprocess.run(
        [sys.executable, "there/program.py", "one", "-two"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    ours = run("there/program.py", "one", "-two", cwd=tmp_path)
    assert ours.stdout == plain.stdout
    assert ours.returncode == 0


def test_a_program_finds_its_siblings_and_twisted(tmp_path: Path) -> None:
    write(tmp_path, "sibling.py", "from twisted.internet import error\n")
    program = write(
        tmp_path,
        "program.py",
        """
        import sibling, sennit.core.errors
        print(sibling.error is sennit.core.errors)
        """,
    )
    done = run(program, cwd=Path("/"))
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_a_programs_functions_see_its_globals_in_threads_and_at_exit(
    tmp_path: Path,
) -> None:
    program = write(
        tmp_path,
        "program.py",
        """
        import atexit, threading, time
        word = "seen"
        def show(where): print(where, word, flush=True)
        def late():
            time.sleep(0.05)
            show("thread")
        atexit.register(show, "exit")
        threading.Thread(target=late).start()
        """,
    )
    assert run(program).stdout == "thread seen\nexit seen\n"


def test_a_child_process_has_the_names_too(tmp_path: Path) -> None:
    program = write(
        tmp_path,
        "program.py",
        """
        import multiprocessing
        def child():
            import twisted.internet.error as error
            print(error.__name__, flush=True)
        if __name__ == "__main__":
            process = multiprocessing.get_context("fork").Process(target=child)
            process.start()
            process.join()
        """,
    )
    assert run(program).stdout == "sennit.core.errors\n"


def test_a_programs_exit_status_is_the_status(tmp_path: Path) -> None:
    program = write(tmp_path, "program.py", "import sys; sys.exit(7)\n")
    assert run(program).returncode == 7


def test_a_programs_error_is_shown_with_its_line(tmp_path: Path) -> None:
    program = write(tmp_path, "program.py", "1 / 0\n")
    done = run(program)
    assert done.returncode == 1
    assert f'File "{program}", line 1' in done.stderr
    assert "ZeroDivisionError" in done.stderr


def test_future_imports_are_the_programs_own(tmp_path: Path) -> None:
    program = write(
        tmp_path, "program.py", "def f(x: 1): pass\nprint(f.__annotations__)\n"
    )
    assert run(program).stdout == "{'x': 1}\n"


def test_a_module_runs_with_dash_m(tmp_path: Path) -> None:
    write(
        tmp_path,
        "pack/tool.py",
        """
        import os, sys
        from twisted.internet import error
        print(__name__, os.path.basename(sys.argv[0]), sys.argv[1:], error.__name__)
        """,
    )
    done = run("-m", "pack.tool", "x", cwd=tmp_path)
    assert done.stdout == "__main__ tool.py ['x'] sennit.core.errors\n"


@pytest.mark.parametrize("arguments", [[], ["-m"], ["-x", "program.py"]])
def test_a_command_line_without_a_program_shows_the_usage(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m sennit.compat PROGRAM.py")


def test_help_shows_the_usage() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert done.stdout.startswith("usage:")


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run(tmp_path / "nosuch.py")
    assert done.returncode == 2
    assert "nosuch.py" in done.stderr


def test_ctrl_c_ends_a_server_with_status_0(tmp_path: Path) -> None:
    program = write(
        tmp_path,
        "program.py",
        """
        from twisted.internet import protocol, reactor
        port = reactor.listenTCP(0, protocol.Factory(), interface="127.0.0.1")
        reactor.callWhenRunning(print, "ready", flush=True)
        reactor.run()
        print("ended", port.factory.numPorts)
        """,
    )
    # A SIGINT that is ignored here would be inherited, and the child not interrupted.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [sys.executable, "-m", "sennit.compat", str(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    signal.signal(signal.SIGINT, before)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert (process.returncode, output, errors) == (0, "ended 0\n", "")
