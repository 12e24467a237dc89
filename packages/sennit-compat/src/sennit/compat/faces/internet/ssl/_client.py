"""Connecting to somebody whose name is known, who must prove to have it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from OpenSSL import SSL
from zope.interface import implementer

from sennit.compat.faces.internet.ssl._identity import (
    addressIn,
    inASCII,
    verifyIdentity,
)
from sennit.compat.faces.internet.ssl._options import CertificateOptions
from sennit.compat.faces.internet.ssl._pairs import PrivateCertificate
from sennit.compat.faces.internet.ssl._trust import platformTrust
from sennit.core.failure import Failure
from sennit.core.interfaces import IOpenSSLClientConnectionCreator

__all__ = ["ClientTLSOptions", "optionsForClientTLS"]


@implementer(IOpenSSLClientConnectionCreator)
class ClientTLSOptions:
    """Makes connections that verify who the other side is.

    Args:
        hostname: The name, or IP address, that the other side must prove to have.
        ctx: The context of the connections, or what makes a connection, given the
            protocol it is for.
        sendServerName: Whether the server is told the name that is asked for (SNI);
            None tells names, but not addresses.
    """

    # The names of what follows are Twisted's: programs that have their own opinion of
    # certificates override `_identityVerifyingInfoCallback`, and read the others.

    def __init__(
        self,
        hostname: str,
        ctx: SSL.Context | Callable[[Any], SSL.Connection],
        sendServerName: bool | None = None,
    ) -> None:
        self._ctx = ctx
        self._hostname = hostname
        self._hostnameIsDnsName = addressIn(hostname) is None
        self._hostnameASCII = inASCII(hostname)
        self._hostnameBytes = self._hostnameASCII.encode("ascii")
        self._sendServerName = (
            self._hostnameIsDnsName if sendServerName is None else sendServerName
        )

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:
        """Make a connection.

        Args:
            tlsProtocol: Its ``failVerification`` is called with a `Failure` if the
                other side is somebody else.
        """
        ctx = self._ctx
        if isinstance(ctx, SSL.Context):
            connection = SSL.Connection(ctx, None)
        else:
            connection = ctx(tlsProtocol)
        connection.set_app_data(tlsProtocol)
        if self._sendServerName:
            connection.set_tlsext_host_name(self._hostnameBytes)

        def informed(connection: SSL.Connection, where: int, ret: int) -> None:
            # What a callback of OpenSSL's raises would be printed, and forgotten.
            try:
                self._identityVerifyingInfoCallback(connection, where, ret)
            except Exception:
                tlsProtocol.failVerification(Failure())

        connection.set_info_callback(informed)
        return connection

    def _identityVerifyingInfoCallback(
        self, connection: SSL.Connection, where: int, ret: int
    ) -> None:
        if where & SSL.SSL_CB_HANDSHAKE_DONE:
            shown: Any = connection.get_peer_certificate(as_cryptography=True)
            verifyIdentity(shown, self._hostnameASCII)


def optionsForClientTLS(
    hostname: str,
    trustRoot: Any = None,
    clientCertificate: PrivateCertificate | None = None,
    acceptableProtocols: Sequence[bytes] | None = None,
    *,
    extraCertificateOptions: dict[str, Any] | None = None,
    sendServerName: bool | None = None,
) -> ClientTLSOptions:
    """What connects to a host, and makes sure that it is that host.

    Args:
        hostname: The name, or IP address, that the other side must prove to have.
        trustRoot: Who may vouch for it: a `Certificate`, or
            `trustRootFromCertificates(…)`; None for all that the platform trusts.
        clientCertificate: What to show to servers that ask.
        acceptableProtocols: The protocols to agree on one of (ALPN), the most wanted
            first.
        extraCertificateOptions: More arguments of `CertificateOptions`.
        sendServerName: Whether the server is told the name that is asked for (SNI);
            None tells names, but not addresses.

    Raises:
        TypeError: The name is no text, or whom to trust is nobody.
        UnicodeError: The name is none.
    """
    if not isinstance(hostname, str):
        raise TypeError(
            "optionsForClientTLS requires text for host names, not "
            + type(hostname).__name__
        )
    shown: dict[str, Any] = {}
    if clientCertificate is not None:
        shown["privateKey"] = clientCertificate.privateKey.original
        shown["certificate"] = clientCertificate.original
    options = CertificateOptions(
        trustRoot=platformTrust() if trustRoot is None else trustRoot,
        acceptableProtocols=acceptableProtocols,
        **shown,
        **(extraCertificateOptions or {}),
    )
    return ClientTLSOptions(
        hostname, options.clientConnectionForTLS, sendServerName=sendServerName
    )
