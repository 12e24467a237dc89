"""How a host with two addresses is connected to, shown with time in our hand."""

from sennit.core.endpoints import HostnameEndpoint
from sennit.core.protocol import Factory, Protocol
from sennit.core.testing import MemoryReactorClock, MemoryResolver

reactor = MemoryReactorClock()
reactor.installNameResolver(
    MemoryResolver({"example.org": ["2001:db8::1", "192.0.2.1"]})
)
endpoint = HostnameEndpoint(reactor, "example.org", 80)
connecting = endpoint.connect(Factory.forProtocol(Protocol))

for moment in (0, 0.1, 0.25):
    reactor.advance(moment - reactor.seconds())
    tried = [host for host, *_ in reactor.tcpClients]
    print(f"after {moment} s:", *tried)

connecting.addErrback(lambda failure: print("given up:", failure.value))
connecting.cancel()
print([connector.stoppedConnecting for connector in reactor.connectors])
