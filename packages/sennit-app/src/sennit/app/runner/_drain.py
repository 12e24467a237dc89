"""Letting clients come to their end before the process does.

A protocol may say more than that it is waited for. Its method ``drain()`` is called once:
it takes no new work, and ends the connection when what is under way is done. Its
``drainTimeout`` is how many seconds it may take, where the default does not suit it.
Connections that the program has made itself are its services' matter.
"""

from __future__ import annotations

from typing import Any

from sennit.core import defer, log, task

__all__ = ["drain"]

# Seconds between two looks. Nobody notices so little at the end of a process, and no
# connection has to carry something that tells of its end.
_LOOK = 0.05


async def drain(reactor: Any, patience: float) -> int:
    """Listen no more, and wait until all clients have gone, or had their time.

    Args:
        reactor: whose ports and connections.
        patience: seconds that each connection may take.

    Returns:
        How many have not ended; they are cut off when the reactor stops.
    """
    await defer.gatherResults([port.stopListening() for port in reactor.getPorts()])
    begun = reactor.seconds()
    asked: set[int] = set()
    while open_ := [each for each in reactor.getConnections() if each.accepted]:
        passed = reactor.seconds() - begun
        waiting = 0
        for connection in open_:
            protocol = _innermost(connection.protocol)
            if id(connection) not in asked:
                asked.add(id(connection))
                _ask(protocol)
            waiting += passed < getattr(protocol, "drainTimeout", patience)
        if not waiting:
            log.msg(f"connections that have not ended in time: {len(open_)}")
            break
        await task.deferLater(reactor, _LOOK)
    return len(open_)


def _innermost(protocol: Any) -> Any:
    """The protocol that policies are wrapped around."""
    while (wrapped := getattr(protocol, "wrappedProtocol", None)) is not None:
        protocol = wrapped
    return protocol


def _ask(protocol: Any) -> None:
    """Have a protocol finish; that it cannot is its own connection's matter."""
    finish = getattr(protocol, "drain", None)
    if finish is None:
        return
    try:
        finish()
    except Exception:
        log.err(None, f"{protocol!r} has failed to drain")
