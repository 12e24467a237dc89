"""Certificates are chosen by name as certificates match names."""

from __future__ import annotations

import ssl
from typing import Any

import pytest

from sennit.core import tls
from sennit.core.testing import CertificateAuthority
from sennit.core.tls._names import lookUp

AUTHORITY = CertificateAuthority()


def named(*names: str, **more: Any) -> tls.ServerOptions:
    return tls.serverOptions(AUTHORITY.issue(*names), **more)


def shown(
    options: tls.ServerOptions, name: str | None, **more: Any
) -> tuple[str, str | None]:
    """Whose certificate a client is shown that asks for a name; what they agreed on."""
    client = tls.clientOptions(name or "localhost", trustRoot=AUTHORITY.pem, **more)
    client.context.check_hostname = False
    client.hostname = name
    (one, two), (three, four) = [(ssl.MemoryBIO(), ssl.MemoryBIO()) for _ in range(2)]
    asking, serving = client.begin(one, two), options.begin(three, four)
    done = False
    while not done:
        done = True
        for side in (asking, serving):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                done = False
        three.write(two.read())
        one.write(four.read())
    details = asking.getpeercert()
    assert details is not None
    return tls.Certificate(b"", details).commonName or "", (
        asking.selected_alpn_protocol()
    )


def test_a_name_has_its_own_certificate_or_that_of_its_pattern() -> None:
    options = tls.byServerName(
        named("default.example"),
        {
            "a.example": named("a.example"),
            "*.B.example": named("*.b.example"),
            "exact.b.example": named("exact.b.example"),
        },
    )
    for asked, expected in (
        (None, "default.example"),
        ("nobody.example", "default.example"),
        ("a.example", "a.example"),
        ("A.Example", "a.example"),
        ("x.b.example", "*.b.example"),
        ("exact.b.example", "exact.b.example"),
        ("x.y.b.example", "default.example"),
        ("b.example", "default.example"),
        ("127.0.0.1", "default.example"),
    ):
        assert shown(options, asked)[0] == expected


def test_a_pattern_stands_for_one_label() -> None:
    options = named("any")
    known = {"*.example": options}
    assert lookUp(known, "a.example") is options
    for name in ("", ".", "example", "a.b.example", ".a.example"):
        assert lookUp(known, name) is None


def test_the_default_offers_its_protocols_for_all_that_have_none() -> None:
    options = tls.byServerName(
        named("default.example", acceptableProtocols=[b"a"]),
        {
            "none.example": named("none.example"),
            "own.example": named("own.example", acceptableProtocols=[b"b"]),
        },
    )
    both = {"acceptableProtocols": [b"a", b"b"]}
    assert shown(options, "none.example", **both) == ("none.example", "a")
    assert shown(options, "own.example", **both) == ("own.example", "b")


def test_a_default_that_asks_for_certificates_cannot_have_others_that_do_not() -> None:
    """TLS asks as the default does: a name that asks alone would let everybody in."""
    asks = {"trustRoot": AUTHORITY.pem}
    with pytest.raises(ValueError, match=r"'admin\.example' differs from the default"):
        tls.byServerName(named("a"), {"admin.example": named("admin", **asks)})
    with pytest.raises(ValueError, match=r"'b\.example' differs from the default"):
        tls.byServerName(named("a", **asks), {"b.example": named("b")})


def test_names_that_ask_for_certificates_each_verify_by_their_own_roots() -> None:
    other = CertificateAuthority("other")
    options = tls.byServerName(
        named("a.example", trustRoot=AUTHORITY.pem),
        {"b.example": named("b.example", trustRoot=other.pem)},
    )
    mine = {"certificate": AUTHORITY.issue("me")}
    theirs = {"certificate": other.issue("them")}
    assert shown(options, "a.example", **mine)[0] == "a.example"
    assert shown(options, "b.example", **theirs)[0] == "b.example"
    for asked, wrong in (("a.example", theirs), ("b.example", mine)):
        with pytest.raises(ssl.SSLCertVerificationError):
            shown(options, asked, **wrong)
