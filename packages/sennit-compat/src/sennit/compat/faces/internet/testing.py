"""``twisted.internet.testing``: the test doubles, two of them under private names."""

from __future__ import annotations

from sennit.core.testing import (
    AccumulatingProtocol as AccumulatingProtocol,
    EventLoggingObserver as EventLoggingObserver,
    FakeConnector as _FakeConnector,
    FakeDatagramTransport as FakeDatagramTransport,
    FakePort as _FakePort,
    LineSendingProtocol as LineSendingProtocol,
    MemoryReactor as MemoryReactor,
    MemoryReactorClock as MemoryReactorClock,
    NonStreamingProducer as NonStreamingProducer,
    RaisingMemoryReactor as RaisingMemoryReactor,
    StringIOWithoutClosing as StringIOWithoutClosing,
    StringTransport as StringTransport,
    StringTransportWithDisconnection as StringTransportWithDisconnection,
    waitUntilAllDisconnected as waitUntilAllDisconnected,
)

__all__ = [
    "AccumulatingProtocol",
    "EventLoggingObserver",
    "FakeDatagramTransport",
    "LineSendingProtocol",
    "MemoryReactor",
    "MemoryReactorClock",
    "NonStreamingProducer",
    "RaisingMemoryReactor",
    "StringIOWithoutClosing",
    "StringTransport",
    "StringTransportWithDisconnection",
    "_FakeConnector",
    "_FakePort",
    "waitUntilAllDisconnected",
]
