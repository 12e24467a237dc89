"""Requests: how they are written, and what is refused to be."""

from __future__ import annotations

from typing import Any

import pytest

from sennit.core.defer import CancelledError, Deferred, fail
from sennit.core.testing import StringTransport
from sennit.web import client
from sennit.web.client import UNKNOWN_LENGTH, BadHeaders, Request
from sennit.web.headers import Headers


def headers(**more: bytes) -> Headers:
    return Headers({b"Host": [b"h"], **{name.encode(): [more[name]] for name in more}})


def written(*args: Any, **kwargs: Any) -> bytes:
    transport = StringTransport()
    Request(*args, **kwargs).writeTo(transport)
    return transport.value()


class Body:
    """A body that the test writes itself."""

    def __init__(self, length: Any, *pieces: bytes) -> None:
        self.length = length
        self.pieces = pieces
        self.told: list[str] = []
        self.produced: Deferred[None] = Deferred()

    def startProducing(self, consumer: Any) -> Deferred[None]:
        self.consumer = consumer
        for piece in self.pieces:
            consumer.write(piece)
        return self.produced

    def pauseProducing(self) -> None:
        self.told.append("pause")

    def resumeProducing(self) -> None:
        self.told.append("resume")

    def stopProducing(self) -> None:
        self.told.append("stop")


def test_a_request_without_a_body() -> None:
    assert written(b"GET", b"/x?y", headers(), None) == (
        b"GET /x?y HTTP/1.1\r\nConnection: close\r\nHost: h\r\n\r\n"
    )


def test_a_connection_that_is_to_be_kept_is_not_mentioned() -> None:
    """Keeping it is what HTTP/1.1 does (RFC 9112 §9.3)."""
    assert written(b"GET", b"/", headers(), None, True) == (
        b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
    )


@pytest.mark.parametrize("method", [b"POST", b"PUT", b"PATCH"])
def test_where_a_body_is_expected_its_absence_is_told(method: bytes) -> None:
    """RFC 9110 §8.6."""
    assert b"\r\nContent-Length: 0\r\n" in written(method, b"/", headers(), None)


def test_a_body_of_known_length() -> None:
    body = Body(5, b"ab", b"cde")
    body.produced.callback(None)
    assert written(b"POST", b"/", headers(), body, True) == (
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\nHost: h\r\n\r\nabcde"
    )


def test_a_body_of_unknown_length_goes_in_chunks() -> None:
    """A piece of no bytes does not end it (RFC 9112 §7.1)."""
    body = Body(UNKNOWN_LENGTH, b"ab", b"", b"c" * 16)
    body.produced.callback(None)
    assert written(b"POST", b"/", headers(), body, True) == (
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: h\r\n\r\n"
        b"2\r\nab\r\n10\r\ncccccccccccccccc\r\n0\r\n\r\n"
    )


def test_where_a_message_ends_is_told_once() -> None:
    """What the user's headers say of it is left out (RFC 9112 §6.3)."""
    told = Headers({b"Host": [b"h"], b"Content-Length": [b"9"]})
    told.addRawHeader(b"Transfer-Encoding", b"chunked")
    body = Body(1, b"x")
    body.produced.callback(None)
    assert written(b"POST", b"/", told, body, True) == (
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nHost: h\r\n\r\nx"
    )
    assert told.hasHeader(b"Content-Length")


@pytest.mark.parametrize("count", [0, 2])
def test_there_is_exactly_one_host(count: int) -> None:
    request = Request(b"GET", b"/", Headers({b"Host": [b"h"] * count}), None)
    with pytest.raises(BadHeaders):
        request.writeTo(StringTransport())


BAD_METHODS = [b"", b"GET ", b"GET\r\nX: y", b"G\0T", b"G\xffT", b"G(T", b"GET\n"]
BAD_TARGETS = [b"", b"/a b", b"/\r\nX: y", b"/\0", b"/\xff", b"/\t", b"/\x7f", b"/\n"]


@pytest.mark.parametrize("method", BAD_METHODS)
def test_what_is_no_method_is_refused(method: bytes) -> None:
    with pytest.raises(ValueError, match="Invalid method"):
        Request(method, b"/", headers(), None)


@pytest.mark.parametrize("target", BAD_TARGETS)
def test_what_is_no_target_is_refused(target: bytes) -> None:
    with pytest.raises(ValueError, match="Invalid URI"):
        Request(b"GET", target, headers(), None)


@pytest.mark.parametrize("method", BAD_METHODS)
def test_a_method_that_was_set_later_is_looked_at_too(method: bytes) -> None:
    request = Request(b"GET", b"/", headers(), None)
    request.method = method
    transport = StringTransport()
    with pytest.raises(ValueError, match="Invalid method"):
        request.writeTo(transport)
    assert transport.value() == b""


@pytest.mark.parametrize("value", [b"a\r\nX: y", b"a\nX: y", b"a\rb", b"a\0b"])
def test_a_value_with_a_line_break_is_refused_however_it_got_there(
    value: bytes,
) -> None:
    given = headers()
    given._raw[b"X"] = [value]
    transport = StringTransport()
    with pytest.raises(BadHeaders):
        Request(b"GET", b"/", given, None).writeTo(transport)
    assert transport.value() == b""


@pytest.mark.parametrize("wrong", ["GET", None])
def test_a_method_is_bytes(wrong: Any) -> None:
    with pytest.raises(TypeError):
        Request(wrong, b"/", headers(), None)
    with pytest.raises(TypeError):
        Request(b"GET", wrong, headers(), None)


# Bodies that are not what they were said to be


def test_too_few_bytes_are_an_error() -> None:
    body = Body(3, b"ab")
    body.produced.callback(None)
    transport = StringTransport()
    sent = Request(b"PUT", b"/", headers(), body).writeTo(transport)
    failed = sent.result
    assert isinstance(failed.value, client.WrongBodyLength)
    sent.addErrback(lambda _: None)
    assert transport.producer is None


def test_too_many_bytes_are_an_error_and_are_not_sent() -> None:
    body = Body(3)
    transport = StringTransport()
    sent = Request(b"PUT", b"/", headers(), body).writeTo(transport)
    errors: list[Any] = []
    sent.addErrback(errors.append)
    transport.clear()
    body.consumer.write(b"abc")
    with pytest.raises(client.ExcessWrite):
        body.consumer.write(b"d")
    assert errors[0].check(client.WrongBodyLength)
    assert (transport.value(), body.told) == (b"abc", ["stop"])


def test_what_is_written_when_it_is_over_is_refused() -> None:
    body = Body(UNKNOWN_LENGTH)
    transport = StringTransport()
    Request(b"PUT", b"/", headers(), body).writeTo(transport)
    body.produced.callback(None)
    with pytest.raises(client.ExcessWrite):
        body.consumer.write(b"more")
    assert transport.value().endswith(b"\r\n\r\n0\r\n\r\n")


@pytest.mark.parametrize("how", ["raises", "fails"])
def test_a_producer_that_fails_ends_it(how: str) -> None:
    class Failing(Body):
        def startProducing(self, consumer: Any) -> Deferred[None]:
            if how == "raises":
                raise OSError("no disk")
            return fail(OSError("no disk"))

    transport = StringTransport()
    sent = Request(b"PUT", b"/", headers(), Failing(1)).writeTo(transport)
    errors: list[Any] = []
    sent.addErrback(errors.append)
    assert errors[0].check(OSError)
    assert transport.producer is None


def test_a_body_is_paced() -> None:
    body = Body(UNKNOWN_LENGTH)
    transport = StringTransport()
    Request(b"PUT", b"/", headers(), body).writeTo(transport)
    transport.producer.pauseProducing()
    transport.producer.resumeProducing()
    assert body.told == ["pause", "resume"]
    assert transport.streaming
    body.produced.callback(None)
    assert transport.producer is None


def test_cancelling_stops_the_producer_once() -> None:
    body = Body(UNKNOWN_LENGTH)
    transport = StringTransport()
    sent = Request(b"PUT", b"/", headers(), body).writeTo(transport)
    producer = transport.producer
    sent.addErrback(lambda reason: reason.trap(CancelledError))
    sent.cancel()
    producer.stopProducing()
    assert body.told == ["stop"]
    assert transport.producer is None


def test_a_producer_may_have_another_one_paced() -> None:
    """As a sender of files does."""
    body = Body(UNKNOWN_LENGTH)
    transport = StringTransport()
    Request(b"PUT", b"/", headers(), body).writeTo(transport)
    ours, other = transport.producer, Body(0)
    body.consumer.registerProducer(other, False)
    assert transport.producer is other
    body.consumer.unregisterProducer()
    assert transport.producer is ours


def test_a_body_of_bytes_is_written_at_once() -> None:
    sent = written(b"PUT", b"/", headers(), client.BytesProducer(b"abc"), True)
    assert sent.endswith(b"Content-Length: 3\r\nHost: h\r\n\r\nabc")
