"""Responses on the wire: right and wrong, in any pieces, and never without end."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.web import client
from sennit.web.client._reader import Head, ResponseReader
from sennit.web.headers import Headers

CUTS = st.lists(st.integers(0, 3000), max_size=10)


class Taken:
    """What a reader has told."""

    def __init__(self) -> None:
        self.head: Head | None = None
        self.body = b""
        self.ended = 0
        self.trailers: Headers | None = None

    def headReceived(self, head: Head) -> None:
        assert self.head is None
        self.head = head

    def bodyReceived(self, data: bytes) -> None:
        assert self.head is not None
        assert not self.ended
        self.body += data

    def bodyEnded(self, trailers: Headers | None) -> None:
        self.ended += 1
        self.trailers = trailers


def read(
    parts: Iterable[bytes],
    method: bytes = b"GET",
    closed: bool = False,
    **limits: int,
) -> tuple[Taken, ResponseReader]:
    taken = Taken()
    reader = ResponseReader(client.ResponseLimits(**limits))
    reader.begin(taken, method)
    for part in parts:
        reader.feed(part)
    if closed:
        reader.endOfInput()
    return taken, reader


def pieces(data: bytes, cuts: Iterable[int]) -> list[bytes]:
    ends = sorted({min(cut, len(data)) for cut in cuts} | {len(data)})
    return [data[a:b] for a, b in zip([0, *ends], ends, strict=False) if a < b]


def response(*lines: str, body: bytes = b"", status: str = "HTTP/1.1 200 OK") -> bytes:
    return "\r\n".join([status, *lines, "", ""]).encode("latin-1") + body


CHUNKED = "Transfer-Encoding: chunked"

# Each with its reason; what is read, whether it is complete at the connection's end, and
# whether the connection may be used again.
GOOD = [
    ("a length", b"GET", response("Content-Length: 3", body=b"abc"), b"abc", True),
    ("no bytes", b"GET", response("Content-Length: 0"), b"", True),
    (
        "chunks (RFC 9112 §7.1)",
        b"GET",
        response(CHUNKED, body=b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"),
        b"abcde",
        True,
    ),
    (
        "until the connection ends (§6.3, 8)",
        b"GET",
        response(body=b"all of it"),
        b"all of it",
        False,
    ),
    ("HEAD has no body (§6.3, 1)", b"HEAD", response("Content-Length: 3"), b"", True),
    (
        "304 has no body (§6.3, 1)",
        b"GET",
        response("Content-Length: 3", status="HTTP/1.1 304 Not Modified"),
        b"",
        True,
    ),
    (
        "204 has no body, whatever it says (§6.3, 1)",
        b"GET",
        response(CHUNKED, status="HTTP/1.1 204 No Content"),
        b"",
        True,
    ),
    (
        "1xx is passed over (RFC 9110 §15.2)",
        b"GET",
        response(status="HTTP/1.1 100 Continue")
        + response("Link: </x>", status="HTTP/1.1 103 Early Hints")
        + response("Content-Length: 1", body=b"x"),
        b"x",
        True,
    ),
    (
        "the connection is a tunnel then (§6.3, 2)",
        b"CONNECT",
        response("Content-Length: 3"),
        b"",
        False,
    ),
    (
        "another protocol is spoken then (RFC 9110 §15.2.2)",
        b"GET",
        response("Upgrade: x", "Connection: upgrade", status="HTTP/1.1 101 Yes"),
        b"",
        False,
    ),
    (
        "101 without saying to what",
        b"GET",
        response(status="HTTP/1.1 101 Yes"),
        b"",
        False,
    ),
    (
        "the server will end it (RFC 9112 §9.6)",
        b"GET",
        response("Content-Length: 1", "Connection: x, Close", body=b"x"),
        b"x",
        False,
    ),
    (
        "HTTP/1.0 ends it unless it says otherwise (§9.3)",
        b"GET",
        response("Content-Length: 1", body=b"x", status="HTTP/1.0 200 OK"),
        b"x",
        False,
    ),
    (
        "HTTP/1.0 says otherwise (§9.3)",
        b"GET",
        response(
            *("Content-Length: 1", "Connection: keep-alive"),
            body=b"x",
            status="HTTP/1.0 200 OK",
        ),
        b"x",
        True,
    ),
    (
        "HTTP/1.0 does not know chunks, and is not relied on (§6.1)",
        b"GET",
        response(
            *(CHUNKED, "Connection: keep-alive"),
            body=b"1\r\nx\r\n0\r\n\r\n",
            status="HTTP/1.0 200 OK",
        ),
        b"x",
        False,
    ),
    (
        "an empty line before it (§2.2)",
        b"GET",
        b"\r\n\r\n" + response("Content-Length: 1", body=b"x"),
        b"x",
        True,
    ),
    (
        "no phrase (§4)",
        b"GET",
        response("Content-Length: 0", status="HTTP/1.1 200"),
        b"",
        True,
    ),
    (
        "identity is no coding",
        b"GET",
        response("Transfer-Encoding: identity", body=b"x"),
        b"x",
        False,
    ),
]


@pytest.mark.parametrize(
    ("method", "data", "body", "alive"),
    [case[1:] for case in GOOD],
    ids=[case[0] for case in GOOD],
)
def test_a_response_is_read(
    method: bytes, data: bytes, body: bytes, alive: bool
) -> None:
    taken, reader = read([data], method, closed=True)
    assert taken.head is not None
    assert (taken.body, taken.head.keepAlive, taken.ended) == (body, alive, 1)
    assert not reader.excess


@given(st.sampled_from(GOOD), CUTS)
def test_however_it_is_cut_it_is_the_same(case: Any, cuts: list[int]) -> None:
    _, method, data, body, alive = case
    taken, reader = read(pieces(data, cuts), method, closed=True)
    assert taken.head is not None
    assert (taken.body, taken.head.keepAlive, taken.ended) == (body, alive, 1)
    assert not reader.excess


# Each with its reason.
BAD = [
    ("no HTTP", b"220 mail.example ESMTP\r\n\r\n"),
    ("another protocol", b"SSH-2.0-OpenSSH\r\n\r\n"),
    ("HTTP/2 in the clothes of 1", response(status="HTTP/2.0 200 OK")),
    ("HTTP/0.9 has no head", response(status="HTTP/0.9 200 OK")),
    ("a status of four digits (RFC 9112 §4)", response(status="HTTP/1.1 2000 OK")),
    ("a status of two digits", response(status="HTTP/1.1 20 OK")),
    ("a status below 100 (RFC 9110 §15)", response(status="HTTP/1.1 099 OK")),
    ("bare line feeds (RFC 9112 §2.2)", b"HTTP/1.1 200 OK\nA: b\n\n"),
    ("a bare carriage return (§2.2)", response("A: b\rc")),
    ("a blank before the colon (§5.1)", response("A : b")),
    ("a folded line (§5.2)", response("A: b\r\n c")),
    ("no colon", response("nothing")),
    ("no name", response(": b")),
    ("a zero byte in a value (RFC 9110 §5.5)", response("A: \0")),
    ("a length and chunks (RFC 9112 §6.3, 3)", response("Content-Length: 3", CHUNKED)),
    ("chunks and a length (§6.3, 3)", response(CHUNKED, "Content-Length: 3")),
    ("two lengths (§6.3, 5)", response("Content-Length: 3", "Content-Length: 4")),
    ("a list of lengths", response("Content-Length: 3, 3")),
    ("a negative length", response("Content-Length: -1")),
    ("a length with a sign", response("Content-Length: +1")),
    ("a length in another base", response("Content-Length: 0x3")),
    ("no length", response("Content-Length: ")),
    ("a length beyond all", response("Content-Length: " + "9" * 30)),
    ("a coding that is not known (§6.1)", response("Transfer-Encoding: gzip, chunked")),
    ("a size that is none (§7.1)", response(CHUNKED, body=b"x\r\n")),
    ("a size with a sign", response(CHUNKED, body=b"+3\r\nabc\r\n")),
    ("a size beyond all", response(CHUNKED, body=b"f" * 20 + b"\r\n")),
    ("a chunk longer than its size", response(CHUNKED, body=b"1\r\nabc\r\n")),
    ("a size that ends with a line feed", response(CHUNKED, body=b"1\nx\r\n0\r\n\r\n")),
    ("a bad trailer", response(CHUNKED, body=b"0\r\nA : b\r\n\r\n")),
]


@pytest.mark.parametrize(
    "data", [case[1] for case in BAD], ids=[case[0] for case in BAD]
)
@pytest.mark.parametrize("step", [1, 100_000])
def test_what_is_no_response_is_refused(data: bytes, step: int) -> None:
    parts = [data[at : at + step] for at in range(0, len(data), step)]
    with pytest.raises(client.ParseError):
        read(parts)


@given(
    st.binary(max_size=300), st.sampled_from([b"", response()[:-2], response(CHUNKED)])
)
def test_any_bytes_are_a_response_or_a_named_error(data: bytes, before: bytes) -> None:
    with suppress(client.ParseError):
        read([before + data], closed=True)


@pytest.mark.parametrize(
    "data",
    [
        response("Content-Length: 3", body=b"ab"),
        response(CHUNKED, body=b"3\r\nabc\r\n"),
        response("Content-Length: 3")[:-1],
        b"",
    ],
)
def test_a_response_that_ends_before_its_end_is_no_whole_one(data: bytes) -> None:
    with pytest.raises(client.TruncatedResponse):
        read([data], closed=True)


@pytest.mark.parametrize("cut", [True, False], ids=["apart", "together"])
@pytest.mark.parametrize(
    "after", [b"x", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]
)
@pytest.mark.parametrize(
    ("method", "data"),
    [
        (b"GET", response("Content-Length: 3", body=b"abc")),
        (b"GET", response(CHUNKED, body=b"1\r\nx\r\n0\r\n\r\n")),
        (b"HEAD", response("Content-Length: 3")),
    ],
)
def test_what_comes_after_the_end_is_excess(
    method: bytes, data: bytes, after: bytes, cut: bool
) -> None:
    """Together with the end, it is known before the end is told."""
    known: list[bool] = []

    class Asking(Taken):
        def bodyEnded(self, trailers: Headers | None) -> None:
            known.append(reader.excess)
            super().bodyEnded(trailers)

    taken = Asking()
    reader = ResponseReader()
    reader.begin(taken, method)
    for part in [data, after] if cut else [data + after]:
        reader.feed(part)
    assert reader.excess
    assert taken.ended == 1
    assert known == [not cut]


def test_trailers_are_given_with_the_end() -> None:
    taken, _ = read([response(CHUNKED, body=b"1\r\nx\r\n0\r\nA: b \r\nC: d\r\n\r\n")])
    assert taken.trailers == Headers({b"A": [b"b"], b"C": [b"d"]})
    assert taken.head is not None
    assert not taken.head.headers.hasHeader(b"A")


def test_the_head_is_what_was_sent() -> None:
    taken, _ = read([response("A:  b c \t", "a: d", "Content-Length: 7")])
    assert taken.head is not None
    assert taken.head[:3] == ((b"HTTP", 1, 1), 200, b"OK")
    assert taken.head.headers.getRawHeaders(b"a") == [b"b c", b"d"]
    assert taken.head.length == 7


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ([response("A: " + "b" * 2000)], client.HeadTooLong),
        ([b"HTTP/1.1 200 OK\r\n", *[b"A: b" * 20 + b"\r\n"] * 20], client.HeadTooLong),
        ([response(*["A: b"] * 51)], client.TooManyHeaders),
        ([response(status="HTTP/1.1 100 Continue")] * 4, client.ResponseBudgetExceeded),
        ([response(CHUNKED), b"3;", *[b"x" * 50] * 9], client.ResponseBudgetExceeded),
        (
            [response(CHUNKED), b"0\r\nA: ", *[b"x" * 90] * 99],
            client.ResponseBudgetExceeded,
        ),
        ([response(CHUNKED), b"0\r\n", *[b"A: b\r\n"] * 52], client.TooManyHeaders),
        (
            [response(CHUNKED), b"0\r\n", *[b"A: " + b"b" * 90 + b"\r\n"] * 20],
            client.ResponseBudgetExceeded,
        ),
    ],
)
def test_a_budget_that_is_exceeded_is_named(
    parts: list[bytes], error: type[Exception]
) -> None:
    limits: Any = {"headBytes": 1000, "headers": 50, "interim": 3, "chunkBytes": 200}
    with pytest.raises(error):
        read(parts, **limits)


def test_a_body_in_many_small_chunks_exceeds_nothing() -> None:
    chunks = [b"1\r\nx\r\n"] * 1000
    taken, _ = read([response(CHUNKED), *chunks, b"0\r\n\r\n"], chunkBytes=10)
    assert taken.body == b"x" * 1000
