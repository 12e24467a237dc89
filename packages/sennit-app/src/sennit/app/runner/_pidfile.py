"""The file that tells others the number of the process that runs.

A file that is there already may be of a process that runs, or of one that died without
removing it. A number alone does not tell, as the system gives it to another process
after a while: the file is stale, too, if its process has begun after it was written.
It comes to be complete and at once, by a second name for a temporary file: so of two
that start in the same moment one wins, and nobody reads half a number.
"""

from __future__ import annotations

import contextlib
import os
from types import TracebackType

from sennit.app.runner._errors import AlreadyRunning, CannotLog
from sennit.core import log

__all__ = ["PidFile"]

# Seconds by which a process may seem to have begun after it wrote its file: the
# kernel counts starts in hundredths of a second, from a second of boot that is rounded.
_TOLERANCE = 2.0


class PidFile:
    """A pid file, there while this is entered."""

    def __init__(self, path: str) -> None:
        """Name the file.

        Args:
            path: Where it is; kept as an absolute one.
        """
        self.path: str = os.path.abspath(path)

    def __enter__(self) -> PidFile:
        """Write it.

        Raises:
            AlreadyRunning: It is that of another process that lives.
            CannotLog: It cannot be written.
        """
        temporary = f"{self.path}.{os.getpid()}"
        try:
            with open(temporary, "w", encoding="utf-8") as file:
                file.write(f"{os.getpid()}\n")
            try:
                self._claim(temporary)
            finally:
                os.unlink(temporary)
        except OSError as error:
            raise CannotLog(
                f"the pid file {self.path} cannot be written: {error.strerror}"
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove it, if it is still that of this process."""
        try:
            if self._holder() == os.getpid():
                os.unlink(self.path)
        except OSError as error:
            log.msg(f"the pid file {self.path} stays: {error.strerror}")

    def _claim(self, temporary: str) -> None:
        while True:
            try:
                os.link(temporary, self.path)
                return
            except FileExistsError:
                pass
            holder = self._holder()
            if holder is not None and holder != os.getpid() and self._lives(holder):
                raise AlreadyRunning(
                    f"it runs already, as process {holder} (so says {self.path})"
                )
            log.msg(f"the pid file {self.path} was left behind by process {holder}")
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path)

    def _holder(self) -> int | None:
        """The number in the file; None if there is none."""
        try:
            with open(self.path, encoding="utf-8", errors="replace") as file:
                text = file.read(32)
        except FileNotFoundError:
            return None
        return int(text) if text.strip().isdecimal() else None

    def _lives(self, pid: int) -> bool:
        """Whether the process that wrote the file is still there."""
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, OverflowError):
            return False
        except PermissionError:
            # It lives, as another user.
            pass
        begun = _begun(pid)
        return begun is None or begun <= os.stat(self.path).st_mtime + _TOLERANCE


def _begun(pid: int) -> float | None:
    """When a process has begun, in seconds since the epoch; None if nobody tells."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            # Behind the name, which may have anything in it; field 22 of proc(5).
            ticks = int(file.read().rpartition(b")")[2].split()[19])
        with open("/proc/stat", "rb") as file:
            boot = next(line for line in file if line.startswith(b"btime"))
    except (OSError, ValueError, IndexError, StopIteration):
        return None
    return int(boot.split()[1]) + ticks / os.sysconf("SC_CLK_TCK")
