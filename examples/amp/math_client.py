"""Ask for sums and quotients: a result, a known error, a call that takes too long.

usage: math_client.py [PORT]     (1234 unless told)
"""

import sys

from math_commands import Divide, Sum

from sennit.core import reactor, task
from sennit.core.endpoints import TCP4ClientEndpoint, connectProtocol
from sennit.core.engine import Reactor
from sennit.protocols import amp


async def ask(reactor: Reactor, port: int) -> None:
    endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", port)
    math = await connectProtocol(endpoint, amp.AMP())

    answer = await math.callRemote(Sum, a=1, b=5)
    print("1 + 5 =", answer.total)

    # Both are on their way before the first is awaited.
    calls = [math.callRemote(Divide, numerator=1234, denominator=n) for n in (2, 0)]
    print("1234 / 2 =", (await calls[0]).result)
    try:
        await calls[1]
    except ZeroDivisionError as error:
        print("Divided by zero:", error)

    # A call that is made beforehand can be given its time.
    late = await math.callRemote(Sum(a=2, b=3), timeout=5)
    print("2 + 3 =", late.total)


if __name__ == "__main__":
    task.react(ask, (int(sys.argv[1]) if sys.argv[1:] else 1234,), reactor)
