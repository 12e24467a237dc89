from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("OpenSSL")

from OpenSSL import SSL, crypto
from zope.interface import implementer
from zope.interface.verify import verifyObject

from sennit.compat.faces.internet import ssl
from sennit.compat.faces.internet._sslverify import OpenSSLCipher
from sennit.compat.faces.internet.ssl import AcceptableCiphers, CertificateOptions
from sennit.core.interfaces import (
    IAcceptableCiphers,
    IOpenSSLClientConnectionCreator,
    IOpenSSLContextFactory,
    IOpenSSLServerConnectionCreator,
)

PAIR = ssl.KeyPair.generate()
OWN = PAIR.selfSignedCert(1, CN="localhost")
KEY, SHOWN = PAIR.original, OWN.original
VERSIONS = ssl.TLSVersion


def options(**more: Any) -> CertificateOptions:
    return CertificateOptions(privateKey=KEY, certificate=SHOWN, **more)


def ciphers_of(made: CertificateOptions) -> list[str]:
    return SSL.Connection(made.getContext(), None).get_cipher_list()


# What does not go together


@pytest.mark.parametrize(
    "given",
    [
        {"privateKey": KEY},
        {"certificate": SHOWN},
        {"extraCertChain": [SHOWN]},
        {"verify": True},
        {"verify": True, "caCerts": []},
        {"acceptableCiphers": AcceptableCiphers([])},
        {
            "raiseMinimumTo": VERSIONS.TLSv1_3,
            "lowerMaximumSecurityTo": VERSIONS.TLSv1_2,
        },
        {
            "insecurelyLowerMinimumTo": VERSIONS.TLSv1_2,
            "lowerMaximumSecurityTo": VERSIONS.TLSv1_1,
        },
    ],
)
def test_what_makes_no_sense_is_a_value_error(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"need|none of the acceptable ciphers"):
        CertificateOptions(**given)


@pytest.mark.parametrize(
    "given",
    [
        {"trustRoot": OWN, "verify": False},
        {"trustRoot": OWN, "caCerts": [SHOWN]},
        {"trustRoot": OWN, "requireCertificate": True},
        {"trustRoot": None, "verify": True},
        {"method": SSL.TLS_METHOD, "raiseMinimumTo": VERSIONS.TLSv1_3},
        {"method": SSL.TLS_METHOD, "insecurelyLowerMinimumTo": VERSIONS.TLSv1_0},
        {"method": SSL.TLS_METHOD, "lowerMaximumSecurityTo": VERSIONS.TLSv1_2},
        {
            "raiseMinimumTo": VERSIONS.TLSv1_3,
            "insecurelyLowerMinimumTo": VERSIONS.TLSv1_0,
        },
    ],
)
def test_what_is_said_twice_is_a_type_error(given: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="mutually exclusive"):
        CertificateOptions(**given)


def test_whom_to_trust_is_somebody() -> None:
    for nobody in (SHOWN, "them"):
        with pytest.raises(TypeError, match="no trust root"):
            CertificateOptions(trustRoot=nobody)
    with pytest.raises(TypeError, match=r"no certificate of twisted\.internet\.ssl"):
        ssl.trustRootFromCertificates([SHOWN])  # type: ignore[list-item]


def test_a_key_that_is_anothers_is_told_at_once() -> None:
    other = ssl.KeyPair.generate()
    with pytest.raises(SSL.Error):
        CertificateOptions(privateKey=other.original, certificate=SHOWN)


# What the contexts are


def test_options_make_one_context() -> None:
    made = options()
    assert made.getContext() is made.getContext()
    for interface in (
        IOpenSSLContextFactory,
        IOpenSSLServerConnectionCreator,
        IOpenSSLClientConnectionCreator,
    ):
        assert verifyObject(interface, made)


@pytest.mark.parametrize(
    ("given", "mode"),
    [
        ({}, 0),
        ({"verify": False, "caCerts": [SHOWN]}, 0),
        ({"verify": True, "caCerts": [SHOWN]}, 7),
        ({"verify": True, "caCerts": [SHOWN], "requireCertificate": False}, 5),
        ({"verify": True, "caCerts": [SHOWN], "verifyOnce": False}, 3),
        ({"trustRoot": OWN}, 7),
        ({"trustRoot": ssl.platformTrust()}, 7),
        ({"trustRoot": ssl.trustRootFromCertificates([OWN])}, 7),
    ],
)
def test_a_certificate_is_asked_for_as_told(given: dict[str, Any], mode: int) -> None:
    assert options(**given).getContext().get_verify_mode() == mode


def test_the_rest_is_as_told() -> None:
    plain = options().getContext()
    assert plain.get_verify_depth() == 9
    assert plain.get_session_cache_mode() == SSL.SESS_CACHE_OFF
    assert plain.set_options(0) & SSL.OP_NO_TICKET
    assert plain.set_options(0) & SSL.OP_NO_COMPRESSION
    made = options(
        verifyDepth=3,
        enableSessions=True,
        enableSessionTickets=True,
        fixBrokenPeers=True,
        extraCertChain=[SHOWN],
    ).getContext()
    assert made.get_verify_depth() == 3
    assert made.get_session_cache_mode() == SSL.SESS_CACHE_SERVER
    assert not made.set_options(0) & SSL.OP_NO_TICKET
    assert made.set_options(0) & SSL.OP_ALL == SSL.OP_ALL


def test_versions_are_in_order() -> None:
    listed = list(VERSIONS.iterconstants())
    assert listed == sorted(listed)
    assert VERSIONS.lookupByName("TLSv1_2") is VERSIONS.TLSv1_2
    assert not VERSIONS.TLSv1_2 < VERSIONS.TLSv1_2
    with pytest.raises(TypeError):
        assert VERSIONS.TLSv1_2 < 3


@pytest.mark.parametrize(
    ("given", "oldest", "newest"),
    [
        ({}, "TLSv1_2", "TLSv1_3"),
        ({"raiseMinimumTo": VERSIONS.TLSv1_3}, "TLSv1_3", "TLSv1_3"),
        ({"raiseMinimumTo": VERSIONS.TLSv1_0}, "TLSv1_2", "TLSv1_3"),
        ({"insecurelyLowerMinimumTo": VERSIONS.SSLv3}, "SSLv3", "TLSv1_3"),
        ({"lowerMaximumSecurityTo": VERSIONS.TLSv1_1}, "TLSv1_1", "TLSv1_1"),
        (
            {
                "insecurelyLowerMinimumTo": VERSIONS.TLSv1_0,
                "lowerMaximumSecurityTo": VERSIONS.TLSv1_2,
            },
            "TLSv1_0",
            "TLSv1_2",
        ),
    ],
)
def test_the_versions_are_as_told(
    given: dict[str, Any], oldest: str, newest: str
) -> None:
    made = options(**given)
    assert [each.name for each in made.versions] == [oldest, newest]


def test_a_version_that_openssl_lacks_is_an_error_at_once() -> None:
    with pytest.raises(SSL.Error):
        options(lowerMaximumSecurityTo=VERSIONS.SSLv3)


# Ciphers


def test_a_cipher_string_is_expanded() -> None:
    made = AcceptableCiphers.fromOpenSSLCipherString("AES256-SHA")
    wanted = OpenSSLCipher("AES256-SHA")
    chosen = made.selectCiphers([OpenSSLCipher("other"), wanted])
    assert chosen == (wanted,)
    assert repr(chosen) == "(Cipher('AES256-SHA'),)"
    assert made.selectCiphers([]) == ()
    nothing = AcceptableCiphers.fromOpenSSLCipherString("no such cipher")
    assert nothing.selectCiphers([wanted]) == ()
    assert verifyObject(IAcceptableCiphers, made)


def test_only_acceptable_ciphers_are_used() -> None:
    string = "ECDHE-RSA-AES256-GCM-SHA384"
    made = options(acceptableCiphers=AcceptableCiphers.fromOpenSSLCipherString(string))
    old = [name for name in ciphers_of(made) if not name.startswith("TLS_")]
    assert old == [string]


def test_ciphers_of_tls_1_3_may_be_chosen_alone() -> None:
    name = "TLS_AES_256_GCM_SHA384"

    @implementer(IAcceptableCiphers)
    class Newest:
        def selectCiphers(self, availableCiphers: Any) -> Any:
            return [each for each in availableCiphers if each.fullName == name]

    made = options(acceptableCiphers=Newest())
    assert [each for each in ciphers_of(made) if each.startswith("TLS_")] == [name]


def test_the_default_ciphers_are_good_ones() -> None:
    names = ciphers_of(options())
    assert "ECDHE-RSA-AES256-GCM-SHA384" in names
    assert not [name for name in names if "MD5" in name or "NULL" in name]


def test_parameters_of_diffie_and_hellman_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "dh.pem"
    file.write_text(PARAMETERS)
    parameters = ssl.DiffieHellmanParameters.fromFile(file)
    options(dhParameters=parameters)
    file.write_text("none")
    with pytest.raises(SSL.Error):
        options(dhParameters=parameters)


# The group of RFC 7919, appendix A.1: ffdhe2048.
PARAMETERS = """\
-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
"""


# For clients


def test_a_hosts_name_is_text_and_a_name() -> None:
    with pytest.raises(TypeError, match="requires text"):
        ssl.optionsForClientTLS(b"example.org")  # type: ignore[arg-type]
    with pytest.raises(UnicodeError):
        ssl.optionsForClientTLS("b\u00fccher..example")
    with pytest.raises(TypeError, match="no trust root"):
        ssl.optionsForClientTLS("example.org", b"")


@pytest.mark.parametrize(
    ("hostname", "send", "told"),
    [
        ("example.org", None, b"example.org"),
        ("b\u00fccher.example", None, b"xn--bcher-kva.example"),
        ("127.0.0.1", None, None),
        ("::1", None, None),
        ("127.0.0.1", True, b"127.0.0.1"),
        ("example.org", False, None),
    ],
)
def test_names_are_told_to_the_server_and_addresses_are_not(
    hostname: str, send: bool | None, told: bytes | None
) -> None:
    made = ssl.optionsForClientTLS(hostname, sendServerName=send)
    assert verifyObject(IOpenSSLClientConnectionCreator, made)
    assert made.clientConnectionForTLS(None).get_servername() == told


def test_more_options_are_passed_on() -> None:
    more = {"lowerMaximumSecurityTo": VERSIONS.TLSv1_2}
    made = ssl.optionsForClientTLS("a.example", extraCertificateOptions=more)
    assert made.clientConnectionForTLS(None) is not None
    with pytest.raises(TypeError):
        ssl.optionsForClientTLS("a.example", extraCertificateOptions={"verify": True})


# Context factories


def test_a_server_has_its_key_and_certificate_in_files(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    key.write_bytes(PAIR.dump(crypto.FILETYPE_PEM))
    certificate.write_bytes(OWN.dump(crypto.FILETYPE_PEM))
    made = ssl.DefaultOpenSSLContextFactory(str(key), str(certificate))
    assert isinstance(made.getContext(), SSL.Context)
    assert made.getContext() is made.getContext()
    with pytest.raises(SSL.Error):
        ssl.DefaultOpenSSLContextFactory(str(certificate), str(key))


def test_a_client_gets_a_new_context_each_time() -> None:
    made = ssl.ClientContextFactory()
    assert made.getContext() is not made.getContext()
    assert made.isClient
    with pytest.raises(NotImplementedError, match="Own lacks getContext"):
        type("Own", (ssl.ContextFactory,), {})().getContext()


def test_protocols_can_be_agreed_on() -> None:
    assert ssl.protocolNegotiationMechanisms() & ssl.ProtocolNegotiationSupport.ALPN


# Without pyOpenSSL


def test_who_lacks_pyopenssl_is_told_what_to_install() -> None:
    program = (
        "import sys; sys.modules['OpenSSL'] = None\n"
        "import sennit.compat; sennit.compat.install()\n"
        "from twisted.internet import reactor, endpoints\n"
        "try:\n"
        "    from twisted.internet import ssl\n"
        "except ImportError as error:\n"
        "    print(error)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert told.stdout == "twisted.internet.ssl needs: pip install 'pyopenssl>=25.2'\n"
