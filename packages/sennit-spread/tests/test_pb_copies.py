"""Copies: state goes, objects come of it, and only such as were registered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sennit.spread import flavors, jelly, pb

Join = Callable[..., Any]


class Reading(pb.Copyable):
    def __init__(self) -> None:
        self.degrees = 4
        self.secret = "key"

    def getStateToCopy(self) -> dict[str, Any]:
        return {"degrees": self.degrees, "perspective": None}

    def getStateToCopyFor(self, perspective: Any) -> dict[str, Any]:
        return {**self.getStateToCopy(), "perspective": perspective is not None}


class RemoteReading(pb.RemoteCopy):
    degrees: int

    def setCopyableState(self, state: Any) -> None:
        self.__dict__.update(state)
        self.arrived = True


class Plain(pb.Copyable, pb.RemoteCopy):
    """One class for both sides."""

    words: Any


class Stranger(pb.Copyable):
    """Registered nowhere."""


class Renamed(pb.Copyable):
    def getTypeToCopy(self) -> str:
        return "a.reading"


class Canary:
    """Whoever makes one has gone too far."""

    made = 0

    def __new__(cls) -> Canary:
        Canary.made += 1
        return super().__new__(cls)


pb.setUnjellyableForClass(Reading, RemoteReading)
pb.setUnjellyableForClass(Plain, Plain)
pb.setUnjellyableFactoryForClass("a.reading", lambda state: ("made", state))


class Looker(pb.Viewable):
    def view_who(self, perspective: Any, greeting: str) -> str:
        return f"{greeting}, {perspective}"


class Root(pb.Root):
    def __init__(self) -> None:
        self.perspective: Any = None
        self.one = Plain()

    def remote_reading(self) -> Reading:
        return Reading()

    def remote_same(self, value: Any) -> Any:
        return value

    def remote_renamed(self) -> Renamed:
        return Renamed()

    def remote_stranger(self) -> Stranger:
        return Stranger()

    def remote_twice(self) -> list[Plain]:
        self.one.words = [self.one]
        return [self.one, self.one]

    def remote_looker(self) -> Any:
        return Looker()


def test_the_state_that_an_object_chooses_arrives(join: Join) -> None:
    """And nothing else; no ``__init__`` is called."""
    joined = join(Root())
    reading = joined.call("reading")
    assert type(reading) is RemoteReading
    assert vars(reading) == {"degrees": 4, "perspective": False, "arrived": True}


def test_the_state_may_depend_on_whom_it_is_for(join: Join) -> None:
    """A root of a perspective has its results made for that."""
    root = Root()
    root.perspective = "somebody"
    assert vars(join(root).call("reading"))["perspective"] is True


def test_one_class_may_be_for_both_sides(join: Join) -> None:
    """There and back, the state is the same and the object another."""
    joined, plain = join(Root()), Plain()
    plain.words = ["a", b"b", 3, None, 2.5, (1, 2), {"k": True}]
    again = joined.call("same", plain)
    assert again is not plain
    assert again.words == plain.words


def test_what_is_one_object_stays_one(join: Join) -> None:
    """Also where it refers to itself."""
    first, second = join(Root()).call("twice")
    assert first is second
    assert first.words == [first]


def test_a_copy_may_have_another_name_and_be_made_by_a_function(join: Join) -> None:
    """The name is all that both sides have to agree on."""
    assert join(Root()).call("renamed") == ("made", {})


def test_a_copy_that_is_not_registered_fails_its_call_only(join: Join) -> None:
    """The caller is told at once, and the connection goes on."""
    joined = join(Root())
    with pytest.raises(jelly.InsecureJelly, match="test_pb_copies"):
        joined.call("stranger")
    assert joined.call("same", 1) == 1


def test_a_copy_that_is_not_allowed_over_there_fails_its_call_only(
    join: Join, logged: list[dict[str, Any]]
) -> None:
    """The other way round it is an error of the other side."""
    joined = join(Root())
    with pytest.raises(pb.RemoteError, match="not allowed"):
        joined.call("same", Stranger())
    assert joined.call("same", 1) == 1
    assert logged


def hostile(joined: Any, expression: Any) -> None:
    """Send an argument as it is."""
    args = [b"tuple", expression]
    message = (b"message", 1, b"root", b"same", 1, args, [b"dictionary"])
    joined.client.calls.waiting[1] = pb._calls.Asked()
    joined.client.calls.waiting[1].addErrback(lambda _: None)
    joined.client.sendEncoded(message)
    joined.flush()


@pytest.mark.parametrize(
    "expression",
    [
        [f"{__name__}.Canary".encode(), [b"dictionary"]],
        [b"instance", [b"class", f"{__name__}.Canary".encode()], [b"dictionary"]],
        [b"class", f"{__name__}.Canary".encode()],
        [b"module", b"antigravity"],
        [b"function", b"os.system"],
        [b"method", b"system", [b"module", b"os"], [b"class", b"builtins.object"]],
        [b"twisted.spread.pb.CopyableFailure", [f"{__name__}.Canary".encode(), 1]],
    ],
)
def test_nothing_is_made_that_was_not_allowed(
    join: Join, expression: Any, logged: list[dict[str, Any]]
) -> None:
    """Nor imported, whatever is sent; and the connection goes on."""
    joined = join(Root())
    hostile(joined, expression)
    assert Canary.made == 0
    joined.client.calls._last = 1
    assert joined.call("same", 2) == 2


def test_an_error_names_a_class_and_none_is_made(join: Join) -> None:
    """A failure of the other side is told by its names alone."""
    state = {"type": f"{__name__}.Canary".encode(), "value": "x", "parents": ["y"]}
    failure = joined_failure(join, state)
    assert failure.check(Canary) is Canary  # type: ignore[type-var]
    assert failure.check("y") == "y"
    assert Canary.made == 0


def joined_failure(join: Join, state: Any) -> pb.CopiedFailure:
    joined = join(Root())
    expression = [b"twisted.spread.pb.CopyableFailure", jelly.jelly(state)]
    failure: pb.CopiedFailure = joined.client.unserialize(expression)
    return failure


@pytest.mark.parametrize(
    "state", [None, 7, {}, {"type": 5, "value": [1], "parents": 3, "traceback": None}]
)
def test_a_failure_that_makes_no_sense_is_a_failure(join: Join, state: Any) -> None:
    """Whatever the other side says of it."""
    failure = joined_failure(join, state)
    assert isinstance(failure.type, bytes)
    assert isinstance(failure.getErrorMessage(), str)
    assert "remote host" in failure.getTraceback()
    assert failure.parents
    with pytest.raises(pb.RemoteError):
        failure.raiseException()


def test_a_viewable_is_seen_by_somebody(join: Join) -> None:
    """Its methods are told who calls; it is one object to each of them."""
    root = Root()
    root.perspective = "Ada"
    joined = join(root)
    looker = joined.call("looker")
    assert joined.outcome(looker.callRemote("who", "Hello")) == "Hello, Ada"
    with pytest.raises(pb.RemoteError, match="view_what"):
        joined.outcome(looker.callRemote("what"))


def test_a_view_is_one_by_who_and_what() -> None:
    """So what is sent twice has one number."""
    who, what = object(), pb.Referenceable()
    view = pb.ViewPoint(who, what)
    assert view.processUniqueID() == pb.ViewPoint(who, what).processUniqueID()
    assert view.processUniqueID() != pb.ViewPoint(what, what).processUniqueID()


def test_without_a_connection_there_are_no_references() -> None:
    """A copy needs none; an object that stays where it is cannot go anywhere."""
    assert jelly.jelly(Plain())[0].endswith(b".Plain")
    assert jelly.jelly(pb.Referenceable())[0] == b"unpersistable"
    with pytest.raises(jelly.MalformedJelly):
        jelly.unjelly([b"local", 1])


def test_the_flavors_are_those_of_pb() -> None:
    """Programs look for them in both places."""
    for name in flavors.__all__:
        assert getattr(flavors, name) is getattr(pb, name)


def test_a_factory_may_have_a_registry_of_its_own(
    join: Join, logged: list[dict[str, Any]]
) -> None:
    """What is registered there is allowed on its connections, and on no others."""
    registry = jelly.Registry()
    registry.setUnjellyableForClass(Stranger, Plain)
    joined, other = join(Root(), registry=registry), join(Root())
    assert type(joined.call("same", Stranger())) is Plain
    with pytest.raises(pb.RemoteError, match="not allowed"):
        other.call("same", Stranger())
