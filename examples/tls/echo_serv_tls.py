"""Send every client back what it sends, over TLS.

usage: echo_serv_tls.py AUTHORITY.pem [PORT]     (9443 unless told; 0 for any)

The certificate is one to throw away: who vouches for it is written to AUTHORITY.pem,
for clients to trust. It needs: pip install cryptography
"""

import sys
from pathlib import Path

from sennit.core import reactor, tls
from sennit.core.failure import Failure
from sennit.core.protocol import Factory, Protocol, connectionDone
from sennit.core.testing import CertificateAuthority


class Echo(Protocol):
    def connectionMade(self) -> None:
        print("connected, the handshake is done", flush=True)

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        print("over:", reason.getErrorMessage(), flush=True)


class EchoFactory(Factory):
    protocol = Echo


if __name__ == "__main__":
    authority = CertificateAuthority()
    Path(sys.argv[1]).write_bytes(authority.pem)
    options = tls.serverOptions(authority.issue("localhost", "127.0.0.1"))
    number = int(sys.argv[2]) if sys.argv[2:] else 9443
    port = reactor.listenSSL(number, EchoFactory(), options)
    print("echo on TLS port", port.getHost().port, flush=True)
    reactor.run()
