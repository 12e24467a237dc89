"""A site's request takes whatever a renderer answers, and tells what has failed."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from sennit.core.defer import CancelledError, Deferred
from sennit.core.failure import Failure
from sennit.web.resource import EncodingResourceWrapper, Resource
from sennit.web.router import Router
from sennit.web.vhost import NameVirtualHost

if TYPE_CHECKING:
    from conftest import Serve

    from sennit.web.contracts import IResource
    from sennit.web.server import Request

Render = Callable[["Request"], Any]


class By(Resource):
    """Renders by a function."""

    isLeaf = True

    def __init__(self, render: Render) -> None:
        super().__init__()
        self.render_GET = render


def errors(logged: list[dict[str, Any]]) -> list[Failure]:
    """The failures that were logged."""
    return [event["failure"] for event in logged if event.get("isError")]


class TestAnswers:
    def test_bytes_are_sent_with_their_length(self, talk: Serve) -> None:
        answer = talk(By(lambda request: b"hello")).send("GET", "/").answer
        assert (answer.code, answer.body) == (200, b"hello")
        assert answer.headers["content-length"] == "5"

    def test_no_bytes_are_an_answer(self, talk: Serve) -> None:
        answer = talk(By(lambda request: b"")).send("GET", "/").answer
        assert (answer.code, answer.headers["content-length"]) == (200, "0")

    def test_what_a_renderer_has_set_is_sent(self, talk: Serve) -> None:
        def render(request: Request) -> bytes:
            request.setResponseCode(201)
            request.setHeader(b"content-type", b"text/plain")
            request.setHeader(b"x-more", b"yes")
            return b"made"

        answer = talk(By(render)).send("GET", "/").answer
        assert (answer.code, answer.headers["x-more"]) == (201, "yes")
        assert answer.headers["content-type"] == "text/plain"

    def test_a_deferred_is_waited_for(self, talk: Serve) -> None:
        later = Deferred[bytes]()
        asked = talk(By(lambda request: later)).send("GET", "/")
        assert asked.raw == b""
        later.callback(b"at last")
        assert (asked.answer.body, asked.answer.headers["content-length"]) == (
            b"at last",
            "7",
        )

    def test_a_coroutine_is_run(self, talk: Serve) -> None:
        async def render(request: Request) -> bytes:
            return b"awaited"

        assert talk(By(render)).send("GET", "/").answer.body == b"awaited"

    def test_a_resource_is_rendered_in_the_place(self, talk: Serve) -> None:
        async def render(request: Request) -> Resource:
            return By(lambda request: b"the other")

        assert talk(By(render)).send("GET", "/").answer.body == b"the other"

    def test_a_coroutine_may_write_and_return_nothing(self, talk: Serve) -> None:
        later = Deferred[None]()

        async def render(request: Request) -> None:
            request.write(b"one, ")
            await later
            request.write(b"two")

        asked = talk(By(render)).send("GET", "/")
        later.callback(None)
        assert asked.answer.body == b"one, two"

    def test_a_coroutine_may_finish_itself(self, talk: Serve) -> None:
        async def render(request: Request) -> None:
            request.write(b"all")
            request.finish()

        assert talk(By(render)).send("GET", "/").answer.body == b"all"

    @pytest.mark.parametrize("answer", ["text", None, 7, {"a": 1}])
    def test_anything_else_is_an_error_that_says_so(
        self, talk: Serve, logged: list[dict[str, Any]], answer: object
    ) -> None:
        assert talk(By(lambda request: answer)).send("GET", "/").answer.code == 500
        said = f"has answered 'GET / HTTP/1.1' of 192.168.1.1 with {answer!r}"
        assert any(said in event["message"][0] for event in logged)


class TestFailures:
    def fails(self, request: Request) -> bytes:
        raise ValueError("the <secret> of the house")

    def test_the_client_gets_a_page_that_tells_nothing(
        self, talk: Serve, logged: list[dict[str, Any]]
    ) -> None:
        answer = talk(By(self.fails)).send("GET", "/").answer
        assert (answer.code, answer.headers.get_content_type()) == (500, "text/html")
        assert b"Processing Failed" in answer.body
        assert b"secret" not in answer.body
        assert b"Traceback" not in answer.body

    def test_programmers_may_see_the_traceback_escaped(
        self, talk: Serve, logged: list[dict[str, Any]]
    ) -> None:
        asked = talk(By(self.fails), displayTracebacks=True).send("GET", "/")
        page = asked.answer.body.decode()
        assert "Traceback" in page
        assert "the &lt;secret&gt; of the house" in page
        assert "<secret>" not in page
        assert "<secret> of the house" in html.unescape(page)

    def test_the_log_has_the_client_and_what_it_asked_for(
        self, talk: Serve, logged: list[dict[str, Any]]
    ) -> None:
        talk(By(self.fails)).send("GET", "/some%0Awhere?x=1")
        (event,) = [each for each in logged if each.get("isError")]
        assert event["failure"].check(ValueError)
        assert event["why"] == (
            "the answer to 'GET /some%0Awhere?x=1 HTTP/1.1' of 192.168.1.1 has failed"
        )

    @pytest.mark.parametrize("late", [False, True])
    def test_a_failure_later_is_the_same(
        self, talk: Serve, logged: list[dict[str, Any]], late: bool
    ) -> None:
        later = Deferred[bytes]()
        if not late:
            later.errback(KeyError("x"))
        asked = talk(By(lambda request: later)).send("GET", "/")
        if late:
            later.errback(KeyError("x"))
        assert asked.answer.code == 500
        assert [each.type for each in errors(logged)] == [KeyError]

    def test_what_was_said_of_the_body_is_taken_back(
        self, talk: Serve, logged: list[dict[str, Any]]
    ) -> None:
        def render(request: Request) -> bytes:
            request.setHeader(b"content-length", b"12345")
            request.setHeader(b"etag", b'"x"')
            request.setHeader(b"content-encoding", b"br")
            request.setHeader(b"access-control-allow-origin", b"*")
            raise ValueError

        answer = talk(By(render)).send("GET", "/").answer
        assert answer.headers["content-length"] == str(len(answer.body))
        assert answer.headers["etag"] is answer.headers["content-encoding"] is None
        assert answer.headers["access-control-allow-origin"] == "*"

    def test_an_answer_that_has_begun_ends_before_its_end(
        self, talk: Serve, logged: list[dict[str, Any]]
    ) -> None:
        later = Deferred[bytes]()

        def render(request: Request) -> Deferred[bytes]:
            request.write(b"the beginning")
            return later

        asked = talk(By(render)).send("GET", "/")
        later.errback(ValueError())
        assert asked.transport.disconnected or asked.transport.disconnecting
        assert b"the beginning" in asked.raw
        assert not asked.raw.endswith(b"0\r\n\r\n")
        assert len(errors(logged)) == 1

    def test_what_was_answered_before_is_not_lost_with_it(
        self, talk: Serve, logged: list[dict[str, Any]]
    ) -> None:
        """Answers to requests of the same packet, and what was written of this one."""

        def render(request: Request) -> bytes:
            if request.uri == b"/fine":
                return b"fine"
            request.write(b"the beginning")
            raise ValueError

        asked = talk(By(render))
        fine, failing = (
            b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % path for path in (b"/fine", b"/")
        )
        asked.protocol.dataReceived(fine + failing)
        assert asked.raw.count(b"HTTP/1.1 200 OK") == 2
        assert b"the beginning" in asked.raw
        assert asked.transport.disconnected or asked.transport.disconnecting

    def test_a_later_request_on_the_connection_is_answered(
        self, talk: Serve, logged: list[dict[str, Any]]
    ) -> None:
        def render(request: Request) -> bytes:
            return b"fine" if request.uri == b"/fine" else self.fails(request)

        asked = talk(By(render)).send("GET", "/")
        asked.transport.clear()
        assert asked.send("GET", "/fine").answer.body == b"fine"


class TestClientsThatGoAway:
    def test_what_is_waited_for_is_cancelled(
        self, talk: Serve, logged: list[dict[str, Any]]
    ) -> None:
        heard: list[str] = []

        async def render(request: Request) -> bytes:
            try:
                return await Deferred[bytes]()
            except CancelledError:
                heard.append("cancelled")
                raise

        talk(By(render)).send("GET", "/").goes_away()
        assert heard == ["cancelled"]
        assert errors(logged) == []

    def test_an_error_in_the_end_of_it_is_logged(
        self, talk: Serve, logged: list[dict[str, Any]]
    ) -> None:
        async def render(request: Request) -> bytes:
            try:
                return await Deferred[bytes]()
            finally:
                raise ValueError("in the end")

        talk(By(render)).send("GET", "/").goes_away()
        assert [each.type for each in errors(logged)] == [ValueError]

    def test_an_answer_that_comes_nevertheless_is_dropped(
        self, talk: Serve, logged: list[dict[str, Any]]
    ) -> None:
        later = Deferred[bytes](lambda deferred: deferred.callback(b"too late"))
        asked = talk(By(lambda request: later)).send("GET", "/")
        asked.goes_away()
        assert asked.raw == b""
        assert errors(logged) == []


class Reads(Resource):
    """Reads a body as it comes."""

    isLeaf = True
    streamsBody = True

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    async def render_PUT(self, request: Request) -> bytes:
        async for piece in request.stream:
            self.pieces.append(piece)
        return b"read"


class TestStreamedBodies:
    HEAD = b"PUT %s HTTP/1.1\r\nHost: here\r\nContent-Length: 6\r\n\r\n"

    @pytest.mark.parametrize("where", ["root", "child", "router", "host", "encoded"])
    def test_a_resource_that_says_so_reads_its_body_as_it_comes(
        self, talk: Serve, where: str
    ) -> None:
        reads, root = Reads(), Resource()
        inner = NameVirtualHost()
        inner.default = reads
        router = Router()
        router.put("/{name}", streamsBody=True)(lambda r, name: reads.render_PUT(r))
        places: dict[str, IResource] = {
            "root": reads,
            "child": reads,
            "router": router,
            "host": inner,
            "encoded": EncodingResourceWrapper(reads, []),
        }
        root.putChild(b"in", places[where])
        asked = talk(reads if where == "root" else root)
        asked.protocol.dataReceived(self.HEAD % b"/in/x" + b"abc")
        assert reads.pieces == [b"abc"]
        asked.protocol.dataReceived(b"def")
        assert reads.pieces == [b"abc", b"def"]
        assert asked.answer.body == b"read"

    def test_one_that_cannot_tell_gets_the_body_whole(
        self, talk: Serve, logged: list[dict[str, Any]]
    ) -> None:
        class Unsure(Resource):
            isLeaf = True

            def wantsBodyStream(self, request: Request, path: Sequence[bytes]) -> bool:
                raise ValueError

            def render_PUT(self, request: Request) -> bytes:
                return request.content.read()

        asked = talk(Unsure())
        asked.protocol.dataReceived(self.HEAD % b"/" + b"abcdef")
        assert asked.answer.body == b"abcdef"
        assert [each.type for each in errors(logged)] == [ValueError]

    def test_any_other_is_rendered_when_the_body_is_there(self, talk: Serve) -> None:
        class Whole(Resource):
            isLeaf = True

            def render_PUT(self, request: Request) -> bytes:
                return request.content.read()[::-1]

        asked = talk(Whole())
        asked.protocol.dataReceived(self.HEAD % b"/" + b"abc")
        assert asked.raw == b""
        asked.protocol.dataReceived(b"def")
        assert asked.answer.body == b"fedcba"


class TestServerWide:
    def test_options_of_all_resources_has_the_methods(self, talk: Serve) -> None:
        answer = talk(Resource()).send("OPTIONS", "*").answer
        assert (answer.code, answer.body) == (200, b"")
        assert "GET" in answer.headers["allow"]

    def test_no_other_method_asks_of_all_resources(self, talk: Serve) -> None:
        asked = talk(Resource())
        asked.protocol.dataReceived(b"GET * HTTP/1.0\r\n\r\n")
        assert asked.raw.split()[1] in (b"400", b"405")


class TestLinks:
    def links(self, talk: Serve, path: str, *, leaf: bytes) -> list[bytes]:
        seen: list[bytes] = []

        def render(request: Request) -> bytes:
            seen.extend([request.sibLink(b"x"), request.childLink(b"x")])
            seen.extend([request.prePathURL(), bytes(request.URLPath().child(b"y"))])
            return b""

        root, inner = Resource(), Resource()
        root.putChild(b"", By(render))
        root.putChild(b"in", inner)
        inner.putChild(leaf, By(render))
        talk(root).send("GET", path, host="example.com")
        return seen

    def test_links_lead_to_neighbours_and_children(self, talk: Serve) -> None:
        here = b"http://example.com/in/a%20b%2Fc"
        assert self.links(talk, "/in/a%20b%2Fc", leaf=b"a b/c") == [
            b"x",
            b"a b/c/x",
            here,
            here + b"/y",
        ]
        assert self.links(talk, "/in/leaf/more/", leaf=b"leaf")[:2] == [
            b"../../x",
            b"../x",
        ]

    def test_the_root_can_be_remembered(self, talk: Serve) -> None:
        seen: list[bytes | None] = []

        class Root(Resource):
            def getChild(self, path: bytes, request: Request) -> Resource:
                request.rememberRootURL()
                seen.append(request.getRootURL())
                return By(lambda request: b"")

        talk(Root()).send("GET", "/program/and/more", host="example.com")
        assert seen == [b"http://example.com/"]
