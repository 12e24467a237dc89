"""Connections: what each state allows, and who is told what, at each way to end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sennit.core.defer import CancelledError, Deferred
from sennit.core.errors import ConnectionAborted, ConnectionDone, ConnectionLost
from sennit.core.failure import Failure
from sennit.core.protocol import Protocol, connectionDone
from sennit.core.testing import StringTransport
from sennit.web import client
from sennit.web.client import STEPS, UNKNOWN_LENGTH, HTTP11ClientProtocol, State
from sennit.web.headers import Headers

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"


class Transport(StringTransport):
    """Tells its producer when it is lost, as a real one does."""

    def lose(self, protocol: Any, reason: Failure = connectionDone) -> None:
        if self.producer is not None:
            self.producer.stopProducing()
        protocol.connectionLost(reason)


class Taker(Protocol):
    """Takes a body."""

    def __init__(self) -> None:
        self.body = b""
        self.reason: Any = None

    def dataReceived(self, data: bytes) -> None:
        self.body += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        assert self.reason is None
        self.reason = reason


class Body:
    """A body that the test writes itself."""

    length = UNKNOWN_LENGTH

    def __init__(self) -> None:
        self.stopped = 0
        self.produced: Deferred[None] = Deferred()

    def startProducing(self, consumer: Any) -> Deferred[None]:
        self.consumer = consumer
        return self.produced

    def pauseProducing(self) -> None:
        pass

    resumeProducing = pauseProducing

    def stopProducing(self) -> None:
        self.stopped += 1


class Talk:
    """A connection, and what has come of a request on it."""

    def __init__(
        self, method: bytes = b"GET", body: Any = None, persistent: bool = True
    ) -> None:
        self.idle: list[Any] = []
        self.transport: Any = Transport()
        self.connection = HTTP11ClientProtocol(self.idle.append)
        self.connection.makeConnection(self.transport)
        self.persistent = persistent
        self.ask(method, body)

    def ask(self, method: bytes = b"GET", body: Any = None) -> None:
        self.response: Any = None
        self.error: Any = None
        request = client.Request(
            method, b"/", Headers({b"Host": [b"h"]}), body, self.persistent
        )
        self.answered: Any = self.connection.request(request)
        self.answered.addCallbacks(
            lambda response: setattr(self, "response", response),
            lambda reason: setattr(self, "error", reason),
        )

    def hears(self, data: bytes) -> Talk:
        self.connection.dataReceived(data)
        return self

    def lost(self, reason: BaseException | None = None) -> Talk:
        self.transport.lose(self.connection, Failure(reason or ConnectionDone()))
        return self

    def take(self) -> Taker:
        taker = Taker()
        self.response.deliverBody(taker)
        return taker


def test_from_no_state_two_ways_of_one_event() -> None:
    """Every state can be left by an end, and a lost connection is never in use again."""
    for state in State:
        assert STEPS[state, "lost"] is State.LOST
        assert ((state, "end") in STEPS) == (state is not State.LOST)
    assert {event for state, event in STEPS if state is State.LOST} == {"lost"}
    assert {state for state, event in STEPS if event == "ask"} == {State.IDLE}


def test_a_request_is_answered_and_the_next_one_may_come() -> None:
    talk = Talk()
    assert talk.transport.value() == b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
    assert talk.connection.state is State.WAITING
    talk.hears(OK + b"abc")
    assert talk.response.code == 200
    assert talk.idle == [talk.connection]
    taker = talk.take()
    assert taker.body == b"abc"
    assert taker.reason.check(client.ResponseDone)
    talk.ask()
    talk.hears(OK + b"def")
    assert talk.take().body == b"def"


def test_whoever_is_told_finds_the_connection_free() -> None:
    """The next request can be made from the callback of a small response."""
    talk = Talk()
    states: list[State] = []
    talk.answered.addCallback(lambda _: states.append(talk.connection.state))
    talk.hears(OK + b"abc")
    assert states == [State.IDLE]


def test_one_request_at_a_time() -> None:
    talk = Talk()
    first = talk.answered
    talk.ask()
    assert talk.error.check(client.RequestNotSent)
    assert not first.called


def test_while_nobody_takes_the_body_nothing_more_is_read() -> None:
    talk = Talk().hears(OK + b"a")
    assert talk.transport.producerState == "paused"
    taker = talk.take()
    assert talk.transport.producerState == "producing"
    assert (taker.body, taker.reason) == (b"a", None)
    talk.hears(b"bc")
    assert taker.body == b"abc"
    assert talk.idle == [talk.connection]


def test_who_takes_the_body_paces_it() -> None:
    talk = Talk().hears(OK)
    taker: Any = talk.take()
    taker.transport.pauseProducing()
    assert talk.transport.producerState == "paused"
    taker.transport.resumeProducing()
    assert talk.transport.producerState == "producing"


def test_who_has_paused_before_taking_goes_on_by_themselves() -> None:
    class Paused(Taker):
        def connectionMade(self) -> None:
            self.transport.pauseProducing()  # type: ignore[attr-defined]

    talk = Talk().hears(OK)
    taker = Paused()
    talk.response.deliverBody(taker)
    assert talk.transport.producerState == "paused"
    taker.transport.resumeProducing()  # type: ignore[attr-defined]
    assert talk.transport.producerState == "producing"


def test_a_connection_whose_body_was_paused_at_its_end_reads_again() -> None:
    talk = Talk().hears(OK)
    taker: Any = talk.take()
    taker.transport.pauseProducing()
    talk.hears(b"abc")
    assert talk.transport.producerState == "producing"
    taker.transport.pauseProducing()
    taker.transport.loseConnection()
    assert talk.transport.producerState == "producing"
    assert not talk.transport.disconnecting


def test_a_body_is_given_once() -> None:
    talk = Talk().hears(OK)
    talk.take()
    with pytest.raises(RuntimeError):
        talk.take()


@pytest.mark.parametrize(
    ("data", "persistent"),
    [
        (OK + b"abc", False),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc", True),
        (OK + b"abcd", True),
        (OK + b"abc" + OK, True),
    ],
    ids=["we end it", "they end it", "a byte too many", "a second response"],
)
def test_a_connection_is_not_used_again(data: bytes, persistent: bool) -> None:
    talk = Talk(persistent=persistent).hears(data)
    assert talk.take().body == b"abc"
    assert talk.idle == []
    assert talk.transport.disconnecting
    talk.ask()
    assert talk.error.check(client.RequestNotSent)


def test_what_nobody_has_asked_for_ends_an_idle_connection() -> None:
    """It could be taken for the answer to the next request."""
    talk = Talk().hears(OK + b"abc")
    talk.hears(OK + b"xyz")
    assert talk.transport.disconnected
    talk.ask()
    assert talk.error.check(client.RequestNotSent)


# How it ends otherwise


def test_a_connection_that_is_lost_before_a_word() -> None:
    talk = Talk().lost(ConnectionLost("reset"))
    assert talk.error.check(client.ResponseNeverReceived)
    assert talk.error.value.reasons[0].check(ConnectionLost)
    assert "reset" in str(talk.error.value)


def test_a_connection_that_is_lost_in_the_head() -> None:
    talk = Talk().hears(OK[:20]).lost()
    assert talk.error.check(client.ResponseFailed)
    assert not talk.error.check(client.ResponseNeverReceived)


def test_a_connection_that_is_lost_while_the_request_is_sent() -> None:
    body = Body()
    talk = Talk(b"PUT", body).lost(ConnectionLost())
    assert talk.error.check(client.RequestTransmissionFailed)
    assert body.stopped == 1


def test_a_connection_that_is_lost_in_the_body() -> None:
    talk = Talk().hears(OK + b"a")
    taker = talk.take()
    talk.lost()
    assert taker.reason.check(client.ResponseFailed)
    kinds = [reason.type for reason in taker.reason.value.reasons]
    assert kinds == [ConnectionDone, client.TruncatedResponse]
    assert taker.reason.value.response is talk.response


def test_a_body_that_ends_with_the_connection_may_not_be_all() -> None:
    talk = Talk().hears(b"HTTP/1.1 200 OK\r\n\r\nabc")
    taker = talk.take()
    assert talk.response.length is UNKNOWN_LENGTH
    talk.lost()
    assert taker.body == b"abc"
    assert taker.reason.check(client.PotentialDataLoss)


def test_a_body_that_ends_with_a_broken_connection_is_not_all() -> None:
    talk = Talk().hears(b"HTTP/1.1 200 OK\r\n\r\nabc")
    taker = talk.take()
    talk.lost(ConnectionLost())
    assert taker.reason.check(client.ResponseFailed)


def test_the_end_is_kept_for_who_takes_the_body_later() -> None:
    talk = Talk().hears(OK + b"a").lost(ConnectionLost())
    taker = talk.take()
    assert taker.body == b"a"
    assert taker.reason.check(client.ResponseFailed)


def test_what_is_no_response_is_an_error() -> None:
    talk = Talk().hears(b"220 ESMTP\r\n")
    assert talk.error.check(client.ResponseFailed)
    assert talk.error.value.reasons[0].check(client.ParseError)
    assert talk.transport.disconnected


def test_what_is_no_response_any_more_ends_the_body() -> None:
    talk = Talk().hears(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    taker = talk.take()
    talk.hears(b"3\r\nabc\r\nx")
    assert taker.body == b"abc"
    assert taker.reason.value.reasons[0].check(client.ParseError)
    assert talk.transport.disconnected


def test_a_wrong_body_fails_at_once_with_the_head() -> None:
    """All in one piece: the response is there, and its body has failed."""
    talk = Talk().hears(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx")
    assert talk.response.code == 200
    assert talk.take().reason.check(client.ResponseFailed)


# Cancelling


def test_cancelling_while_waiting_ends_the_connection() -> None:
    talk = Talk()
    talk.answered.cancel()
    assert talk.error.check(client.ResponseNeverReceived)
    assert talk.transport.disconnected
    talk.lost(ConnectionAborted())


def test_a_cancellation_is_one_for_asyncio_too() -> None:
    talk = Talk()
    talk.answered.cancel()
    assert talk.error.check(CancelledError)
    assert isinstance(talk.error.value, asyncio.CancelledError)


def test_cancelling_while_sending_stops_the_producer() -> None:
    body = Body()
    talk = Talk(b"PUT", body)
    talk.answered.cancel()
    assert body.stopped == 1
    assert talk.transport.disconnected
    assert talk.error.check(client.RequestCancelled)


def test_who_wants_no_more_of_the_body_ends_the_connection() -> None:
    talk = Talk().hears(OK)
    taker: Any = talk.take()
    taker.transport.stopProducing()
    assert talk.transport.disconnected
    assert not taker.reason
    talk.lost(ConnectionAborted())
    assert taker.reason.check(client.ResponseFailed)


def test_abort_tells_when_it_has_ended() -> None:
    talk = Talk()
    ended: list[Any] = []
    talk.connection.abort().addCallback(ended.append)
    assert talk.error.check(client.ResponseNeverReceived)
    assert ended == []
    talk.lost(ConnectionAborted())
    assert ended == [None]
    talk.connection.abort().addCallback(ended.append)
    assert ended == [None, None]


# Bodies of requests


def test_a_body_that_cannot_be_made_ends_the_connection() -> None:
    body = Body()
    talk = Talk(b"PUT", body)
    body.produced.errback(OSError("no disk"))
    assert talk.error.check(client.RequestGenerationFailed)
    assert talk.error.value.reasons[0].check(OSError)
    assert talk.transport.disconnected


def test_headers_that_cannot_be_sent_are_an_error_of_ours() -> None:
    connection = HTTP11ClientProtocol()
    connection.makeConnection(StringTransport())
    failed = connection.request(client.Request(b"GET", b"/", Headers(), None))
    errors: list[Any] = []
    failed.addErrback(errors.append)
    assert errors[0].check(client.RequestGenerationFailed)


def test_an_early_answer_waits_for_the_rest_of_the_request() -> None:
    """The server takes the rest, or could not tell where the next request begins."""
    body = Body()
    talk = Talk(b"PUT", body).hears(OK + b"abc")
    assert talk.take().body == b"abc"
    assert talk.connection.state is State.EARLY
    assert talk.idle == []
    body.consumer.write(b"x")
    body.produced.callback(None)
    assert talk.transport.value().endswith(b"1\r\nx\r\n0\r\n\r\n")
    assert talk.idle == [talk.connection]


def test_an_early_answer_that_ends_the_connection_ends_the_request() -> None:
    """RFC 9112 §9.3: who is told that it closes sends no more."""
    body = Body()
    talk = Talk(b"PUT", body)
    talk.hears(b"HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    assert talk.response.code == 413
    assert body.stopped == 1
    assert talk.transport.disconnecting


def test_a_request_that_is_lost_after_an_early_answer_tells_nobody() -> None:
    body = Body()
    talk = Talk(b"PUT", body).hears(OK + b"abc").lost(ConnectionLost())
    assert talk.take().reason.check(client.ResponseDone)
    assert body.stopped == 1


def test_who_raises_in_taking_a_body_is_not_caught() -> None:
    """It is the transport that logs it, and ends the connection."""

    class Failing(Taker):
        def dataReceived(self, data: bytes) -> None:
            raise ArithmeticError

    talk = Talk().hears(OK)
    talk.response.deliverBody(Failing())
    with pytest.raises(ArithmeticError):
        talk.hears(b"a")
