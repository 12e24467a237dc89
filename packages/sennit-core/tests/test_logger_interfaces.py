"""The contracts of the structured log at run time."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from zope.interface import implementer
from zope.interface.verify import verifyClass, verifyObject

from sennit.core import logger
from sennit.core.logger import _interfaces

# What is declared is Interfaces at run time, Protocols to type checkers.
window: Any = logger
DECLARED: list[tuple[str, tuple[Any, ...]]] = list(_interfaces._PROVIDED)


@pytest.mark.parametrize(("path", "provided"), DECLARED)
def test_every_declaration_is_true(path: str, provided: tuple[Any, ...]) -> None:
    """Each class has what it is declared to have."""
    [interface] = provided
    made = getattr(logger, path.rpartition(".")[2])
    assert interface.implementedBy(made)
    assert verifyClass(interface, made)


def test_our_objects_and_those_of_others_are_observers() -> None:
    """Whoever is declared to be one and can be called with an event."""

    @implementer(logger.ILogObserver)
    class Theirs:
        def __call__(self, event: logger.LogEvent) -> None: ...

    assert verifyObject(window.ILogObserver, Theirs())
    assert verifyObject(window.ILogObserver, logger.globalLogPublisher)
    predicate = logger.LogLevelFilterPredicate()
    assert verifyObject(window.ILogFilterPredicate, predicate)
    assert not window.ILogObserver.providedBy(print)
    method = window.ILogObserver["__call__"]
    assert method.getSignatureString() == "(event)"
    assert method.__doc__.startswith("Be told of an event")
    assert window.ILogObserver.__module__ == "sennit.core.logger"


def test_the_log_does_without_zope_until_it_is_asked_for() -> None:
    """Nor does the reactor import the structured log."""
    program = (
        "import sys, sennit.core.engine\n"
        "print('sennit.core.logger' in sys.modules, 'json' in sys.modules)\n"
        "import sennit.core.logger\n"
        "print('zope.interface' in sys.modules)\n"
        "sennit.core.logger.ILogObserver\n"
        "print('zope.interface' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False", "False", "True"]


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """Beside the contracts nothing is made when it is asked for."""
    with pytest.raises(AttributeError, match="nosuch"):
        _ = window.nosuch
