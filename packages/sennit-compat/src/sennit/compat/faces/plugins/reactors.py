"""``twisted.plugins.twisted_reactors``: the names by which programs choose reactors.

There is one kind of reactor; which loop is beneath, ``SENNIT_LOOP`` decides.
"""

from __future__ import annotations

from sennit.compat.faces.application.reactors import Reactor

__all__ = ["asyncio", "default", "epoll", "iocp", "poll", "select"]

default: Reactor = Reactor(
    "default", "twisted.internet.default", "A reasonable default."
)
asyncio: Reactor = Reactor(
    "asyncio", "twisted.internet.asyncioreactor", "On asyncio's loop."
)
epoll: Reactor = Reactor(
    "epoll", "twisted.internet.epollreactor", "Accepted; the default."
)
iocp: Reactor = Reactor("iocp", "twisted.internet.iocpreactor", "Accepted on Windows.")
poll: Reactor = Reactor(
    "poll", "twisted.internet.pollreactor", "Accepted; the default."
)
select: Reactor = Reactor(
    "select", "twisted.internet.selectreactor", "Accepted; the default."
)
