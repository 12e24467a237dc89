"""``twisted.python.monkey``: attributes of objects covered for a while."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

__all__ = ["MonkeyPatcher"]

P = ParamSpec("P")
R = TypeVar("R")


class MonkeyPatcher:
    """Gives attributes other values, and takes them away again.

    Args:
        patches: For each an object, the name of its attribute, and the value.
    """

    def __init__(self, *patches: tuple[object, str, object]) -> None:
        self._patches: list[tuple[object, str, object]] = []
        # How to undo what was done, first to last; `patch` and `restore` change it.
        self._undo: list[Callable[[], None]] = []
        for patch in patches:
            self.addPatch(*patch)

    def addPatch(self, obj: object, name: str, value: object) -> None:
        """Note a patch, which `patch` will make."""
        self._patches.append((obj, name, value))

    def patch(self) -> None:
        """Make the patches.

        Raises:
            AttributeError: An object has no such attribute; what was patched before
                stays so until `restore`.
        """
        for obj, name, value in self._patches:
            self._undo.append(_restorer(obj, name))
            setattr(obj, name, value)

    def restore(self) -> None:
        """Undo what was patched, the last first."""
        while self._undo:
            self._undo.pop()()

    def runWithPatches(self, f: Callable[P, R], *args: P.args, **kw: P.kwargs) -> R:
        """Call a function with the patches made, and undo them."""
        with self:
            return f(*args, **kw)

    def __enter__(self) -> MonkeyPatcher:
        self.patch()
        return self

    def __exit__(
        self,
        excType: type[BaseException] | None,
        excValue: BaseException | None,
        excTraceback: TracebackType | None,
    ) -> None:
        self.restore()


def _restorer(obj: object, name: str) -> Callable[[], None]:
    """What gives an attribute back the value that it has now."""
    value = getattr(obj, name)
    own: dict[str, Any] = getattr(obj, "__dict__", {})
    if name in own:
        # As it lies there: a method of a class may be wrapped in a staticmethod.
        value = own[name]
        return lambda: setattr(obj, name, value)

    def restore() -> None:
        # What covered an attribute of the class goes; a property or slot is set back.
        if name in getattr(obj, "__dict__", {}):
            delattr(obj, name)
        else:
            setattr(obj, name, value)

    return restore
