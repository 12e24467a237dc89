"""A connected socket is given to the loop.

uvloop closes the descriptor itself, and is to let go of the Python object that has
it as well; it forgets that where the transport is closed before it is handed out, or
its making is cancelled. The object, once collected, would then close a descriptor that
may be another's by that time. So we let go of it in uvloop's place.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from sennit.core.engine._origin import Origin
from sennit.core.engine._tls._secure import connectionFor

__all__ = ["handOver"]


async def handOver(
    loop: asyncio.AbstractEventLoop, sock: socket.socket, origin: Origin
) -> Any:
    """Have the loop serve *sock* from now on, by a connection of *origin*'s.

    Returns:
        The loop's transport.
    """
    inet = sock.family in (socket.AF_INET, socket.AF_INET6)
    create: Any = loop.create_connection if inet else loop.create_unix_connection
    foreign = not isinstance(loop, asyncio.BaseEventLoop)
    try:
        transport, _ = await create(connectionFor(origin, inet), sock=sock)
    except BaseException:
        if foreign:
            sock.detach()
        raise
    if foreign and transport.is_closing():
        sock.detach()
    return transport
