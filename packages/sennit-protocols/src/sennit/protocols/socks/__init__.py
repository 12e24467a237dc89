"""Servers that connect others: SOCKS of versions 4, 4a and 5.

A connection is passed on as by `sennit.protocols.portforward`: with flow control both
ways, and each direction ends on its own.
"""

from __future__ import annotations

from sennit.protocols.socks._v4 import (
    SOCKSv4 as SOCKSv4,
    SOCKSv4Factory as SOCKSv4Factory,
    SOCKSv4Incoming as SOCKSv4Incoming,
    SOCKSv4IncomingFactory as SOCKSv4IncomingFactory,
    SOCKSv4Outgoing as SOCKSv4Outgoing,
)
from sennit.protocols.socks._v5 import (
    SOCKSv5 as SOCKSv5,
    SOCKSv5Factory as SOCKSv5Factory,
)
from sennit.protocols.socks._wire import SOCKSError as SOCKSError

__all__ = [
    "SOCKSError",
    "SOCKSv4",
    "SOCKSv4Factory",
    "SOCKSv4Incoming",
    "SOCKSv4IncomingFactory",
    "SOCKSv4Outgoing",
    "SOCKSv5",
    "SOCKSv5Factory",
]
