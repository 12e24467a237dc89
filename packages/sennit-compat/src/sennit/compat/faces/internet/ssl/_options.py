"""What a connection is to be: its certificate, whom it trusts, how old its TLS may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from OpenSSL import SSL, crypto
from zope.interface import implementer

from sennit.compat.faces.internet.ssl._arguments import exclusive
from sennit.compat.faces.internet.ssl._ciphers import DiffieHellmanParameters
from sennit.compat.faces.internet.ssl._making import makeContext
from sennit.compat.faces.internet.ssl._trust import (
    CertificateAuthorities,
    trustRootFrom,
)
from sennit.compat.faces.internet.ssl._versions import TLSVersion, versionRange
from sennit.core.interfaces import (
    IOpenSSLClientConnectionCreator,
    IOpenSSLContextFactory,
    IOpenSSLServerConnectionCreator,
)

if TYPE_CHECKING:
    from sennit.core import contracts

__all__ = ["CertificateOptions"]

# Arguments that say the same in different ways.
_EXCLUSIVE: Final = (
    ("trustRoot", "verify"),
    ("trustRoot", "caCerts"),
    ("trustRoot", "requireCertificate"),
    ("method", "raiseMinimumTo"),
    ("method", "insecurelyLowerMinimumTo"),
    ("method", "lowerMaximumSecurityTo"),
    ("raiseMinimumTo", "insecurelyLowerMinimumTo"),
)


@implementer(
    IOpenSSLContextFactory,
    IOpenSSLServerConnectionCreator,
    IOpenSSLClientConnectionCreator,
)
class CertificateOptions:
    """Options for either side of TLS.

    A client with these alone verifies at most who vouches for the server, not that it
    is the one that was meant: that is what `optionsForClientTLS` is for.
    """

    @exclusive(*_EXCLUSIVE)
    def __init__(
        self,
        privateKey: crypto.PKey | None = None,
        certificate: crypto.X509 | None = None,
        method: int | None = None,
        verify: bool = False,
        caCerts: Sequence[crypto.X509] | None = None,
        verifyDepth: int = 9,
        requireCertificate: bool = True,
        verifyOnce: bool = True,
        enableSingleUseKeys: bool = True,
        enableSessions: bool = False,
        fixBrokenPeers: bool = False,
        enableSessionTickets: bool = False,
        extraCertChain: Sequence[crypto.X509] | None = None,
        acceptableCiphers: contracts.IAcceptableCiphers | None = None,
        dhParameters: DiffieHellmanParameters | None = None,
        trustRoot: Any = None,
        acceptableProtocols: Sequence[bytes] | None = None,
        raiseMinimumTo: TLSVersion | None = None,
        insecurelyLowerMinimumTo: TLSVersion | None = None,
        lowerMaximumSecurityTo: TLSVersion | None = None,
        contextForServerName: Callable[[bytes | None], SSL.Context | None]
        | None = None,
    ) -> None:
        """Say what connections are to be.

        Args:
            privateKey: The key of the certificate.
            certificate: What this side shows.
            method: A method of `OpenSSL.SSL`, which says the version of TLS, in the
                place of the three arguments that do.
            verify: Whether the other side must show a certificate that is good.
            caCerts: Whom to trust, if *verify*.
            verifyDepth: How many certificates a chain may have.
            requireCertificate: Whether a client must show one, if *verify*.
            verifyOnce: Whether a client is asked at its first handshake only.
            enableSingleUseKeys: Whether keys exchanged are used once; OpenSSL of today
                does so always.
            enableSessions: Whether a server lets clients resume sessions.
            fixBrokenPeers: Whether to work around the faults of others.
            enableSessionTickets: Whether clients may keep the sessions themselves.
            extraCertChain: Who vouches for *certificate*, the root left out.
            acceptableCiphers: The ciphers that may be used; None for good ones.
            dhParameters: For the key exchange of Diffie and Hellman; None for none but
                that on elliptic curves.
            trustRoot: Whom to trust: a `Certificate`, `platformTrust()` or
                `trustRootFromCertificates(…)`. The other side must show a certificate
                then.
            acceptableProtocols: The protocols to agree on one of (ALPN), the most
                wanted first.
            raiseMinimumTo: The oldest TLS, if that is newer than 1.2.
            insecurelyLowerMinimumTo: The oldest TLS, whatever it is.
            lowerMaximumSecurityTo: The newest TLS.
            contextForServerName: Given the name that a client asks for, or None, says
                which context serves it; None is this one.

        Raises:
            ValueError: A key without a certificate or the reverse, a chain without
                either, *verify* without *caCerts*, no version or cipher that is left.
            TypeError: Two arguments that say the same in different ways, or whom to
                trust is nobody.
        """
        if (privateKey is None) != (certificate is None):
            raise ValueError("a privateKey needs its certificate, and the reverse")
        if extraCertChain and certificate is None:
            raise ValueError("extraCertChain needs a privateKey and a certificate")
        if verify and not caCerts:
            raise ValueError("verify needs caCerts to trust")
        self.privateKey = privateKey
        self.certificate = certificate
        self.method = method
        self.verifyDepth = verifyDepth
        self.verifyOnce = verifyOnce
        self.enableSingleUseKeys = enableSingleUseKeys
        self.enableSessions = enableSessions
        self.fixBrokenPeers = fixBrokenPeers
        self.enableSessionTickets = enableSessionTickets
        self.extraCertChain: list[crypto.X509] = list(extraCertChain or ())
        self.acceptableCiphers = acceptableCiphers
        self.dhParameters = dhParameters
        self.acceptableProtocols: list[bytes] = list(acceptableProtocols or ())
        self.contextForServerName = contextForServerName
        self.versions: tuple[TLSVersion, TLSVersion] = versionRange(
            raiseMinimumTo, insecurelyLowerMinimumTo, lowerMaximumSecurityTo
        )
        self.caCerts = caCerts
        self.trustRoot: Any = None
        if verify:
            self.trustRoot = CertificateAuthorities(caCerts or ())
        elif trustRoot is not None:
            self.trustRoot = trustRootFrom(trustRoot)
        self.verify: bool = self.trustRoot is not None
        self.requireCertificate = requireCertificate
        # What is wrong with all this is told to who has said it.
        self._context = makeContext(self)

    def getContext(self) -> SSL.Context:
        """The context of all connections with these options."""
        return self._context

    def serverConnectionForTLS(self, protocol: Any) -> SSL.Connection:
        """A new connection for a server.

        Args:
            protocol: Its ``failVerification`` is called with a `Failure` if
                *contextForServerName* fails.
        """
        return self._connection(protocol)

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:
        """A new connection for a client."""
        return self._connection(protocol)

    def _connection(self, protocol: Any) -> SSL.Connection:
        connection = SSL.Connection(self._context, None)
        connection.set_app_data(protocol)
        return connection
