from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("OpenSSL")

from cryptography import x509

from sennit.compat.faces.internet.ssl import VerificationError
from sennit.compat.faces.internet.ssl._identity import verifyIdentity
from sennit.core.testing import CertificateAuthority, selfSigned


def certificate(*names: str) -> Any:
    return x509.load_pem_x509_certificate(selfSigned(*names))


@pytest.mark.parametrize(
    ("names", "host"),
    [
        (["a.example"], "a.example"),
        (["b.example", "a.example"], "a.example"),
        (["A.Example"], "a.eXample"),
        (["a.example"], "a.example."),
        (["*.example.org"], "www.example.org"),
        (["*.example.org"], "WWW.Example.org"),
        (["xn--bcher-kva.example"], "xn--bcher-kva.example"),
        (["127.0.0.1"], "127.0.0.1"),
        (["::1"], "::1"),
        (["::1"], "0:0::1"),
    ],
)
def test_a_name_that_is_in_the_certificate_fits(names: list[str], host: str) -> None:
    verifyIdentity(certificate(*names), host)


@pytest.mark.parametrize(
    ("names", "host"),
    [
        (["a.example"], "b.example"),
        (["a.example"], "example"),
        (["example"], "a.example"),
        (["*.example.org"], "example.org"),
        (["*.example.org"], "a.b.example.org"),
        (["*.example.org"], ".example.org"),
        (["*.org"], "example.org"),
        (["w*.example.org"], "www.example.org"),
        (["www.*.org"], "www.example.org"),
        (["*"], "example"),
        (["127.0.0.2"], "127.0.0.1"),
        (["a.example", "127.0.0.1"], "127.0.0.2"),
        (["*.0.0.1"], "127.0.0.1"),
    ],
)
def test_a_name_that_is_not_in_the_certificate_does_not(
    names: list[str], host: str
) -> None:
    with pytest.raises(VerificationError, match="not valid for") as raised:
        verifyIdentity(certificate(*names), host)
    assert raised.value.errors == [f"the certificate is not valid for {host!r}"]


def test_an_address_among_the_dns_names_is_no_address() -> None:
    shown = certificate("a.example", "b.example")
    names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert names.value.get_values_for_type(x509.DNSName) == ["a.example", "b.example"]
    with pytest.raises(VerificationError):
        verifyIdentity(shown, "127.0.0.1")


def test_the_common_name_is_no_name() -> None:
    pem = CertificateAuthority("a.example").pem
    with pytest.raises(VerificationError, match="no subjectAltName"):
        verifyIdentity(x509.load_pem_x509_certificate(pem), "a.example")


def test_no_certificate_is_nobodys() -> None:
    with pytest.raises(VerificationError, match="no certificate was shown"):
        verifyIdentity(None, "a.example")
