"""The server's side of XML-RPC: what is called, what is answered, what is logged."""

from __future__ import annotations

import asyncio
import xmlrpc.client
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from sennit.core.defer import CancelledError, Deferred, fail, succeed
from sennit.web import xmlrpc as ours
from sennit.web.resource import Resource
from sennit.web.xmlrpc import XMLRPC, Fault, Limits

if TYPE_CHECKING:
    from conftest import Conversation, Serve

    from sennit.web.server import Request


class Sum(ours.Handler):
    def run(self, *args: int) -> None:
        self.parts = args
        assert isinstance(self.resource, Math)
        self.resource.later.addCallback(self.end)

    def end(self, more: int) -> None:
        self.result.callback(sum(self.parts) + more)


class Math(XMLRPC):
    """Procedures of every kind."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.later = Deferred[Any]()

    def xmlrpc_add(self, a: int, b: int) -> int:
        """Add two numbers.

        They may be negative.
        """
        return a + b

    xmlrpc_add.signature = [["int", "int", "int"]]  # type: ignore[attr-defined]

    def xmlrpc_echo(self, *args: Any) -> Any:
        return args

    def xmlrpc_now(self) -> Deferred[str]:
        return succeed("now")

    def xmlrpc_later(self) -> Deferred[Any]:
        return self.later

    async def xmlrpc_wait(self) -> Any:
        return await self.later

    def xmlrpc_handled(self, *args: int) -> Sum:
        return Sum(self, *args)

    def xmlrpc_fault(self) -> Fault:
        return Fault(7, "Out of cheese.")

    async def xmlrpc_raise_fault(self) -> None:
        raise Fault(8, "Out of ham.")

    def xmlrpc_fail(self) -> Deferred[Any]:
        return fail(RuntimeError("a secret"))

    def xmlrpc_raise(self) -> None:
        raise RuntimeError("a secret")

    def xmlrpc_nothing(self) -> None:
        pass

    def xmlrpc_object(self) -> object:
        return object()

    @ours.withRequest
    def xmlrpc_whom(self, request: Request, name: str) -> str:
        return f"{name} on {request.getRequestHostname().decode()}"

    xmlrpc_number = 3


Ask = Callable[..., "Conversation"]


@pytest.fixture
def math() -> Math:
    return Math()


@pytest.fixture
def ask(talk: Serve, math: Math) -> Ask:
    def send(method: str, *args: Any, to: Resource = math) -> Conversation:
        return talk(to).send("POST", "/RPC2", ours.dumpCall(method, args))

    return send


def result(asked: Conversation) -> Any:
    """The result, as the standard library reads it; or the fault."""
    answer = asked.answer
    assert answer.code == 200
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert int(answer.headers["content-length"]) == len(answer.body)
    try:
        (value,), _ = xmlrpc.client.loads(answer.body)
    except Fault as fault:
        return fault.faultCode, fault.faultString
    return value


def errors(logged: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What was logged as an error: why, and what it was."""
    return [
        (event["why"], repr(event["failure"].value))
        for event in logged
        if event.get("isError")
    ]


# Calls


def test_a_procedure_is_called_with_the_arguments(ask: Ask) -> None:
    assert result(ask("add", 1, -3)) == -2
    assert result(ask("echo", "x", [1.5, {"a": True}])) == ["x", [1.5, {"a": True}]]


def test_a_result_that_is_there_is_sent_at_once(ask: Ask) -> None:
    assert result(ask("now")) == "now"


@pytest.mark.parametrize("method", ["later", "wait"])
def test_a_result_is_waited_for(ask: Ask, math: Math, method: str) -> None:
    asked = ask(method)
    assert asked.raw == b""
    math.later.callback([1])
    assert result(asked) == [1]


def test_a_handler_keeps_the_state_of_a_call(ask: Ask, math: Math) -> None:
    asked = ask("handled", 1, 2)
    assert asked.raw == b""
    math.later.callback(3)
    assert result(asked) == 6


def test_a_handler_without_run_is_an_error_that_says_so() -> None:
    with pytest.raises(NotImplementedError, match=r"Handler has no run\(\)"):
        ours.Handler(Math())


def test_a_procedure_may_have_the_request(ask: Ask) -> None:
    assert result(ask("whom", "joe")) == "joe on here"


def test_a_procedure_may_wait_for_asyncio(talk: Serve) -> None:
    class Sleeper(XMLRPC):
        async def xmlrpc_sleep(self) -> str:
            await asyncio.sleep(0)
            return "slept"

    async def main() -> Any:
        asked = talk(Sleeper()).send("POST", "/", ours.dumpCall("sleep", ()))
        while not asked.raw:
            await asyncio.sleep(0)
        return result(asked)

    assert asyncio.run(main()) == "slept"


def test_only_post_is_answered(talk: Serve, math: Math) -> None:
    answer = talk(math).send("GET", "/RPC2").answer
    assert (answer.code, answer.headers["allow"]) == (405, "POST")


# Names


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nothere", "procedure nothere not found"),
        ("number", "procedure number not callable"),
        ("a.b", "no such subHandler a"),
        (".", "no such subHandler "),
    ],
)
def test_what_is_not_there_is_a_fault(ask: Ask, name: str, says: str) -> None:
    assert result(ask(name)) == (8001, says)


def test_sub_handlers_have_names_with_a_prefix(ask: Ask, math: Math) -> None:
    inner, other = Math(), Math()
    math.putSubHandler("inner", inner)
    inner.putSubHandler("more", other)
    other.separator = "/"
    assert result(ask("inner.add", 1, 2)) == 3
    assert result(ask("inner.more.add", 1, 2)) == 3
    assert result(ask("inner.nothere")) == (8001, "procedure nothere not found")
    assert math.getSubHandler("inner") is inner
    assert math.getSubHandler("nobody") is None
    assert math.getSubHandlerPrefixes() == ["inner"]


def test_a_subclass_may_find_procedures_otherwise(ask: Ask) -> None:
    class Own(XMLRPC):
        NOT_FOUND = 404

        def lookupProcedure(self, procedurePath: str) -> Callable[..., Any]:
            if procedurePath == "own":
                return lambda: "found"
            raise ours.NoSuchFunction(self.NOT_FOUND, "no")

    assert result(ask("own", to=Own())) == "found"
    assert result(ask("other", to=Own())) == (404, "no")


# What goes wrong


@pytest.mark.parametrize(
    ("method", "fault"),
    [("fault", (7, "Out of cheese.")), ("raise_fault", (8, "Out of ham."))],
)
def test_faults_are_answered_and_not_logged(
    ask: Ask, logged: list[dict[str, Any]], method: str, fault: tuple[int, str]
) -> None:
    assert result(ask(method)) == fault
    assert errors(logged) == []


@pytest.mark.parametrize("method", ["fail", "raise"])
def test_an_error_is_logged_here_and_not_told_there(
    ask: Ask, logged: list[dict[str, Any]], method: str
) -> None:
    asked = ask(method)
    assert result(asked) == (8002, "error")
    assert b"secret" not in asked.raw
    [(why, what)] = errors(logged)
    assert why == f"{method!r}, called by 192.168.1.1, has failed"
    assert what == "RuntimeError('a secret')"


def test_wrong_arguments_are_an_error_like_any_other(
    ask: Ask, logged: list[dict[str, Any]]
) -> None:
    assert result(ask("add", 1)) == (8002, "error")
    assert len(errors(logged)) == 1


@pytest.mark.parametrize("method", ["nothing", "object"])
def test_what_cannot_be_sent_is_a_fault_and_logged(
    ask: Ask, logged: list[dict[str, Any]], method: str
) -> None:
    code, text = result(ask(method))
    assert (code, text.split(":")[0]) == (8002, "Can't serialize output")
    [(why, _)] = errors(logged)
    assert why.startswith(f"the result of {method!r}, called by 192.168.1.1")


def test_none_may_be_sent_with_leave(ask: Ask) -> None:
    assert result(ask("nothing", to=Math(allowNone=True))) is None


def test_dates_may_come_as_datetime(ask: Ask) -> None:
    class Kind(XMLRPC):
        def xmlrpc_kind(self, value: object) -> str:
            return type(value).__name__

    date = ours.DateTime("20030209T12:00:00")
    assert result(ask("kind", date, to=Kind())) == "DateTime"
    assert result(ask("kind", date, to=Kind(useDateTime=True))) == "datetime"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"no call", "no element"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><methodCall/>", "declares a document type"),
        (b" " * 101, "more than 100 bytes"),
    ],
)
def test_what_is_no_call_is_a_fault_and_a_line_in_the_log(
    talk: Serve, logged: list[dict[str, Any]], data: bytes, says: str
) -> None:
    """Who sends what is dangerous is hung up on."""
    asked = talk(Math(limits=Limits(maxBytes=100))).send("POST", "/", data)
    code, text = result(asked)
    assert code == 8002
    assert text.startswith("Can't deserialize input: ")
    assert says in text
    assert errors(logged) == []
    lines = [event["message"][0] for event in logged]
    assert [line for line in lines if says in line and "192.168.1.1" in line]
    assert asked.transport.disconnecting == (data != b"no call")


# Clients that go away


@pytest.mark.parametrize("method", ["later", "wait"])
def test_what_nobody_waits_for_is_cancelled(
    ask: Ask, math: Math, logged: list[dict[str, Any]], method: str
) -> None:
    cancelled: list[Deferred[Any]] = []
    math.later = Deferred(cancelled.append)
    asked = ask(method)
    asked.goes_away()
    assert cancelled == [math.later]
    assert asked.raw == b""
    assert errors(logged) == []


def test_a_result_that_comes_nevertheless_is_dropped(
    ask: Ask, math: Math, logged: list[dict[str, Any]]
) -> None:
    math.later = Deferred(lambda later: later.callback("too late"))
    asked = ask("later")
    asked.goes_away()
    assert asked.raw == b""
    assert errors(logged) == []


def test_an_error_after_that_is_logged(
    ask: Ask, math: Math, logged: list[dict[str, Any]]
) -> None:
    math.later = Deferred(lambda later: later.errback(ValueError("on the way")))
    ask("later").goes_away()
    [(why, what)] = errors(logged)
    assert (why.split(",")[0], what) == ("'later'", "ValueError('on the way')")


def test_a_procedure_that_cancels_itself_is_a_fault(ask: Ask, math: Math) -> None:
    asked = ask("later")
    math.later.errback(CancelledError())
    assert result(asked) == (8002, "error")


# Introspection


@pytest.fixture
def telling(math: Math) -> Math:
    ours.addIntrospection(math, multicall=True)
    return math


def test_methods_are_listed_with_those_below(ask: Ask, telling: Math) -> None:
    inner = XMLRPC()
    inner.putSubHandler("deep", Math())
    inner.putSubHandler("again", inner)
    telling.putSubHandler("inner", inner)
    names = result(ask("system.listMethods"))
    assert {"add", "system.listMethods", "inner.deep.add"} <= set(names)
    assert len(names) == len(set(names))


def test_help_is_the_docstring(ask: Ask, telling: Math) -> None:
    assert result(ask("system.methodHelp", "add")) == (
        "Add two numbers.\n\nThey may be negative."
    )
    assert result(ask("system.methodHelp", "echo")) == ""
    code, text = result(ask("system.methodHelp", "nothere"))
    assert (code, text) == (8001, "procedure nothere not found")


def test_signatures_are_told(ask: Ask, telling: Math) -> None:
    assert result(ask("system.methodSignature", "add")) == [["int", "int", "int"]]
    assert result(ask("system.methodSignature", "echo")) == ""
    assert result(ask("system.methodSignature", "system.methodHelp")) == [
        ["string", "string"]
    ]


def test_many_calls_are_answered_in_order(
    ask: Ask, telling: Math, logged: list[dict[str, Any]]
) -> None:
    calls = [
        {"methodName": "add", "params": [1, 2]},
        {"methodName": "now", "params": []},
        {"methodName": "fault", "params": []},
        {"methodName": "raise", "params": []},
        {"methodName": "whom", "params": ["joe"]},
        {"methodName": "nothere", "params": []},
        {"methodName": "add"},
        {"methodName": 3, "params": {}},
        "add",
    ]
    faults = [
        (7, "Out of cheese."),
        (8002, "error"),
        (8001, "procedure nothere not found"),
        (8002, "not a struct of methodName and params"),
        (8002, "a methodName is a string, params an array"),
        (8002, "not a struct of methodName and params"),
    ]
    told = [{"faultCode": code, "faultString": text} for code, text in faults]
    assert result(ask("system.multicall", calls)) == [
        [3],
        ["now"],
        *told[:2],
        ["joe on here"],
        *told[2:],
    ]
    assert [why.split(",")[0] for why, _ in errors(logged)] == ["'raise'"]


def test_many_calls_wait_for_each_other(ask: Ask, telling: Math) -> None:
    begun: list[str] = []

    async def xmlrpc_begin(name: str) -> str:
        begun.append(name)
        await telling.later
        return name

    telling.xmlrpc_begin = xmlrpc_begin  # type: ignore[attr-defined]
    calls = [{"methodName": "begin", "params": [name]} for name in ("a", "b")]
    asked = ask("system.multicall", calls)
    assert (asked.raw, begun) == (b"", ["a"])
    telling.later.callback(None)
    assert result(asked) == [["a"], ["b"]]
    assert begun == ["a", "b"]


@pytest.mark.parametrize("calls", [3, [{}] * 1001])
def test_too_many_calls_are_a_fault(ask: Ask, telling: Math, calls: Any) -> None:
    assert result(ask("system.multicall", calls)) == (
        8002,
        "not an array of at most 1000 calls",
    )


def test_introspection_alone_calls_nothing(ask: Ask, math: Math) -> None:
    ours.addIntrospection(math)
    code, _ = result(ask("system.multicall", []))
    assert code == 8001
