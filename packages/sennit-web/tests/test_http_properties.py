"""What holds of HTTP's parts whatever comes: by hypothesis."""

from __future__ import annotations

import contextlib
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given, strategies as st

from sennit.web import http
from sennit.web.http._cookies import made_cookie, parsed_cookies
from sennit.web.http._forms import parse_options
from sennit.web.http._framing import ChunkedBody, CountedBody
from sennit.web.http._head import Head, HeadReader

TOKEN = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

tokens = st.text(TOKEN, min_size=1, max_size=20).map(str.encode)
values = st.text("\t !~abc:,;=\x80\xff", max_size=20).map(
    lambda text: text.strip(" \t").encode("latin-1")
)
fields = st.lists(st.tuples(tokens, values), max_size=8)
sizes = st.lists(st.integers(1, 40), min_size=1, max_size=10)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """Data in pieces of the given sizes, the last of which is repeated."""
    found: list[bytes] = []
    at = 0
    while at < len(data):
        size = cuts[min(len(found), len(cuts) - 1)]
        found.append(data[at : at + size])
        at += size
    return found


def body_of(frame: ChunkedBody | CountedBody, data: list[bytes]) -> tuple[bytes, bytes]:
    """What a frame gives of pieces, and what it leaves of them."""
    found, left = b"", b""
    for piece in data:
        if frame.ended:
            left += piece
            continue
        body, rest = frame.feed(piece)
        found += body
        left += rest
    return found, left


def chunked_frame() -> ChunkedBody:
    return ChunkedBody(10_000, 100, 1000, 1000, 10)


@given(fields)
def test_headers_come_out_as_they_went_in(pairs: list[tuple[bytes, bytes]]) -> None:
    """What was added is there by any case of its name, in order, and is sent as it is."""
    headers = http.Headers()
    for name, value in pairs:
        headers.addRawHeader(name, value)
    for name, _ in pairs:
        wanted = [value for other, value in pairs if other.lower() == name.lower()]
        assert headers.getRawHeaders(name.upper()) == wanted
        assert headers.hasHeader(name.swapcase())
    assert headers.copy() == headers
    lines = headers._lines()
    assert lines.count(b"\r\n") == lines.count(b"\n") == len(pairs)


@given(st.binary(max_size=30), st.binary(max_size=30))
def test_no_header_makes_a_line_of_its_own(name: bytes, value: bytes) -> None:
    """Whatever is set is refused, or is one line without a control byte."""
    headers = http.Headers()
    try:
        headers.setRawHeaders(name, [value])
    except (http.InvalidHeaderName, http.InvalidHeaderValue):
        return
    line = headers._lines()
    assert line.endswith(b"\r\n")
    assert not any(byte < 0x20 and byte != 9 for byte in line[:-2])


@given(fields, sizes)
def test_a_head_is_read_in_any_pieces(
    pairs: list[tuple[bytes, bytes]], cuts: list[int]
) -> None:
    """Headers that frame nothing come out of a head as they were written."""
    pairs = [pair for pair in pairs if pair[0].lower() not in LOOKED_AT]
    lines = b"".join(b"%b: %b\r\n" % pair for pair in pairs)
    data = b"GET /a HTTP/1.1\r\nHost: b\r\n%b\r\nrest" % lines
    reader = HeadReader(16384, 100, True)
    heads: list[Head] = []
    for piece in pieces(data, cuts):
        reader.feed(piece)
        if (head := reader.head() if not heads else None) is not None:
            heads.append(head)
    (head,) = heads
    assert head.block.fields == [(b"Host", b"b"), *pairs]
    assert reader.rest() == b"rest"


LOOKED_AT = {
    b"host",
    b"content-length",
    b"transfer-encoding",
    b"connection",
    b"upgrade",
}


@given(st.binary(max_size=300), sizes)
def test_any_bytes_are_heads_or_are_refused(data: bytes, cuts: list[int]) -> None:
    """A reader gives heads, waits, or raises BadRequest: nothing else."""
    reader = HeadReader(200, 10, False)
    try:
        for piece in pieces(data, cuts):
            reader.feed(piece)
            while reader.head() is not None:
                pass
            assert len(reader.data) - reader.at <= 200
    except http.BadRequest:
        pass


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=8), sizes, st.binary())
def test_chunks_are_read_in_any_pieces(
    chunks: list[bytes], cuts: list[int], rest: bytes
) -> None:
    """A chunked body comes out whole, with its trailers, and what follows is left."""
    data = b"".join(b"".join(http.toChunk(chunk)) for chunk in chunks)
    frame = chunked_frame()
    found, left = body_of(frame, pieces(data + b"0\r\nA: b\r\n\r\n" + rest, cuts))
    assert found == b"".join(chunks)
    assert left == rest
    assert frame.ended
    assert frame.trailers == [(b"A", b"b")]


@given(st.binary(max_size=200), sizes)
def test_any_bytes_are_chunks_or_are_refused(data: bytes, cuts: list[int]) -> None:
    """A frame gives bytes, waits, or raises BadRequest; in any pieces the same bytes."""
    results: list[tuple[bytes, bool | None]] = []
    for way in ([len(data) or 1], cuts):
        frame = chunked_frame()
        try:
            found, _ = body_of(frame, pieces(data, way))
            results.append((found, frame.ended))
        except http.BadRequest:
            results.append((b"", None))
    assert results[0] == results[1]


@given(st.binary(max_size=100), st.binary(max_size=20), sizes)
def test_counted_bodies_end_where_they_should(
    body: bytes, rest: bytes, cuts: list[int]
) -> None:
    """So many bytes are the body's, and not one more."""
    frame = CountedBody(len(body))
    if body:
        assert body_of(frame, pieces(body + rest, cuts)) == (body, rest)
        assert frame.ended


@given(st.binary(max_size=100))
def test_a_chunk_comes_out_as_it_went_in(data: bytes) -> None:
    """fromChunk undoes toChunk."""
    assert http.fromChunk(b"".join(http.toChunk(data)) + b"rest") == (data, b"rest")


@given(st.dictionaries(st.binary(), st.lists(st.binary(), min_size=1), max_size=5))
def test_queries_come_out_as_they_went_in(args: dict[bytes, list[bytes]]) -> None:
    """Quoted pairs are read as what was quoted."""
    query = "&".join(
        f"{quote_from_bytes(name)}={quote_from_bytes(value)}"
        for name, values in args.items()
        for value in values
    ).encode()
    assert http.parse_qs(query, 1) == args


@given(st.lists(st.tuples(st.text('abc -."\\é', min_size=1), st.binary()), max_size=5))
def test_multipart_forms_come_out_as_they_went_in(
    parts: list[tuple[str, bytes]],
) -> None:
    """Names with quotes and contents of any bytes are read as they were written."""
    boundary = b"x" * 60
    body = b""
    for name, content in parts:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"').encode()
        body += b"--%b\r\nContent-Disposition: form-data; " % boundary
        body += b'name="%b"; filename="a"\r\n\r\n%b\r\n' % (quoted, content)
    body += b"--%b--\r\n" % boundary
    found = http.parseMultipart(body, b"multipart/form-data; boundary=" + boundary)
    assert [(part.name, part.content) for part in found] == [
        (name.encode(), content) for name, content in parts
    ]


@given(st.binary(max_size=200), st.binary(max_size=80))
def test_any_bytes_are_a_form_or_are_refused(body: bytes, kind: bytes) -> None:
    """A form is read, or MalformedForm is raised."""
    for boundary in (b"a", kind):
        with contextlib.suppress(http.MalformedForm):
            http.parseMultipart(
                body, b"multipart/form-data; boundary=" + boundary, maxFields=5
            )


@given(st.binary(max_size=100))
def test_any_bytes_have_options_or_none(value: bytes) -> None:
    """Parameters are read as far as they are such."""
    kind, options = parse_options(value)
    assert isinstance(kind, bytes)
    assert all(name == name.lower() for name in options)


@given(tokens, st.binary(max_size=30), st.binary(max_size=30))
def test_a_cookie_is_one_line_and_one_pair(
    name: bytes, value: bytes, path: bytes
) -> None:
    """Whatever value and path are, they add neither a line nor an attribute."""
    cookie = made_cookie(name, value, path=path)
    assert cookie.count(b";") == 1
    assert not any(byte < 0x20 for byte in cookie)
    pair = cookie.partition(b";")[0]
    assert list(parsed_cookies([pair])) == [name.lstrip()]


@given(st.integers(0, 253402300799))
def test_dates_come_out_as_they_went_in(seconds: int) -> None:
    """What datetimeToString writes, stringToDatetime reads."""
    assert http.stringToDatetime(http.datetimeToString(seconds)) == seconds


@given(st.binary(max_size=40))
def test_any_bytes_are_a_date_or_are_refused(text: bytes) -> None:
    """A date is read, or ValueError is raised."""
    with contextlib.suppress(ValueError):
        http.stringToDatetime(text)


@pytest.mark.parametrize(
    "text",
    [
        b"Sun, 06 Nov 1994 08:49:37 GMT",
        b"Sunday, 06-Nov-94 08:49:37 GMT",
        b"Sun Nov  6 08:49:37 1994",
    ],
)
def test_the_three_forms_of_a_date_are_one_time(text: bytes) -> None:
    """RFC 9110 §5.6.7: a recipient reads all of them."""
    assert http.stringToDatetime(text) == 784111777
