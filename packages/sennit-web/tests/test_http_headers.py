"""Headers, dates and statuses: what properties do not say."""

from __future__ import annotations

import pytest

from sennit.web import http
from sennit.web.headers import Headers
from sennit.web.http._dates import date_line
from sennit.web.http._status import status_line


@pytest.mark.parametrize(
    ("name", "written"),
    [
        (b"content-type", b"Content-Type"),
        (b"ETAG", b"ETag"),
        (b"www-authenticate", b"WWW-Authenticate"),
        (b"x-xss-protection", b"X-XSS-Protection"),
        (b"te", b"TE"),
        (b"x_y", b"X_y"),
    ],
)
def test_names_are_written_as_the_field_writes_them(
    name: bytes, written: bytes
) -> None:
    """Words begin with a capital, but for those that are written otherwise."""
    assert list(Headers({name: [b"v"]}).getAllRawHeaders()) == [(written, [b"v"])]


def test_values_are_of_the_type_of_the_name() -> None:
    """A name that is text is answered with text."""
    headers = Headers({"a": ["é"]})
    assert headers.getRawHeaders("a") == ["é"]
    assert headers.getRawHeaders(b"a") == ["é".encode()]
    assert headers.getRawHeaders("b") is None
    assert headers.getRawHeaders(b"b", [b"default"]) == [b"default"]


@pytest.mark.parametrize("name", [b"", b"a b", b"a:b", b"a\r\nb", "a\n", b"\xe9"])
def test_what_is_no_name_is_refused(name: str | bytes) -> None:
    """RFC 9110 §5.1: a name is a token."""
    with pytest.raises(http.InvalidHeaderName):
        Headers().addRawHeader(name, b"v")


def test_what_is_no_text_is_refused() -> None:
    """Names and values are str or bytes, several values a list."""
    headers = Headers()
    with pytest.raises(TypeError, match="name is bytes or str"):
        headers.setRawHeaders(1, [b"v"])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="value is bytes or str"):
        headers.setRawHeaders(b"a", [1])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="values are a list"):
        headers.setRawHeaders(b"a", b"v")  # type: ignore[arg-type]


def test_names_that_peers_make_up_do_not_fill_the_memory() -> None:
    """Only so many names are remembered."""
    from sennit.web.http import _headers

    for number in range(3000):
        Headers().addRawHeader(b"x-%d" % number, b"")
    assert len(_headers._known) <= _headers._MAX_KNOWN + 2


def test_headers_are_equal_by_what_they_have() -> None:
    """Whatever the case of their names was; and they show it."""
    assert Headers({b"A-B": [b"c"]}) == Headers({"a-b": ["c"]})
    assert Headers({b"A": [b"c"]}) != Headers({b"A": [b"d"]})
    assert Headers({b"a": [b"c"]}) != {b"A": [b"c"]}
    assert repr(Headers({b"a": [b"c"]})) == "Headers({b'A': [b'c']})"


def test_a_header_can_be_removed() -> None:
    """It is gone; and nothing happens if it never was there."""
    headers = Headers({b"a": [b"b"]})
    headers.removeHeader("A")
    headers.removeHeader("A")
    assert not headers.hasHeader(b"a")


def test_the_year_of_two_digits_is_near() -> None:
    """RFC 9110 §5.6.7: it is at most 50 years ahead."""
    assert http.stringToDatetime(b"Sunday, 06-Nov-94 08:49:37 GMT") == 784111777
    assert http.stringToDatetime(b"Friday, 06-Nov-26 08:49:37 GMT") == 1793954977


@pytest.mark.parametrize(
    "text",
    [b"", b"now", b"Sun, 06 Foo 1994 08:49:37 GMT", b"Sun, 06 Nov 1969 00:00:00 GMT"],
)
def test_what_is_no_date_is_refused(text: bytes) -> None:
    """There is no such form, no such month, no such year."""
    with pytest.raises(ValueError, match=r"date|month|years"):
        http.stringToDatetime(text)


def test_the_line_of_a_date_is_that_of_now() -> None:
    """It is made once a second, and ends its line."""
    line = date_line()
    assert line.startswith(b"Date: ")
    assert line.endswith(b" GMT\r\n")
    assert date_line() in (line, date_line())


def test_status_lines_are_kept_only_if_they_are_usual() -> None:
    """A phrase of a program's own is not: there may be any number."""
    from sennit.web.http import _status

    assert status_line(b"HTTP/1.1", 404, b"Not Found") == b"HTTP/1.1 404 Not Found\r\n"
    assert status_line(b"HTTP/1.1", 404, b"Gone fishing").endswith(b"Gone fishing\r\n")
    assert (b"HTTP/1.1", 404, b"Not Found") in _status._made
    assert (b"HTTP/1.1", 404, b"Gone fishing") not in _status._made


def test_every_name_of_a_status_has_its_phrase() -> None:
    """And every phrase its code."""
    values = [getattr(http, name) for name in http.__all__ if name.isupper()]
    codes = {value for value in values if isinstance(value, int) and value > 100}
    assert len(codes) > 45
    assert codes <= set(http.RESPONSES)
