"""For tests: transports and reactors that take notes, connections in memory, contracts.

`StringTransport` and `MemoryReactor` only note what they are told. `connect` joins two
protocols in memory with everything a real connection does. `TRANSPORT_CHECKS` and
`REACTOR_CHECKS` are the contracts as checks, for every implementation to pass.
"""

from __future__ import annotations

from sennit.core.testing._certificates import (
    CertificateAuthority as CertificateAuthority,
    selfSigned as selfSigned,
)
from sennit.core.testing._observe import (
    EventLoggingObserver as EventLoggingObserver,
    waitUntilAllDisconnected as waitUntilAllDisconnected,
)
from sennit.core.testing._ports import (
    FakeConnector as FakeConnector,
    FakePort as FakePort,
    SynchronousResolver as SynchronousResolver,
)
from sennit.core.testing._protocols import (
    AccumulatingProtocol as AccumulatingProtocol,
    LineSendingProtocol as LineSendingProtocol,
    NonStreamingProducer as NonStreamingProducer,
)
from sennit.core.testing._pump import (
    IOPump as IOPump,
    connect as connect,
    connectedServerAndClient as connectedServerAndClient,
)
from sennit.core.testing._raising import (
    RaisingMemoryReactor as RaisingMemoryReactor,
)
from sennit.core.testing._reactor import (
    MemoryReactor as MemoryReactor,
    MemoryReactorClock as MemoryReactorClock,
)
from sennit.core.testing._resolver import (
    MemoryResolver as MemoryResolver,
    MemorySearch as MemorySearch,
)
from sennit.core.testing._steps import (
    MemoryPair as MemoryPair,
    ReactorPair as ReactorPair,
    Steps as Steps,
    TransportPair as TransportPair,
    driveReactor as driveReactor,
    quiet as quiet,
    runReactor as runReactor,
)
from sennit.core.testing._suites import (
    REACTOR_CHECKS as REACTOR_CHECKS,
    TRANSPORT_CHECKS as TRANSPORT_CHECKS,
    checkReactor as checkReactor,
    checkTransport as checkTransport,
)
from sennit.core.testing._transport import (
    FakeTransport as FakeTransport,
)
from sennit.core.testing._transports import (
    FakeDatagramTransport as FakeDatagramTransport,
    StringIOWithoutClosing as StringIOWithoutClosing,
    StringTransport as StringTransport,
    StringTransportWithDisconnection as StringTransportWithDisconnection,
)

__all__ = [
    "AccumulatingProtocol",
    "CertificateAuthority",
    "EventLoggingObserver",
    "FakeConnector",
    "FakeDatagramTransport",
    "FakePort",
    "FakeTransport",
    "IOPump",
    "LineSendingProtocol",
    "MemoryPair",
    "MemoryReactor",
    "MemoryReactorClock",
    "MemoryResolver",
    "MemorySearch",
    "NonStreamingProducer",
    "REACTOR_CHECKS",
    "RaisingMemoryReactor",
    "ReactorPair",
    "Steps",
    "StringIOWithoutClosing",
    "StringTransport",
    "StringTransportWithDisconnection",
    "SynchronousResolver",
    "TRANSPORT_CHECKS",
    "TransportPair",
    "checkReactor",
    "checkTransport",
    "connect",
    "connectedServerAndClient",
    "driveReactor",
    "quiet",
    "runReactor",
    "selfSigned",
    "waitUntilAllDisconnected",
]
