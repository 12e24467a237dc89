"""``twisted.internet.ssl``: TLS in the terms of pyOpenSSL, over Sennit's engine.

Native programs use `sennit.core.tls`, which is the standard library's ``ssl`` and needs
none of this.
"""

from __future__ import annotations

try:
    # Optional, like TLS itself was: only who imports this needs it.
    import OpenSSL as _OpenSSL  # noqa: F401
except ImportError as _error:
    raise ImportError(
        "twisted.internet.ssl needs: pip install 'pyopenssl>=25.2'"
    ) from _error

from sennit.compat.faces.internet.ssl._certificates import (
    CertBase as CertBase,
    Certificate as Certificate,
    CertificateRequest as CertificateRequest,
)
from sennit.compat.faces.internet.ssl._ciphers import (
    AcceptableCiphers as AcceptableCiphers,
    DiffieHellmanParameters as DiffieHellmanParameters,
)
from sennit.compat.faces.internet.ssl._client import (
    optionsForClientTLS as optionsForClientTLS,
)
from sennit.compat.faces.internet.ssl._factories import (
    ClientContextFactory as ClientContextFactory,
    ContextFactory as ContextFactory,
    DefaultOpenSSLContextFactory as DefaultOpenSSLContextFactory,
)
from sennit.compat.faces.internet.ssl._identity import (
    VerificationError as VerificationError,
)
from sennit.compat.faces.internet.ssl._names import (
    DN as DN,
    DistinguishedName as DistinguishedName,
)
from sennit.compat.faces.internet.ssl._negotiation import (
    ProtocolNegotiationSupport as ProtocolNegotiationSupport,
    protocolNegotiationMechanisms as protocolNegotiationMechanisms,
)
from sennit.compat.faces.internet.ssl._options import (
    CertificateOptions as CertificateOptions,
)
from sennit.compat.faces.internet.ssl._pairs import (
    KeyPair as KeyPair,
    PrivateCertificate as PrivateCertificate,
)
from sennit.compat.faces.internet.ssl._pyopenssl import adapt as _adapt  # noqa: F401
from sennit.compat.faces.internet.ssl._trust import (
    OpenSSLDefaultPaths as OpenSSLDefaultPaths,
    platformTrust as platformTrust,
    trustRootFromCertificates as trustRootFromCertificates,
)
from sennit.compat.faces.internet.ssl._versions import TLSVersion as TLSVersion
from sennit.core.engine import (
    SecureConnection as Client,
    TCPConnector as Connector,
    TCPPort as Port,
)

Server = Client

# Whether there is TLS; programs asked before they did more.
supported = True

__all__ = [
    "AcceptableCiphers",
    "CertBase",
    "Certificate",
    "CertificateOptions",
    "CertificateRequest",
    "Client",
    "ClientContextFactory",
    "Connector",
    "ContextFactory",
    "DN",
    "DefaultOpenSSLContextFactory",
    "DiffieHellmanParameters",
    "DistinguishedName",
    "KeyPair",
    "OpenSSLDefaultPaths",
    "Port",
    "PrivateCertificate",
    "ProtocolNegotiationSupport",
    "Server",
    "TLSVersion",
    "VerificationError",
    "optionsForClientTLS",
    "platformTrust",
    "protocolNegotiationMechanisms",
    "supported",
    "trustRootFromCertificates",
]
