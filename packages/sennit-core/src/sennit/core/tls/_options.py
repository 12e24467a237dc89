"""Options for TLS: safe unless told otherwise, over the standard library's contexts.

The other side's certificate is verified against the platform's roots and its name;
TLS is 1.2 at least; there is no renegotiation. Who needs something else makes an
`ssl.SSLContext` and passes that: it is taken wherever options are.
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from typing import Any, Final

from sennit.core.errors import CertificateError
from sennit.core.tls._pem import Source, loadChain, loadTrust

__all__ = ["ClientOptions", "ServerOptions", "clientOptions", "serverOptions"]

# Seconds. As long as asyncio and nginx allow: three lost packets on a bad line.
_HANDSHAKE: Final = 60.0

# Seconds, as asyncio has it: who does not answer a close_notify will not later.
_SHUTDOWN: Final = 30.0


class _Options:
    """A context, and the patience with those who use it.

    Attributes:
        context: The standard library's context.
        handshakeTimeout: Seconds that a handshake may take.
        shutdownTimeout: Seconds that the other side may take to agree that it is over.
        offered: The application protocols that are offered.
    """

    offered: Sequence[bytes] = ()

    def __init__(
        self,
        context: ssl.SSLContext,
        handshakeTimeout: float = _HANDSHAKE,
        shutdownTimeout: float = _SHUTDOWN,
    ) -> None:
        _check_seconds("handshakeTimeout", handshakeTimeout)
        _check_seconds("shutdownTimeout", shutdownTimeout)
        self.context = context
        self.handshakeTimeout = handshakeTimeout
        self.shutdownTimeout = shutdownTimeout

    def offer(self, protocols: Sequence[bytes]) -> None:
        """Offer application protocols (ALPN), for all connections of the context.

        Raises:
            TypeError: One of them is no bytes.
            ValueError: One of them is no name for a protocol.
        """
        for name in protocols:
            if not isinstance(name, bytes):
                raise TypeError(
                    f"a protocol's name is bytes, not {type(name).__name__}"
                )
            if not (name.isascii() and 0 < len(name) < 256):
                raise ValueError(f"{name!r} is no name for a protocol")
        self.context.set_alpn_protocols([name.decode("ascii") for name in protocols])
        self.offered = tuple(protocols)


class ServerOptions(_Options):
    """The side that shows a certificate and waits for who comes."""

    def begin(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO) -> ssl.SSLObject:
        """Begin the server's side of a connection."""
        return self.context.wrap_bio(incoming, outgoing, server_side=True)


class ClientOptions(_Options):
    """The side that connects, to somebody whose name it knows.

    Attributes:
        hostname: The name, or IP address, that the other side must prove to have; None
            for a context that does not ask.
    """

    def __init__(
        self,
        context: ssl.SSLContext,
        hostname: str | None,
        handshakeTimeout: float = _HANDSHAKE,
        shutdownTimeout: float = _SHUTDOWN,
    ) -> None:
        super().__init__(context, handshakeTimeout, shutdownTimeout)
        self.hostname = hostname

    def begin(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO) -> ssl.SSLObject:
        """Begin the client's side of a connection.

        Raises:
            ValueError: The context is to check a name, and none is known. The standard
                library would not mind, and let everybody pass.
        """
        if self.hostname is None and self.context.check_hostname:
            raise ValueError(
                "the context checks the host's name, which is not known here: "
                "clientOptions(hostname, …) knows it"
            )
        return self.context.wrap_bio(incoming, outgoing, server_hostname=self.hostname)


def serverOptions(
    certificate: Source,
    key: Source | None = None,
    *,
    password: str | bytes | None = None,
    trustRoot: Source | None = None,
    acceptableProtocols: Sequence[bytes] = (),
    minimumVersion: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
    handshakeTimeout: float = _HANDSHAKE,
    shutdownTimeout: float = _SHUTDOWN,
) -> ServerOptions:
    """Options for a server.

    Args:
        certificate: Its certificate and those that vouch for it, the root left out, as
            a PEM file or PEM text.
        key: Its private key likewise; None if it is in the same file.
        password: What the key is encrypted with.
        trustRoot: Who vouches for clients, as a PEM file or a folder of them, or PEM
            text: each must show a certificate then. None asks for none.
        acceptableProtocols: What to offer by ALPN, the most wanted first.
        minimumVersion: The oldest TLS to speak.
        handshakeTimeout: Seconds that a handshake may take.
        shutdownTimeout: Seconds that a client may take to agree that it is over.

    Raises:
        CertificateError: Certificate and key cannot be read, or are not of each other.
        ValueError: A time is not more than 0, or a protocol's name is none.
    """
    context = _context(ssl.PROTOCOL_TLS_SERVER, minimumVersion)
    loadChain(context, certificate, key, password)
    if trustRoot is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        loadTrust(context, trustRoot)
    options = ServerOptions(context, handshakeTimeout, shutdownTimeout)
    if acceptableProtocols:
        options.offer(acceptableProtocols)
    return options


def clientOptions(
    hostname: str,
    *,
    trustRoot: Source | None = None,
    certificate: Source | None = None,
    key: Source | None = None,
    password: str | bytes | None = None,
    acceptableProtocols: Sequence[bytes] = (),
    minimumVersion: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
    handshakeTimeout: float = _HANDSHAKE,
    shutdownTimeout: float = _SHUTDOWN,
) -> ClientOptions:
    """Options for a client.

    Args:
        hostname: The name or IP address that the server must prove to have.
        trustRoot: Who vouches for it, as a PEM file or a folder of them, or PEM text;
            None for all that the platform trusts.
        certificate: Our own certificate, for servers that ask, as in `serverOptions`.
        key: Its private key; None if it is in the same file.
        password: What the key is encrypted with.
        acceptableProtocols: What to offer by ALPN, the most wanted first.
        minimumVersion: The oldest TLS to speak.
        handshakeTimeout: Seconds that a handshake may take.
        shutdownTimeout: Seconds that the server may take to agree that it is over.

    Raises:
        CertificateError: Certificate, key or roots cannot be read; there is a key and
            no certificate.
        TypeError: The host's name is no text.
        ValueError: It is no host's name, a time is not more than 0, or a protocol's name
            is none.
    """
    if not isinstance(hostname, str):
        raise TypeError(f"a host's name is a str, not {type(hostname).__name__}")
    if certificate is None and key is not None:
        raise CertificateError("a key is of no use without its certificate")
    context = _context(ssl.PROTOCOL_TLS_CLIENT, minimumVersion)
    if trustRoot is None:
        context.load_default_certs()
    else:
        loadTrust(context, trustRoot)
    if certificate is not None:
        loadChain(context, certificate, key, password)
    options = ClientOptions(context, hostname, handshakeTimeout, shutdownTimeout)
    try:
        options.begin(ssl.MemoryBIO(), ssl.MemoryBIO())
    except (TypeError, ValueError) as error:
        raise ValueError(f"{hostname!r} is no host's name") from error
    if acceptableProtocols:
        options.offer(acceptableProtocols)
    return options


def _context(side: Any, minimumVersion: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(side)
    context.minimum_version = minimumVersion
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    return context


def _check_seconds(name: str, seconds: float) -> None:
    if not seconds > 0:  # nan, too
        raise ValueError(f"{name} is seconds, more than 0, not {seconds!r}")
