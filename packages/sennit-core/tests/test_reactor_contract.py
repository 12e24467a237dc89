"""Every reactor keeps the contract: on asyncio and on uvloop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from sennit.core.engine import Reactor, newLoop
from sennit.core.testing import REACTOR_CHECKS, checkReactor


@pytest.fixture(params=["asyncio", "uvloop"])
def make_reactor(request: pytest.FixtureRequest) -> Iterator[Callable[[], Reactor]]:
    loops: list[asyncio.AbstractEventLoop] = []
    if request.param == "uvloop":
        pytest.importorskip("uvloop")

    def make() -> Reactor:
        loops.append(newLoop(request.param))
        return Reactor(loops[-1])

    yield make
    for loop in loops:
        loop.close()


@pytest.mark.parametrize("check", REACTOR_CHECKS, ids=lambda check: check.__name__)
def test_reactors_keep_the_contract(
    check: Callable[[Callable[[], Reactor]], None], make_reactor: Callable[[], Reactor]
) -> None:
    check(make_reactor)


def test_a_broken_reactor_is_found() -> None:
    class Late(Reactor):
        def seconds(self) -> float:
            return 0.0

    loop = asyncio.new_event_loop()
    try:
        with pytest.raises(AssertionError):
            checkReactor(lambda: Late(loop))
    finally:
        loop.close()
