"""Bodies: what writes them, and what takes them."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from sennit.core.defer import CancelledError, Deferred, ensureDeferred
from sennit.core.errors import ConnectionDone
from sennit.core.failure import Failure
from sennit.core.task import Cooperator
from sennit.core.testing import StringTransport
from sennit.web import client
from sennit.web.client import UNKNOWN_LENGTH, FileBodyProducer, IterableProducer
from sennit.web.client._bodies import rewound
from sennit.web.client._content import bodyOf
from sennit.web.client._readers import BodyPieces
from sennit.web.headers import Headers


class Turns:
    """A cooperator whose turns the test gives."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []
        self.cooperator = Cooperator(
            terminationPredicateFactory=lambda: lambda: True, scheduler=self._schedule
        )

    def _schedule(self, call: Any) -> Any:
        self.waiting.append(call)

        class Call:
            def cancel(self) -> None: ...

        return Call()

    def take(self, turns: int = 1000) -> None:
        for _ in range(turns):
            if not self.waiting:
                return
            self.waiting.pop(0)()


def test_a_file_is_written_from_where_it_is() -> None:
    file, turns, sink = io.BytesIO(b"0123456789"), Turns(), StringTransport()
    file.seek(2)
    producer = FileBodyProducer(file, turns.cooperator, 3)
    done: list[Any] = []
    producer.startProducing(sink).addCallback(done.append)
    turns.take(2)
    assert (producer.length, sink.value()) == (8, b"234567")
    turns.take()
    assert (sink.value(), done, file.closed) == (b"23456789", [None], True)


def test_a_file_is_paced() -> None:
    turns, sink = Turns(), StringTransport()
    producer = FileBodyProducer(io.BytesIO(b"0123456789"), turns.cooperator, 1)
    producer.startProducing(sink)
    turns.take(2)
    producer.pauseProducing()
    turns.take()
    assert sink.value() == b"01"
    producer.resumeProducing()
    turns.take()
    assert sink.value() == b"0123456789"


@pytest.mark.parametrize("how", ["stop", "cancel"])
def test_a_file_that_nobody_wants_is_closed(how: str) -> None:
    file, turns = io.BytesIO(b"0123"), Turns()
    producer = FileBodyProducer(file, turns.cooperator, 1)
    done: list[Any] = []
    written = producer.startProducing(StringTransport())
    written.addBoth(done.append)
    turns.take(1)
    producer.stopProducing() if how == "stop" else written.cancel()
    producer.stopProducing()
    turns.take()
    assert (file.closed, done) == (True, [])


def test_a_file_that_cannot_be_read_fails() -> None:
    class Broken(io.BytesIO):
        def read(self, size: Any = -1) -> bytes:
            raise OSError("no disk")

    file, turns = Broken(b"x"), Turns()
    done: list[Any] = []
    producer = FileBodyProducer(file, turns.cooperator)
    producer.startProducing(StringTransport()).addErrback(done.append)
    turns.take()
    assert done[0].check(OSError)
    assert file.closed


def test_a_file_that_cannot_tell_its_length() -> None:
    class Pipe(io.RawIOBase):
        def readable(self) -> bool:
            return True

    assert FileBodyProducer(io.BufferedReader(Pipe())).length is UNKNOWN_LENGTH


# Iterables


def test_pieces_are_written_while_there_is_room() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(4):
            taken.append(number)
            yield b"%d" % number

    class Sink(StringTransport):
        def write(self, data: bytes) -> None:
            super().write(data)
            if data == b"1":
                producer.pauseProducing()

    sink = Sink()
    producer = IterableProducer(pieces())
    done: list[Any] = []
    producer.startProducing(sink).addCallback(done.append)
    assert (sink.value(), taken, done) == (b"01", [0, 1, 2], [])
    producer.resumeProducing()
    assert (sink.value(), done) == (b"0123", [None])


def test_async_pieces_are_waited_for() -> None:
    next_one: Deferred[bytes] = Deferred()
    closed: list[bool] = []

    async def pieces() -> AsyncIterator[bytes]:
        try:
            yield b"a"
            yield await next_one
        finally:
            closed.append(True)

    sink = StringTransport()
    producer = IterableProducer(pieces(), 2)
    done: list[Any] = []
    producer.startProducing(sink).addCallback(done.append)
    assert (producer.length, sink.value(), done) == (2, b"a", [])
    next_one.callback(b"b")
    assert (sink.value(), done, closed) == (b"ab", [None], [True])


def test_what_gives_the_pieces_is_closed_when_nobody_wants_them() -> None:
    closed: list[bool] = []

    async def pieces() -> AsyncIterator[bytes]:
        try:
            yield b"a"
            await Deferred()
            yield b"never"
        finally:
            closed.append(True)

    producer = IterableProducer(pieces())
    producer.startProducing(StringTransport()).addErrback(
        lambda reason: reason.trap(CancelledError)
    )
    producer.stopProducing()
    assert closed == [True]


def test_pieces_that_fail_fail_the_request() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"a"
        raise OSError("no disk")

    done: list[Any] = []
    producer = IterableProducer(pieces())
    producer.startProducing(StringTransport()).addErrback(done.append)
    assert done[0].check(OSError)


def test_pieces_are_there_once() -> None:
    producer: Any = IterableProducer([b"a"])
    producer.startProducing(StringTransport())
    done: list[Any] = []
    producer.startProducing(StringTransport()).addErrback(done.append)
    assert done[0].check(ValueError)
    with pytest.raises(ValueError, match="anew"):
        rewound(producer)


# What the short face takes


def body(producer: Any) -> bytes:
    sink = StringTransport()
    producer.startProducing(sink)
    assert producer.length is UNKNOWN_LENGTH or producer.length == len(sink.value())
    return sink.value()


@pytest.mark.parametrize(
    ("given", "sent", "kind"),
    [
        ({"data": b"abc"}, b"abc", None),
        ({"data": bytearray(b"abc")}, b"abc", None),
        ({"data": "ä"}, "ä".encode(), b"text/plain; charset=utf-8"),
        (
            {"data": {"a": "1 2", "b": ["3", "ä"]}},
            b"a=1+2&b=3&b=%C3%A4",
            b"application/x-www-form-urlencoded",
        ),
        (
            {"data": [("a", 1), ("a", 2)]},
            b"a=1&a=2",
            b"application/x-www-form-urlencoded",
        ),
        ({"data": iter([b"a", b"b"])}, b"ab", None),
        ({"data": [b"a", b"b"]}, b"ab", None),
        (
            {"json": {"a": [1, None, "ä"]}},
            '{"a":[1,null,"ä"]}'.encode(),
            b"application/json",
        ),
        ({"json": 0}, b"0", b"application/json"),
    ],
)
def test_a_body_is_made_of_what_is_given(given: Any, sent: bytes, kind: Any) -> None:
    producer, told = bodyOf(**given)
    assert (body(producer), told) == (sent, kind)


def test_an_open_file_and_a_producer_are_bodies() -> None:
    producer, _ = bodyOf(io.BytesIO(b"abc"))
    assert isinstance(producer, FileBodyProducer)
    assert bodyOf(producer) == (producer, None)
    assert bodyOf() == (None, None)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"data": 7}, TypeError),
        ({"json": 1, "data": b""}, ValueError),
        ({"json": 1, "files": {}}, ValueError),
        ({"json": float("nan")}, ValueError),
        ({"json": object()}, TypeError),
    ],
)
def test_what_is_no_body_is_refused(given: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        bodyOf(**given)


def parts(given: Any) -> list[bytes]:
    producer, kind = bodyOf(**given)
    assert kind is not None
    boundary = kind.removeprefix(b"multipart/form-data; boundary=")
    sent = body(producer)
    assert sent.startswith(b"--" + boundary + b"\r\n")
    assert sent.endswith(b"\r\n--" + boundary + b"--\r\n")
    return sent.split(b"--" + boundary)[1:-1]


def test_a_form_with_files() -> None:
    """RFC 7578."""
    given = {
        "data": {"name": "joe"},
        "files": {
            "plain": b"abc",
            "named": ("a.txt", "text"),
            "typed": ("b", b"x", "image/png"),
        },
    }
    assert parts(given) == [
        b'\r\nContent-Disposition: form-data; name="name"\r\n\r\njoe\r\n',
        b'\r\nContent-Disposition: form-data; name="plain"; filename="plain"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\nabc\r\n",
        b'\r\nContent-Disposition: form-data; name="named"; filename="a.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\ntext\r\n",
        b'\r\nContent-Disposition: form-data; name="typed"; filename="b"\r\n'
        b"Content-Type: image/png\r\n\r\nx\r\n",
    ]


def test_open_files_are_read_as_they_are_sent(tmp_path: Any) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"hello")
    with open(path, "rb") as file:
        (part,) = parts({"files": [("f", file)]})
    assert b'filename="a.txt"' in part
    assert part.endswith(b"\r\n\r\nhello\r\n")


def test_no_name_ends_its_quotes() -> None:
    (part,) = parts({"files": {'a"\r\nX: y': ('b"\r\n', b"")}})
    assert part.startswith(
        b'\r\nContent-Disposition: form-data; name="a%22%0D%0AX: y"; filename="b%22%0D%0A"\r\n'
    )
    with pytest.raises(client.BadHeaders):
        bodyOf(files={"a": ("b", b"", "text/plain\r\nX: y")})


# Taking bodies


def response() -> tuple[client.Response, Any]:
    transport = StringTransport()
    return (
        client.Response((b"HTTP", 1, 1), 200, b"OK", Headers(), transport),
        transport,
    )


def test_a_body_that_may_not_be_all_is_a_partial_download() -> None:
    found, _ = response()
    got: list[Any] = []
    client.readBody(found).addErrback(got.append)
    found.take(b"abc")
    found.end(Failure(client.PotentialDataLoss()))
    assert got[0].check(client.PartialDownloadError)
    assert got[0].value.response == b"abc"
    assert got[0].value.status == b"200"


def test_a_body_that_has_failed_fails() -> None:
    found, _ = response()
    got: list[Any] = []
    client.readBody(found).addErrback(got.append)
    found.end(Failure(ConnectionDone()))
    assert got[0].check(ConnectionDone)


def test_a_body_is_not_read_into_memory_without_end() -> None:
    found, transport = response()
    got: list[Any] = []
    client.readBody(found, 3).addErrback(got.append)
    found.take(b"abc")
    assert not transport.disconnected
    found.take(b"d")
    assert got[0].check(client.BodyTooLong)
    assert transport.disconnected
    found.end(Failure(client.ResponseFailed([])))


def test_who_cancels_the_reading_ends_the_connection() -> None:
    found, transport = response()
    got: list[Any] = []
    reading = client.readBody(found).addErrback(got.append)
    reading.cancel()
    assert got[0].check(CancelledError)
    assert transport.disconnected
    found.end(Failure(client.ResponseFailed([])))


def test_pieces_are_taken_one_by_one_and_the_rest_waits() -> None:
    found, transport = response()
    pieces = BodyPieces()
    found.deliverBody(pieces)
    for _ in range(3):
        found.take(b"x" * 60_000)
    assert transport.producerState == "paused"
    taken: list[int] = []

    async def take() -> None:
        taken.extend([len(piece) async for piece in pieces])

    ended = ensureDeferred(take())
    assert transport.producerState == "producing"
    found.take(b"y")
    assert not ended.called
    found.end(Failure(client.ResponseDone()))
    assert taken == [60_000] * 3 + [1]


def test_pieces_end_by_the_error_that_ends_the_body() -> None:
    found, _ = response()
    pieces = BodyPieces()
    found.deliverBody(pieces)
    errors: list[Any] = []
    ensureDeferred(pieces.__anext__()).addErrback(errors.append)
    found.end(Failure(client.ResponseFailed([])))
    assert errors[0].check(client.ResponseFailed)


def test_who_closes_the_pieces_ends_the_connection() -> None:
    found, transport = response()
    pieces = BodyPieces()
    found.deliverBody(pieces)
    ensureDeferred(pieces.aclose())
    assert transport.disconnecting
