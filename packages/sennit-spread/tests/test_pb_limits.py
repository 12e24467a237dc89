"""What a hostile or silent peer can do: little, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from sennit.core.defer import Deferred, TimeoutError
from sennit.core.testing import StringTransport
from sennit.spread import banana, pb
from sennit.spread.banana.wire import INCOMING
from sennit.spread.pb._messages import checked

Join = Callable[..., Any]


class Root(pb.Root):
    def __init__(self) -> None:
        self.never: list[Deferred[Any]] = []

    def remote_new(self) -> pb.Referenceable:
        return pb.Referenceable()

    def remote_never(self, *args: Any) -> Deferred[Any]:
        self.never.append(Deferred())
        return self.never[-1]

    def remote_same(self, value: Any) -> Any:
        return value


def test_references_are_limited(join: Join, logged: list[dict[str, Any]]) -> None:
    """Calls fail by a named error; who goes on has the connection ended."""
    joined = join(Root(), maxReferences=3)
    held = [joined.call("new") for _ in range(3)]
    for _ in range(4):
        with pytest.raises(pb.RemoteError, match="reference count exceeded") as caught:
            joined.call("new")
        assert caught.value.check(pb.TooManyReferences, pb.BrokerLimitExceeded)
    joined.flush()
    assert joined.client.disconnected
    assert "127.0.0.1" in str(logged)
    assert held


def test_a_reference_that_is_dropped_makes_room(join: Join) -> None:
    """The limit is on what is lent at a time."""
    joined = join(Root(), maxReferences=3)
    for _ in range(20):
        held = joined.call("new")
        assert held
        del held
        joined.collect()


def test_a_thousand_references_are_the_limit_unless_it_is_set(join: Join) -> None:
    """As with every peer."""
    assert pb.MAX_BROKER_REFS == 1024
    joined = join(Root())
    assert joined.server.lent.limit == joined.client.lent.limit == 1024
    joined.factory.maxReferences = 7
    assert joined.factory.buildProtocol(None).maxReferences == 7


def test_calls_under_way_are_limited(join: Join, logged: list[dict[str, Any]]) -> None:
    """One more ends the connection, with an error that names the peer."""
    root = Root()
    joined = join(root, maxCalls=5)
    failures: list[Any] = []
    for _ in range(5):
        joined.root.callRemote("never").addErrback(failures.append)
    joined.flush()
    assert not failures
    joined.root.callRemote("never").addErrback(failures.append)
    joined.flush()
    assert len(failures) == 6
    assert len(root.never) == 5
    (event,) = logged
    assert event["failure"].check(pb.TooManyCalls)
    assert "127.0.0.1" in event["message"][0]


def test_a_peer_that_never_answers_is_given_up(join: Join) -> None:
    """By whoever asks with a limit; nothing of the call is left."""
    joined = join(Root())
    joined.client.extensions = frozenset()
    failures: list[Any] = []
    asked = joined.root.callRemote("never", pb.Referenceable(), timeout=5)
    asked.addErrback(lambda failure: failures.append(failure.type))
    joined.flush()
    joined.clock.advance(5)
    assert failures == [TimeoutError]
    assert not joined.client.waitingForAnswers


def lone() -> tuple[pb.Broker, StringTransport]:
    """A broker that has agreed on the dialect with a peer that is played by the test."""
    factory = pb.PBServerFactory(Root())
    broker = factory.buildProtocol(None)
    transport = StringTransport()
    broker.makeConnection(transport)
    broker.dataReceived(banana.encode(b"pb"))
    transport.clear()
    return broker, transport


WRONG = [
    b"message",
    7,
    [],
    [7],
    [b"message"],
    [b"message", b"1", b"root", b"same", 1, [b"tuple"], [b"dictionary"]],
    [b"message", 1, [1], b"same", 1, [b"tuple"], [b"dictionary"]],
    [b"message", 1, b"root", 7, 1, [b"tuple"], [b"dictionary"]],
    [b"message", 1, b"root", b"same", 1, [b"tuple"]],
    [b"answer", 1, 5],
    [b"answer", -1, 5],
    [b"error", 1, [b"None"]],
    [b"decref", 5],
    [b"decref", b"root"],
    [b"decref", [1]],
    [b"decache", 5],
    [b"version", 5],
    [b"version", b"six"],
    [b"extensions", 5],
    [b"cancel", b"all"],
]


@pytest.mark.parametrize("message", WRONG, ids=repr)
def test_what_breaks_the_rules_ends_the_connection(
    message: Any, logged: list[dict[str, Any]]
) -> None:
    """With an error that is logged, with the peer's address."""
    broker, transport = lone()
    broker.dataReceived(banana.encode(message))
    assert transport.disconnecting or transport.disconnected
    (event,) = logged
    assert event["failure"].check(pb.ProtocolError)
    assert "192.168" in event["message"][0]
    broker.dataReceived(banana.encode([b"decref", 5]))
    assert len(logged) == 1


@pytest.mark.parametrize(
    "message",
    [
        [b"message", 1, b"root", b"same", 1, [b"list", 1], [b"dictionary"]],
        [b"message", 1, b"root", b"same", 1, [b"tuple", [b"None"]], [b"list"]],
        [b"message", 1, b"root", b"same", 1, 5, [b"dictionary"]],
        [b"message", 1, b"root", b"same", 1, [b"tuple", []], [b"dictionary"]],
        [b"message", 1, b"root", b"same", 1, [b"tuple"], [b"dictionary", [1, 2]]],
        [b"message", 1, 99, b"same", 1, [b"tuple"], [b"dictionary"]],
        [b"cachemessage", 1, 99, b"same", 1, [b"tuple"], [b"dictionary"]],
        [
            b"message",
            1,
            b"root",
            b"same",
            1,
            [b"tuple", [b"local", 77]],
            [b"dictionary"],
        ],
        [
            b"message",
            1,
            b"root",
            b"same",
            1,
            [b"tuple", [b"remote", b"x"]],
            [b"dictionary"],
        ],
        [
            b"message",
            1,
            b"root",
            b"same",
            1,
            [b"tuple", [b"cached", 77]],
            [b"dictionary"],
        ],
        [
            b"message",
            1,
            b"root",
            b"same",
            1,
            [b"tuple", [b"lcache", [1]]],
            [b"dictionary"],
        ],
    ],
    ids=repr,
)
def test_a_call_that_makes_no_sense_has_an_error_for_an_answer(
    message: Any, logged: list[dict[str, Any]]
) -> None:
    """There is exactly one, and the connection goes on."""
    broker, transport = lone()
    broker.dataReceived(banana.encode(message))
    assert not transport.disconnecting
    answers = expressions(transport.value())
    assert [answer[:2] for answer in answers] in ([[b"error", 1]], [[b"answer", 1]])


def expressions(data: bytes) -> list[Any]:
    return list(banana.Decoder(INCOMING).expressions(data))


def test_an_unknown_word_is_answered_so(logged: list[dict[str, Any]]) -> None:
    """A peer of a later time may know more; what it cuts short is not sent back."""
    broker, transport = lone()
    broker.dataReceived(banana.encode([b"x" * 10_000, 1]))
    assert expressions(transport.value()) == [[b"didNotUnderstand", b"x" * 100]]
    broker.dataReceived(banana.encode([b"didNotUnderstand", b"extensions"]))
    assert not transport.disconnecting
    assert "did not understand" in str(logged)


def test_two_peers_of_ours_find_each_other(join: Join) -> None:
    """By a name among the dialects, which is none; a classic peer passes it over."""
    joined = join(Root())
    assert joined.client.extensions == joined.server.extensions == {b"cancel"}
    broker = pb.PBServerFactory(Root()).buildProtocol(None)
    transport = StringTransport()
    broker.makeConnection(transport)
    assert banana.decode(transport.value()) == [b"pb", b"none", b"sennit"]
    broker.dataReceived(banana.encode(b"sennit"))
    assert transport.disconnecting
    classic, transport = lone()
    assert expressions(transport.value()) == []
    assert not classic.extensions


def test_a_client_of_a_classic_server_says_nothing_else() -> None:
    """But the version that it speaks."""
    broker = pb.PBClientFactory().buildProtocol(None)
    transport = StringTransport()
    broker.makeConnection(transport)
    broker.dataReceived(banana.encode([b"pb", b"none"]))
    data = transport.value().removeprefix(banana.encode(b"pb"))
    assert expressions(data) == [[b"version", 6]]


def test_depth_and_sizes_are_limited(logged: list[dict[str, Any]]) -> None:
    """By the budgets of Banana and Jelly; the connection ends."""
    for data in (b"\x01\x80" * 20_000, b"\x7f" * 70, b"\x00\x00\x29\x82"):
        broker, transport = lone()
        broker.dataReceived(data)
        assert transport.disconnecting or transport.disconnected
    assert len(logged) == 3


WORDS = st.sampled_from(
    [
        b"message",
        b"cachemessage",
        b"answer",
        b"error",
        b"decref",
        b"decache",
        b"uncache",
        b"version",
        b"extensions",
        b"cancel",
        b"didNotUnderstand",
        b"tuple",
        b"dictionary",
        b"list",
        b"unicode",
        b"None",
        b"remote",
        b"local",
        b"cached",
        b"lcache",
        b"reference",
        b"dereference",
        b"twisted.spread.pb.CopyableFailure",
        b"root",
        b"same",
        b"never",
        b"new",
    ]
)
PARTS = st.recursive(
    WORDS | st.integers(-3, 5) | st.floats() | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=12,
)
CALLS = st.tuples(
    st.sampled_from([b"message", b"cachemessage"]),
    st.integers(0, 3),
    st.sampled_from([b"root", 1, 2]),
    st.sampled_from([b"same", b"new", b"never", b"x"]),
    st.integers(0, 1),
    st.lists(PARTS, max_size=3).map(lambda parts: [b"tuple", *parts]),
    st.just([b"dictionary"]),
).map(list)
MESSAGES = st.lists(CALLS | st.lists(PARTS, max_size=7) | PARTS, min_size=1, max_size=8)


@settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(messages=MESSAGES, cut=st.integers(1, 40))
@example(messages=[[b"decref", 1], [b"message"]], cut=3)
def test_any_messages_are_answered_or_end_the_connection(
    logged: list[dict[str, Any]], messages: list[Any], cut: int
) -> None:
    """In any pieces, and never by an error that comes out."""
    data = b"".join(map(banana.encode, messages))
    ends, said = [], []
    for pieces in ([data], [data[at : at + cut] for at in range(0, len(data), cut)]):
        broker, transport = lone()
        for piece in pieces:
            broker.dataReceived(piece)
        ends.append(transport.disconnecting or transport.disconnected)
        answers = expressions(transport.value())
        assert all(checked(answer) is not None for answer in answers)
        # Failures have numbers of their own.
        told = [each[:2] if each[0] == b"error" else each for each in answers]
        said.append(sorted(map(repr, told)))
        broker.connectionLost()
        assert not broker.localObjects
        assert not broker.answers.told
    assert ends[0] == ends[1]
    assert said[0] == said[1]
