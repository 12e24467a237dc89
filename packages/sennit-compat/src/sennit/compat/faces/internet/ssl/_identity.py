"""Whether a certificate is that of the host that was meant (RFC 9525 §6).

A name must be among the DNS names of the ``subjectAltName``, an IP address among its
addresses; the common name is none of either. A ``*`` stands for one label, the first,
and two others must follow: nobody owns ``*.org``.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from cryptography import x509

if TYPE_CHECKING:

    class VerificationError(Exception):
        """The certificate is another's."""

        errors: Any

        def __init__(self, errors: Any) -> None: ...

else:
    try:
        # Programs that have it catch its own.
        from service_identity import VerificationError
    except ImportError:

        class VerificationError(Exception):
            """The certificate is another's.

            Attributes:
                errors: What was asked for, and is not in it.
            """

            def __init__(self, errors: Any) -> None:
                super().__init__(errors)
                self.errors = errors


__all__ = ["VerificationError", "addressIn", "inASCII", "verifyIdentity"]

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def addressIn(hostname: str) -> _Address | None:
    """The IP address that a text is; None for a name."""
    try:
        return ipaddress.ip_address(hostname)
    except ValueError:
        return None


def inASCII(hostname: str) -> str:
    """A name as the DNS has it (IDNA).

    Raises:
        UnicodeError: It is no name.
    """
    return hostname if hostname.isascii() else hostname.encode("idna").decode("ascii")


def verifyIdentity(certificate: x509.Certificate | None, hostname: str) -> None:
    """Make sure that a certificate is that of a host.

    Args:
        certificate: What the other side has shown, and others vouch for.
        hostname: The name in ASCII, or the IP address, that is connected to.

    Raises:
        VerificationError: It is not.
    """
    if certificate is None:
        raise VerificationError([f"no certificate was shown for {hostname!r}"])
    address = addressIn(hostname)
    try:
        names = certificate.extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        ).value
    except (x509.ExtensionNotFound, ValueError) as error:
        told = "the certificate has no subjectAltName that can be read"
        raise VerificationError([told]) from error
    if address is not None:
        found = address in names.get_values_for_type(x509.IPAddress)
    else:
        patterns = names.get_values_for_type(x509.DNSName)
        found = any(_fits(hostname, pattern) for pattern in patterns)
    if not found:
        raise VerificationError([f"the certificate is not valid for {hostname!r}"])


def _fits(hostname: str, pattern: str) -> bool:
    host = hostname.lower().removesuffix(".").split(".")
    labels = pattern.lower().removesuffix(".").split(".")
    if labels[0] == "*" and len(labels) > 2 and host[0]:
        return labels[1:] == host[1:]
    return labels == host
