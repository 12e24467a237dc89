"""The certificate that the other side has shown."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any

__all__ = ["Certificate"]


class Certificate:
    """A certificate, as it came.

    Attributes:
        der: Its bytes.
        details: What is in it, as `ssl.SSLSocket.getpeercert` has it: ``subject``,
            ``subjectAltName``, ``notAfter`` …; empty for one that was not verified.
    """

    def __init__(self, der: bytes, details: Mapping[str, Any]) -> None:
        self.der = der
        self.details = details

    @property
    def pem(self) -> str:
        """It as PEM text."""
        return ssl.DER_cert_to_PEM_cert(self.der)

    @property
    def commonName(self) -> str | None:
        """The common name of its subject; None if there is none, or none verified."""
        for part in self.details.get("subject", ()):
            for key, value in part:
                if key == "commonName":
                    return str(value)
        return None

    def fingerprint(self, algorithm: str = "sha256") -> str:
        """A digest of it in hexadecimal, by which people compare certificates."""
        # It loads OpenSSL a second time: not before somebody compares certificates.
        import hashlib

        return hashlib.new(algorithm, self.der).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and other.der == self.der

    def __hash__(self) -> int:
        return hash(self.der)

    def __repr__(self) -> str:
        return f"<Certificate {self.commonName or self.fingerprint()[:16]!r}>"
