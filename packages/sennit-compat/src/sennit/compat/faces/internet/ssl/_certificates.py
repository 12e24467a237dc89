"""Certificates, and requests for them."""

from __future__ import annotations

from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import crypto

from sennit.compat.faces.internet.ssl._forms import encodingOf
from sennit.compat.faces.internet.ssl._keys import PublicKey
from sennit.compat.faces.internet.ssl._names import DistinguishedName
from sennit.core.errors import CertificateError, VerifyError

__all__ = ["CertBase", "Certificate", "CertificateRequest", "RequestError"]

_C = TypeVar("_C", bound="Certificate")


class RequestError(VerifyError):
    """A request for a certificate is not good, or was refused."""

    sentence = "The request for a certificate is not good"


class CertBase:
    """What has a subject: a certificate, or a request for one.

    Attributes:
        original: The same, as pyOpenSSL or ``cryptography`` has it.
    """

    original: Any

    def __init__(self, original: Any) -> None:
        self.original = original

    def getSubject(self) -> DistinguishedName:
        """Whom it is for."""
        return DistinguishedName.fromName(self._parsed.subject)

    def dump(self, format: int = crypto.FILETYPE_ASN1) -> bytes:
        """It as bytes, in the form that a number of pyOpenSSL's says."""
        dumped: bytes = self._parsed.public_bytes(encodingOf(format))
        return dumped

    @property
    def _parsed(self) -> Any:
        return self.original


class CertificateRequest(CertBase):
    """A request for a certificate, signed with the key that it is for."""

    original: x509.CertificateSigningRequest

    def getSubject(self) -> DistinguishedName:
        """Whom it is for.

        Raises:
            ValueError: There is more in the name than a `DistinguishedName` shows, and
                who decides on the request would not see it.
        """
        subject = super().getSubject()
        if len(subject) != len(list(self.original.subject)):
            raise ValueError(f"the name {self.original.subject} has unknown fields")
        return subject

    @classmethod
    def load(
        cls, requestData: bytes, requestFormat: int = crypto.FILETYPE_ASN1
    ) -> CertificateRequest:
        """Read one.

        Raises:
            ValueError: It is none.
            VerifyError: It is not signed with the key in it.
        """
        read = {
            Encoding.PEM: x509.load_pem_x509_csr,
            Encoding.DER: x509.load_der_x509_csr,
        }
        request = read[encodingOf(requestFormat)](requestData)
        if not request.is_signature_valid:
            whose = DistinguishedName.fromName(request.subject)
            raise RequestError(0, f"that of {whose!r} is not signed with its own key")
        return cls(request)


class Certificate(CertBase):
    """A certificate.

    Attributes:
        original: The same as an `OpenSSL.crypto.X509`.
    """

    original: crypto.X509

    def __init__(self, original: crypto.X509) -> None:
        if not isinstance(original, crypto.X509):
            raise TypeError(
                f"a certificate is an OpenSSL.crypto.X509, not {original!r}"
            )
        super().__init__(original)

    @property
    def _parsed(self) -> x509.Certificate:
        return self.original.to_cryptography()

    @classmethod
    def load(
        cls: type[_C],
        requestData: bytes,
        format: int = crypto.FILETYPE_ASN1,
        args: tuple[Any, ...] = (),
    ) -> _C:
        """Read one.

        Args:
            requestData: Its bytes.
            format: ``FILETYPE_PEM`` or ``FILETYPE_ASN1`` of `OpenSSL.crypto`.
            args: What else the class takes.

        Raises:
            OpenSSL.crypto.Error: It is none.
        """
        return cls(crypto.load_certificate(format, requestData), *args)

    @classmethod
    def loadPEM(cls: type[_C], data: bytes | str) -> _C:
        """Read one from PEM text.

        Raises:
            OpenSSL.crypto.Error: There is none in it.
        """
        return cls.load(asBytes(data), crypto.FILETYPE_PEM)

    @classmethod
    def peerFromTransport(cls: type[_C], transport: Any) -> _C:
        """The certificate that the other side of a connection has shown.

        Raises:
            CertificateError: It has shown none.
        """
        return cls(_shown_on(transport, "peer", "get_peer_certificate"))

    @classmethod
    def hostFromTransport(cls: type[_C], transport: Any) -> _C:
        """The certificate that this side of a connection has shown.

        Raises:
            CertificateError: It has shown none, or pyOpenSSL has no part in it.
        """
        names = ("get_host_certificate", "get_certificate")
        return cls(_shown_on(transport, "host", *names))

    def dumpPEM(self) -> bytes:
        """It as PEM text."""
        return self.dump(crypto.FILETYPE_PEM)

    def getIssuer(self) -> DistinguishedName:
        """Who vouches for it."""
        return DistinguishedName.fromName(self._parsed.issuer)

    def getPublicKey(self) -> PublicKey:
        """The key that it is for."""
        return PublicKey(self.original.get_pubkey())

    def serialNumber(self) -> int:
        """Its number among those of its issuer."""
        return self.original.get_serial_number()

    def digest(self, method: str = "md5") -> bytes:
        """A digest of it: pairs of hexadecimal digits, with colons between.

        Args:
            method: ``md5``, ``sha1``, ``sha256`` …

        Raises:
            ValueError: There is no such method.
        """
        return self.original.digest(method)

    def inspect(self) -> str:
        """What is in it in lines, for people to read."""
        return "\n".join(
            (
                "Certificate For Subject:",
                self.getSubject().inspect(),
                "",
                "Issuer:",
                self.getIssuer().inspect(),
                "",
                f"Serial Number: {self.serialNumber()}",
                f"Digest: {self.digest().decode('ascii')}",
                self._key_in_words(),
            )
        )

    def _key_in_words(self) -> str:
        return self.getPublicKey().inspect()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and self.dump() == other.dump()

    def __hash__(self) -> int:
        return hash(self.dump())

    def __repr__(self) -> str:
        subject, issuer = map(_common_name, (self.getSubject(), self.getIssuer()))
        return f"<{type(self).__name__} Subject={subject} Issuer={issuer}>"


def _shown_on(transport: Any, whose: str, *names: str) -> crypto.X509:
    """What a side of a connection has shown, asked for by the first name there is."""
    handle = transport.getHandle()
    ask = next((getattr(handle, each) for each in names if hasattr(handle, each)), None)
    shown: Any = None
    if ask is not None:
        shown = ask()
    elif whose == "peer" and getattr(transport, "TLS", False):
        # Without pyOpenSSL; the certificate is one of Sennit's own.
        native = transport.getPeerCertificate()
        if native is not None:
            shown = crypto.load_certificate(crypto.FILETYPE_ASN1, native.der)
    if shown is None:
        kind = "non-TLS" if ask is None else "TLS"
        raise CertificateError(
            f"{kind} transport {transport!r} has no {whose} certificate"
        )
    certificate: crypto.X509 = shown
    return certificate


def _common_name(name: DistinguishedName) -> str:
    return repr(name.CN) if "commonName" in name else ""


def asBytes(text: bytes | str) -> bytes:
    """PEM text as bytes."""
    return text.encode("ascii") if isinstance(text, str) else text
