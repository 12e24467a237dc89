"""Small helpers about calls and functions."""

from __future__ import annotations

import errno
import warnings
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any, ParamSpec, TypeVar

from sennit.compat.faces.python._lines import println
from sennit.compat.faces.python.reflect import qual

__all__ = [
    "mergeFunctionMetadata",
    "raises",
    "runWithWarningsSuppressed",
    "spewer",
    "untilConcludes",
]

F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
R = TypeVar("R")


def untilConcludes(f: Callable[P, R], *a: P.args, **kw: P.kwargs) -> R:
    """Call a function again for as long as a signal interrupts it."""
    while True:
        try:
            return f(*a, **kw)
        except InterruptedError:
            continue
        except OSError as error:
            # One that was made without a text is of no class of its own.
            if error.args != (errno.EINTR,):
                raise


def raises(
    exception: type[BaseException] | tuple[type[BaseException], ...],
    f: Callable[P, object],
    *args: P.args,
    **kwargs: P.kwargs,
) -> bool:
    """Whether a call raises an error of that kind; one of another kind passes through."""
    try:
        f(*args, **kwargs)
    except exception:
        return True
    return False


def runWithWarningsSuppressed(
    suppressedWarnings: Iterable[tuple[tuple[Any, ...], dict[str, Any]]],
    f: Callable[P, R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Call a function with some warnings kept back.

    Args:
        suppressedWarnings: For each, the arguments of `warnings.filterwarnings`.
        f: The function.
        args: Its arguments.
        kwargs: Its arguments by name.
    """
    with warnings.catch_warnings():
        for positional, named in suppressedWarnings:
            warnings.filterwarnings(*positional, **named)
        return f(*args, **kwargs)


def mergeFunctionMetadata(f: Callable[..., object], g: F) -> F:
    """Let a function that stands for another one look like it.

    Args:
        f: The other: gives name, docstring, module and attributes.
        g: The one, which keeps attributes that the other lacks.

    Returns:
        ``g``.
    """
    for name in ("__name__", "__doc__", "__module__"):
        if hasattr(f, name):
            setattr(g, name, getattr(f, name))
    vars(g).update(getattr(f, "__dict__", {}))
    return g


def spewer(frame: FrameType, s: str, ignored: object) -> None:
    """Print the call that happens: for `sys.settrace`."""
    code = frame.f_code
    if "self" not in frame.f_locals:
        println(f"function {code.co_name} in {code.co_filename}, line {frame.f_lineno}")
        return
    owner = frame.f_locals["self"]
    println(f"method {code.co_name} of {qual(type(owner))} at {id(owner)}")
