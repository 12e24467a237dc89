"""What is known of a Deferred beside its result: its stacks, and what is unhandled.

An error that nobody handles must be reported when the last reference to its Deferred
goes. A ``__del__`` on Deferred itself would cost every one of them; so it sits on a
holder that is made only when a chain ends in a failure (and, with debugging on, for
every Deferred, to hold the two stacks).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from sennit.core import log
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.core.defer._chain import Chain

__all__ = ["DebugInfo", "debugging", "hold"]


class _Debugging:
    """Whether Deferreds record their stacks, and who wants to know of failed ones.

    Attributes:
        on: Whether each Deferred records where it is made and fired.
        failed: Collects the holders of failures that nobody has handled yet, if
            somebody cares to have them reported in time.
    """

    __slots__ = ("failed", "on")

    def __init__(self) -> None:
        self.on: bool = False
        self.failed: WeakSet[DebugInfo] | None = None


# Written by setDebugging and, for the time of a test, by the pytest plugin. An object,
# since its attribute is read by every new Deferred, of which the modules that make
# them want no copy.
debugging = _Debugging()


class DebugInfo:
    """Reports an unhandled failure when its Deferred is garbage.

    Attributes:
        failResult: The failure that nobody handled yet.
        creator: The stack on which the Deferred was made, while debugging.
        invoker: The stack on which it was fired, while debugging.
    """

    __slots__ = ("__weakref__", "creator", "failResult", "invoker")

    def __init__(self) -> None:
        self.failResult: Failure | None = None
        self.creator: list[str] | None = None
        self.invoker: list[str] | None = None

    def told(self) -> str:
        """Tell where the Deferred was made and fired; empty if not recorded."""
        return _told("C", "Deferred was created", self.creator) + _told(
            "I", "First Invoker was", self.invoker
        )

    def __del__(self) -> None:
        failure = self.failResult
        if failure is not None:
            log.msg("Unhandled error in Deferred:", isError=True)
            told = self.told()
            if told:
                about = {"creator": self.creator, "invoker": self.invoker}
                log.err(failure, f"(debug: {told})", **about)
            else:
                log.err(failure)


def _told(mark: str, heading: str, entries: list[str] | None) -> str:
    if entries is None:
        return ""
    lines = [line for entry in entries for line in entry.splitlines()]
    return "".join(f" {mark}:{line}\n" for line in [f" {heading}:", *lines])


def hold(deferred: Chain[Any], failure: Failure) -> None:
    """Let a failure be reported if it is still there when the Deferred goes."""
    if deferred._info is None:
        deferred._info = DebugInfo()
    deferred._info.failResult = failure
    if debugging.failed is not None:
        debugging.failed.add(deferred._info)
