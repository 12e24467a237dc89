"""Bodies that are packed: unpacked in any pieces, as fast as they are taken, not for ever."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.core.defer import Deferred, succeed
from sennit.core.failure import Failure
from sennit.core.protocol import Protocol, connectionDone
from sennit.core.testing import StringTransport
from sennit.web import client
from sennit.web.client import UNKNOWN_LENGTH, ResponseLimits
from sennit.web.client._unpack import PIECE, Unpacking, available
from sennit.web.headers import Headers


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def br(data: bytes) -> bytes:
    brotli = pytest.importorskip("brotli")
    packed: bytes = brotli.compress(data)
    return packed


def zstd(data: bytes) -> bytes:
    zstandard = pytest.importorskip("zstandard")
    packed: bytes = zstandard.ZstdCompressor().compress(data)
    return packed


KINDS: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "gzip": (b"gzip", gzip.compress),
    "two members": (
        b"gzip",
        lambda data: gzip.compress(data[:3]) + gzip.compress(data[3:]),
    ),
    "filled up": (b"gzip", lambda data: gzip.compress(data) + b"\0" * 9),
    "deflate": (b"deflate", zlib.compress),
    "raw deflate": (b"deflate", raw_deflate),
    "br": (b"br", br),
    "zstd": (b"zstd", zstd),
    "two frames": (b"zstd", lambda data: zstd(data[:3]) + zstd(data[3:])),
}
CODINGS = [name for name in KINDS if "t" not in name[:1] and name != "filled up"]

kinds = pytest.mark.parametrize("kind", KINDS)
codings = pytest.mark.parametrize("kind", CODINGS)


def unpack(coding: bytes, parts: list[bytes], limits: Any = None) -> bytes:
    unpacking = Unpacking(coding, limits or ResponseLimits())
    plain = b""
    for part in parts:
        for piece in unpacking.pieces(part):
            assert 0 < len(piece) <= PIECE
            plain += piece
    unpacking.end()
    return plain


@kinds
@given(st.binary(max_size=2000), st.integers(1, 50))
def test_what_was_packed_is_unpacked_in_any_pieces(
    kind: str, data: bytes, step: int
) -> None:
    coding, pack = KINDS[kind]
    packed = pack(data)
    parts = [packed[at : at + step] for at in range(0, len(packed), step)]
    assert unpack(coding, parts) == data


@kinds
@pytest.mark.parametrize("size", [PIECE - 1, PIECE, PIECE + 1, 10 * PIECE])
def test_a_large_body_comes_in_pieces(kind: str, size: int) -> None:
    coding, pack = KINDS[kind]
    data = bytes(range(256)) * (size // 256 + 1)
    assert unpack(coding, [pack(data[:size])]) == data[:size]


@codings
@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_are_unpacked_or_a_named_error(kind: str, data: bytes) -> None:
    coding, _ = KINDS[kind]
    try:
        unpack(coding, [data])
    except client.ParseError:
        return


@codings
def test_a_body_that_lacks_its_end_is_an_error(kind: str) -> None:
    coding, pack = KINDS[kind]
    with pytest.raises(client.ParseError):
        unpack(coding, [pack(bytes(range(256)) * 99)[:-5]])


@codings
def test_a_body_of_no_bytes_is_none(kind: str) -> None:
    """As in the answer to HEAD, which tells of a coding."""
    assert unpack(KINDS[kind][0], []) == b""


@codings
def test_a_bomb_does_not_go_off(kind: str) -> None:
    coding, pack = KINDS[kind]
    limits = ResponseLimits(unpackedFree=1024 * 1024, unpackedRatio=20)
    with pytest.raises(client.DecompressionBomb):
        unpack(coding, [pack(bytes(30_000_000))], limits)


@codings
def test_a_page_of_blanks_is_no_bomb(kind: str) -> None:
    coding, pack = KINDS[kind]
    assert len(unpack(coding, [pack(b" " * 1_000_000)])) == 1_000_000


def test_what_can_be_unpacked_is_known() -> None:
    assert {b"gzip", b"deflate"} <= set(available())


# Responses


class Taker(Protocol):
    """Takes a body, and may pause after each piece."""

    def __init__(self, pauses: bool = False) -> None:
        self.pauses = pauses
        self.body = b""
        self.pieces = 0
        self.reason: Any = None

    def dataReceived(self, data: bytes) -> None:
        self.body += data
        self.pieces += 1
        if self.pauses:
            self.transport.pauseProducing()  # type: ignore[attr-defined]

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        assert self.reason is None
        self.reason = reason


DONE = Failure(client.ResponseDone())


def packed_response(**headers: str) -> tuple[client.Response, Any]:
    told = Headers({n.replace("_", "-"): [headers[n]] for n in headers})
    transport = StringTransport()
    response = client.Response((b"HTTP", 1, 1), 200, b"OK", told, transport)
    return response, transport


class Answers:
    """An agent with one answer."""

    def __init__(self, response: client.Response) -> None:
        self.response = response
        self.headers: Any = None

    def request(
        self, method: bytes, uri: bytes, headers: Any = None, bodyProducer: Any = None
    ) -> Deferred[Any]:
        self.headers = headers
        return succeed(self.response)


def ask(response: client.Response, *decoders: type[client.Decoder]) -> Any:
    agent = client.ContentDecoderAgent(
        Answers(response), [(each.coding, each) for each in decoders]
    )
    found: list[Any] = []
    agent.request(b"GET", b"http://h/").addCallback(found.append)
    return found[0]


def test_packed_bodies_are_asked_for_and_unpacked() -> None:
    answers = Answers(packed_response(content_encoding="gzip")[0])
    agent = client.ContentDecoderAgent(
        answers, [(b"br", client.BrotliDecoder), (b"gzip", client.GzipDecoder)]
    )
    found: list[Any] = []
    agent.request(b"GET", b"http://h/").addCallback(found.append)
    assert answers.headers.getRawHeaders(b"Accept-Encoding") == [b"br,gzip"]
    taker = Taker()
    found[0].deliverBody(taker)
    answers.response.take(gzip.compress(b"hello"))
    answers.response.end(DONE)
    assert taker.body == b"hello"
    assert taker.reason.check(client.ResponseDone)


def test_a_decoder_is_the_response_but_for_its_body() -> None:
    response, _ = packed_response(content_encoding="x-gzip", content_length="3")
    response.length = 3
    decoder = ask(response, client.GzipDecoder)
    assert decoder.original is response
    assert (decoder.code, decoder.length) == (200, UNKNOWN_LENGTH)
    assert not decoder.headers.hasHeader(b"Content-Encoding")
    before, _ = packed_response()
    decoder.setPreviousResponse(before)
    assert decoder.previousResponse is before


def test_what_cannot_be_unpacked_stays_and_is_told() -> None:
    response, _ = packed_response(content_encoding="deflate, gzip")
    decoder = ask(response, client.GzipDecoder)
    assert decoder.original is response
    assert decoder.headers.getRawHeaders(b"content-encoding") == [b"deflate"]


def test_packed_twice_it_is_unpacked_twice() -> None:
    response, _ = packed_response(content_encoding="deflate, gzip")
    decoder = ask(response, client.GzipDecoder, client.DeflateDecoder)
    taker = Taker()
    decoder.deliverBody(taker)
    response.take(gzip.compress(zlib.compress(b"hello")))
    response.end(DONE)
    assert taker.body == b"hello"


def test_it_is_not_unpacked_for_ever() -> None:
    response, _ = packed_response(content_encoding=", ".join(["gzip"] * 9))
    decoder = ask(response, client.GzipDecoder)
    assert decoder.headers.getRawHeaders(b"content-encoding") == [
        b",".join([b"gzip"] * 5)
    ]


def test_a_plain_response_is_itself() -> None:
    response, _ = packed_response()
    assert ask(response, client.GzipDecoder) is response


def test_the_body_is_unpacked_as_it_is_taken() -> None:
    """A paused taker is given no piece more, however much has come."""
    response, transport = packed_response(content_encoding="gzip")
    taker = Taker(pauses=True)
    ask(response, client.GzipDecoder).deliverBody(taker)
    response.take(gzip.compress(bytes(5 * PIECE)))
    assert (taker.pieces, transport.producerState) == (1, "paused")
    response.end(DONE)
    assert not taker.reason
    while taker.reason is None:
        taker.transport.resumeProducing()  # type: ignore[attr-defined]
    assert len(taker.body) == 5 * PIECE


def test_what_is_wrong_with_it_ends_it() -> None:
    response, transport = packed_response(content_encoding="gzip")
    decoder = ask(response, client.GzipDecoder)
    taker = Taker()
    decoder.deliverBody(taker)
    response.take(b"this is no gzip")
    assert taker.reason.check(client.ResponseFailed)
    assert taker.reason.value.reasons[0].check(client.ParseError)
    assert taker.reason.value.response is decoder
    assert transport.disconnected
    response.end(DONE)


def test_a_packed_body_that_ends_too_early_has_failed() -> None:
    response, _ = packed_response(content_encoding="gzip")
    taker = Taker()
    ask(response, client.GzipDecoder).deliverBody(taker)
    response.take(gzip.compress(b"hello")[:-3])
    response.end(DONE)
    assert taker.reason.check(client.ResponseFailed)


def test_how_the_packed_body_ends_is_told() -> None:
    response, _ = packed_response(content_encoding="gzip")
    taker = Taker()
    ask(response, client.GzipDecoder).deliverBody(taker)
    response.end(Failure(client.ResponseFailed([])))
    assert taker.reason.check(client.ResponseFailed)


def test_who_wants_no_more_says_so_to_the_connection() -> None:
    response, transport = packed_response(content_encoding="gzip")
    taker = Taker()
    ask(response, client.GzipDecoder).deliverBody(taker)
    taker.transport.loseConnection()
    assert transport.disconnecting
