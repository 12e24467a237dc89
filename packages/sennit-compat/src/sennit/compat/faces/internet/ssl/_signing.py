"""The making of requests and certificates, with ``cryptography``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from OpenSSL import crypto

from sennit.compat.faces.internet.ssl._names import DistinguishedName

__all__ = ["YEAR", "makeCertificate", "makeRequest"]

# Seconds that a certificate is good when nobody says otherwise.
YEAR: Final = 60 * 60 * 24 * 365


def makeRequest(
    key: crypto.PKey, subject: DistinguishedName, digest: str
) -> x509.CertificateSigningRequest:
    """Ask for a certificate for a key.

    Raises:
        ValueError: There is no such digest.
    """
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject.toName())
    private: Any = key.to_cryptography_key()
    return builder.sign(private, _digest(digest))


def makeCertificate(
    subject: x509.Name,
    public: Any,
    issuer: x509.Name,
    signer: crypto.PKey,
    serial: int,
    seconds: int,
    digest: str,
) -> crypto.X509:
    """Vouch for a key; whose key vouches for itself may vouch for others.

    Args:
        subject: Whose key it is.
        public: The key.
        issuer: Who vouches.
        signer: With which key.
        serial: The certificate's number; 0, which is none (RFC 5280 §4.1.2.2), makes a
            random one.
        seconds: How long it is good from now on.
        digest: What is signed: ``sha256`` …

    Raises:
        ValueError: There is no such digest, or the number is none of a certificate.
    """
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(seconds=seconds))
    )
    private: Any = signer.to_cryptography_key()
    if public == private.public_key():
        constraints = x509.BasicConstraints(ca=True, path_length=None)
        builder = builder.add_extension(constraints, critical=True)
    return crypto.X509.from_cryptography(builder.sign(private, _digest(digest)))


def _digest(name: str) -> Any:
    found = getattr(hashes, name.upper(), None)
    if found is None:
        raise ValueError(f"{name!r} is no digest")
    return found()
