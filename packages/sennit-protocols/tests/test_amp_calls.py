"""Calls and answers: who is told what, what is logged, what ends the connection."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sennit.core import log
from sennit.core.defer import (
    CancelledError,
    Deferred,
    TimeoutError,
    ensureDeferred,
    inlineCallbacks,
    succeed,
)
from sennit.core.errors import ConnectionDone, ConnectionLost
from sennit.core.failure import Failure
from sennit.core.task import Clock
from sennit.core.testing import IOPump, StringTransport, connectedServerAndClient
from sennit.protocols import amp
from sennit.protocols.amp.interfaces import IBoxReceiver, IBoxSender, IResponderLocator


class Refused(Exception):
    pass


class Fatal(Exception):
    pass


class Ask(amp.Command):
    arguments = [("n", amp.Integer())]
    response = [("n", amp.Integer())]
    errors = {Refused: "REFUSED"}
    fatalErrors = {Fatal: "FATAL"}


class Tell(amp.Command):
    arguments = [("n", amp.Integer())]
    requiresAnswer = False


class Peer(amp.AMP):
    """Answers as each test wants it."""

    def __init__(self) -> None:
        super().__init__()
        self.answer: Callable[[int], Any] = lambda n: {"n": n}
        self.told: list[int] = []

    @Ask.responder
    def ask(self, n: int) -> Any:
        return self.answer(n)

    @Tell.responder
    def tell(self, n: int) -> None:
        self.told.append(n)


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """What is logged, as text."""
    lines: list[str] = []

    def note(event: dict[str, Any]) -> None:
        lines.append(log.textFromEventDict(event) or "")

    logging.getLogger("sennit").propagate = False
    log.addObserver(note)
    yield lines
    log.removeObserver(note)
    logging.getLogger("sennit").propagate = True


@pytest.fixture
def pump() -> IOPump:
    return connectedServerAndClient(Peer, Peer)[2]


def outcomes(*calls: Deferred[Any] | None) -> list[Any]:
    """What each call ends with, as they come; an error is the exception."""
    found: list[Any] = []
    for call in calls:
        assert call is not None
        call.addCallbacks(found.append, lambda failure: found.append(failure.value))
    return found


# Answers


def test_answers_may_come_in_any_order(pump: IOPump) -> None:
    waiting: list[Deferred[Any]] = []

    def later(n: int) -> Deferred[Any]:
        waiting.append(Deferred())
        return waiting[-1]

    pump.server.answer = later
    found = outcomes(*(pump.client.callRemote(Ask, n=n) for n in range(3)))
    pump.flush()
    for n in (2, 0, 1):
        waiting[n].callback({"n": n})
    pump.flush()
    assert found == [{"n": 2}, {"n": 0}, {"n": 1}]


def test_both_sides_ask_at_once(pump: IOPump) -> None:
    found = outcomes(pump.client.callRemote(Ask, n=1), pump.server.callRemote(Ask, n=2))
    pump.flush()
    assert sorted(each["n"] for each in found) == [1, 2]


async def coroutine(n: int) -> dict[str, int]:
    return {"n": await succeed(n)}


@inlineCallbacks
def generator(n: int) -> Any:
    yield succeed(None)
    return {"n": n}


@pytest.mark.parametrize(
    "answer", [coroutine, generator, lambda n: succeed({"n": n}), lambda n: {"n": n}]
)
def test_a_responder_may_answer_now_or_later(pump: IOPump, answer: Any) -> None:
    pump.server.answer = answer
    found = outcomes(pump.client.callRemote(Ask, n=7))
    pump.flush()
    assert found == [{"n": 7}]


def test_many_questions_of_a_chunk_are_answered_in_one_write() -> None:
    peer, transport = Peer(), StringTransport()
    peer.makeConnection(transport)
    written: list[bytes] = []
    transport.write = written.append  # type: ignore[assignment,method-assign]
    question = amp.AmpBox(_ask=b"1", _command=b"Ask", n=b"1").serialize()
    peer.dataReceived(question * 3)
    assert written == [amp.AmpBox(_answer=b"1", n=b"1").serialize() * 3]


def test_who_closes_has_answered_before_what_was_asked_before(pump: IOPump) -> None:
    def last(n: int) -> dict[str, int]:
        if n == 2:
            pump.server.transport.loseConnection()
        return {"n": n}

    pump.server.answer = last
    found = outcomes(*(pump.client.callRemote(Ask, n=n) for n in (1, 2)))
    pump.flush()
    assert found[0] == {"n": 1}


def test_a_command_without_an_answer_gives_none(pump: IOPump) -> None:
    assert pump.client.callRemote(Tell, n=3) is None
    pump.flush()
    assert pump.server.told == [3]
    assert pump.serverIO.connected


# Errors


def raising(error: Exception) -> Callable[[int], Any]:
    def answer(n: int) -> Any:
        raise error

    return answer


def failing(error: Exception) -> Callable[[int], Any]:
    async def answer(n: int) -> Any:
        await succeed(None)
        raise error

    return answer


@pytest.mark.parametrize("how", [raising, failing])
def test_a_declared_error_leaves_the_connection_as_it_is(
    pump: IOPump, logged: list[str], how: Any
) -> None:
    pump.server.answer = how(Refused("not now: ü"))
    found = outcomes(pump.client.callRemote(Ask, n=1))
    pump.flush()
    assert (type(found[0]), str(found[0])) == (Refused, "not now: ü")
    assert pump.serverIO.connected
    assert logged == []


@pytest.mark.parametrize("how", [raising, failing])
def test_a_fatal_error_ends_the_connection(pump: IOPump, how: Any) -> None:
    pump.server.answer = how(Fatal("enough"))
    found = outcomes(*(pump.client.callRemote(Ask, n=1) for _ in range(2)))
    pump.flush()
    assert type(found[0]) is Fatal
    assert not pump.serverIO.connected


@pytest.mark.parametrize("how", [raising, failing])
def test_any_other_error_is_logged_here_and_unknown_there(
    pump: IOPump, logged: list[str], how: Any
) -> None:
    pump.server.answer = how(ZeroDivisionError("a secret of ours"))
    found = outcomes(pump.client.callRemote(Ask, n=1))
    pump.flush()
    assert type(found[0]) is amp.UnknownRemoteError
    assert str(found[0]) == "Code<UNKNOWN>: Unknown Error"
    assert not pump.serverIO.connected
    assert "an answer to IPv4Address(TCP, '127.0.0.1', 2)" in logged[0].replace(
        "its answer", "an answer"
    )
    assert "ZeroDivisionError: a secret of ours" in logged[0]


@pytest.mark.parametrize("returned", [None, 7, [], {}, {"n": "text"}])
def test_a_responder_that_returns_no_response_is_named_to_the_operator(
    pump: IOPump, logged: list[str], returned: Any
) -> None:
    pump.server.answer = lambda n: returned
    found = outcomes(pump.client.callRemote(Ask, n=1))
    pump.flush()
    assert type(found[0]) is amp.UnknownRemoteError
    assert f"the responder Peer.ask returned {returned!r}" in logged[0]
    assert "no response to Ask can be made" in logged[0]


def test_an_unknown_command_is_unhandled(pump: IOPump, logged: list[str]) -> None:
    found = outcomes(pump.client.callRemoteString("Nothing"))
    pump.flush()
    assert type(found[0]) is amp.UnhandledCommand
    assert pump.serverIO.connected
    assert logged == []


def test_an_error_that_nobody_handles_ends_the_connection(
    pump: IOPump, logged: list[str]
) -> None:
    """As everywhere where AMP is spoken: add errbacks to all calls, or await them."""
    pump.server.answer = raising(Refused())
    pump.client.callRemote(Ask, n=1).addCallback(len)
    pump.flush()
    assert not pump.clientIO.connected
    assert "an error that nobody handles" in logged[0]


def test_an_error_that_is_awaited_is_handled(pump: IOPump, logged: list[str]) -> None:
    pump.server.answer = raising(Refused("no"))

    async def ask(first: Any, second: Any) -> list[str]:
        said = []
        for call in (first, second):
            try:
                await call
            except Refused as error:
                said.append(str(error))
        return said

    calls = [pump.client.callRemote(Ask, n=n) for n in range(2)]
    found = outcomes(ensureDeferred(ask(*calls)))
    pump.flush()
    assert found == [["no", "no"]]
    assert pump.clientIO.connected
    assert logged == []


def test_an_answer_of_another_kind_fails_its_call_only(pump: IOPump) -> None:
    pump.server.locator = Answering({b"n": b"text"})
    pump.server.startReceivingBoxes(pump.server)
    found = outcomes(pump.client.callRemote(Ask, n=1))
    pump.flush()
    assert type(found[0]) is ValueError
    assert pump.clientIO.connected


class Answering(amp.CommandLocator):
    def __init__(self, box: dict[bytes, bytes]) -> None:
        self.box = box

    def locateResponder(self, name: bytes) -> Any:
        return lambda box: amp.AmpBox(self.box)


@pytest.mark.parametrize(
    ("box", "error"),
    [
        ({}, amp.NoEmptyBoxes),
        ({b"x": b"1"}, amp.NoEmptyBoxes),
        ({b"_answer": b"9"}, amp.MalformedAmpBox),
        ({b"_error": b"9"}, amp.MalformedAmpBox),
    ],
)
def test_a_box_that_says_nothing_is_refused(
    box: dict[bytes, bytes], error: type[Exception]
) -> None:
    peer = Peer()
    peer.makeConnection(StringTransport())
    with pytest.raises(error):
        peer.dataReceived(amp.AmpBox(box).serialize())


def test_an_error_without_a_description_fails_its_call(pump: IOPump) -> None:
    found = outcomes(pump.client.callRemote(Ask, n=1))
    pump.client.dataReceived(amp.AmpBox(_error=b"1").serialize())
    assert type(found[0]) is amp.MalformedAmpBox


# The end, and giving up


def test_when_the_connection_ends_all_calls_fail(pump: IOPump) -> None:
    pump.server.answer = lambda n: Deferred()
    found = outcomes(*(pump.client.callRemote(Ask, n=n) for n in range(3)))
    pump.flush()
    pump.server.transport.loseConnection()
    pump.flush()
    found += outcomes(pump.client.callRemote(Ask, n=4))
    assert [type(each) for each in found] == [ConnectionDone] * 4
    assert pump.client.callRemote(Tell, n=1) is None


def test_before_there_is_a_connection_a_call_says_so() -> None:
    with pytest.raises(ConnectionLost, match="no connection yet"):
        Peer().callRemote(Ask, n=1)


def test_a_call_may_have_its_time(pump: IOPump) -> None:
    clock = pump.client.clock = Clock()
    pump.server.answer = lambda n: Deferred()
    found = outcomes(
        pump.client.callRemote(Ask, n=1, timeout=3),
        pump.client.callRemote(Ask(n=2), timeout=5),
        pump.client.callRemoteString("Ask", n=b"1", timeout=4),
    )
    pump.flush()
    clock.advance(4)
    assert [type(each) for each in found] == [TimeoutError] * 2
    clock.advance(1)
    assert len(found) == 3
    assert clock.getDelayedCalls() == []


def test_an_argument_may_be_called_timeout(pump: IOPump) -> None:
    class Ring(amp.Command):
        arguments = [("timeout", amp.Integer())]

    clock = pump.client.clock = Clock()
    found = outcomes(
        pump.client.callRemote(Ring, timeout=3),
        pump.client.callRemote(Ring(timeout=3), timeout=9),
    )
    assert len(clock.getDelayedCalls()) == 1
    pump.flush()
    assert [type(each) for each in found] == [amp.UnhandledCommand] * 2


def test_a_cancelled_call_keeps_nothing_and_its_answer_is_dropped(pump: IOPump) -> None:
    later: Deferred[Any] = Deferred()
    pump.server.answer = lambda n: later
    call = pump.client.callRemote(Ask, n=1)
    found = outcomes(call)
    pump.flush()
    call.cancel()
    assert type(found[0]) is CancelledError
    assert pump.client._amp_calls._waiting == {}
    later.callback({"n": 1})
    pump.flush()
    assert pump.clientIO.connected
    with pytest.raises(amp.MalformedAmpBox):
        pump.client.dataReceived(amp.AmpBox(_answer=b"1").serialize())


# Budgets


def test_more_calls_than_may_wait_end_the_connection(logged: list[str]) -> None:
    class Slow(Peer):
        maxCalls = 2

    _, _, pump = connectedServerAndClient(Slow, Peer)
    pump.server.answer = lambda n: Deferred()
    found = outcomes(*(pump.client.callRemote(Ask, n=n) for n in range(3)))
    pump.flush()
    assert len(found) == 3
    assert not pump.serverIO.connected
    (line,) = [line for line in logged if "breaks the rules" in line]
    assert "TooManyCalls" in line
    assert "IPv4Address(TCP, '127.0.0.1', 2)" in line


def test_answered_calls_count_no_more(logged: list[str]) -> None:
    class Slow(Peer):
        maxCalls = 1

    _, _, pump = connectedServerAndClient(Slow, Peer)
    for n in range(5):
        later: Deferred[Any] = Deferred()
        pump.server.answer = lambda n, later=later: later
        found = outcomes(pump.client.callRemote(Ask, n=n))
        pump.flush()
        later.callback({"n": n})
        pump.flush()
        assert found == [{"n": n}]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"\x01\x00", "TooLong"),
        (b"\0\1a\0\0\0\1b\0\0\0\1c\0\0", "TooManyKeys"),
        (b"\0\1a\xff\xff", "BoxTooLong"),
    ],
)
def test_who_breaks_the_wires_rules_is_hung_up_on(
    logged: list[str], data: bytes, error: str
) -> None:
    class Strict(Peer):
        maxKeys = 2
        maxBoxLength = 1000

    _, _, pump = connectedServerAndClient(Strict, Peer)
    found = outcomes(pump.server.callRemote(Ask, n=1))
    pump.server.dataReceived(data)
    pump.server.dataReceived(b"\0\0")
    pump.flush()
    assert not pump.serverIO.connected
    assert type(found[0]).__name__ == error
    (line,) = [line for line in logged if "breaks the rules" in line]
    assert error in line
    assert "127.0.0.1" in line


def test_an_error_of_endless_words_is_cut(pump: IOPump) -> None:
    pump.server.answer = raising(Refused("x" * 70_000))
    found = outcomes(pump.client.callRemote(Ask, n=1))
    pump.flush()
    assert str(found[0]) == "x" * 65535


# The parts apart


class Reflector:
    def startReceivingBoxes(self, boxSender: Any) -> None:
        self.sender = boxSender

    def ampBoxReceived(self, box: amp.AmpBox) -> None:
        assert type(box) is amp.AmpBox
        self.sender.sendBox(box)

    def stopReceivingBoxes(self, reason: Failure) -> None:
        self.stopped = reason


def test_boxes_may_be_for_another_receiver() -> None:
    reflector, transport = Reflector(), StringTransport()
    peer = amp.AMP(boxReceiver=reflector)
    peer.makeConnection(transport)
    data = amp.AmpBox({b"k" * 255: b"v" * 65535, b"empty": b""}).serialize()
    peer.dataReceived(data)
    assert transport.value() == data
    peer.connectionLost(Failure(ConnectionDone()))
    assert reflector.stopped.check(ConnectionDone)


class Strings(amp.SimpleStringLocator):
    def amp_ECHO(self, box: amp.AmpBox) -> amp.AmpBox:
        return amp.AmpBox(heard=box[b"said"])


class Commands(amp.CommandLocator):
    @Ask.responder
    def ask(self, n: int) -> dict[str, int]:
        return {"n": -n}


def test_responders_may_be_another_objects() -> None:
    _, _, pump = connectedServerAndClient(lambda: amp.AMP(locator=Commands()), amp.AMP)
    found = outcomes(pump.client.callRemote(Ask, n=3))
    pump.flush()
    assert found == [{"n": -3}]


def test_responders_may_be_found_by_names_of_methods() -> None:
    _, _, pump = connectedServerAndClient(lambda: amp.AMP(locator=Strings()), amp.AMP)
    found = outcomes(pump.client.callRemoteString(b"echo", said=b"hi"))
    pump.flush()
    assert found == [{b"heard": b"hi"}]


def test_a_subclass_has_its_bases_responders_and_its_own() -> None:
    class Louder(Commands):
        @Ask.responder
        def again(self, n: int) -> dict[str, int]:
            return {"n": n * 100}

    assert Commands().locateResponder(b"Ask") is not None
    _, _, pump = connectedServerAndClient(lambda: amp.AMP(locator=Louder()), amp.AMP)
    found = outcomes(pump.client.callRemote(Ask, n=1))
    pump.flush()
    assert found == [{"n": 100}]


def test_what_is_overridden_is_called() -> None:
    """No step that a subclass overrides is passed by for speed."""
    seen: list[str] = []

    class Seeing(Peer):
        def sendBox(self, box: amp.AmpBox) -> None:
            seen.append("send")
            super().sendBox(box)

        def ampBoxReceived(self, box: amp.AmpBox) -> None:
            seen.append("receive")
            super().ampBoxReceived(box)

        def dispatchCommand(self, box: amp.AmpBox) -> Any:
            seen.append("dispatch")
            return super().dispatchCommand(box)

        def locateResponder(self, name: bytes) -> Any:
            seen.append("locate")
            return super().locateResponder(name)

    _, _, pump = connectedServerAndClient(Seeing, Peer)
    found = outcomes(pump.client.callRemote(Ask, n=1))
    pump.flush()
    assert found == [{"n": 1}]
    assert seen == ["receive", "dispatch", "locate", "send"]


def test_a_subclass_need_not_call_our_init() -> None:
    class Careless(amp.AMP):
        def __init__(self) -> None:
            pass

        @Ask.responder
        def ask(self, n: int) -> dict[str, int]:
            return {"n": n}

    _, _, pump = connectedServerAndClient(Careless, Careless)
    found = outcomes(pump.client.callRemote(Ask, n=1))
    pump.flush()
    assert found == [{"n": 1}]


def test_what_provides_the_interfaces() -> None:
    peer: Any = Peer()
    provided: list[Any] = [IBoxReceiver, IBoxSender, IResponderLocator]
    assert all(each.providedBy(peer) for each in provided)
    assert amp.IBoxReceiver is IBoxReceiver


def test_connections_are_logged(logged: list[str]) -> None:
    _, _, pump = connectedServerAndClient(Peer, amp.AMP)
    pump.client.transport.loseConnection()
    pump.flush()
    places = (
        "(HOST:IPv4Address(TCP, '127.0.0.1', 1) PEER:IPv4Address(TCP, '127.0.0.1', 2))"
    )
    assert f"Peer connection established {places}" in logged
    assert f"Peer connection lost {places}" in logged
