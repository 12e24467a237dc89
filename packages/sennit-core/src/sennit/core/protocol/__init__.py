"""What users subclass: protocols, and the factories that make one per connection."""

from __future__ import annotations

from sennit.core.protocol._adapters import (
    ConsumerToProtocolAdapter as ConsumerToProtocolAdapter,
    ProtocolToConsumerAdapter as ProtocolToConsumerAdapter,
)
from sennit.core.protocol._creator import ClientCreator as ClientCreator
from sennit.core.protocol._datagram import (
    AbstractDatagramProtocol as AbstractDatagramProtocol,
    ConnectedDatagramProtocol as ConnectedDatagramProtocol,
    DatagramProtocol as DatagramProtocol,
)
from sennit.core.protocol._factory import (
    ClientFactory as ClientFactory,
    Factory as Factory,
    ServerFactory as ServerFactory,
)
from sennit.core.protocol._file import FileWrapper as FileWrapper
from sennit.core.protocol._process import ProcessProtocol as ProcessProtocol
from sennit.core.protocol._protocol import (
    BaseProtocol as BaseProtocol,
    Protocol as Protocol,
    connectionDone as connectionDone,
)
from sennit.core.protocol._reconnecting import (
    ReconnectingClientFactory as ReconnectingClientFactory,
)

__all__ = [
    "AbstractDatagramProtocol",
    "BaseProtocol",
    "ClientCreator",
    "ClientFactory",
    "ConnectedDatagramProtocol",
    "ConsumerToProtocolAdapter",
    "DatagramProtocol",
    "Factory",
    "FileWrapper",
    "ProcessProtocol",
    "Protocol",
    "ProtocolToConsumerAdapter",
    "ReconnectingClientFactory",
    "ServerFactory",
    "connectionDone",
]
