"""The making of contexts."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from OpenSSL import SSL, crypto

from sennit.compat.faces.internet.ssl._ciphers import setCiphers
from sennit.compat.faces.internet.ssl._negotiation import letChoose
from sennit.compat.faces.internet.ssl._verdicts import note
from sennit.compat.faces.internet.ssl._versions import TLSVersion
from sennit.core import log
from sennit.core.errors import ConnectionLost
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from sennit.compat.faces.internet.ssl._options import CertificateOptions

__all__ = ["makeContext"]

# Nothing is compressed (CRIME) or renegotiated, no key used twice; the server chooses.
_ALWAYS: Final = (
    SSL.OP_NO_COMPRESSION
    | SSL.OP_NO_RENEGOTIATION
    | SSL.OP_SINGLE_DH_USE
    | SSL.OP_SINGLE_ECDH_USE
    | SSL.OP_CIPHER_SERVER_PREFERENCE
)


def makeContext(options: CertificateOptions) -> SSL.Context:
    """Make a context of options.

    Raises:
        ValueError: No cipher is left.
        OpenSSL.SSL.Error: Certificate and key are not of each other, or OpenSSL lacks
            the version that is asked for.
    """
    context = SSL.Context(options.method or SSL.TLS_METHOD)
    context.set_options(_ALWAYS)
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)
    if options.fixBrokenPeers:
        context.set_options(SSL.OP_ALL)
    if options.method is None:
        oldest, newest = options.versions
        # Today's OpenSSL lacks SSL 3.0, and would refuse it; 0 is the oldest it has.
        least = 0 if oldest is TLSVersion.SSLv3 else oldest.value
        context.set_min_proto_version(least)
        context.set_max_proto_version(newest.value)
    setCiphers(context, options.acceptableCiphers)
    if options.dhParameters is not None:
        options.dhParameters.load(context)
    _show_certificate(context, options)
    _verify(context, options)
    _keep_sessions(context, options)
    letChoose(context, options.acceptableProtocols)
    if options.acceptableProtocols:
        context.set_alpn_protos(options.acceptableProtocols)
    if options.contextForServerName is not None:
        context.set_tlsext_servername_callback(_chooser(options.contextForServerName))
    return context


def _show_certificate(context: SSL.Context, options: CertificateOptions) -> None:
    if options.certificate is None or options.privateKey is None:
        return
    key: Any = options.privateKey.to_cryptography_key()
    context.use_certificate(_modern(options.certificate))
    context.use_privatekey(key)
    for each in options.extraCertChain:
        context.add_extra_chain_cert(_modern(each))
    # Now, rather than in the first handshake.
    context.check_privatekey()


def _verify(context: SSL.Context, options: CertificateOptions) -> None:
    mode = SSL.VERIFY_NONE
    if options.trustRoot is not None:
        mode = SSL.VERIFY_PEER
        if options.requireCertificate:
            mode |= SSL.VERIFY_FAIL_IF_NO_PEER_CERT
        if options.verifyOnce:
            mode |= SSL.VERIFY_CLIENT_ONCE
        options.trustRoot._addCACertsToContext(context)
    context.set_verify(mode, note)
    context.set_verify_depth(options.verifyDepth)


def _keep_sessions(context: SSL.Context, options: CertificateOptions) -> None:
    # What began here is resumed here alone: another context may trust others.
    context.set_session_id(secrets.token_bytes(32))
    context.set_session_cache_mode(
        SSL.SESS_CACHE_SERVER if options.enableSessions else SSL.SESS_CACHE_OFF
    )
    if not options.enableSessionTickets:
        context.set_options(SSL.OP_NO_TICKET)


def _chooser(
    choose: Callable[[bytes | None], SSL.Context | None],
) -> Callable[[SSL.Connection], None]:
    def asked(connection: SSL.Connection) -> None:
        try:
            chosen = choose(connection.get_servername())
        except Exception:
            # What a callback of OpenSSL's raises would be printed, and forgotten.
            told = "contextForServerName has failed"
            log.err(None, told)
            connection.get_app_data().failVerification(Failure(ConnectionLost(told)))
            return
        if chosen is not None:
            connection.set_context(chosen)

    return asked


def _modern(certificate: crypto.X509) -> Any:
    # pyOpenSSL would rather have those of cryptography.
    return certificate.to_cryptography()
