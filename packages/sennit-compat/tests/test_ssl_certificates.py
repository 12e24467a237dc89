from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

pytest.importorskip("OpenSSL")

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import crypto

from sennit.compat.faces.internet.ssl import (
    DN,
    Certificate,
    CertificateRequest,
    KeyPair,
    PrivateCertificate,
)
from sennit.core.defer import Deferred
from sennit.core.errors import CertificateError, VerifyError
from sennit.core.testing import selfSigned

PEM, DER = crypto.FILETYPE_PEM, crypto.FILETYPE_ASN1
PAIR = KeyPair.generate()
OTHER = KeyPair.generate()
NAME = DN(CN="an authority", O="Sennit", C="DE")
ENCRYPTED = PAIR.original.to_cryptography_key().private_bytes(  # type: ignore[union-attr]
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.BestAvailableEncryption(b"secret"),
)
AUTHORITY = PAIR.selfSignedCert(7, CN="an authority", O="Sennit", C="DE")


# Names


def test_a_name_is_a_dictionary_whose_fields_are_attributes() -> None:
    name = DN(commonName=b"example.org", C="US")
    assert name == {"commonName": b"example.org", "countryName": b"US"}
    assert name.CN == name.commonName == name["commonName"] == b"example.org"
    name.OU = "tests"
    assert name.organizationalUnitName == b"tests"
    assert not hasattr(name, "L")
    assert repr(DN(C="US")) == "<DN 'countryName': b'US'>"


def test_a_name_takes_no_other_fields_and_only_ascii() -> None:
    with pytest.raises(AttributeError):
        DN(shoeSize="44")
    name = DN()
    with pytest.raises(AttributeError):
        name.shoeSize = b"44"
    with pytest.raises(UnicodeEncodeError):
        DN(CN="bücher.example")


def test_a_name_is_shown_in_lines() -> None:
    assert DN(C="US", CN="example.org").inspect().splitlines() == [
        "               Common Name: example.org",
        "              Country Name: US",
    ]


def test_a_name_that_is_read_is_written_as_it_was() -> None:
    oids = x509.NameOID
    name = x509.Name(
        [
            x509.NameAttribute(oids.COUNTRY_NAME, "DE"),
            x509.NameAttribute(oids.SERIAL_NUMBER, "7"),
            x509.NameAttribute(oids.COMMON_NAME, "bücher.example"),
        ]
    )
    read = DN.fromName(name)
    assert list(read) == ["countryName", "commonName"]
    assert read.CN.decode() == "bücher.example"
    assert read.toName() == name
    read.CN = b"other"
    assert read.toName() == DN(C="DE", CN="other").toName()


# Keys


@pytest.mark.parametrize("form", [PEM, DER])
@pytest.mark.parametrize(
    ("kind", "size"), [(crypto.TYPE_RSA, 2048), (crypto.TYPE_EC, 256)]
)
def test_a_key_is_dumped_and_loaded(form: int, kind: int, size: int) -> None:
    pair = KeyPair.generate(kind, size)
    again = KeyPair.load(pair.dump(form), form)
    assert again.matches(pair)
    assert not again.matches(PAIR)
    assert again.keyHash() == pair.keyHash()
    assert pair.original.bits() == size


def test_keys_are_shown_by_their_hash() -> None:
    told = PAIR.keyHash()
    assert repr(PAIR) == f"<KeyPair {told}>"
    assert PAIR.inspect() == f"2048-bit RSA Key Pair with Hash: {told}"
    public = AUTHORITY.getPublicKey()
    assert public.matches(PAIR)
    assert public.inspect() == f"Public Key with Hash: {told}"


def test_what_is_no_key_is_an_error() -> None:
    with pytest.raises(crypto.Error):
        KeyPair.load(b"no key")
    with pytest.raises(crypto.Error, match="encrypted"):
        KeyPair.load(ENCRYPTED, PEM)
    with pytest.raises(ValueError, match="neither FILETYPE_PEM nor"):
        KeyPair.load(b"", 58)
    with pytest.raises(ValueError, match="no kind of key"):
        KeyPair.generate(99)
    with pytest.raises(ValueError, match="no curve of 100 bits"):
        KeyPair.generate(crypto.TYPE_EC, 100)


# Certificates


def test_a_certificate_says_what_is_in_it() -> None:
    assert AUTHORITY.getSubject() == AUTHORITY.getIssuer() == NAME
    assert AUTHORITY.serialNumber() == 7
    digest = AUTHORITY.digest("sha256")
    assert digest == AUTHORITY.original.digest("sha256")
    with pytest.raises(ValueError, match="digest"):
        AUTHORITY.digest("no such")
    told = AUTHORITY.inspect()
    assert "Common Name: an authority" in told
    assert "Serial Number: 7" in told
    assert f"Digest: {AUTHORITY.digest().decode()}" in told
    assert PAIR.keyHash() in told


def test_a_certificate_is_dumped_and_loaded() -> None:
    for form in (PEM, DER):
        again = Certificate.load(AUTHORITY.dump(form), form)
        assert again == AUTHORITY
        assert hash(again) == hash(AUTHORITY)
    assert Certificate.loadPEM(again.dumpPEM()) == again
    assert repr(again) == (
        "<Certificate Subject=b'an authority' Issuer=b'an authority'>"
    )
    assert repr(OTHER.selfSignedCert(1, O="x")) == (
        f"<PrivateCertificate Subject= Issuer=> with {OTHER!r}"
    )
    assert again != OTHER.selfSignedCert(7, CN="an authority")
    with pytest.raises(crypto.Error):
        Certificate.load(b"none")
    with pytest.raises(TypeError, match="'none'"):
        Certificate("none")  # type: ignore[arg-type]


def test_a_certificate_and_its_key_go_together_in_pem() -> None:
    again = PrivateCertificate.loadPEM(AUTHORITY.dumpPEM().decode().strip())
    assert again == AUTHORITY
    assert again.privateKey.matches(PAIR)


def test_a_key_that_is_not_the_certificates_is_refused() -> None:
    with pytest.raises(VerifyError, match="key is not that of the certificate"):
        PrivateCertificate.load(AUTHORITY.dump(), OTHER)
    with pytest.raises(VerifyError):
        OTHER.newCertificate(AUTHORITY.dump())


# Requests, and who grants them


def test_a_request_is_granted_by_an_authority() -> None:
    subject = DN(CN="example.org", C="DE")
    request = CertificateRequest.load(OTHER.certificateRequest(subject, PEM), PEM)
    assert request.getSubject() == subject
    granted = AUTHORITY.signRequestObject(request, 12)
    assert granted.getSubject() == subject
    assert granted.getIssuer() == NAME
    assert granted.serialNumber() == 12
    assert granted.getPublicKey().matches(OTHER)
    joined = OTHER.newCertificate(granted.dump())
    renewed = CertificateRequest.load(joined.certificateRequest())
    assert renewed.getSubject() == subject


def test_the_chain_of_what_was_granted_is_good() -> None:
    request = OTHER.requestObject(DN(CN="example.org"))
    granted = AUTHORITY.signRequestObject(request, 1)
    store = crypto.X509Store()
    store.add_cert(AUTHORITY.original)
    crypto.X509StoreContext(store, granted.original).verify_certificate()
    # Who was vouched for may not vouch for others.
    forged = OTHER.signRequestObject(
        granted.getSubject(), KeyPair.generate().requestObject(DN(CN="x")), 2
    )
    context = crypto.X509StoreContext(store, forged.original, [granted.original])
    with pytest.raises(crypto.X509StoreContextError):
        context.verify_certificate()


def test_it_may_be_asked_whether_a_subject_is_granted() -> None:
    request = OTHER.certificateRequest(DN(CN="example.org"))
    asked: list[DN] = []

    def yes(subject: DN) -> bool:
        asked.append(subject)
        return True

    granted: Any = AUTHORITY.signCertificateRequest(request, yes, 3)
    assert Certificate.load(granted).serialNumber() == 3
    assert asked == [DN(CN="example.org")]
    with pytest.raises(VerifyError, match="was refused"):
        AUTHORITY.signCertificateRequest(request, lambda subject: False, 3)


def test_the_answer_may_come_later() -> None:
    request = OTHER.certificateRequest(DN(CN="example.org"))
    answer: Deferred[bool] = Deferred()
    granted: Any = AUTHORITY.signCertificateRequest(
        request, lambda subject: answer, 3, certificateFormat=PEM
    )
    got: list[bytes] = []
    granted.addCallback(got.append)
    assert got == []
    answer.callback(True)
    assert Certificate.loadPEM(got[0]).serialNumber() == 3


def test_a_request_that_was_altered_is_refused() -> None:
    data = bytearray(OTHER.certificateRequest(DN(CN="example.org")))
    data[-3] ^= 1
    with pytest.raises(VerifyError, match="not signed with its own key"):
        CertificateRequest.load(bytes(data))
    with pytest.raises(ValueError, match="asn1"):
        CertificateRequest.load(b"none")


def test_a_request_for_more_than_a_name_shows_is_refused() -> None:
    """Who decides on it by its name would sign what they have not seen."""
    oids = x509.NameOID
    name = x509.Name(
        [
            x509.NameAttribute(oids.COMMON_NAME, "example.org"),
            x509.NameAttribute(oids.DOMAIN_COMPONENT, "elsewhere"),
        ]
    )
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    key = ec.generate_private_key(ec.SECP256R1())
    request = CertificateRequest(builder.sign(key, hashes.SHA256()))
    with pytest.raises(ValueError, match="unknown fields"):
        request.getSubject()


def test_a_certificate_is_good_for_a_year_unless_told() -> None:
    made = AUTHORITY.original.to_cryptography()
    lasts = made.not_valid_after_utc - made.not_valid_before_utc
    assert lasts == timedelta(days=365)
    request = OTHER.requestObject(DN(CN="x"))
    short = AUTHORITY.signRequestObject(request, 1, secondsToExpiry=60)
    ends = short.original.to_cryptography().not_valid_after_utc
    assert ends < datetime.now(UTC) + timedelta(seconds=61)


def test_the_number_0_stands_for_one_by_chance() -> None:
    first, second = (PAIR.selfSignedCert(0, CN="x").serialNumber() for _ in "ab")
    assert first > 0
    assert first != second


def test_an_unknown_digest_is_an_error() -> None:
    with pytest.raises(ValueError, match="'crc' is no digest"):
        PAIR.requestObject(NAME, "crc")


# Of transports


class Handle:
    def __init__(self, shown: Any) -> None:
        self.get_peer_certificate = lambda: shown
        self.get_certificate = lambda: shown


class Transport:
    TLS = False

    def __init__(self, handle: Any) -> None:
        self.getHandle = lambda: handle


def test_a_transport_is_asked_for_the_certificates_of_both_sides() -> None:
    transport = Transport(Handle(AUTHORITY.original))
    assert Certificate.peerFromTransport(transport) == AUTHORITY
    assert Certificate.hostFromTransport(transport) == AUTHORITY


@pytest.mark.parametrize(
    ("handle", "words"), [(Handle(None), "^TLS transport"), (None, "^non-TLS")]
)
def test_a_transport_without_one_is_an_error(handle: Any, words: str) -> None:
    transport = Transport(handle)
    with pytest.raises(CertificateError, match=f"{words}.*no peer certificate"):
        Certificate.peerFromTransport(transport)
    with pytest.raises(CertificateError, match=f"{words}.*no host certificate"):
        Certificate.hostFromTransport(transport)


def test_the_peers_certificate_is_known_without_pyopenssl_too() -> None:
    from sennit.core.tls import Certificate as Native

    der = Certificate.loadPEM(selfSigned("localhost")).dump()
    transport: Any = Transport(None)
    transport.TLS = True
    transport.getPeerCertificate = lambda: Native(der, {})
    assert Certificate.peerFromTransport(transport).dump() == der
