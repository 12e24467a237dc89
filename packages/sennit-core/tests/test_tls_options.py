"""Options: safe by default, and what is wrong with a file is said at once."""

from __future__ import annotations

import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from sennit.core import tls
from sennit.core.errors import CertificateError
from sennit.core.testing import CertificateAuthority, selfSigned

AUTHORITY = CertificateAuthority()


def apart(pem: bytes) -> tuple[bytes, bytes]:
    """The certificate and the key."""
    at = pem.index(b"-----BEGIN PRIVATE KEY")
    return pem[:at], pem[at:]


PEM = AUTHORITY.issue("localhost")
CERTIFICATE, KEY = apart(PEM)
_, OTHER_KEY = apart(AUTHORITY.issue("another"))


def encrypted(password: bytes) -> bytes:
    key = serialization.load_pem_private_key(KEY, None)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password),
    )


# Defaults


def test_a_client_verifies_the_certificate_and_its_name() -> None:
    context = tls.clientOptions("localhost", trustRoot=AUTHORITY.pem).context
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.cert_store_stats()["x509_ca"] == 1


def test_a_client_trusts_whom_the_platform_trusts() -> None:
    ours = tls.clientOptions("localhost").context
    assert ours.cert_store_stats() == ssl.create_default_context().cert_store_stats()


@pytest.mark.parametrize(
    "options",
    [
        tls.clientOptions("localhost", trustRoot=AUTHORITY.pem),
        tls.serverOptions(PEM),
    ],
    ids=["client", "server"],
)
def test_both_sides_speak_tls_1_2_at_least_and_never_negotiate_again(
    options: Any,
) -> None:
    context = options.context
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.options & ssl.OP_NO_RENEGOTIATION
    assert context.options & ssl.OP_NO_COMPRESSION
    assert (options.handshakeTimeout, options.shutdownTimeout) == (60, 30)
    assert options.offered == ()


def test_a_server_asks_for_certificates_only_with_somebody_who_vouches() -> None:
    assert tls.serverOptions(PEM).context.verify_mode is ssl.CERT_NONE
    asks = tls.serverOptions(PEM, trustRoot=AUTHORITY.pem)
    assert asks.context.verify_mode is ssl.CERT_REQUIRED


def test_all_that_is_given_is_taken() -> None:
    more: dict[str, Any] = {
        "acceptableProtocols": [b"h2", b"http/1.1"],
        "minimumVersion": ssl.TLSVersion.TLSv1_3,
        "handshakeTimeout": 1.5,
        "shutdownTimeout": 2.5,
    }
    for options in (
        tls.serverOptions(PEM, **more),
        tls.clientOptions("localhost", trustRoot=AUTHORITY.pem, **more),
    ):
        assert options.context.minimum_version is ssl.TLSVersion.TLSv1_3
        assert (options.handshakeTimeout, options.shutdownTimeout) == (1.5, 2.5)
        assert options.offered == (b"h2", b"http/1.1")


# Certificates and keys


@pytest.mark.parametrize("how", ["text", "path", "str", "two files", "two texts"])
def test_certificate_and_key_come_as_text_or_in_files(how: str, tmp_path: Path) -> None:
    whole, certificate, key = (
        tmp_path / name for name in ("whole.pem", "certificate.pem", "key.pem")
    )
    whole.write_bytes(PEM)
    certificate.write_bytes(CERTIFICATE)
    key.write_bytes(KEY)
    given: dict[str, tuple[Any, ...]] = {
        "text": (PEM,),
        "path": (whole,),
        "str": (str(whole),),
        "two files": (certificate, key),
        "two texts": (CERTIFICATE, KEY),
    }
    tls.serverOptions(*given[how])


def test_text_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tls.serverOptions(CERTIFICATE, KEY)
    with pytest.raises(CertificateError):
        tls.serverOptions(CERTIFICATE, b"no key")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("/nowhere/server.pem",), "'/nowhere/server.pem': No such file or directory"),
        ((CERTIFICATE,), "PEM text: no certificate and key in PEM form are in it"),
        ((KEY,), "PEM text: no certificate and key in PEM form are in it"),
        ((b"",), "no certificate and key in PEM form"),
        ((CERTIFICATE, OTHER_KEY), "the key is not that of the certificate"),
        ((CERTIFICATE, encrypted(b"x")), "encrypted, and no password was given"),
        (("a\0b",), "embedded null byte"),
    ],
    ids=["missing", "no key", "no certificate", "empty", "other", "encrypted", "null"],
)
def test_what_is_wrong_with_a_certificate_is_said(
    given: tuple[Any, ...], words: str
) -> None:
    with pytest.raises(CertificateError) as server:
        tls.serverOptions(*given)
    assert words in str(server.value)
    ours = dict(zip(("certificate", "key"), given, strict=False))
    with pytest.raises(CertificateError) as client:
        tls.clientOptions("localhost", trustRoot=AUTHORITY.pem, **ours)
    assert str(client.value) == str(server.value)


def test_an_encrypted_key_needs_its_password() -> None:
    tls.serverOptions(CERTIFICATE, encrypted(b"secret"), password="secret")
    tls.serverOptions(CERTIFICATE, encrypted(b"secret"), password=b"secret")
    with pytest.raises(CertificateError, match="or the password is wrong"):
        tls.serverOptions(CERTIFICATE, encrypted(b"secret"), password="other")


def test_nobody_is_asked_for_a_password(tmp_path: Path) -> None:
    """OpenSSL would ask at the terminal; the loop would stand still."""
    (tmp_path / "key.pem").write_bytes(encrypted(b"secret"))
    (tmp_path / "certificate.pem").write_bytes(CERTIFICATE)
    program = (
        "import sys; from sennit.core import tls\n"
        "try: tls.serverOptions('certificate.pem', 'key.pem')\n"
        "except ValueError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        input="secret\n",
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert "the key is encrypted, and no password was given" in done.stdout
    assert done.stderr == ""


def test_a_key_given_as_str_is_not_shown_in_the_error() -> None:
    """A str is a path; PEM text as one would end up in a log."""
    for call in (
        lambda: tls.serverOptions(PEM.decode()),
        lambda: tls.serverOptions(CERTIFICATE, KEY.decode()),
        lambda: tls.clientOptions("localhost", trustRoot=PEM.decode()),
    ):
        with pytest.raises(CertificateError) as caught:
            call()
        assert str(caught.value) == "PEM text is given as bytes, not as str"


@pytest.mark.parametrize("wrong", [None, 5, ["server.pem"]])
def test_what_is_neither_path_nor_text_is_a_type_error(wrong: Any) -> None:
    with pytest.raises(TypeError):
        tls.serverOptions(wrong)


def test_a_key_without_a_certificate_is_an_error() -> None:
    with pytest.raises(CertificateError, match="of no use without its certificate"):
        tls.clientOptions("localhost", trustRoot=AUTHORITY.pem, key=KEY)


# Trust


def roots(given: Any) -> int:
    """How many certificates are trusted."""
    context = tls.clientOptions("localhost", trustRoot=given).context
    return context.cert_store_stats()["x509"]


def test_trust_comes_from_text_a_file_or_a_folder(tmp_path: Path) -> None:
    another = selfSigned("another")
    (tmp_path / "a.pem").write_bytes(AUTHORITY.pem)
    (tmp_path / "b.crt").write_bytes(another)
    (tmp_path / "README").write_bytes(b"not looked at")
    assert roots(AUTHORITY.pem) == 1
    assert roots(AUTHORITY.pem + another) == 2
    assert roots("# Müller\n".encode() + AUTHORITY.pem) == 1
    assert roots(tmp_path / "a.pem") == 1
    assert roots(str(tmp_path)) == 2


def test_trust_in_nobody_is_an_error(tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    empty = tmp_path / "empty"
    bad.mkdir()
    empty.mkdir()
    (bad / "x.pem").write_bytes(b"garbage")
    for given, words in (
        (b"garbage", "PEM text: no certificate in PEM form is in it"),
        (KEY, "PEM text: no certificate in PEM form is in it"),
        (b"", "PEM text: Empty certificate data"),
        ("/nowhere", "'/nowhere': No such file or directory"),
        (empty, f"'{empty}': no certificate in PEM form is in it"),
        (bad, f"'{bad / 'x.pem'}': no certificate in PEM form is in it"),
    ):
        for call in (
            lambda root: tls.clientOptions("localhost", trustRoot=root),
            lambda root: tls.serverOptions(PEM, trustRoot=root),
        ):
            with pytest.raises(CertificateError) as caught:
                call(given)
            assert str(caught.value) == words


# Names and protocols


@pytest.mark.parametrize("wrong", ["", ".example", "a" * 300, "a\0b"])
def test_what_is_no_name_of_a_host_is_a_value_error(wrong: str) -> None:
    with pytest.raises(ValueError, match="is no host's name"):
        tls.clientOptions(wrong, trustRoot=AUTHORITY.pem)


def test_a_hosts_name_is_text() -> None:
    wrong: Any = b"localhost"
    with pytest.raises(TypeError, match="a host's name is a str, not bytes"):
        tls.clientOptions(wrong, trustRoot=AUTHORITY.pem)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", "bücher.example"])
def test_names_and_addresses_are_names_of_hosts(name: str) -> None:
    assert tls.clientOptions(name, trustRoot=AUTHORITY.pem).hostname == name


@pytest.mark.parametrize(
    ("wrong", "error"),
    [("h2", TypeError), (b"", ValueError), (b"x" * 256, ValueError)],
)
def test_what_is_no_name_of_a_protocol_is_an_error(
    wrong: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        tls.serverOptions(PEM, acceptableProtocols=[b"h2", wrong])


# What stands for options


def test_options_and_contexts_become_options_of_their_side() -> None:
    server, client = tls.serverOptions(PEM), tls.clientOptions("localhost")
    assert tls.optionsFor(server, server=True) is server
    assert tls.optionsFor(client, server=False) is client
    made = tls.optionsFor(client.context, False, "example.org")
    assert isinstance(made, tls.ClientOptions)
    assert (made.context, made.hostname) == (client.context, "example.org")
    assert isinstance(tls.optionsFor(server.context, True), tls.ServerOptions)


def test_contexts_of_another_library_are_taken_once_it_is_registered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sennit.core.tls._adapt._foreign", {})

    class Theirs:
        pass

    class Derived(Theirs):
        pass

    given = Derived()
    with pytest.raises(TypeError, match=r"neither TLS options nor an ssl\.SSLContext"):
        tls.optionsFor(given, True)
    options = tls.serverOptions(PEM)
    asked: list[Any] = []

    def adapt(context: Any, server: bool, hostname: str | None) -> Any:
        asked.append((context, server, hostname))
        return options

    tls.registerContext(Theirs, adapt)
    assert tls.optionsFor(given, True, "localhost") is options
    assert asked == [(given, True, "localhost")]


@pytest.mark.parametrize("wrong", [-1, 0, float("nan")])
def test_no_time_is_no_limit_of_time(wrong: float) -> None:
    with pytest.raises(ValueError, match="handshakeTimeout is seconds, more than 0"):
        tls.clientOptions("localhost", handshakeTimeout=wrong)
    with pytest.raises(ValueError, match="shutdownTimeout is seconds, more than 0"):
        tls.serverOptions(AUTHORITY.issue("localhost"), shutdownTimeout=wrong)
