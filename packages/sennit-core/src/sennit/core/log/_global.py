"""The program's log: the one bus, and the functions that everybody calls."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import IO, Any, ParamSpec, TypeVar

from sennit.core.failure import Failure
from sennit.core.log import context
from sennit.core.log._bus import Bus
from sennit.core.log._event import Observer

__all__ = [
    "addObserver",
    "callWithContext",
    "callWithLogger",
    "err",
    "msg",
    "removeObserver",
    "showwarning",
    "theLogPublisher",
]

_P = ParamSpec("_P")
_T = TypeVar("_T")

theLogPublisher: Bus = Bus(logging.getLogger("sennit"))
"""What `msg` and the others here speak to."""


def msg(*message: Any, **kw: Any) -> None:
    """Log a message.

    Args:
        message: Its pieces, shown with a space between them.
        kw: More about the event: ``system``, ``isError``, ``logLevel`` (a number of
            `logging`; INFO unless told, ERROR for errors), ``format`` (filled with the
            event by ``%`` in place of the pieces), or your own.
    """
    theLogPublisher.msg(*message, **kw)


def err(_stuff: object = None, /, _why: str | None = None, **kw: Any) -> None:
    """Log an error, with its traceback.

    Args:
        _stuff: A `Failure` or an exception; None is the one being handled. Anything
            else is logged by its repr.
        _why: What went wrong, from the point of view of who reports it.
        kw: More about the event; see `msg`.

    Raises:
        NoCurrentExceptionError: ``_stuff`` is None, and no exception is being handled.
    """
    if _stuff is None:
        _stuff = Failure()
    elif isinstance(_stuff, BaseException) and not isinstance(_stuff, Failure):
        _stuff = Failure(_stuff)
    about = {"why": _why, "isError": 1, **kw}
    if isinstance(_stuff, Failure):
        msg(failure=_stuff, **about)
    else:
        msg(repr(_stuff), **about)


def addObserver(other: Observer) -> None:
    """Tell ``other`` of every event from now on, also of what others log by `logging`.

    An observer that raises harms nobody: its error is logged, and told to the others.
    """
    theLogPublisher.addObserver(other)


def removeObserver(other: Observer) -> None:
    """Tell ``other`` no more; nothing happens if it never was told."""
    theLogPublisher.removeObserver(other)


def showwarning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: IO[str] | None = None,
    line: str | None = None,
) -> None:
    """Log a warning; in the place of `warnings.showwarning`.

    Args:
        message: The warning.
        category: Its class.
        filename: Where it comes from.
        lineno: The line there.
        file: Write it there instead of logging it.
        line: The text of the line, for the file.
    """
    theLogPublisher.showwarning(message, category, filename, lineno, file, line)


def callWithContext(
    ctx: Mapping[str, Any],
    func: Callable[_P, _T],
    *args: _P.args,
    **kw: _P.kwargs,
) -> _T:
    """Call ``func``; what is logged meanwhile bears the items of ``ctx``.

    Args:
        ctx: Items of events, such as ``system``.
        func: What to call.
        args: Given to it.
        kw: Given to it.
    """
    return context.call(ctx, func, *args, **kw)


def callWithLogger(
    logger: Any, func: Callable[_P, _T], *args: _P.args, **kw: _P.kwargs
) -> _T | None:
    """Call ``func`` with ``logger.logPrefix()`` as system; log what it raises.

    Args:
        logger: Has a method ``logPrefix``, such as a protocol or a connection.
        func: What to call.
        args: Given to it.
        kw: Given to it.

    Returns:
        What ``func`` returns; None if it raises.
    """
    try:
        prefix = str(logger.logPrefix())
    except Exception:
        prefix = "(buggy logPrefix method)"
        err(None, f"{type(logger).__name__} cannot tell its log prefix", system=prefix)
    token = context.system.set(prefix)
    try:
        return func(*args, **kw)
    except Exception:
        err()
        return None
    finally:
        context.system.reset(token)
