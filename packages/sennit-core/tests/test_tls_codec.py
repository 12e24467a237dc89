"""TLS between buffers: the same plain text, however its bytes come in."""

from __future__ import annotations

import ssl
from collections.abc import Iterable

import pytest
from hypothesis import given, settings, strategies as st

from sennit.core import errors, tls
from sennit.core.engine._tls._codec import TLSCodec
from sennit.core.testing import CertificateAuthority

AUTHORITY = CertificateAuthority()
SERVER = tls.serverOptions(AUTHORITY.issue("localhost"))
CLIENT = tls.clientOptions("localhost", trustRoot=AUTHORITY.pem)
SERVER_OF_1_2 = tls.serverOptions(AUTHORITY.issue("localhost"))
SERVER_OF_1_2.context.maximum_version = ssl.TLSVersion.TLSv1_2

both_versions = pytest.mark.parametrize(
    "options", [SERVER, SERVER_OF_1_2], ids=["1.3", "1.2"]
)


def shaken(options: tls.ServerOptions = SERVER) -> tuple[TLSCodec, TLSCodec]:
    """A server's and a client's codec after their handshake, with nothing left over."""
    server, client = TLSCodec(options), TLSCodec(CLIENT)
    done = False
    while not done:
        client_done = client.handshake()
        server.put(client.take())
        done = server.handshake() and client_done
        client.put(server.take())
    assert client.decrypt() == b""  # the server's tickets
    return server, client


def chopped(data: bytes, sizes: Iterable[int]) -> Iterable[bytes]:
    """The bytes in pieces of these sizes, and then the rest."""
    for size in sizes:
        yield data[:size]
        data = data[size:]
    yield data


@both_versions
def test_two_codecs_agree_and_talk_both_ways(options: tls.ServerOptions) -> None:
    server, client = shaken(options)
    server.put(client.encrypt(b"question"))
    assert server.decrypt() == b"question"
    client.put(server.encrypt(b"answer"))
    assert client.decrypt() == b"answer"
    assert client.ssl.version() == server.ssl.version()
    for each in (client, server):
        assert not each.ended
        assert not each.pending


@given(
    messages=st.lists(st.binary(max_size=50_000), max_size=5),
    sizes=st.lists(st.integers(0, 20_000), max_size=20),
)
@settings(deadline=None, max_examples=60)
def test_any_chopping_of_the_bytes_gives_the_same_plain_text(
    messages: list[bytes], sizes: list[int]
) -> None:
    server, client = shaken()
    wire = b"".join([*map(client.encrypt, filter(None, messages))])
    got = b""
    for piece in chopped(wire, sizes):
        server.put(piece)
        got += server.decrypt()
    assert got == b"".join(messages)
    assert server.error is None
    assert not server.ended


@given(sizes=st.lists(st.integers(0, 600), max_size=20))
@settings(deadline=None, max_examples=30)
def test_any_chopping_of_the_handshake_is_the_same_handshake(sizes: list[int]) -> None:
    server, client = TLSCodec(SERVER), TLSCodec(CLIENT)
    assert not client.handshake()
    for piece in chopped(client.take(), sizes):
        server.put(piece)
        assert not server.handshake()
    done = False
    for piece in chopped(server.take(), sizes):
        assert not done or not piece
        client.put(piece)
        done = done or client.handshake()
    assert done
    server.put(client.take())
    assert server.handshake()


def test_what_came_is_given_in_one_piece() -> None:
    server, client = shaken()
    for _ in range(3):
        server.put(client.encrypt(b"x" * 20_000))
    assert server.decrypt() == b"x" * 60_000
    assert server.decrypt() == b""


# Ends


@both_versions
def test_the_end_comes_after_all_that_was_written(options: tls.ServerOptions) -> None:
    server, client = shaken(options)
    wire = client.encrypt(b"the last")
    assert not client.end()
    server.put(wire + client.take())
    assert server.decrypt() == b"the last"
    assert server.ended
    assert server.error is None


@both_versions
def test_who_has_ended_still_hears(options: tls.ServerOptions) -> None:
    server, client = shaken(options)
    client.end()
    server.put(client.take())
    server.decrypt()
    client.put(server.encrypt(b"an answer"))
    assert client.decrypt() == b"an answer"
    assert server.end()
    client.put(server.take())
    client.decrypt()
    assert client.ended
    assert client.end()


@both_versions
def test_ending_loses_nothing_that_has_come_and_was_not_decrypted(
    options: tls.ServerOptions,
) -> None:
    server, client = shaken(options)
    server.put(client.encrypt(b"x" * 40_000))
    assert not server.end()
    assert server.decrypt() == b"x" * 40_000
    assert server.error is None
    client.put(server.take())
    client.decrypt()
    assert client.ended


@both_versions
def test_what_follows_the_end_is_dropped(options: tls.ServerOptions) -> None:
    """Memory for it would be without a limit."""
    server, client = shaken(options)
    client.end()
    server.put(client.take())
    for _ in range(3):
        server.put(b"\x17\x03\x03\x01\x00" + bytes(256))
        assert server.decrypt() == b""
        assert not server.pending
    assert server.ended
    assert server.error is None
    client.put(server.encrypt(b"an answer"))
    assert client.decrypt() == b"an answer"


@both_versions
def test_nothing_can_be_written_after_the_end(options: tls.ServerOptions) -> None:
    _, client = shaken(options)
    client.end()
    with pytest.raises(errors.SSLError, match="protocol is shutdown"):
        client.encrypt(b"too late")


# What is no TLS


@given(st.binary(min_size=6))
@settings(deadline=None)
def test_garbage_instead_of_a_handshake_is_an_ssl_error(garbage: bytes) -> None:
    # The five bytes of a record's head that promises more would be waited for.
    garbage = b"GET / HTTP/1.0\r\n" + garbage
    for options in (SERVER, CLIENT):
        codec = TLSCodec(options)
        codec.put(garbage)
        with pytest.raises(errors.SSLError) as caught:
            codec.handshake()
        assert caught.value.__cause__ is not None
        assert str(caught.value) == f"An SSL error occurred: {caught.value.strerror}."
        assert caught.value.strerror


@given(at=st.integers(5, 60), bit=st.integers(0, 7))
@settings(deadline=None, max_examples=30)
def test_a_changed_record_is_an_error_after_the_good_ones(at: int, bit: int) -> None:
    server, client = shaken()
    good = client.encrypt(b"good")
    bad = bytearray(client.encrypt(b"x" * 100))
    bad[at] ^= 1 << bit
    server.put(good + bad + client.encrypt(b"never"))
    assert server.decrypt() == b"good"
    assert type(server.error) is errors.SSLError
    assert "bad record mac" in str(server.error)
    assert server.decrypt() == b""


def test_an_alert_is_told_by_its_name() -> None:
    trusting_nobody = tls.clientOptions(
        "localhost", trustRoot=CertificateAuthority("another").pem
    )
    server, client = TLSCodec(SERVER), TLSCodec(trusting_nobody)
    client.handshake()
    server.put(client.take())
    server.handshake()
    client.put(server.take())
    with pytest.raises(errors.VerifyError, match="unable to get local issuer"):
        client.handshake()
    server.put(client.take())
    with pytest.raises(errors.PeerVerifyError, match="unknown ca"):
        server.handshake()


def test_options_that_are_no_good_are_an_ssl_error() -> None:
    with pytest.raises(errors.SSLError, match="empty string"):
        TLSCodec(tls.ClientOptions(CLIENT.context, ""))
    with pytest.raises(errors.SSLError, match="checks the host's name"):
        TLSCodec(tls.ClientOptions(CLIENT.context, None))
