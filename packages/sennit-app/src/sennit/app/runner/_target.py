"""From what the command line names to a service.

A ``.tac`` file has an ``application``; ``module:name`` is an application, a service, a
factory or protocol class (which need a ``--listen``), a function without arguments that
makes one of these, or what an entry point of the group ``sennit.targets`` knows: a
function that is called with the object and the descriptions of the endpoints, and gives
a service or a factory, or None for what it does not know.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sennit.app.strports as strports
from sennit.app.runner._entries import loaded
from sennit.app.runner._errors import NoTarget, TargetError, UsageError
from sennit.app.runner._names import named
from sennit.app.runner._plan import Target
from sennit.app.service import Application, MultiService, Process, runFile
from sennit.core.errors import EndpointStringError
from sennit.core.protocol import Factory

__all__ = ["GROUP", "Loaded", "fileTarget", "listening", "load", "targetNamed"]

GROUP = "sennit.targets"


class Loaded(NamedTuple):
    """What a target has come to.

    Attributes:
        service: The root of its services.
        process: As whom it wants to run.
        components: What else the application brings, by the full names of Interfaces.
    """

    service: Any
    process: Any
    components: Mapping[str, Any]


def targetNamed(text: str, listen: Sequence[str] = ()) -> Target:
    """The target that a command line names: a Python file, or ``module:name``.

    Raises:
        UsageError: It is neither.
    """
    if text.endswith((".tac", ".py")) or os.path.sep in text or os.path.isfile(text):
        return fileTarget(text, listen)
    if ":" not in text:
        raise UsageError(f"{text!r} is neither a .tac file nor module:name")
    return Target(text, lambda: named(text, TargetError), os.getcwd(), tuple(listen))


def fileTarget(path: str, listen: Sequence[str] = ()) -> Target:
    """The ``application`` of a Python file."""
    path = os.path.abspath(path)
    return Target(path, lambda: _of_file(path), os.path.dirname(path), tuple(listen))


def _of_file(path: str) -> Any:
    try:
        names = runFile(path)
    except OSError as error:
        if error.filename != path:
            raise
        raise NoTarget(f"{path} cannot be read: {error.strerror}") from error
    except SyntaxError as error:
        if error.filename != path:
            raise
        where = f"{path}, line {error.lineno}"
        line = (error.text or "").strip()
        raise TargetError(
            f"{where}: {error.msg}" + (f": {line}" if line else "")
        ) from error
    if "application" not in names:
        raise TargetError(
            f"{path} has no variable 'application': it has to say "
            "application = service.Application(...)"
        )
    return names["application"]


def load(target: Target) -> Loaded:
    """Make the target.

    Raises:
        RunError: It cannot be, or is nothing that can be run.
    """
    made = target.make()
    if _is_maker(made):
        made = made()
    if isinstance(made, Application):
        return Loaded(made.services, made.process, made.components())
    return Loaded(_as_service(made, target), Process(), {})


def _is_maker(made: Any) -> bool:
    """Whether it is a function, to be called without arguments."""
    if isinstance(made, type) or not callable(made) or hasattr(made, "startService"):
        return False
    if not inspect.isroutine(made):
        return False
    try:
        inspect.signature(made).bind()
    except TypeError:
        return False
    return True


def _as_service(made: Any, target: Target) -> Any:
    if isinstance(made, type) and hasattr(made, "makeConnection"):
        made = Factory.forProtocol(made)
    if hasattr(made, "startService") and hasattr(made, "stopService"):
        return made
    if hasattr(made, "buildProtocol"):
        return listening(made, target)
    for point in loaded(GROUP, TargetError):
        known = point(made, target.listen)
        if known is not None:
            return _as_service(known, target)
    raise TargetError(
        f"{target.text} is {_kind(made)}: neither an application, nor a service, nor a "
        "factory, nor anything that an installed part knows to run (resources, WSGI and "
        "ASGI applications come with sennit-web)"
    )


def listening(factory: Any, target: Target) -> MultiService:
    """A service that has a factory listen where the target says.

    Raises:
        UsageError: It says nowhere, or nothing that can be understood.
    """
    if not target.listen:
        raise UsageError(
            f"{target.text} is a factory: say where with --listen tcp:8080"
        )
    services = MultiService()
    for description in target.listen:
        try:
            each = strports.service(description, factory)
        except EndpointStringError as error:
            raise UsageError(f"--listen {description}: {error}") from error
        each.setServiceParent(services)
    return services


def _kind(made: object) -> str:
    return made.__name__ if isinstance(made, type) else f"a {type(made).__qualname__}"
