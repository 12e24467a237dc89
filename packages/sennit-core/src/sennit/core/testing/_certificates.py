"""Certificates to throw away, for tests and demonstrations."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from typing import Any

__all__ = ["CertificateAuthority", "selfSigned"]


class CertificateAuthority:
    """Vouches for whatever it is asked to, for as long as it exists.

    It needs ``cryptography``, which nothing else in Sennit does.

    Attributes:
        pem: Its own certificate as PEM text: the ``trustRoot`` of who is to trust it.
    """

    def __init__(self, name: str = "an authority for tests") -> None:
        """Make a key and a certificate.

        Raises:
            ImportError: ``cryptography`` is not installed.
        """
        self._name = name
        self._key = _new_key()
        self._certificate = _certificate(
            name, [], self._key.public_key(), name, self._key, days=30, authority=True
        )
        self.pem: bytes = _pem(self._certificate)

    def issue(self, *names: str, days: float = 7) -> bytes:
        """Issue a certificate.

        Args:
            names: The host names and IP addresses it is for; the first is its common
                name.
            days: How long it is good from now on; a negative number makes one that has
                expired.

        Returns:
            Certificate and key as PEM text: what ``serverOptions`` takes.

        Raises:
            ValueError: There is no name, or one that no certificate can be for.
        """
        if not names:
            raise ValueError("a certificate is for one name at least")
        key = _new_key()
        issued = _certificate(
            names[0], names, key.public_key(), self._name, self._key, days=days
        )
        return _pem(issued) + _key_pem(key)


def selfSigned(*names: str, days: float = 7) -> bytes:
    """Make a certificate that only itself vouches for.

    Args:
        names: The host names and IP addresses it is for.
        days: How long it is good from now on.

    Returns:
        Certificate and key as PEM text.

    Raises:
        ImportError: ``cryptography`` is not installed.
        ValueError: There is no name, or one that no certificate can be for.
    """
    if not names:
        raise ValueError("a certificate is for one name at least")
    key = _new_key()
    public = key.public_key()
    return _pem(
        _certificate(names[0], names, public, names[0], key, days=days)
    ) + _key_pem(key)


def _new_key() -> Any:
    try:
        # Optional: only who makes certificates needs it.
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError as error:
        raise ImportError(
            "certificates are made with: pip install cryptography"
        ) from error
    return ec.generate_private_key(ec.SECP256R1())


def _certificate(
    subject: str,
    names: Any,
    public: Any,
    issuer: str,
    signer: Any,
    days: float,
    authority: bool = False,
) -> Any:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    def named(name: str) -> Any:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])

    def san(name: str) -> Any:
        try:
            return x509.IPAddress(ipaddress.ip_address(name))
        except ValueError:
            return x509.DNSName(name)

    now = datetime.now(UTC)
    identifier = x509.SubjectKeyIdentifier.from_public_key(signer.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=abs(days) + 1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            critical=False,
        )
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(public), critical=False
        )
    )
    if authority:
        signs = {"key_cert_sign": True, "crl_sign": True}
        others = (
            *("digital_signature", "content_commitment", "key_encipherment"),
            *("data_encipherment", "key_agreement", "encipher_only", "decipher_only"),
        )
        usage = x509.KeyUsage(**signs, **dict.fromkeys(others, False))
        builder = builder.add_extension(usage, critical=True)
    if names:
        alternatives = x509.SubjectAlternativeName([san(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
    return builder.sign(signer, hashes.SHA256())


def _pem(certificate: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    text: bytes = certificate.public_bytes(Encoding.PEM)
    return text


def _key_pem(key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    text: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return text
