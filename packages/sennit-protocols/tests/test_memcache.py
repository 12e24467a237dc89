"""Commands to a memcached server, and what it answers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from sennit.core.defer import CancelledError, Deferred, TimeoutError
from sennit.core.errors import ConnectionDone
from sennit.core.failure import Failure
from sennit.core.protocol import connectionDone
from sennit.core.task import Clock
from sennit.core.testing import StringTransport
from sennit.protocols.memcache import (
    ClientError,
    MemCacheError,
    MemCacheProtocol,
    NoSuchCommand,
    ServerError,
    UnexpectedAnswer,
)


class Bench:
    """A connection to a server that says what the test says."""

    def __init__(self, timeOut: float | None = 60) -> None:
        self.clock = Clock()
        self.client = MemCacheProtocol(timeOut)
        later: Any = self.clock.callLater
        self.client.callLater = later  # type: ignore[method-assign]
        self.transport: Any = StringTransport()
        self.client.makeConnection(self.transport)

    def sent(self) -> bytes:
        """What was sent since last asked."""
        value: bytes = self.transport.value()
        self.transport.clear()
        return value

    def say(self, answer: bytes) -> None:
        self.client.dataReceived(answer)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def result(deferred: Deferred[Any]) -> Any:
    """What a Deferred has fired with; what it has failed with is raised."""
    results: list[Any] = []
    deferred.addBoth(results.append)
    assert results, "it has not fired"
    if isinstance(results[0], Failure):
        results[0].raiseException()
    return results[0]


COMMANDS: list[tuple[str, tuple[Any, ...], bytes, list[tuple[bytes, Any]]]] = [
    ("increment", (b"k", 7), b"incr k 7", [(b"8", 8), (b"NOT_FOUND", False)]),
    ("increment", (b"k",), b"incr k 1", [(b"1 ", 1)]),
    ("decrement", (b"k",), b"decr k 1", [(b"0", 0), (b"NOT_FOUND", False)]),
    ("set", (b"k", b"v"), b"set k 0 0 1\r\nv", [(b"STORED", True)]),
    ("set", (b"k", b"", 3, 9), b"set k 3 9 0\r\n", [(b"STORED", True)]),
    (
        "add",
        (b"k", b"v"),
        b"add k 0 0 1\r\nv",
        [(b"STORED", True), (b"NOT_STORED", False), (b"NOT STORED", False)],
    ),
    ("replace", (b"k", b"v"), b"replace k 0 0 1\r\nv", [(b"NOT_STORED", False)]),
    ("append", (b"k", b"v"), b"append k 0 0 1\r\nv", [(b"STORED", True)]),
    ("prepend", (b"k", b"v"), b"prepend k 0 0 1\r\nv", [(b"STORED", True)]),
    (
        "checkAndSet",
        (b"k", b"v", b"77"),
        b"cas k 0 0 1 77\r\nv",
        [(b"STORED", True), (b"EXISTS", False), (b"NOT_FOUND", False)],
    ),
    ("delete", (b"k",), b"delete k", [(b"DELETED", True), (b"NOT_FOUND", False)]),
    ("flushAll", (), b"flush_all", [(b"OK", True)]),
    ("version", (), b"version", [(b"VERSION 1.6.18", b"1.6.18")]),
    (
        "stats",
        (),
        b"stats",
        [(b"STAT a b c\r\nSTAT d e\r\nEND", {b"a": b"b c", b"d": b"e"}), (b"END", {})],
    ),
    ("stats", (b"items",), b"stats items", [(b"END", {})]),
    (
        "get",
        (b"k",),
        b"get k",
        [(b"VALUE k 5 4\r\n\r\nab\r\nEND", (5, b"\r\nab")), (b"END", (0, None))],
    ),
    (
        "get",
        (b"k", True),
        b"gets k",
        [(b"VALUE k 5 0 77\r\n\r\nEND", (5, b"77", b"")), (b"END", (0, b"", None))],
    ),
    (
        "getMultiple",
        ([b"a", b"b", b"c"],),
        b"get a b c",
        [
            (
                b"VALUE c 0 1\r\nx\r\nVALUE a 1 2\r\nyz\r\nEND",
                {b"a": (1, b"yz"), b"b": (0, None), b"c": (0, b"x")},
            )
        ],
    ),
]


@pytest.mark.parametrize(("name", "arguments", "sent", "answers"), COMMANDS)
def test_a_command_is_sent_and_its_answer_is_the_result(
    bench: Bench, name: str, arguments: tuple[Any, ...], sent: bytes, answers: Any
) -> None:
    """Whichever answer it is."""
    for answer, expected in answers:
        deferred = getattr(bench.client, name)(*arguments)
        assert bench.sent() == sent + b"\r\n"
        bench.say(answer + b"\r\n")
        assert result(deferred) == expected


ANSWERS = [
    (name, arguments, answer, expected)
    for name, arguments, _, answers in COMMANDS
    for answer, expected in answers
]


@settings(deadline=None)
@given(
    chosen=st.lists(st.sampled_from(ANSWERS), max_size=8),
    places=st.lists(st.integers(0, 1000), max_size=20),
)
def test_answers_in_any_pieces_are_for_the_commands_in_order(
    chosen: list[Any], places: list[int]
) -> None:
    """All commands may be sent before the first answer comes."""
    bench = Bench()
    waiting = [getattr(bench.client, name)(*args) for name, args, _, _ in chosen]
    stream = b"".join(answer + b"\r\n" for _, _, answer, _ in chosen)
    ends = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    for begin, end in pairwise(ends):
        bench.say(stream[begin:end])
    assert [result(each) for each in waiting] == [expected for *_, expected in chosen]
    assert bench.clock.getDelayedCalls() == []


@settings(deadline=None)
@given(
    data=st.lists(
        st.one_of(
            st.binary(max_size=30),
            st.sampled_from(
                [b"VALUE k 0 3\r\n", b"abc\r\n", b"END\r\n", b"STORED\r\n", b"STAT a b"]
            ),
        ),
        max_size=10,
    )
)
def test_any_answer_is_one_or_a_named_error(data: list[bytes]) -> None:
    """Whatever a server says, nothing else is raised."""
    bench = Bench()
    for _, arguments, _, _ in [each for each in COMMANDS if each[0] == "get"]:
        bench.client.get(*arguments).addErrback(lambda _: None)
    bench.client.stats().addErrback(lambda _: None)
    try:
        for piece in data:
            bench.say(piece)
    except MemCacheError:
        pass
    bench.client.connectionLost(connectionDone)


@pytest.mark.parametrize(
    ("line", "error", "text"),
    [
        (b"ERROR", NoSuchCommand, None),
        (b"CLIENT_ERROR bad key", ClientError, "bad key"),
        (b"SERVER_ERROR out of memory", ServerError, "out of memory"),
    ],
)
def test_an_error_is_that_of_one_command(
    bench: Bench, line: bytes, error: type[Exception], text: str | None
) -> None:
    """The next one is answered as if nothing had been."""
    first, second = bench.client.get(b"k"), bench.client.version()
    bench.say(line + b"\r\nVERSION 1\r\n")
    with pytest.raises(error, match=text):
        result(first)
    assert result(second) == b"1"


@pytest.mark.parametrize(
    "key",
    ["text", b"", b"k" * 251, b"two words", b"k\r\nflush_all", b"\x7f", b"tab\t"],
)
def test_what_is_no_key_is_not_sent(bench: Bench, key: Any) -> None:
    """It could be another command."""
    client = bench.client
    for deferred in (
        client.get(key),
        client.getMultiple([b"k", key]),
        client.set(key, b"v"),
        client.increment(key),
        client.delete(key),
    ):
        with pytest.raises(ClientError):
            result(deferred)
    assert bench.sent() == b""


def test_a_value_is_bytes(bench: Bench) -> None:
    """Text has to be encoded by who knows how."""
    with pytest.raises(ClientError, match="not str"):
        result(bench.client.set(b"k", "text"))  # type: ignore[arg-type]
    assert bench.sent() == b""


@pytest.mark.parametrize(
    "line",
    [
        b"STORED",
        b"VALUE other 0 1",
        b"VALUE k 0",
        b"VALUE k x 1",
        b"VALUE k 0 -1",
        b"VALUE k 0 16777217",
        b"x" * 20000,
        b"VALUE k 0 1\r\nab",
    ],
)
def test_an_answer_that_is_none_is_refused(bench: Bench, line: bytes) -> None:
    """By a named error, which ends the connection."""
    bench.client.get(b"k").addErrback(lambda _: None)
    with pytest.raises(UnexpectedAnswer):
        bench.say(line + b"\r\n ")
    bench.client.connectionLost(connectionDone)


def test_an_answer_to_nothing_is_refused(bench: Bench) -> None:
    """There is nobody to be told."""
    with pytest.raises(UnexpectedAnswer, match="nothing was asked"):
        bench.say(b"STORED\r\n")


def test_an_answer_must_come_in_time() -> None:
    """Else all that wait fail, and so does what comes later; any answer gives time."""
    bench = Bench(10)
    first, second = bench.client.get(b"a"), bench.client.get(b"b")
    bench.clock.advance(9)
    bench.say(b"END\r\n")
    assert result(first) == (0, None)
    bench.clock.advance(9)
    assert not bench.transport.disconnecting
    bench.clock.advance(1)
    with pytest.raises(TimeoutError):
        result(second)
    assert bench.transport.disconnecting
    with pytest.raises(RuntimeError, match="not connected"):
        result(bench.client.get(b"c"))


def test_nothing_is_counted_while_nothing_is_asked() -> None:
    """Nor is there a limit, if none is wanted."""
    bench = Bench(10)
    bench.clock.advance(100)
    assert not bench.transport.disconnecting
    bench = Bench(None)
    bench.client.get(b"k")
    assert bench.clock.getDelayedCalls() == []


def test_a_lost_connection_fails_what_waits(bench: Bench) -> None:
    """With its reason."""
    waiting = bench.client.get(b"k")
    bench.client.connectionLost(connectionDone)
    with pytest.raises(ConnectionDone):
        result(waiting)
    assert bench.clock.getDelayedCalls() == []


def test_who_waits_no_more_lets_the_answer_pass(bench: Bench) -> None:
    """A cancelled command's answer is read, for the next one's comes after it."""
    first, second = bench.client.get(b"k"), bench.client.get(b"k")
    first.cancel()
    with pytest.raises(CancelledError):
        result(first)
    bench.say(b"VALUE k 0 1\r\nx\r\nEND\r\n" * 2)
    assert result(second) == (0, b"x")


def test_a_callback_may_send_and_close(bench: Bench) -> None:
    """In the middle of an answer's delivery."""
    first = bench.client.get(b"k")
    seconds: list[Deferred[Any]] = []
    first.addCallback(lambda _: seconds.append(bench.client.version()))
    bench.say(b"END\r\n")
    assert bench.sent() == b"get k\r\nversion\r\n"
    seconds[0].addCallback(lambda _: bench.client.connectionLost(connectionDone))
    third = bench.client.get(b"k")
    bench.say(b"VERSION 1\r\n")
    with pytest.raises(ConnectionDone):
        result(third)
