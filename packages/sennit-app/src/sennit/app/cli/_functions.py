"""Commands that are functions: parameters become options, documentation becomes help.

So a distribution adds a command without importing anything of ours. A parameter without
default is an argument; one with a default is an option: a flag for a ``bool``, repeatable
for a ``list[str]``. What ``Args:`` says of it is its help. The function gives what is to
be run; if it has a parameter ``listen``, that says where a factory listens.
"""

from __future__ import annotations

import inspect
import re
from typing import Any, get_origin, get_type_hints

import click

from sennit.app.cli._options import RunCommand, launch, runOptions
from sennit.app.runner import RunError, Target

__all__ = ["commandOf"]

_SCALARS = {int: click.INT, float: click.FLOAT, str: click.STRING}


def commandOf(name: str, given: Any) -> click.Command:
    """The command that an entry point stands for.

    Args:
        name: Its name.
        given: A `click.Command`, or a function.

    Raises:
        RunError: It is neither, or has a parameter that can be no option.
    """
    if isinstance(given, click.Command):
        return given
    if not inspect.isfunction(given):
        raise RunError(
            f"the command {name!r} is {given!r}: neither click's nor a function"
        )
    said = inspect.getdoc(given) or ""
    signature = inspect.signature(given)
    hints, helps = get_type_hints(given), _arguments(said)
    parameters = [
        _parameter(name, each, hints.get(each.name, str), helps.get(each.name))
        for each in signature.parameters.values()
    ]

    @runOptions
    def command(how: dict[str, Any], **own: Any) -> None:
        # The function has lists, click has tuples.
        values = {k: list(v) if isinstance(v, tuple) else v for k, v in own.items()}
        listen = tuple(values.get("listen") or ())
        target = Target(name, lambda: given(**values), None, listen)
        launch(f"sennit {name}", target, how)

    made = click.command(
        name, cls=RunCommand, help=re.split(r"(?m)^Args:", said)[0].strip()
    )(command)
    made.params[:0] = parameters
    return made


def _parameter(
    command: str, given: inspect.Parameter, hint: Any, said: str | None
) -> click.Parameter:
    option = f"--{given.name.replace('_', '-')}"
    if given.default is inspect.Parameter.empty:
        if hint not in _SCALARS:
            raise RunError(f"the command {command!r} has an argument of {hint!r}")
        return click.Argument([given.name], type=_SCALARS[hint])
    if hint is bool:
        return click.Option([option, given.name], is_flag=True, help=said)
    if get_origin(hint) in (list, tuple):
        return click.Option(
            [option, given.name],
            multiple=True,
            default=list(given.default),
            show_default=bool(given.default),
            help=said,
        )
    kind = next((_SCALARS[each] for each in _SCALARS if _is_or_none(hint, each)), None)
    if kind is None:
        raise RunError(f"the command {command!r} has an option of {hint!r}")
    return click.Option(
        [option, given.name],
        type=kind,
        default=given.default,
        show_default=given.default is not None,
        help=said,
    )


def _is_or_none(hint: Any, scalar: type) -> bool:
    return hint in (scalar, scalar | None)


def _arguments(said: str) -> dict[str, str]:
    """What the section ``Args:`` of a documentation says, by name."""
    section = re.search(r"(?ms)^Args:\n(.*?)(?=^\S|\Z)", said)
    if section is None:
        return {}
    found = re.findall(r"(?ms)^    (\w+): (.*?)(?=^    \w|\Z)", section[1])
    return {name: " ".join(text.split()) for name, text in found}
