"""``twisted.internet._sslverify``: what programs take from behind the shop window."""

from __future__ import annotations

from sennit.compat.faces.internet.ssl import (
    DN as DN,
    AcceptableCiphers as OpenSSLAcceptableCiphers,
    CertBase as CertBase,
    Certificate as Certificate,
    CertificateOptions as OpenSSLCertificateOptions,
    CertificateRequest as CertificateRequest,
    DiffieHellmanParameters as OpenSSLDiffieHellmanParameters,
    DistinguishedName as DistinguishedName,
    KeyPair as KeyPair,
    OpenSSLDefaultPaths as OpenSSLDefaultPaths,
    PrivateCertificate as PrivateCertificate,
    TLSVersion as TLSVersion,
    VerificationError as VerificationError,
    optionsForClientTLS as optionsForClientTLS,
    platformTrust as platformTrust,
    trustRootFromCertificates as trustRootFromCertificates,
)
from sennit.compat.faces.internet.ssl._ciphers import Cipher as OpenSSLCipher
from sennit.compat.faces.internet.ssl._client import (
    ClientTLSOptions as ClientTLSOptions,
)
from sennit.compat.faces.internet.ssl._keys import PublicKey as PublicKey
from sennit.compat.faces.internet.ssl._trust import (
    CertificateAuthorities as OpenSSLCertificateAuthorities,
    IOpenSSLTrustRoot as IOpenSSLTrustRoot,
)

__all__ = [
    "CertBase",
    "Certificate",
    "CertificateRequest",
    "ClientTLSOptions",
    "DN",
    "DistinguishedName",
    "IOpenSSLTrustRoot",
    "KeyPair",
    "OpenSSLAcceptableCiphers",
    "OpenSSLCertificateAuthorities",
    "OpenSSLCertificateOptions",
    "OpenSSLCipher",
    "OpenSSLDefaultPaths",
    "OpenSSLDiffieHellmanParameters",
    "PrivateCertificate",
    "PublicKey",
    "TLSVersion",
    "VerificationError",
    "optionsForClientTLS",
    "platformTrust",
    "trustRootFromCertificates",
]
