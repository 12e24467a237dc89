"""Fetch URLs, all at once, and say what came of each.

usage: get.py URL [URL ...]
"""

import sys

from sennit.core import task
from sennit.core.defer import DeferredList
from sennit.core.engine import Reactor
from sennit.web.client import Answer, Client


def told(answer: Answer) -> str:
    way = " -> ".join(each.url for each in [*answer.history, answer])
    kind = answer.headers.getRawHeaders("content-type", ["unknown"])[0]
    return (
        f"{answer.status} {answer.reason}, {len(answer.content)} bytes of {kind}: {way}"
    )


async def main(reactor: Reactor, *urls: str) -> None:
    async with Client(timeout=30, reactor=reactor) as client:
        asked = [client.get(url) for url in urls]
        for url, (well, outcome) in zip(
            urls, await DeferredList(asked, consumeErrors=True), strict=True
        ):
            print(told(outcome) if well else f"{url}: {outcome.getErrorMessage()}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    task.react(main, sys.argv[1:])
