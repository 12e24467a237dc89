"""Calls: arguments go, results come, and whatever happens there is one answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from sennit.core.defer import CancelledError, Deferred, TimeoutError, succeed
from sennit.core.failure import Failure
from sennit.spread import pb
from sennit.spread.banana import BananaError

Join = Callable[..., Any]


class Refused(pb.Error):
    pass


class Counter(pb.Referenceable):
    def __init__(self) -> None:
        self.total = 0

    def remote_add(self, number: int) -> int:
        self.total += number
        return self.total


class Root(pb.Root):
    def __init__(self) -> None:
        self.counter = Counter()
        self.told: list[Any] = []
        self.later: Deferred[Any] = Deferred(self.cancelled)
        self.was_cancelled = False

    def cancelled(self, _: object) -> None:
        self.was_cancelled = True

    def remote_echo(self, *args: Any, **kw: Any) -> Any:
        return args, kw

    def remote_same(self, value: Any) -> Any:
        return value

    def remote_tell(self, value: Any) -> None:
        self.told.append(value)

    def remote_counter(self) -> Counter:
        return self.counter

    def remote_is_mine(self, counter: Any) -> bool:
        return counter is self.counter

    def remote_call(self, other: Any, *args: Any) -> Any:
        return other.callRemote("add", *args)

    def remote_refuse(self) -> None:
        raise Refused("no")

    def remote_break(self) -> None:
        raise ZeroDivisionError("broken")

    def remote_failure(self) -> Any:
        return Failure(Refused("handed"))

    def remote_later(self) -> Deferred[Any]:
        return self.later

    async def remote_coroutine(self, value: Any) -> Any:
        return await succeed(value)

    async def remote_cancelled(self) -> None:
        raise asyncio.CancelledError

    def remote_raise(self) -> None:
        raise Failure(Refused("raised"))

    def remote_unsendable(self) -> Any:
        return [Counter(), object()]

    def remote_unsendable_later(self) -> Any:
        return succeed(object())


class Overriding(pb.Root):
    def remoteMessageReceived(
        self, broker: Any, message: bytes, args: Any, kw: Any
    ) -> Any:
        if message == b"own":
            return broker.serialize((*broker.unserialize(args), message.decode()))
        if message == b"later":
            return broker.serialize(succeed("now"))
        return super().remoteMessageReceived(broker, message, args, kw)

    def remote_double(self, number: int, *, plus: int = 0) -> int:
        return 2 * number + plus

    async def remote_coroutine(self) -> str:
        return "done"


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**440), 2**440)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(value=PLAIN, other=PLAIN)
def test_values_arrive_as_they_were_sent(join: Join, value: Any, other: Any) -> None:
    """Both there, as arguments, and back, as a result."""
    joined = join(Root())
    assert joined.call("echo", value, 1, other=other) == ((value, 1), {"other": other})
    assert joined.call("same", value) == value


@pytest.mark.parametrize("name", ["answer", "list", "x" * 200, "ünïcode", b"same"])
def test_methods_have_any_name(join: Join, name: Any) -> None:
    """Words of the vocabulary and long names too; bytes are names as well as text."""
    text = name.decode() if isinstance(name, bytes) else name
    root = Root()
    setattr(root, f"remote_{text}", lambda value: value + 1)
    assert join(root).call(name, 4) == 5


def test_many_calls_under_way_have_their_own_answers(join: Join) -> None:
    """Numbers of calls have one digit, then two, then three."""
    joined = join(Root())
    results: list[int] = []
    for number in range(40_000):
        joined.root.callRemote("same", number).addCallback(results.append)
        if number % 1000 == 0:
            joined.flush()
    joined.flush()
    assert results == list(range(40_000))


def test_a_reference_is_called_and_comes_home_as_the_object(join: Join) -> None:
    """It is one reference however often it comes, and equal to itself."""
    root = Root()
    joined = join(root)
    counter = joined.call("counter")
    assert joined.outcome(counter.callRemote("add", 2)) == 2
    assert joined.call("counter") is counter
    assert joined.call("is_mine", counter)
    assert counter == counter
    assert counter != joined.root
    assert len({counter, joined.root, joined.root}) == 2
    assert counter != "other"
    assert "1" in repr(counter)


def test_an_object_of_the_client_is_called_back(join: Join) -> None:
    """References go both ways."""
    joined, mine = join(Root()), Counter()
    assert joined.call("call", mine, 5) == 5
    assert mine.total == 5
    assert joined.call("same", mine) is mine


def test_a_method_of_a_reference_is_called_like_any(join: Join) -> None:
    """All keyword arguments are the method's, also one that is called timeout."""
    joined = join(Root())
    echo = joined.root.remoteMethod("echo")
    assert joined.outcome(echo(1, timeout=2)) == ((1,), {"timeout": 2})
    assert echo == joined.root.remoteMethod("echo")
    assert echo != joined.root.remoteMethod("other")
    assert hash(echo) == hash(joined.root.remoteMethod("echo"))


def test_a_call_without_an_answer_has_no_deferred(join: Join) -> None:
    """Nothing is waited for."""
    root = Root()
    joined = join(root)
    assert joined.root.callRemote("tell", 1, pbanswer=False) is None
    joined.flush()
    assert root.told == [1]
    assert not joined.client.waitingForAnswers


def test_callbacks_may_be_given_with_the_call(join: Join) -> None:
    """As it was done before there were Deferreds."""
    joined = join(Root())
    got: list[Any] = []
    joined.root.callRemote("same", 1, pbcallback=got.append)
    joined.root.callRemote("refuse", pberrback=got.append)
    joined.flush()
    assert got[0] == 1
    assert got[1].check(Refused)
    with pytest.raises(TypeError):
        joined.root.callRemote("same", 1, pbcallback=got.append, pbanswer=False)


def test_a_method_may_be_a_coroutine_or_give_a_deferred(join: Join) -> None:
    """The answer goes when the result is there."""
    root = Root()
    joined = join(root)
    assert joined.call("coroutine", 7) == 7
    got: list[Any] = []
    joined.root.callRemote("later").addCallback(got.append)
    joined.flush()
    assert not got
    root.later.callback("now")
    joined.flush()
    assert got == ["now"]
    assert not joined.server.answers.under_way


def test_a_declared_error_goes_to_the_caller_and_is_not_logged(
    join: Join, logged: list[dict[str, Any]]
) -> None:
    """Its kind is known by name, also further down the chain, after a trap that missed."""
    joined, kinds = join(Root()), []

    def miss(failure: Failure) -> None:
        failure.trap(KeyError)

    asked = joined.root.callRemote("refuse")
    asked.addErrback(miss)
    asked.addErrback(lambda failure: kinds.append(failure.trap(Refused, KeyError)))
    joined.flush()
    assert kinds == [Refused]
    assert not logged


def test_where_an_answer_is_awaited_an_error_is_raised(join: Join) -> None:
    """It knows the name, the bases and the text of what was raised over there."""
    joined = join(Root())
    with pytest.raises(pb.RemoteError, match="no") as caught:
        joined.call("refuse")
    error = caught.value
    assert str(error.remoteType).endswith("Refused'")
    assert error.check(KeyError, pb.Error) is pb.Error
    assert error.check(KeyError) is None
    assert "Refused: no" in str(error.__cause__)


def test_another_error_is_logged_where_it_was_raised(
    join: Join, logged: list[dict[str, Any]]
) -> None:
    """With the method's name and the other side's address."""
    joined = join(Root())
    with pytest.raises(pb.RemoteError, match="broken") as caught:
        joined.call("break")
    assert caught.value.check(ZeroDivisionError) is ZeroDivisionError
    assert "ZeroDivisionError" not in caught.value.remoteTraceback
    (event,) = logged
    assert event["failure"].check(ZeroDivisionError)
    assert "'break'" in event["why"]
    assert "127.0.0.1" in event["why"]


def test_tracebacks_go_where_the_factory_was_told_so(join: Join) -> None:
    """Otherwise not: they show code."""
    joined = join(Root(), unsafeTracebacks=True)
    with pytest.raises(pb.RemoteError) as caught:
        joined.call("refuse")
    assert "remote_refuse" in caught.value.remoteTraceback
    assert "remote_refuse" in str(caught.value.__cause__)


def test_a_failure_may_be_the_result(join: Join) -> None:
    """It is an error then."""
    with pytest.raises(pb.RemoteError, match="handed"):
        join(Root()).call("failure")


@pytest.mark.parametrize("name", ["raise", "cancelled"])
def test_whatever_a_method_ends_with_is_an_answer(
    join: Join, name: str, logged: list[dict[str, Any]]
) -> None:
    """Also what is raised in strange ways."""
    with pytest.raises(pb.RemoteError):
        join(Root()).call(name)


def test_a_method_that_is_not_there_is_an_error(
    join: Join, logged: list[dict[str, Any]]
) -> None:
    """So is an object that is not there, and a name that is no text."""
    joined = join(Root())
    with pytest.raises(pb.RemoteError, match="remote_nothing") as caught:
        joined.call("nothing")
    assert caught.value.check(pb.NoSuchMethod)
    with pytest.raises(pb.RemoteError, match="Invalid Object ID"):
        joined.outcome(joined.client.remoteForName("nobody").callRemote("x"))
    with pytest.raises(pb.RemoteError, match="No such method"):
        joined.call(b"\xff")


@pytest.mark.parametrize("name", ["unsendable", "unsendable_later"])
def test_a_result_that_cannot_travel_is_an_error_for_the_caller(
    join: Join, name: str, logged: list[dict[str, Any]]
) -> None:
    """Not a success; it tells what cannot, and nothing of it stays lent."""
    root = Root()
    joined = join(root)
    with pytest.raises(pb.RemoteError, match=r"builtins\.object") as caught:
        joined.call(name)
    assert caught.value.check(pb.NotSerializable)
    assert not joined.server.luids
    assert name in str(logged)


def test_arguments_that_cannot_travel_fail_the_call_at_once(join: Join) -> None:
    """Nothing is sent, and nothing of it stays lent."""
    joined = join(Root())
    with pytest.raises(BananaError):
        joined.call("same", [Counter(), object()])
    assert not joined.client.luids
    assert not joined.client.waitingForAnswers
    assert joined.call("same", 1) == 1


def test_a_call_may_have_a_limit_in_time(
    join: Join, logged: list[dict[str, Any]]
) -> None:
    """Then it fails, and the other side stops what it was doing."""
    root = Root()
    joined, errors = join(root), []
    asked = joined.root.callRemote("later", timeout=3)
    asked.addErrback(lambda failure: errors.append(failure.trap(TimeoutError)))
    joined.flush()
    joined.clock.advance(2)
    assert not errors
    joined.clock.advance(1)
    joined.flush()
    assert errors == [TimeoutError]
    assert root.was_cancelled
    assert not joined.client.waitingForAnswers
    assert not joined.server.answers.under_way
    assert not logged


def test_an_answer_in_time_ends_the_limit(join: Join) -> None:
    """No timer is left."""
    joined = join(Root())
    assert joined.call("same", 1, timeout=3) == 1
    assert not joined.clock.getDelayedCalls()


def test_a_classic_peer_is_not_told_of_a_cancelled_call(join: Join) -> None:
    """It does not know the word; the answer that comes is dropped, and what it lends
    is given back.
    """
    root = Root()
    joined = join(root)
    joined.client.extensions = frozenset()
    asked = joined.root.callRemote("later")
    asked.addErrback(lambda failure: failure.trap(CancelledError))
    joined.flush()
    asked.cancel()
    joined.flush()
    assert not root.was_cancelled
    root.later.callback(root.counter)
    joined.flush()
    joined.collect()
    assert not joined.server.luids


def test_an_object_may_take_its_messages_itself(join: Join) -> None:
    """And leave to its base what it does not know."""
    joined = join(Overriding())
    assert joined.call("own", 1) == (1, "own")
    assert joined.call("later") == "now"
    assert joined.call("double", 4, plus=1) == 9
    assert joined.call("coroutine") == "done"


def test_an_object_with_a_name_may_be_of_any_kind(join: Join) -> None:
    """As long as it takes messages."""

    class Own:
        def remoteMessageReceived(
            self, broker: Any, message: bytes, args: Any, kw: Any
        ) -> Any:
            return broker.serialize((message, broker.unserialize(args)))

    joined = join(Root())
    joined.server.setNameForLocal("own", Own())
    own = joined.client.remoteForName("own")
    assert joined.outcome(own.callRemote("x", 1)) == (b"x", (1,))


def test_when_the_connection_ends_what_waits_fails(join: Join) -> None:
    """With the reason; and from then on calls fail at once."""
    joined = join(Root())
    failures: list[Any] = []
    counter = joined.call("counter")
    joined.root.callRemote("later").addErrback(failures.append)
    joined.flush()
    joined.client.transport.loseConnection()
    joined.flush()
    (failure,) = failures
    assert failure.check(pb.PBConnectionLost, ConnectionError)
    assert "closed cleanly" in str(failure.value)
    with pytest.raises(pb.DeadReferenceError):
        joined.outcome(counter.callRemote("add", 1))
    assert not joined.server.localObjects
    assert not joined.client.borrowed.things()


def test_whoever_wants_is_told_of_the_end(join: Join) -> None:
    """Once; and not who has taken it back. One that fails does not keep it from others."""
    joined, told = join(Root()), []
    counter = joined.call("counter")

    def fails() -> None:
        raise ZeroDivisionError

    joined.client.notifyOnDisconnect(fails)
    joined.client.notifyOnDisconnect(lambda: told.append("broker"))
    counter.notifyOnDisconnect(told.append)
    counter.notifyOnDisconnect(print)
    counter.dontNotifyOnDisconnect(print)
    joined.client.dontNotifyOnDisconnect(print)
    joined.client.transport.loseConnection()
    joined.flush()
    assert told == ["broker", counter]


def test_taking_back_the_last_watcher_lets_go_of_the_reference(join: Join) -> None:
    """The broker holds a reference only while somebody is to be told."""
    joined = join(Root())
    counter = joined.call("counter")
    counter.notifyOnDisconnect(print)
    assert joined.client.disconnects
    counter.dontNotifyOnDisconnect(print)
    assert not joined.client.disconnects
    with pytest.raises(ValueError, match="not in list"):
        counter.dontNotifyOnDisconnect(print)


def test_a_reference_that_dies_lets_its_object_go(join: Join) -> None:
    """Not before, and not the number of another."""
    joined = join(Root())
    counter = joined.call("counter")
    luid = counter.luid
    for _ in range(3):
        joined.call("counter")
    joined.collect()
    assert joined.server.localObjects[luid].refcount == 1
    del counter
    joined.collect()
    assert luid not in joined.server.localObjects
    assert not joined.server.luids


def test_a_reference_goes_to_no_third_side(join: Join) -> None:
    """The object is at neither end of that connection."""
    one, two = join(Root()), join(Root())
    counter = one.call("counter")
    with pytest.raises(pb.NotSerializable, match="only to the side"):
        two.call("same", counter)


def test_what_is_sent_within_a_call_goes_before_the_connection_is_closed(
    join: Join,
) -> None:
    """Answers are collected; whoever asks for the transport finds them sent."""

    class Closing(pb.Root):
        def remote_bye(self, other: Any) -> None:
            other.callRemote("add", 1)
            joined.server.transport.loseConnection()

    joined, mine = join(Closing()), Counter()
    joined.root.callRemote("bye", mine).addErrback(lambda _: None)
    joined.flush()
    assert mine.total == 1


def test_a_dialect_without_a_vocabulary_is_spoken_too(
    join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything works but is longer."""
    monkeypatch.setattr(pb.Broker, "knownDialects", [b"none"])
    root = Root()
    joined = join(root)
    assert joined.client.currentDialect == b"none"
    assert joined.call("echo", [1], x={"a": None}) == (([1],), {"x": {"a": None}})
    assert joined.call("is_mine", joined.call("counter"))
