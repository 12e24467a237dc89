"""Every stream transport keeps the contract: on asyncio, on uvloop, and in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from sennit.core.engine import Reactor, newLoop
from sennit.core.testing import (
    TRANSPORT_CHECKS,
    MemoryPair,
    ReactorPair,
    TransportPair,
    checkTransport,
)


@pytest.fixture(params=["asyncio", "uvloop", "memory"])
def make_pair(
    request: pytest.FixtureRequest,
) -> Iterator[Callable[[], TransportPair]]:
    loops: list[asyncio.AbstractEventLoop] = []

    def make() -> TransportPair:
        if request.param == "memory":
            return MemoryPair()
        if request.param == "uvloop":
            pytest.importorskip("uvloop")
        loops.append(newLoop(request.param))
        return ReactorPair(Reactor(loops[-1]))

    yield make
    for loop in loops:
        loop.close()


@pytest.mark.parametrize("check", TRANSPORT_CHECKS, ids=lambda check: check.__name__)
def test_transports_keep_the_contract(
    check: Callable[[Callable[[], TransportPair]], None],
    make_pair: Callable[[], TransportPair],
) -> None:
    check(make_pair)


def test_check_transport_runs_all_checks() -> None:
    checkTransport(MemoryPair)


def test_a_broken_transport_is_found() -> None:
    class Forgetful(MemoryPair):
        def connect(self, server: object, client: object) -> None:
            """Connect nothing."""

    with pytest.raises(AssertionError, match="did not come true"):
        checkTransport(Forgetful)
