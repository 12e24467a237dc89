"""Policies: what goes around any protocol, on any transport.

A policy is a factory around a factory: ``TimeoutFactory(LimitConnectionsByPeer(site),
600)``. `TimeoutMixin` is for a protocol that knows itself when it has waited enough.
"""

from __future__ import annotations

from sennit.protocols.policies._limits import (
    LimitConnectionsByPeer as LimitConnectionsByPeer,
    LimitTotalConnectionsFactory as LimitTotalConnectionsFactory,
)
from sennit.protocols.policies._throttling import (
    ThrottlingFactory as ThrottlingFactory,
    ThrottlingProtocol as ThrottlingProtocol,
)
from sennit.protocols.policies._timeout import (
    TimeoutFactory as TimeoutFactory,
    TimeoutMixin as TimeoutMixin,
    TimeoutProtocol as TimeoutProtocol,
)
from sennit.protocols.policies._traffic import (
    SpewingFactory as SpewingFactory,
    SpewingProtocol as SpewingProtocol,
    TrafficLoggingFactory as TrafficLoggingFactory,
    TrafficLoggingProtocol as TrafficLoggingProtocol,
)
from sennit.protocols.policies._wrapping import (
    ProtocolWrapper as ProtocolWrapper,
    WrappingFactory as WrappingFactory,
)

__all__ = [
    "LimitConnectionsByPeer",
    "LimitTotalConnectionsFactory",
    "ProtocolWrapper",
    "SpewingFactory",
    "SpewingProtocol",
    "ThrottlingFactory",
    "ThrottlingProtocol",
    "TimeoutFactory",
    "TimeoutMixin",
    "TimeoutProtocol",
    "TrafficLoggingFactory",
    "TrafficLoggingProtocol",
    "WrappingFactory",
]
