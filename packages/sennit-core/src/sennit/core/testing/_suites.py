"""The contracts of transports and reactors, as checks that every implementation passes.

Each check is given what makes the thing to be checked; so the same list runs over
asyncio, uvloop, in memory, and over whatever a third party makes. Under pytest:
``@pytest.mark.parametrize("check", TRANSPORT_CHECKS)``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sennit.core.testing import (
    _check_flow,
    _check_local,
    _check_network,
    _check_running,
    _check_stream,
    _check_time,
)
from sennit.core.testing._steps import TransportPair

__all__ = ["REACTOR_CHECKS", "TRANSPORT_CHECKS", "checkReactor", "checkTransport"]

TRANSPORT_CHECKS: list[Callable[[Callable[[], TransportPair]], None]] = [
    *_check_stream.CHECKS,
    *_check_flow.CHECKS,
]

REACTOR_CHECKS: list[Callable[[Callable[[], Any]], None]] = [
    *_check_running.CHECKS,
    *_check_time.CHECKS,
    *_check_network.CHECKS,
    *_check_local.CHECKS,
]


def checkTransport(makePair: Callable[[], TransportPair]) -> None:
    """Run every check of a stream transport.

    Args:
        makePair: Makes what connects; called anew for each check.

    Raises:
        AssertionError: When one fails.
    """
    for check in TRANSPORT_CHECKS:
        check(makePair)


def checkReactor(makeReactor: Callable[[], Any]) -> None:
    """Run every check of a reactor.

    Args:
        makeReactor: Makes one that does not run; called anew for each check.

    Raises:
        AssertionError: When one fails.
    """
    for check in REACTOR_CHECKS:
        check(makeReactor)
