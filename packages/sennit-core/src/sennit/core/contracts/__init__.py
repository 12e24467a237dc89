"""The contracts between the reactor, transports, protocols and everything around them.

Each is written once, here, as a ``typing.Protocol`` with documented methods: for
annotations, and for whoever writes an implementation of their own. Whoever needs the
same contract at run time (``implementer``, ``providedBy``, ``verifyObject``) finds it,
by the same name, in `sennit.core.interfaces`.

The engine imports these names for type checking only: making seventy classes of this
kind would cost every program's start some milliseconds, for nothing.
"""

from __future__ import annotations

from sennit.core.contracts._addresses import (
    IAddress as IAddress,
)
from sennit.core.contracts._connections import (
    IConnector as IConnector,
    IListeningPort as IListeningPort,
)
from sennit.core.contracts._datagrams import (
    IMulticastTransport as IMulticastTransport,
    IUDPTransport as IUDPTransport,
    IUNIXDatagramConnectedTransport as IUNIXDatagramConnectedTransport,
    IUNIXDatagramTransport as IUNIXDatagramTransport,
)
from sennit.core.contracts._descriptors import (
    IFileDescriptor as IFileDescriptor,
    IReadDescriptor as IReadDescriptor,
    IReadWriteDescriptor as IReadWriteDescriptor,
    IWriteDescriptor as IWriteDescriptor,
)
from sennit.core.contracts._endpoints import (
    IStreamClientEndpoint as IStreamClientEndpoint,
    IStreamClientEndpointStringParserWithReactor as IStreamClientEndpointStringParserWithReactor,
    IStreamServerEndpoint as IStreamServerEndpoint,
    IStreamServerEndpointStringParser as IStreamServerEndpointStringParser,
)
from sennit.core.contracts._network import (
    IReactorMulticast as IReactorMulticast,
    IReactorProcess as IReactorProcess,
    IReactorSocket as IReactorSocket,
    IReactorSSL as IReactorSSL,
    IReactorTCP as IReactorTCP,
    IReactorUDP as IReactorUDP,
    IReactorUNIX as IReactorUNIX,
    IReactorUNIXDatagram as IReactorUNIXDatagram,
)
from sennit.core.contracts._producers import (
    IConsumer as IConsumer,
    IProducer as IProducer,
    IPullProducer as IPullProducer,
    IPushProducer as IPushProducer,
)
from sennit.core.contracts._protocols import (
    IFileDescriptorReceiver as IFileDescriptorReceiver,
    IHalfCloseableProtocol as IHalfCloseableProtocol,
    IHandshakeListener as IHandshakeListener,
    ILoggingContext as ILoggingContext,
    IProcessProtocol as IProcessProtocol,
    IProtocol as IProtocol,
    IProtocolFactory as IProtocolFactory,
    IProtocolNegotiationFactory as IProtocolNegotiationFactory,
)
from sennit.core.contracts._reactor import (
    IDelayedCall as IDelayedCall,
    IReactorCore as IReactorCore,
    IReactorDaemonize as IReactorDaemonize,
    IReactorFDSet as IReactorFDSet,
    IReactorFromThreads as IReactorFromThreads,
    IReactorInThreads as IReactorInThreads,
    IReactorThreads as IReactorThreads,
    IReactorTime as IReactorTime,
)
from sennit.core.contracts._resolution import (
    IHostnameResolver as IHostnameResolver,
    IHostResolution as IHostResolution,
    IReactorPluggableNameResolver as IReactorPluggableNameResolver,
    IReactorPluggableResolver as IReactorPluggableResolver,
    IResolutionReceiver as IResolutionReceiver,
    IResolver as IResolver,
    IResolverSimple as IResolverSimple,
)
from sennit.core.contracts._tls import (
    IAcceptableCiphers as IAcceptableCiphers,
    ICipher as ICipher,
    IOpenSSLClientConnectionCreator as IOpenSSLClientConnectionCreator,
    IOpenSSLContextFactory as IOpenSSLContextFactory,
    IOpenSSLServerConnectionCreator as IOpenSSLServerConnectionCreator,
)
from sennit.core.contracts._transports import (
    IHalfCloseableDescriptor as IHalfCloseableDescriptor,
    INegotiated as INegotiated,
    IProcessTransport as IProcessTransport,
    ISSLTransport as ISSLTransport,
    ISystemHandle as ISystemHandle,
    ITCPTransport as ITCPTransport,
    ITLSTransport as ITLSTransport,
    ITransport as ITransport,
    IUNIXTransport as IUNIXTransport,
)
from sennit.core.filepath._contract import IFilePath as IFilePath

__all__ = [
    "IAcceptableCiphers",
    "IAddress",
    "ICipher",
    "IConnector",
    "IConsumer",
    "IDelayedCall",
    "IFileDescriptor",
    "IFileDescriptorReceiver",
    "IFilePath",
    "IHalfCloseableDescriptor",
    "IHalfCloseableProtocol",
    "IHandshakeListener",
    "IHostResolution",
    "IHostnameResolver",
    "IListeningPort",
    "ILoggingContext",
    "IMulticastTransport",
    "INegotiated",
    "IOpenSSLClientConnectionCreator",
    "IOpenSSLContextFactory",
    "IOpenSSLServerConnectionCreator",
    "IProcessProtocol",
    "IProcessTransport",
    "IProducer",
    "IProtocol",
    "IProtocolFactory",
    "IProtocolNegotiationFactory",
    "IPullProducer",
    "IPushProducer",
    "IReactorCore",
    "IReactorDaemonize",
    "IReactorFDSet",
    "IReactorFromThreads",
    "IReactorInThreads",
    "IReactorMulticast",
    "IReactorPluggableNameResolver",
    "IReactorPluggableResolver",
    "IReactorProcess",
    "IReactorSSL",
    "IReactorSocket",
    "IReactorTCP",
    "IReactorThreads",
    "IReactorTime",
    "IReactorUDP",
    "IReactorUNIX",
    "IReactorUNIXDatagram",
    "IReadDescriptor",
    "IReadWriteDescriptor",
    "IResolutionReceiver",
    "IResolver",
    "IResolverSimple",
    "ISSLTransport",
    "IStreamClientEndpoint",
    "IStreamClientEndpointStringParserWithReactor",
    "IStreamServerEndpoint",
    "IStreamServerEndpointStringParser",
    "ISystemHandle",
    "ITCPTransport",
    "ITLSTransport",
    "ITransport",
    "IUDPTransport",
    "IUNIXDatagramConnectedTransport",
    "IUNIXDatagramTransport",
    "IUNIXTransport",
    "IWriteDescriptor",
]
