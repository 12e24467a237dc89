"""Certificates: those of the other side, and those that are made to throw away."""

from __future__ import annotations

import hashlib
import ssl
import sys

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from sennit.core import tls
from sennit.core.testing import CertificateAuthority, selfSigned


def der_of(pem: bytes) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pem[: pem.index(b"-----BEGIN PRIVATE")].decode())


def parsed(pem: bytes) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem)


def alternatives(pem: bytes) -> list[str]:
    names = parsed(pem).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return [str(name.value) for name in names.value]


def test_a_certificate_has_a_name_a_digest_and_its_text() -> None:
    pem = selfSigned("localhost")
    der = der_of(pem)
    details = {"subject": ((("countryName", "NN"),), (("commonName", "localhost"),))}
    seen = tls.Certificate(der, details)
    assert seen.commonName == "localhost"
    assert seen.details is details
    assert pem.startswith(seen.pem.encode())
    assert seen.fingerprint() == hashlib.sha256(der).hexdigest()
    assert seen.fingerprint("sha1") == hashlib.sha1(der).hexdigest()
    assert repr(seen) == "<Certificate 'localhost'>"


def test_one_that_was_not_verified_has_no_name() -> None:
    seen = tls.Certificate(b"der", {})
    assert seen.commonName is None
    assert repr(seen) == f"<Certificate {seen.fingerprint()[:16]!r}>"


def test_certificates_are_equal_by_their_bytes() -> None:
    one, same, other = (tls.Certificate(der, {}) for der in (b"1", b"1", b"2"))
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert one != b"1"


# To throw away


def test_an_authority_issues_for_names_and_addresses() -> None:
    authority = CertificateAuthority("somebody")
    pem = authority.issue("a.example", "*.b.example", "127.0.0.1", "::1")
    assert alternatives(pem) == ["a.example", "*.b.example", "127.0.0.1", "::1"]
    assert parsed(pem).subject.rfc4514_string() == "CN=a.example"
    assert parsed(pem).issuer.rfc4514_string() == "CN=somebody"
    parsed(pem).verify_directly_issued_by(parsed(authority.pem))


def test_what_is_issued_is_good_for_as_long_as_asked() -> None:
    authority = CertificateAuthority()
    for days in (7.0, 0.5, -1.0):
        made = parsed(authority.issue("localhost", days=days))
        begin, end = made.not_valid_before_utc, made.not_valid_after_utc
        assert begin < end
        now = parsed(authority.issue("x", days=0)).not_valid_after_utc
        assert abs((end - now).total_seconds() - days * 86400) < 5


def test_two_authorities_do_not_vouch_for_each_other() -> None:
    one, other = CertificateAuthority(), CertificateAuthority()
    with pytest.raises(InvalidSignature):
        parsed(one.issue("localhost")).verify_directly_issued_by(parsed(other.pem))


def test_a_self_signed_certificate_is_its_own_root() -> None:
    pem = selfSigned("localhost", "127.0.0.1", days=1)
    made = parsed(pem)
    assert made.subject == made.issuer
    made.verify_directly_issued_by(made)
    assert alternatives(pem) == ["localhost", "127.0.0.1"]
    tls.serverOptions(pem)


def test_a_certificate_is_for_somebody() -> None:
    for make in (CertificateAuthority().issue, selfSigned):
        with pytest.raises(ValueError, match="for one name at least"):
            make()


def test_without_cryptography_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    for make in (CertificateAuthority, lambda: selfSigned("localhost")):
        with pytest.raises(ImportError, match="pip install cryptography"):
            make()
