"""Commands: both spellings are one, and responders give what they declare."""

from __future__ import annotations

import datetime
import decimal
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, assert_type

import pytest

from sennit.core.defer import Deferred
from sennit.core.filepath import FilePath
from sennit.core.testing import connectedServerAndClient
from sennit.protocols import amp


class Refused(Exception):
    pass


class Fatal(Exception):
    pass


class Classic(amp.Command):
    commandName = "Sum"
    arguments = [("a", amp.Integer()), (b"b", amp.Integer())]
    response = [("total", amp.Integer())]
    errors = {Refused: "REFUSED"}


class Typed(amp.Command):
    commandName = b"Sum"
    errors = {Refused: b"REFUSED"}

    a: int
    b: int

    class Response:
        total: int


class Base(amp.Command):
    arguments = [("a", amp.Integer())]
    errors = {Refused: "REFUSED"}


class More(Base):
    fatalErrors = {Fatal: "FATAL"}


class Reserved(amp.Command):
    arguments = [("class", amp.Integer()), ("a-b", amp.Integer(optional=True))]
    response = [("in", amp.Integer())]


class Tree(amp.Record):
    name: str
    children: list[Tree] = []


@dataclass
class Point:
    x: int
    y: int = 7


class Shout(amp.Argument):
    def toString(self, inObject: str) -> bytes:
        return inObject.upper().encode()

    def fromString(self, inString: bytes) -> str:
        return inString.decode().lower()


class Everything(amp.Command):
    note: ClassVar[str] = "no argument"

    whole: int
    text: str
    raw: bytes
    real: float
    flag: bool
    exact: decimal.Decimal
    moment: datetime.datetime
    path: FilePath[str]
    numbers: list[int]
    grid: list[list[int]]
    words: list[str] | None
    point: Point
    points: list[Point]
    tree: Tree
    shout: Annotated[str, Shout()]
    limit: int = 5
    missing: str | None = None

    class Response:
        whole: int
        points: list[Point]
        tree: Tree | None


class Halves(amp.Command):
    n: int

    class Response(amp.Record):
        low: int
        high: int


class Quiet(amp.Command):
    why: str


class Server(amp.AMP):
    got: dict[str, Any]

    @Typed.responder
    async def sum(self, a: int, b: int) -> int:
        if a < 0:
            raise Refused("no debts")
        return a + b

    @Everything.responder
    def everything(self, **kw: Any) -> Any:
        self.got = kw
        response: Any = Everything.Response
        return response(whole=1, points=kw["points"], tree=kw["tree"])

    @Halves.responder
    def halves(self, n: int) -> Halves.Response:
        return Halves.Response(low=n // 2, high=n - n // 2)

    @Quiet.responder
    def quiet(self, why: str) -> None:
        self.got = {"why": why}

    Reserved.responder(
        lambda self, Class, a_b: {"In": Class if a_b is None else a_b},
    )


def asked(command: Any, /, *args: Any, **kw: Any) -> Any:
    """Ask over a connection; the response, or the error."""
    _, _, pump = connectedServerAndClient(Server, amp.AMP)
    outcome: list[Any] = []
    pump.client.callRemote(command, *args, **kw).addBoth(outcome.append)
    pump.flush()
    (found,) = outcome
    if hasattr(found, "raiseException"):
        found.raiseException()
    return found


def test_both_spellings_are_one_command_on_the_wire() -> None:
    names: list[object] = [Classic.commandName, Typed.commandName]
    assert names == [b"Sum", b"Sum"]
    classic = Classic.makeArguments({"a": 1, "b": 2}, None)
    assert classic == Typed.makeArguments({"a": 1, "b": 2}, None)
    assert dict(classic) == {b"a": b"1", b"b": b"2"}
    answer = Classic.makeResponse({"total": 3}, None)
    assert answer == Typed.makeResponse(3, None) == {b"total": b"3"}


def test_each_asks_what_the_other_answers() -> None:
    assert asked(Classic, a=1, b=2) == {"total": 3}
    assert asked(Typed, a=1, b=2) == Typed.Response(total=3)  # type: ignore[call-arg]
    assert asked(Typed(a=1, b=2)).total == 3


@pytest.mark.parametrize("command", [Classic, Typed])
def test_a_declared_error_comes_as_itself(command: Any) -> None:
    with pytest.raises(Refused, match="no debts"):
        asked(command, a=-1, b=2)


def test_names_are_bytes_whatever_they_were() -> None:
    assert [name for name, _ in Classic.arguments] == [b"a", b"b"]
    assert Classic.errors == {Refused: b"REFUSED"}


def test_errors_are_added_to_those_of_the_base() -> None:
    assert More.allErrors == {Refused: b"REFUSED", Fatal: b"FATAL"}
    assert More.reverseErrors[b"FATAL"] is Fatal
    assert Base.fatalErrors == {}


def test_names_that_python_has_taken_begin_with_a_capital() -> None:
    assert asked(Reserved, Class=3) == {"In": 3}
    assert asked(Reserved, Class=3, a_b=4) == {"In": 4}


def test_every_type_that_can_be_annotated_comes_through() -> None:
    values: dict[str, Any] = {
        "whole": 1,
        "text": "ü",
        "raw": b"\0",
        "real": 1,
        "flag": True,
        "exact": decimal.Decimal("1.50"),
        "moment": datetime.datetime(2000, 1, 1, tzinfo=amp.utc),
        "path": FilePath("/tmp"),
        "numbers": [1, 2],
        "grid": [[1], []],
        "words": None,
        "point": Point(1),
        "points": [Point(1, 2)],
        "tree": Tree(name="root", children=[Tree(name="leaf")]),
        "shout": "hello",
    }
    _, _, pump = connectedServerAndClient(Server, amp.AMP)
    outcome: list[Any] = []
    pump.client.callRemote(Everything, **values).addBoth(outcome.append)
    pump.flush()
    assert pump.server.got == {**values, "limit": 5, "missing": None}
    (response,) = outcome
    assert response.points == [Point(1, 2)]
    assert response.tree == values["tree"]
    assert "note" not in [name for name, _ in Everything(**values).structured.items()]


def test_a_response_of_several_fields_is_returned_as_a_record() -> None:
    assert asked(Halves, n=5) == Halves.Response(low=2, high=3)


def test_a_responder_without_a_response_may_return_nothing() -> None:
    assert asked(Quiet, why="") == {}


def test_a_record_is_an_amp_list_of_one_for_a_classic_peer() -> None:
    class Old(amp.Command):
        commandName = "Everything"
        arguments = [("tree", amp.AmpList([("name", amp.Unicode())]))]

    box = amp.AmpBox()
    kind = dict(Everything.argument_plan.declared)[b"tree"]
    kind.toBox(b"tree", box, {"tree": Tree(name="x")}, None)
    assert Old.parseArguments(box, None) == {"tree": [{"name": "x"}]}


def test_what_has_no_type_of_argument_is_refused_when_the_class_is_made() -> None:
    with pytest.raises(TypeError, match=r"Bad\.what: AMP has no type of argument"):

        class Bad(amp.Command):
            what: dict[str, int]


@pytest.mark.parametrize("kw", [{}, {"a": 1}, {"a": 1, "b": 2, "c": 3}])
@pytest.mark.parametrize("command", [Classic, Typed])
def test_the_arguments_must_be_those_declared(command: Any, kw: Any) -> None:
    with pytest.raises(amp.InvalidSignature, match=r"needs the argument|no argument c"):
        asked(command, **kw)
    with pytest.raises(amp.InvalidSignature):
        command(**kw)


def test_a_record_must_have_its_fields() -> None:
    with pytest.raises(TypeError, match="needs the field name"):
        Tree()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="has no field colour"):
        Tree(name="x", colour=1)  # type: ignore[call-arg]
    assert Tree(name="x") != Point(1)
    assert repr(Tree(name="x")) == "Tree(name='x', children=[])"


def test_a_name_must_be_text_or_bytes() -> None:
    with pytest.raises(TypeError, match="a name is str or bytes, not int"):
        type("Bad", (amp.Command,), {"arguments": [(1, amp.Integer())]})


def test_a_command_may_be_asked_on_one_class_of_protocols_only() -> None:
    class Special(amp.AMP):
        pass

    class Asked(amp.Command):
        protocolType = Special

    with pytest.raises(amp.InvalidSignature, match="asked on Special only"):
        asked(Asked)


def test_type_checkers_know_arguments_and_results() -> None:
    """What they say is checked with this file: each mistake has to be one for them."""
    client, _, _ = connectedServerAndClient(Server, amp.AMP)

    def asking() -> None:
        assert_type(client.callRemote(Typed, a=1, b=2), Deferred[Typed.Response])
        assert_type(client.callRemote(Typed(a=1, b=2)), Deferred[Typed.Response])
        assert_type(client.callRemote(Halves, n=1), Deferred[Halves.Response])
        assert_type(client.callRemote(Classic, a=1), Deferred[dict[str, Any]])
        assert_type(client.callRemote(Quiet, why=""), Deferred[Any])
        client.callRemote(Typed, a="1", b=2)  # type: ignore[arg-type]
        client.callRemote(Typed, a=1)  # type: ignore[arg-type]
        client.callRemote(Quiet, why=1)  # type: ignore[arg-type]
        Typed(a="1", b=2)  # type: ignore[arg-type]

    assert callable(asking)
