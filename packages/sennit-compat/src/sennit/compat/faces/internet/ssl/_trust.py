"""Whom to trust: what the platform trusts, or certificates of one's own choice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from OpenSSL import SSL, crypto
from zope.interface import Interface, implementer

from sennit.compat.faces.internet.ssl._certificates import CertBase, Certificate

__all__ = [
    "CertificateAuthorities",
    "IOpenSSLTrustRoot",
    "OpenSSLDefaultPaths",
    "platformTrust",
    "trustRootFrom",
    "trustRootFromCertificates",
]


class IOpenSSLTrustRoot(Interface):  # type: ignore[misc]
    """Whom a context is to trust."""

    def _addCACertsToContext(context):  # type: ignore[no-untyped-def]  # noqa: N805
        """Let an `OpenSSL.SSL.Context` trust them."""


@implementer(IOpenSSLTrustRoot)
class OpenSSLDefaultPaths:
    """Trust whom OpenSSL finds in the places that it was built to look in.

    ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` in the environment are other places.
    """

    def _addCACertsToContext(self, context: SSL.Context) -> None:
        context.set_default_verify_paths()


@implementer(IOpenSSLTrustRoot)
class CertificateAuthorities:
    """Trust these certificates.

    Args:
        certificates: `Certificate` or `OpenSSL.crypto.X509` objects.
    """

    def __init__(self, certificates: Iterable[Certificate | crypto.X509]) -> None:
        self._certificates = [
            each.original if isinstance(each, Certificate) else each
            for each in certificates
        ]

    def _addCACertsToContext(self, context: SSL.Context) -> None:
        store = context.get_cert_store()
        assert store is not None
        for each in self._certificates:
            store.add_cert(each)


def platformTrust() -> OpenSSLDefaultPaths:
    """Trust whom the platform trusts, as far as OpenSSL can see."""
    return OpenSSLDefaultPaths()


def trustRootFromCertificates(
    certificates: Iterable[Certificate],
) -> CertificateAuthorities:
    """Trust several certificates.

    Raises:
        TypeError: One of them is no `Certificate`.
    """
    listed = list(certificates)
    for each in listed:
        if not isinstance(each, CertBase):
            raise TypeError(f"{each!r} is no certificate of twisted.internet.ssl")
    return CertificateAuthorities(listed)


def trustRootFrom(given: Any) -> Any:
    """Whom to trust, of what was given for it: a `Certificate` is one, too.

    Raises:
        TypeError: It is neither.
    """
    if isinstance(given, Certificate):
        return CertificateAuthorities([given])
    if hasattr(given, "_addCACertsToContext"):
        return given
    raise TypeError(f"{given!r} is no Certificate and no trust root")
