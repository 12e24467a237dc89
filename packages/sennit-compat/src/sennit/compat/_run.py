"""Runs a program over Sennit as ``python program.py`` would run it over Twisted.

The program finds what it would find there: it is the module ``__main__``, its
folder comes first in `sys.path`, `sys.argv` is its own.
"""

from __future__ import annotations

import builtins
import io
import os
import runpy
import sys
from types import ModuleType

from sennit.compat._finder import install

__all__ = ["main"]

USAGE = """\
usage: python -m sennit.compat PROGRAM.py [ARGUMENT ...]
       python -m sennit.compat -m MODULE [ARGUMENT ...]
       python -m sennit.compat twistd [OPTION ...] -y FILE.tac

Runs a program written for Twisted, unmodified, over Sennit.
"""


def main(arguments: list[str]) -> int:
    """Run the program that a command line names, to its end.

    Returns:
        The exit status: 2 where the command line names nothing that can be run.
        A program that exits by itself raises ``SystemExit`` as ever.
    """
    if arguments[:1] in (["-h"], ["--help"]):
        sys.stdout.write(USAGE)
        return 0
    if arguments[:1] == ["-m"] and len(arguments) > 1:
        install()
        run_module(arguments[1:])
        return 0
    if arguments[:1] == ["twistd"]:
        install()
        return run_twistd(arguments)
    if not arguments or arguments[0].startswith("-"):
        sys.stderr.write(USAGE)
        return 2
    try:
        with io.open_code(arguments[0]) as file:
            source = file.read()
    except OSError as error:
        sys.stderr.write(f"sennit.compat: cannot open {arguments[0]!r}: {error}\n")
        return 2
    install()
    run_program(source, arguments)
    return 0


def run_program(source: bytes, arguments: list[str]) -> None:
    """Run a program's source as the main module."""
    path = os.path.abspath(arguments[0])
    module = ModuleType("__main__")
    vars(module).update(__file__=path, __builtins__=builtins, __cached__=None)
    if not sys.flags.safe_path:
        # `python -m` has put the current folder there.
        sys.path[0] = os.path.dirname(os.path.realpath(path))
    sys.argv[:] = arguments
    sys.modules["__main__"] = module
    # The program's own __future__ imports count, not those of this file.
    code = compile(source, path, "exec", dont_inherit=True)
    exec(code, vars(module))


def run_twistd(arguments: list[str]) -> int:
    """Do what a command line of ``twistd`` says."""
    # Not with the module: it imports zope and click, which few programs need.
    from sennit.compat.faces.scripts.twistd import main

    sys.argv[:] = arguments
    return main(arguments[1:])


def run_module(arguments: list[str]) -> None:
    """Run a module, as ``python -m`` does, as the main module."""
    sys.argv[:] = arguments
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
