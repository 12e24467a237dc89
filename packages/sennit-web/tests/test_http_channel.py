"""One connection of a server: order, bodies, pace, time, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sennit.core import log
from sennit.core.errors import ConnectionDone
from sennit.core.failure import Failure
from sennit.core.task import Clock
from sennit.core.testing import StringTransport
from sennit.web import http
from sennit.web.http._status import status_line

GET = b"GET /%b HTTP/1.1\r\nHost: a\r\n\r\n"


class Request(http.Request):
    """Is kept by its channel, to be answered by the test."""

    streams = False

    def wantsBodyStream(self) -> bool:
        return self.streams

    def process(self) -> None:
        self.channel.seen.append(self)


class Streaming(Request):
    """Reads its body as it comes."""

    streams = True


class Channel(http.HTTPChannel):
    """Keeps its requests."""

    requestFactory: Any = Request

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Request] = []


class Halves(StringTransport):
    """A transport whose writing side closes by itself."""

    half = False

    def loseWriteConnection(self) -> None:
        self.half = True


class Talk:
    """A connection, its transport and its clock."""

    def __init__(
        self, made: Any = Request, transport: object = None, **budgets: Any
    ) -> None:
        self.clock = Clock()
        factory = http.HTTPFactory(reactor=self.clock, **budgets)
        factory.protocol = Channel
        factory.requestFactory = made
        channel: Any = factory.buildProtocol(None)
        self.channel = channel
        self.transport: Any = StringTransport() if transport is None else transport
        self.channel.makeConnection(self.transport)
        self.send: Callable[[bytes], None] = self.channel.dataReceived

    @property
    def said(self) -> bytes:
        """What was answered since the last time."""
        value: bytes = self.transport.value()
        self.transport.clear()
        return value

    @property
    def request(self) -> Any:
        """The last request."""
        return self.channel.seen[-1]

    def lose(self) -> None:
        """The client goes away."""
        self.channel.connectionLost(Failure(ConnectionDone()))


# Requests and their order


def test_requests_are_answered_one_after_another() -> None:
    """A second request is not processed before the first is answered."""
    talk = Talk()
    talk.send(GET % b"1" + GET % b"2")
    assert [request.path for request in talk.channel.seen] == [b"/1"]
    talk.request.respond(b"one")
    assert talk.request.path == b"/2"
    talk.request.respond(b"two")
    assert talk.said.count(b"HTTP/1.1 200 OK") == 2


def test_answers_to_one_chunk_are_one_write() -> None:
    """What is written while a chunk is looked at goes out at once."""
    writes: list[bytes] = []

    class Noting(StringTransport):
        def write(self, data: bytes) -> None:
            writes.append(data)

    class Hello(http.Request):
        def process(self) -> None:
            self.write(b"hel")
            self.write(b"lo")
            self.finish()

    Talk(Hello, Noting()).send(GET % b"" * 5)
    assert len(writes) == 1
    assert writes[0].count(b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n") == 5


def test_many_requests_do_not_recurse() -> None:
    """A thousand pipelined requests, with bodies, are answered from one chunk."""
    talk = Talk(Echo)
    post = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
    talk.send((post + GET % b"") * 1000)
    assert talk.said.count(b"HTTP/1.1 200 OK") == 2000


class Echo(http.Request):
    """Answers with its body."""

    def process(self) -> None:
        self.respond(self.content.read())


def test_the_head_of_the_last_request_is_recognised() -> None:
    """The same headers with another target make another request, headers and all."""
    talk = Talk()
    for path in (b"1", b"1", b"2"):
        talk.send(b"GET /%b?q=%b HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n" % (path, path))
        assert talk.request.path == b"/" + path
        assert talk.request.args == {b"q": [path]}
        assert talk.request.getHeader(b"x") == b"y"
        talk.request.requestHeaders.setRawHeaders(b"x", [b"changed"])
        talk.request.respond(b"")


def test_too_many_waiting_requests_are_not_read() -> None:
    """While one is answered, so many bytes wait; then reading pauses until it is."""
    talk = Talk(maxWaiting=100)
    talk.send(GET % b"")
    talk.send(GET % b"1")
    assert talk.transport.producerState == "producing"
    talk.send(GET % b"2" * 5)
    assert talk.transport.producerState == "paused"
    for _ in range(7):
        talk.request.respond(b"")
    assert talk.transport.producerState == "producing"
    assert talk.said.count(b"HTTP/1.1") == 7


def test_an_absolute_target_counts_more_than_host() -> None:
    """RFC 9112 §3.2.2: the host is the target's."""
    talk = Talk()
    talk.send(b"GET http://b:1/c?d=e HTTP/1.1\r\nHost: a\r\n\r\n")
    request = talk.request
    assert (request.path, request.args) == (b"/c", {b"d": [b"e"]})
    assert request.uri == b"http://b:1/c?d=e"
    assert request.getRequestHostname() == b"b"


# Responses


def test_a_head_request_gets_the_length_and_no_body() -> None:
    """HEAD is answered as GET, without the body."""
    talk = Talk()
    talk.send(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
    talk.request.respond(b"hello")
    assert talk.said == b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"


@pytest.mark.parametrize("code", [204, 304])
def test_some_codes_have_no_body(code: int) -> None:
    """RFC 9112 §6.3: neither chunks nor a body; no length with a 204."""
    talk = Talk()
    talk.send(GET % b"")
    talk.request.setResponseCode(code)
    talk.request.write(b"hello")
    talk.request.finish()
    assert talk.said == status_line(b"HTTP/1.1", code, http.RESPONSES[code]) + b"\r\n"


def test_a_client_of_1_0_gets_no_chunks() -> None:
    """Without a length, the end of the body is that of the connection."""
    talk = Talk()
    talk.send(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    talk.request.write(b"hello")
    talk.request.finish()
    assert talk.said == b"HTTP/1.0 200 OK\r\n\r\nhello"
    assert talk.transport.disconnecting


def test_a_client_of_1_0_may_go_on_with_a_length() -> None:
    """It has asked for it, and is told so."""
    talk = Talk()
    talk.send(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    talk.request.respond(b"hello")
    assert b"Connection: keep-alive\r\n" in talk.said
    assert not talk.transport.disconnecting


def test_who_promises_more_than_it_writes_loses_the_connection() -> None:
    """Content-Length and body differ: nothing may follow where the body should be."""
    for body in (b"abc", b"abcdefg"):
        talk = Talk()
        talk.send(GET % b"" + GET % b"next")
        talk.request.setHeader(b"content-length", b"5")
        talk.request.write(body)
        talk.request.finish()
        assert talk.transport.disconnecting
        assert len(talk.channel.seen) == 1


def test_a_header_asks_to_close() -> None:
    """A response that says close is the last one."""
    talk = Talk()
    talk.send(GET % b"" + GET % b"next")
    talk.request.setHeader(b"connection", b"close")
    talk.request.respond(b"")
    assert talk.transport.disconnecting
    assert len(talk.channel.seen) == 1


@pytest.mark.parametrize("value", [b"a\x00b", b"a\x1bb", b"a\x7fb"])
def test_control_bytes_are_no_part_of_a_header(value: bytes) -> None:
    """RFC 9110 §5.5: they are refused where they are set."""
    talk = Talk()
    talk.send(GET % b"")
    with pytest.raises(http.InvalidHeaderValue):
        talk.request.setHeader(b"x", value)
    with pytest.raises(ValueError, match="phrase"):
        talk.request.setResponseCode(200, value)


def test_line_breaks_in_a_header_become_spaces() -> None:
    """RFC 9110 §5.5: no value begins another header."""
    talk = Talk()
    talk.send(GET % b"")
    talk.request.setHeader(b"x", b"a\r\nSet-Cookie: b")
    talk.request.redirect(b"/\r\n\r\n<script>")
    talk.request.respond(b"")
    said = talk.said
    assert b"X: a Set-Cookie: b\r\n" in said
    assert b"Location: /  <script>\r\n" in said


def test_a_body_is_bytes() -> None:
    """Text is refused, with what it should be."""
    talk = Talk()
    talk.send(GET % b"")
    with pytest.raises(TypeError, match="a body is bytes, not str"):
        talk.request.write("text")


# Bodies


def test_long_bodies_are_kept_on_disk() -> None:
    """What is longer than a budget is in a file, and is there from its beginning."""
    talk = Talk(maxInMemory=10)
    talk.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n" + b"a" * 20)
    assert talk.request.content._rolled
    assert talk.request.content.read() == b"a" * 20
    talk.request.respond(b"")


@pytest.mark.parametrize(
    "framing", [b"Content-Length: 20", b"Transfer-Encoding: chunked"]
)
def test_too_long_bodies_are_refused(framing: bytes) -> None:
    """A body has its budget, whether it tells its length or not."""
    talk = Talk(maxBody=10)
    talk.send(b"POST / HTTP/1.1\r\nHost: a\r\n%b\r\n\r\n14\r\n" % framing)
    assert talk.said.startswith(b"HTTP/1.1 413 ")
    assert talk.transport.disconnecting
    talk.lose()


def test_trailers_are_told() -> None:
    """What comes after a body is there, but for what may not be there."""
    talk = Talk()
    talk.send(
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\n0\r\nDigest: x\r\nAuthorization: y\r\n\r\n"
    )
    assert list(talk.request.trailers.getAllRawHeaders()) == [(b"Digest", [b"x"])]
    talk.request.respond(b"")


def test_forms_are_arguments() -> None:
    """A form's fields are in args, with those of the query; files keep their names."""
    talk = Talk()
    body = b"a=1&b=2"
    talk.send(
        b"POST /?q=3 HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + body
    )
    assert talk.request.args == {b"a": [b"1"], b"b": [b"2"], b"q": [b"3"]}
    assert talk.request.content.read() == body
    talk.request.respond(b"")
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="g"\r\n\r\nh\r\n--x--'
    talk.send(
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\n\r\n%b" % (len(body), body)
    )
    assert talk.request.args == {b"f": [b"h"]}
    assert talk.request.parts[0].filename == b"g"
    talk.request.respond(b"")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"multipart/form-data; boundary=x", b"no form"),
        (b"multipart/form-data", b"--x--"),
        (b"application/x-www-form-urlencoded", b"a=1&b=2&c=3"),
    ],
)
def test_bad_forms_are_refused(kind: bytes, body: bytes) -> None:
    """What is no form, or has too many fields, is answered with 400."""
    talk = Talk(maxFields=2)
    talk.send(
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\nContent-Type: %b\r\n\r\n%b"
        % (len(body), kind, body)
    )
    assert talk.said.startswith(b"HTTP/1.1 400 ")
    assert talk.channel.seen == []
    talk.lose()


def test_a_form_has_a_budget_of_its_own() -> None:
    """It is decoded in memory, so it is shorter than another body may be."""
    talk = Talk(maxForm=5)
    talk.send(
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\nabc=de"
    )
    assert talk.said.startswith(b"HTTP/1.1 413 ")
    talk.lose()


# Bodies that are read as they come

POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n%b\r\n"


def test_a_body_can_be_read_as_it_comes() -> None:
    """The request is processed with its head; pieces come when they do, then the end."""
    talk = Talk(Streaming)
    talk.send(POST % (6, b"") + b"ab")
    stream = talk.request.stream
    pieces: list[bytes] = []
    stream.readPiece().addCallback(pieces.append)
    stream.readPiece().addCallback(pieces.append)
    assert pieces == [b"ab"]
    talk.send(b"cdef")
    assert pieces == [b"ab", b"cdef"]
    stream.readPiece().addCallback(pieces.append)
    assert pieces == [b"ab", b"cdef", b""]
    talk.request.respond(b"done")
    assert talk.said.endswith(b"done")


def test_the_client_is_told_to_send_when_somebody_reads() -> None:
    """RFC 9110 §10.1.1: 100 is sent with the first read, not before."""
    talk = Talk(Streaming)
    talk.send(POST % (3, b"Expect: 100-continue\r\n"))
    assert talk.said == b""
    talk.request.stream.readPiece().addErrback(lambda failure: None)
    assert talk.said == b"HTTP/1.1 100 Continue\r\n\r\n"
    talk.lose()


def test_who_answers_without_reading_ends_the_connection() -> None:
    """RFC 9110 §10.1.1: whether the body comes after all cannot be known."""
    talk = Talk(Streaming)
    talk.send(POST % (3, b"Expect: 100-continue\r\n"))
    talk.request.respond(b"no")
    assert talk.said.startswith(b"HTTP/1.1 200")
    assert talk.transport.disconnecting


def test_a_body_that_nobody_reads_pauses_its_client() -> None:
    """Beyond 64 KiB nothing is read, until somebody reads."""
    talk = Talk(Streaming)
    talk.send(POST % (200_000, b"") + b"a" * 70_000)
    assert talk.transport.producerState == "paused"
    talk.clock.advance(1000)
    assert not talk.transport.disconnecting
    talk.request.stream.readPiece()
    assert talk.transport.producerState == "producing"
    talk.lose()


def test_the_rest_of_a_body_is_read_after_the_answer() -> None:
    """Within its budget, so that the connection can go on."""
    talk = Talk(Streaming)
    talk.send(POST % (6, b"") + b"ab")
    talk.request.respond(b"enough")
    assert not talk.transport.disconnecting
    talk.send(b"cdef" + GET % b"next")
    assert talk.request.path == b"/next"
    talk.request.respond(b"")


def test_a_body_that_nobody_wants_has_a_budget() -> None:
    """Beyond it the connection ends."""
    talk = Talk(Streaming, maxUnread=100)
    talk.send(POST % (1000, b"") + b"ab")
    talk.request.respond(b"enough")
    talk.send(b"c" * 101)
    assert talk.transport.disconnecting


def test_a_body_that_ends_too_early_says_so() -> None:
    """Who reads it is told, also who asks later."""
    talk = Talk(Streaming)
    talk.send(POST % (6, b"") + b"ab")
    stream = talk.request.stream
    reasons: list[Any] = []
    stream.readPiece()
    stream.readPiece().addErrback(reasons.append)
    talk.lose()
    stream.readPiece().addErrback(reasons.append)
    assert [type(reason.value) for reason in reasons] == [http.BodyIncomplete] * 2


def test_a_reader_is_told_that_the_answer_is_complete() -> None:
    """Nothing more comes to who waits for a body when its request was answered."""
    talk = Talk(Streaming)
    talk.send(POST % (6, b""))
    reasons: list[Any] = []
    talk.request.stream.readPiece().addErrback(reasons.append)
    talk.request.respond(b"enough")
    assert type(reasons[0].value) is http.BodyIncomplete
    talk.lose()


def test_only_one_reads_a_body() -> None:
    """Two readers would have a piece each."""
    talk = Talk(Streaming)
    talk.send(POST % (6, b""))
    stream = talk.request.stream
    stream.readPiece().addErrback(lambda failure: None)
    with pytest.raises(RuntimeError, match="somebody is waiting"):
        stream.readPiece()
    talk.lose()


def test_a_malformed_body_under_an_answer_cuts_the_connection() -> None:
    """There is no place for another answer in the one that is being sent."""
    talk = Talk(Streaming)
    talk.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    talk.request.write(b"beginning")
    talk.send(b"bad\r\n!")
    talk.send(b"\r\n" * 3000)
    assert talk.transport.disconnected
    talk.lose()


# Time


def test_a_connection_may_rest_for_a_while() -> None:
    """Between requests, for timeout seconds; what comes begins them anew."""
    talk = Talk(timeout=10)
    talk.clock.advance(9)
    talk.send(GET % b"")
    talk.clock.advance(1000)
    assert not talk.transport.disconnecting
    talk.request.respond(b"")
    talk.clock.advance(9)
    assert not talk.transport.disconnecting
    talk.clock.advance(1)
    assert talk.transport.disconnecting
    assert not talk.transport.disconnected
    talk.clock.advance(15)
    assert talk.transport.disconnected


def test_a_head_has_its_time_however_it_dribbles() -> None:
    """Each byte puts nothing off; it is answered with 408."""
    talk = Talk(headTimeout=5, timeout=60)
    for byte in b"GET /":
        talk.send(bytes([byte]))
        talk.clock.advance(0.99)
    talk.send(b"a")
    assert not talk.transport.disconnecting
    talk.clock.advance(0.2)
    assert talk.said.startswith(b"HTTP/1.1 408 ")
    assert talk.transport.disconnecting
    assert talk.channel.seen == []


def test_the_time_of_a_head_ends_with_it() -> None:
    """A connection that rests after it has the longer time."""
    talk = Talk(headTimeout=5, timeout=60)
    talk.send(b"GET / HT")
    talk.send(b"TP/1.1\r\nHost: a\r\n\r\n")
    talk.request.respond(b"")
    talk.clock.advance(59)
    assert not talk.transport.disconnecting
    talk.clock.advance(1)
    assert talk.transport.disconnecting
    assert b"408" not in talk.said


def test_a_body_must_not_rest() -> None:
    """It may rest for as long as a connection may."""
    talk = Talk(timeout=10)
    talk.send(POST % (6, b""))
    for _ in range(5):
        talk.clock.advance(9)
        talk.send(b"a")
    assert not talk.transport.disconnecting
    talk.clock.advance(10)
    assert talk.said.startswith(b"HTTP/1.1 408 ")
    talk.lose()


def test_a_body_must_not_dribble_for_ever() -> None:
    """Who sends a byte now and then is refused after bodyTimeout; who sends is not."""
    slow, quick = Talk(bodyTimeout=30), Talk(bodyTimeout=30)
    for talk in (slow, quick):
        talk.send(POST % (1_000_000, b""))
    for _ in range(31):
        slow.clock.advance(1)
        quick.clock.advance(1)
        if not slow.transport.disconnecting:
            slow.send(b"a")
        quick.send(b"a" * 1000)
    assert slow.said.startswith(b"HTTP/1.1 408 ")
    assert not quick.transport.disconnecting
    slow.lose()
    quick.lose()


def test_a_client_that_reads_nothing_is_cut() -> None:
    """When the transport was full for stallTimeout, the connection is of no use."""
    talk = Talk(stallTimeout=20)
    talk.send(GET % b"")
    talk.request.write(b"a")
    talk.channel.pauseProducing()
    talk.clock.advance(19)
    assert not talk.transport.disconnected
    talk.clock.advance(1)
    assert talk.transport.disconnected
    talk.lose()


def test_there_is_one_timer_and_it_is_not_moved() -> None:
    """A hundred requests arm no further timer."""
    talk = Talk(Echo)
    (timer,) = talk.clock.calls
    due = timer.getTime()
    for _ in range(100):
        talk.send(GET % b"")
        talk.clock.advance(0.1)
    assert talk.clock.calls == [timer]
    assert timer.getTime() == due


def test_no_timer_is_left_when_the_connection_is_gone() -> None:
    """The clock has nothing more to call."""
    talk = Talk()
    talk.send(GET % b"")
    talk.lose()
    assert talk.clock.calls == []


# Pace


class Producer:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def pauseProducing(self) -> None:
        self.told.append("pause")

    def resumeProducing(self) -> None:
        self.told.append("resume")

    def stopProducing(self) -> None:
        self.told.append("stop")


def test_a_push_producer_is_paused_with_its_transport() -> None:
    """And so is the reading of requests."""
    talk = Talk()
    talk.send(GET % b"")
    producer = Producer()
    talk.request.registerProducer(producer, True)
    talk.channel.pauseProducing()
    assert talk.transport.producerState == "paused"
    talk.channel.resumeProducing()
    assert talk.transport.producerState == "producing"
    assert producer.told == ["pause", "resume"]
    talk.request.unregisterProducer()
    talk.request.finish()


def test_a_pull_producer_is_asked_while_there_is_room() -> None:
    """Again and again; not while the transport is full, nor when it is through."""
    talk = Talk()
    talk.send(GET % b"")
    request = talk.request

    class Counting(Producer):
        def resumeProducing(self) -> None:
            request.write(b"%d" % len(self.told))
            super().resumeProducing()
            if len(self.told) == 3:
                talk.channel.pauseProducing()
            if len(self.told) == 5:
                request.unregisterProducer()
                request.finish()

    producer = Counting()
    request.registerProducer(producer, False)
    talk.clock.advance(0)
    assert producer.told == ["resume"] * 3
    talk.clock.advance(0)
    assert producer.told == ["resume"] * 3
    talk.channel.resumeProducing()
    talk.clock.advance(0)
    assert producer.told == ["resume"] * 5
    assert request.finished


def test_a_pull_producer_that_fails_ends_the_connection(
    logged: list[dict[str, Any]],
) -> None:
    """Its error is logged, and it is asked no more."""

    class Failing(Producer):
        def resumeProducing(self) -> None:
            raise LookupError("nothing there")

    talk = Talk()
    talk.send(GET % b"")
    talk.request.registerProducer(Failing(), False)
    talk.clock.advance(0)
    assert talk.transport.disconnecting
    assert any(event["isError"] for event in logged)
    talk.lose()


class Filling(StringTransport):
    """Is full after each large write, until it is emptied."""

    def write(self, data: bytes) -> None:
        super().write(data)
        if len(data) > 1000:
            self.producer.pauseProducing()


def test_a_large_body_goes_out_as_its_client_takes_it() -> None:
    """The rest waits, and then the end does."""
    talk = Talk(transport=Filling())
    body = bytes(1_000_000)
    talk.send(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    talk.request.respond(body)
    sent = talk.said
    while not talk.transport.disconnecting:
        assert len(sent) < len(body)
        talk.channel.resumeProducing()
        piece = talk.said
        assert len(piece) < 300_000
        sent += piece
    assert sent.partition(b"\r\n\r\n")[2] == body


def test_what_follows_a_large_body_comes_after_it() -> None:
    """The next response waits behind it."""
    talk = Talk(transport=Filling())
    talk.send(GET % b"" * 2)
    talk.request.respond(b"a" * 400_000)
    talk.request.respond(b"next")
    assert b"next" not in talk.said
    talk.channel.resumeProducing()
    talk.channel.resumeProducing()
    assert talk.said.endswith(b"\r\n\r\nnext")


# The end


def test_requests_are_told_that_their_client_is_gone() -> None:
    """notifyFinish fails; writing is dropped; finishing says what went wrong."""
    talk = Talk()
    talk.send(GET % b"")
    reasons: list[Any] = []
    talk.request.notifyFinish().addErrback(reasons.append)
    talk.lose()
    assert reasons[0].check(ConnectionDone)
    talk.request.write(b"more")
    with pytest.raises(RuntimeError, match="connection was lost"):
        talk.request.finish()


def test_who_waits_for_the_end_is_told() -> None:
    """notifyFinish fires with None when the response is complete."""
    talk = Talk()
    talk.send(GET % b"")
    told: list[None] = []
    talk.request.notifyFinish().addCallback(told.append)
    talk.request.respond(b"")
    assert told == [None]


def test_writing_after_the_end_is_an_error() -> None:
    """It would be the next response's."""
    talk = Talk()
    talk.send(GET % b"")
    request = talk.request
    request.respond(b"")
    with pytest.raises(RuntimeError, match=r"after Request\.finish"):
        request.write(b"more")
    with pytest.warns(UserWarning, match="twice"):
        request.finish()


def test_a_refused_client_may_read_its_answer() -> None:
    """RFC 9112 §9.6: our side closes first; what still comes is dropped, for a while."""
    talk = Talk(transport=Halves(), maxUnread=100)
    talk.send(b"nonsense\r\n")
    assert talk.said.startswith(b"HTTP/1.1 400 ")
    assert (talk.transport.half, talk.transport.disconnecting) == (True, False)
    talk.send(b"more nonsense")
    talk.channel.writeConnectionLost()
    talk.clock.advance(4)
    assert not talk.transport.disconnected
    talk.clock.advance(1)
    assert talk.transport.disconnected


def test_a_refused_client_may_not_send_for_ever() -> None:
    """What it still sends has a budget."""
    talk = Talk(transport=Halves(), maxUnread=100)
    talk.send(b"nonsense\r\n")
    talk.send(b"x" * 101)
    assert talk.transport.disconnected


def test_what_is_refused_is_logged_with_the_address(
    logged: list[dict[str, Any]],
) -> None:
    """A line says who, with what status, and why."""
    Talk().send(b"nonsense\r\n")
    texts = [log.textFromEventDict(event) or "" for event in logged]
    (line,) = [text for text in texts if "refused" in text]
    assert "192.168.1.1" in line
    assert "400" in line
    assert "nonsense" in line


# Draining


def test_a_connection_that_rests_is_closed_when_it_drains() -> None:
    talk = Talk(transport=Halves())
    talk.send(GET % b"1")
    talk.request.respond(b"one")
    talk.channel.drain()
    assert talk.transport.half


def test_what_is_being_answered_is_answered_and_is_the_last() -> None:
    """What waits behind it is not looked at: the answer says that it is the last."""
    talk = Talk()
    talk.send(GET % b"1" + GET % b"2")
    talk.channel.drain()
    talk.request.respond(b"one")
    said = talk.said
    assert b"\r\nConnection: close\r\n" in said
    assert said.endswith(b"one")
    assert len(talk.channel.seen) == 1
    assert talk.transport.disconnecting


def test_an_answer_that_has_begun_ends_as_it_would() -> None:
    talk = Talk()
    talk.send(GET % b"1")
    talk.request.write(b"be")
    talk.channel.drain()
    talk.request.write(b"gun")
    talk.request.finish()
    assert b"close" not in talk.said
    assert talk.transport.disconnecting


def test_a_request_that_has_begun_to_come_is_answered() -> None:
    talk = Talk()
    talk.send((GET % b"1")[:9])
    talk.channel.drain()
    assert not talk.transport.disconnecting
    talk.send((GET % b"1")[9:])
    talk.request.respond(b"one")
    assert b"\r\nConnection: close\r\n" in talk.said
    assert talk.transport.disconnecting


@pytest.mark.parametrize("length", [b"3", b"4"])
def test_a_head_with_a_length_that_comes_again_has_a_body_again(length: bytes) -> None:
    """Recognised or not, each body is as long as its head says."""
    talk = Talk()
    for body, said in ((b"abc", b"3"), (b"defg"[: int(length)], length)):
        head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %b\r\n\r\n" % said
        talk.send(head)
        talk.send(body)
        assert talk.request.content.read() == body
        talk.request.respond(b"")
