"""URIs in their parts."""

from __future__ import annotations

from urllib.parse import urlparse

import pytest
from hypothesis import given, strategies as st

from sennit.web.client import URI
from sennit.web.client._uri import host_value

# What may stand in the parts of a URI; "[" and "]" mean something in a host only.
PART = st.text("abz019-._~!$'()*,=%;:@/", max_size=12)


@pytest.mark.parametrize(
    ("uri", "host", "port", "origin_form"),
    [
        (b"http://host", b"host", 80, b"/"),
        (b"https://host/", b"host", 443, b"/"),
        (b"HTTP://Host:81/a;p?q#f", b"Host", 81, b"/a;p?q"),
        (b"http://name:secret@host:81/", b"host", 81, b"/"),
        (b"http://[::1]:81/", b"::1", 81, b"/"),
        (b"http://[::1]/", b"::1", 80, b"/"),
        (b"http://host:/x", b"host", 80, b"/x"),
        (b"http://host?x=1", b"host", 80, b"/?x=1"),
        (b"  http://host/ ", b"host", 80, b"/"),
    ],
)
def test_host_port_and_what_a_request_names(
    uri: bytes, host: bytes, port: int, origin_form: bytes
) -> None:
    parsed = URI.fromBytes(uri)
    assert (parsed.host, parsed.port, parsed.originForm) == (host, port, origin_form)


def test_it_has_all_parts() -> None:
    parsed = URI.fromBytes(b"http://n:s@h:8/a/b;p;q?x=1#f")
    assert parsed.scheme == b"http"
    assert parsed.netloc == b"n:s@h:8"
    assert parsed.userinfo == b"n:s"
    assert (parsed.path, parsed.params) == (b"/a/b", b"p;q")
    assert (parsed.query, parsed.fragment) == (b"x=1", b"f")


@given(PART, PART, PART)
def test_it_has_the_parts_that_the_standard_library_finds(
    path: str, query: str, fragment: str
) -> None:
    uri = f"http://host:8080/{path}?{query}#{fragment}".encode()
    ours, theirs = URI.fromBytes(uri), urlparse(uri)
    assert (ours.path, ours.params) == (theirs.path, theirs.params)
    assert (ours.query, ours.fragment) == (theirs.query, theirs.fragment)


@given(PART.filter(lambda text: not text.startswith("/")), PART.filter(bool))
def test_together_again_it_is_what_it_was(path: str, query: str) -> None:
    uri = f"http://host/{path}?{query}#f".encode()
    if ";" not in path or path.rsplit(";", 1)[1]:
        assert URI.fromBytes(uri).toBytes() == uri.replace(b";?", b"?")


@pytest.mark.parametrize("port", [b"x", b"-1", b"+1", b"65536", b"1_0", b"999999"])
def test_what_is_no_port_is_refused(port: bytes) -> None:
    with pytest.raises(ValueError, match="Invalid URI"):
        URI.fromBytes(b"http://host:" + port + b"/")


def test_the_default_port_may_be_told() -> None:
    assert URI.fromBytes(b"x://host/", 7).port == 7
    assert URI.fromBytes(b"x://host:8/", 7).port == 8


def test_an_origin_does_not_mind_its_spelling() -> None:
    """RFC 9110 §4.3.1: scheme, host and port, whether the port is written or not."""
    one = URI.fromBytes(b"HTTP://Host/a")
    assert one.origin == URI.fromBytes(b"http://host:80/b").origin
    for other in (b"https://host/", b"http://host:81/", b"http://other/"):
        assert one.origin != URI.fromBytes(other).origin


@pytest.mark.parametrize(
    ("scheme", "host", "port", "value"),
    [
        (b"http", b"h", 80, b"h"),
        (b"http", b"h", 443, b"h:443"),
        (b"https", b"h", 443, b"h"),
        (b"http", b"::1", 80, b"[::1]"),
        (b"http", b"::1", 81, b"[::1]:81"),
    ],
)
def test_a_host_is_written_with_its_port_where_that_is_unusual(
    scheme: bytes, host: bytes, port: int, value: bytes
) -> None:
    assert host_value(scheme, host, port) == value
