"""Starting a program: `subprocess.Popen`, and what it cannot do alone.

Popen has what a start needs: it tells at once, as an OSError, when the program cannot
be executed; it changes folder, user and groups in the child, not here; it shares the
memory with the child until then (``vfork``) instead of copying its tables, which is
three times as fast; and it closes all descriptors that are not to be passed on. But it
passes them on under the numbers that they have here, except for 0, 1 and 2; it knows
nothing of terminals; and a signal that is ignored here stays so in the child, which few
programs expect.

Only where that is not enough a function of ours runs in the child before the program
does (``preexec_fn``), which costs the ``vfork``. It makes system calls and nothing
else: other threads' locks stay locked in the child for ever. To give each descriptor
its number it needs order:

* What is passed on is duplicated here, beforehand, above all the wanted numbers: no
  ``dup2`` meets a descriptor that is still needed.
* The wanted numbers that are free here are taken for as long as that lasts. Otherwise
  the pipe by which the child reports a failed start could get one, and be overwritten.

Rejected: ``os.posix_spawn``, which can order descriptors but neither change the folder
nor, before Python 3.13, close what else is open.
"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import Any, NamedTuple, TypeAlias

if sys.platform != "win32":
    import fcntl
    import pwd
    import termios

__all__ = ["Environment", "Program", "Word"]

Word: TypeAlias = "str | bytes | os.PathLike[str] | os.PathLike[bytes]"
"""What the system takes as bytes; text is encoded as file names are."""

Environment: TypeAlias = "Mapping[str, str] | Mapping[bytes, bytes]"
"""The variables of a process."""

_STANDARD = (0, 1, 2)

# What a program may have a reason to ignore, but for SIGPIPE, which Popen sees to. All
# of these are looked at before each start; all that exist would take much longer.
_IGNORABLE = [
    getattr(signal, name)
    for name in (
        *("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2"),
        *("SIGALRM", "SIGCHLD", "SIGTSTP", "SIGTTIN", "SIGTTOU"),
    )
    if hasattr(signal, name)
]


class Program(NamedTuple):
    """A program, and how it is to run.

    Attributes:
        executable: Its file; looked for in the folders of ``PATH`` if it names none.
        args: Its arguments, beginning with its name; if empty, that is its file.
        env: Its variables; None for ours.
        path: The folder it runs in; None for ours.
        uid: The user it runs as; None for ours.
        gid: The group it runs as; None for ours.
    """

    executable: Word
    args: Sequence[Word]
    env: Environment | None
    path: Word | None
    uid: int | None
    gid: int | None

    def start(self, given: Mapping[int, int], terminal: bool = False) -> int:
        """Start it.

        Args:
            given: The descriptors it gets, of ours, by the numbers that it knows them
                under; no others.
            terminal: Whether its descriptor 0 is to be its controlling terminal.

        Returns:
            The number of the process. Who starts it has to wait for it.

        Raises:
            OSError: It cannot be started.
            TypeError: A word of it is no word.
            ValueError: A word of it contains a zero byte.
        """
        for target, source in given.items():
            _check_open(target, source)
        ignored = _ignored_signals()
        if not (ignored or terminal) and _is_simple(given):
            return self._popen(given)
        with _in_order(given) as ordered, warnings.catch_warnings():
            # That threads exist is no danger to a child that calls nothing but the
            # system: there is nothing the user could do about the warning.
            warnings.simplefilter("ignore", DeprecationWarning)
            prepare = partial(_prepare, ordered, ignored, terminal)
            return self._popen(ordered, prepare, terminal)

    def _popen(
        self,
        given: Mapping[int, int],
        prepare: Callable[[], object] | None = None,
        session: bool = False,
    ) -> int:
        if isinstance(self.args, str | bytes):
            raise TypeError(f"args is a sequence of words, not one word: {self.args!r}")
        try:
            child = subprocess.Popen(
                list(self.args) or [self.executable],
                executable=self.executable,
                stdin=given.get(0),
                stdout=given.get(1),
                stderr=given.get(2),
                pass_fds=[fd for fd in given if fd not in _STANDARD],
                env=self.env,
                cwd=self.path,
                start_new_session=session,
                preexec_fn=prepare,
                **_identity(self.uid, self.gid),
            )
        except subprocess.SubprocessError as error:
            raise OSError(
                errno.EIO,
                f"a child could not be given its descriptors or terminal ({error})",
                self.executable,
            ) from error
        # We wait for it ourselves: this one is not to complain that nobody has.
        child.returncode = 0
        return child.pid


def _check_open(target: int, source: int) -> None:
    try:
        os.fstat(source)
    except OSError as error:
        where = f"descriptor {source}, which the child was to get as {target}"
        raise OSError(error.errno, error.strerror, where) from None


def _is_simple(given: Mapping[int, int]) -> bool:
    """Whether Popen can pass these on: 0, 1 and 2, and others that keep their number."""
    return given.keys() >= {*_STANDARD} and all(
        target == source or target in _STANDARD for target, source in given.items()
    )


def _ignored_signals() -> list[signal.Signals]:
    """What is ignored here, and would be there."""
    return [each for each in _IGNORABLE if signal.getsignal(each) is signal.SIG_IGN]


@contextmanager
def _in_order(given: Mapping[int, int]) -> Iterator[dict[int, int]]:
    """Duplicates of what is given, above all wanted numbers, while those are taken."""
    with ExitStack() as stack:

        def duplicate(fd: int, lowest: int) -> int:
            made = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, lowest)
            stack.callback(os.close, made)
            return made

        above = max((*given, *_STANDARD)) + 1
        ordered = {target: duplicate(fd, above) for target, fd in given.items()}
        for target, fd in given.items():
            # Gets the number if it is free, else some other, which does no harm.
            duplicate(fd, target)
        yield ordered


def _prepare(
    given: Mapping[int, int], ignored: Sequence[signal.Signals], terminal: bool
) -> None:
    """In the child: give the descriptors their numbers, and signals their effect."""
    for target, source in given.items():
        os.dup2(source, target)
    for fd in _STANDARD:
        if fd not in given:
            with suppress(OSError):
                os.close(fd)
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    if terminal:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _identity(uid: int | None, gid: int | None) -> dict[str, Any]:
    """User, group and all of the user's groups, as Popen takes them."""
    mine = (os.getuid(), os.getgid())
    whose = (mine[0] if uid is None else uid, mine[1] if gid is None else gid)
    if whose == mine:
        return {}
    try:
        groups = os.getgrouplist(pwd.getpwuid(whose[0]).pw_name, whose[1])
    except KeyError:
        groups = [whose[1]]
    return {"user": whose[0], "group": whose[1], "extra_groups": groups}
