"""Key pairs, and certificates with the keys that they are for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from OpenSSL import crypto

from sennit.compat.faces.internet.ssl._certificates import (
    Certificate,
    CertificateRequest,
    RequestError,
    asBytes,
)
from sennit.compat.faces.internet.ssl._forms import encodingOf
from sennit.compat.faces.internet.ssl._keys import (
    PublicKey,
    dumpKey,
    generateKey,
    loadKey,
)
from sennit.compat.faces.internet.ssl._names import DistinguishedName
from sennit.compat.faces.internet.ssl._options import CertificateOptions
from sennit.compat.faces.internet.ssl._signing import (
    YEAR,
    makeCertificate,
    makeRequest,
)
from sennit.compat.faces.internet.ssl._trust import CertificateAuthorities
from sennit.core.defer import Deferred
from sennit.core.errors import VerifyError

__all__ = ["KeyMismatchError", "KeyPair", "PrivateCertificate"]

_ASN1: Final = crypto.FILETYPE_ASN1
_KINDS: Final = {crypto.TYPE_RSA: "RSA", crypto.TYPE_DSA: "DSA", crypto.TYPE_EC: "EC"}

_Asked = Callable[[DistinguishedName], Any]


class KeyMismatchError(VerifyError):
    """A key is not that of the certificate it was given with."""

    sentence = "The key is not that of the certificate"


class KeyPair(PublicKey):
    """A private key, with the public one in it."""

    @classmethod
    def generate(cls, kind: int = crypto.TYPE_RSA, size: int = 2048) -> KeyPair:
        """Make a new pair.

        Args:
            kind: ``TYPE_RSA``, ``TYPE_DSA`` or ``TYPE_EC`` of `OpenSSL.crypto`.
            size: Bits.
        """
        return cls(generateKey(kind, size))

    @classmethod
    def load(cls, data: bytes, format: int = _ASN1) -> KeyPair:
        """Read a private key.

        Raises:
            OpenSSL.crypto.Error: It is none, or it is encrypted.
        """
        return cls(loadKey(asBytes(data), encodingOf(format)))

    def dump(self, format: int = _ASN1) -> bytes:
        """The private key as bytes, not encrypted."""
        return dumpKey(self.original, encodingOf(format))

    def inspect(self) -> str:
        """A sentence on the pair, for people to read."""
        kind = _KINDS.get(self.original.type(), "unknown")
        return f"{self.original.bits()}-bit {kind} Key Pair with Hash: {self.keyHash()}"

    def requestObject(
        self, distinguishedName: DistinguishedName, digestAlgorithm: str = "sha256"
    ) -> CertificateRequest:
        """Ask for a certificate for this key."""
        return CertificateRequest(
            makeRequest(self.original, distinguishedName, digestAlgorithm)
        )

    def certificateRequest(
        self,
        distinguishedName: DistinguishedName,
        format: int = _ASN1,
        digestAlgorithm: str = "sha256",
    ) -> bytes:
        """Ask for a certificate for this key, in bytes."""
        return self.requestObject(distinguishedName, digestAlgorithm).dump(format)

    def newCertificate(
        self, newCertData: bytes, format: int = _ASN1
    ) -> PrivateCertificate:
        """Join a certificate, as it came from who signed it, with this key.

        Raises:
            VerifyError: It is for another key.
        """
        return PrivateCertificate.load(newCertData, self, format)

    def signRequestObject(
        self,
        issuerDistinguishedName: DistinguishedName,
        requestObject: CertificateRequest,
        serialNumber: int,
        secondsToExpiry: int = YEAR,
        digestAlgorithm: str = "sha256",
    ) -> Certificate:
        """Grant a request: its subject and its key get a certificate."""
        request = requestObject.original
        return Certificate(
            makeCertificate(
                request.subject,
                request.public_key(),
                issuerDistinguishedName.toName(),
                self.original,
                serialNumber,
                secondsToExpiry,
                digestAlgorithm,
            )
        )

    def signCertificateRequest(
        self,
        issuerDistinguishedName: DistinguishedName,
        requestData: bytes,
        verifyDNCallback: _Asked,
        serialNumber: int,
        requestFormat: int = _ASN1,
        certificateFormat: int = _ASN1,
        secondsToExpiry: int = YEAR,
        digestAlgorithm: str = "sha256",
    ) -> bytes | Deferred[bytes]:
        """Grant a request, if a function says so of its subject.

        Args:
            issuerDistinguishedName: Who vouches.
            requestData: The request.
            verifyDNCallback: Given the subject, says whether it is granted, or gives
                a Deferred that will.
            serialNumber: The certificate's number.
            requestFormat: The form of the request.
            certificateFormat: The form of the certificate.
            secondsToExpiry: How long it is good from now on.
            digestAlgorithm: What is signed.

        Returns:
            The certificate; a Deferred of it, if the function gave one.

        Raises:
            VerifyError: The request is not signed with its key, or was not granted.
        """
        request = CertificateRequest.load(requestData, requestFormat)
        subject = request.getSubject()

        def answered(granted: Any) -> bytes:
            if not granted:
                raise RequestError(0, f"that of {subject!r} was refused")
            return self.signRequestObject(
                issuerDistinguishedName,
                request,
                serialNumber,
                secondsToExpiry,
                digestAlgorithm,
            ).dump(certificateFormat)

        answer = verifyDNCallback(subject)
        if isinstance(answer, Deferred):
            return answer.addCallback(answered)
        return answered(answer)

    def selfSignedCert(
        self, serialNumber: int, **kw: bytes | str
    ) -> PrivateCertificate:
        """Vouch for this key with itself.

        Args:
            serialNumber: The certificate's number.
            kw: The fields of the name.
        """
        name = DistinguishedName(**kw).toName()
        key: Any = self.original.to_cryptography_key()
        made = makeCertificate(
            name,
            key.public_key(),
            name,
            self.original,
            serialNumber,
            YEAR,
            "sha256",
        )
        return PrivateCertificate.fromCertificateAndKeyPair(Certificate(made), self)


class PrivateCertificate(Certificate):
    """A certificate with its key.

    Attributes:
        privateKey: The key.
    """

    privateKey: KeyPair

    @classmethod
    def load(  # type: ignore[override]
        cls, data: bytes, privateKey: KeyPair, format: int = _ASN1
    ) -> PrivateCertificate:
        """Read a certificate, and join it with its key.

        Raises:
            VerifyError: It is for another key.
        """
        return cls.fromCertificateAndKeyPair(Certificate.load(data, format), privateKey)

    @classmethod
    def loadPEM(cls, data: bytes | str) -> PrivateCertificate:
        """Read both from one PEM text.

        Raises:
            OpenSSL.crypto.Error: One of them is not in it, or the key is encrypted.
            VerifyError: They are not of each other.
        """
        key = KeyPair.load(asBytes(data), crypto.FILETYPE_PEM)
        return cls.load(asBytes(data), key, crypto.FILETYPE_PEM)

    @classmethod
    def fromCertificateAndKeyPair(
        cls, certificateInstance: Certificate, privateKey: KeyPair
    ) -> PrivateCertificate:
        """Join a certificate with its key.

        Raises:
            VerifyError: It is for another key.
        """
        if not privateKey.matches(certificateInstance.getPublicKey()):
            raise KeyMismatchError(0, repr(certificateInstance))
        joined = cls(certificateInstance.original)
        joined.privateKey = privateKey
        return joined

    def dumpPEM(self) -> bytes:
        """Both as one PEM text; the key is not encrypted."""
        key = self.privateKey.dump(crypto.FILETYPE_PEM)
        return self.dump(crypto.FILETYPE_PEM) + key

    def newCertificate(
        self, newCertData: bytes, format: int = _ASN1
    ) -> PrivateCertificate:
        """Join another certificate for the same key with the key."""
        return self.privateKey.newCertificate(newCertData, format)

    def certificateRequest(
        self, format: int = _ASN1, digestAlgorithm: str = "sha256"
    ) -> bytes:
        """Ask for another certificate for the same name and key."""
        return self.privateKey.certificateRequest(
            self.getSubject(), format, digestAlgorithm
        )

    def signCertificateRequest(
        self,
        requestData: bytes,
        verifyDNCallback: _Asked,
        serialNumber: int,
        requestFormat: int = _ASN1,
        certificateFormat: int = _ASN1,
    ) -> bytes | Deferred[bytes]:
        """Grant a request in this certificate's name; see `KeyPair`."""
        return self.privateKey.signCertificateRequest(
            self.getSubject(),
            requestData,
            verifyDNCallback,
            serialNumber,
            requestFormat,
            certificateFormat,
        )

    def signRequestObject(
        self,
        certificateRequest: CertificateRequest,
        serialNumber: int,
        secondsToExpiry: int = YEAR,
        digestAlgorithm: str = "sha256",
    ) -> Certificate:
        """Grant a request in this certificate's name."""
        return self.privateKey.signRequestObject(
            self.getSubject(),
            certificateRequest,
            serialNumber,
            secondsToExpiry,
            digestAlgorithm,
        )

    def options(self, *authorities: Certificate) -> CertificateOptions:
        """Options for who shows this certificate.

        Args:
            authorities: Who must vouch for the other side; nobody need if none is
                given.
        """
        trust = CertificateAuthorities(authorities) if authorities else None
        return CertificateOptions(
            privateKey=self.privateKey.original,
            certificate=self.original,
            trustRoot=trust,
        )

    def _key_in_words(self) -> str:
        return self.privateKey.inspect()

    def __repr__(self) -> str:
        return f"{super().__repr__()} with {self.privateKey!r}"
