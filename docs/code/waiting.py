"""A coroutine awaits Deferreds, and asyncio's futures as well."""

import asyncio

from sennit.core import task
from sennit.core.defer import fail, gatherResults
from sennit.core.engine import Reactor


async def main(reactor: Reactor) -> None:
    print(await task.deferLater(reactor, 0.01, str.upper, "later"))
    both = [task.deferLater(reactor, 0.01, abs, number) for number in (-1, -2)]
    print(await gatherResults(both))
    try:
        await fail(LookupError("no poem"))
    except LookupError as error:
        print("failed:", error)
    await asyncio.sleep(0.01)
    print("done")


task.react(main)
