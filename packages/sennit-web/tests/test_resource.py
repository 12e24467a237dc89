"""Resources are found along a path, and answer by their renderers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from zope.interface.verify import verifyObject

from sennit.core.defer import Deferred
from sennit.web import interfaces
from sennit.web.resource import NOT_DONE_YET, EncodingResourceWrapper, Resource

if TYPE_CHECKING:
    from conftest import Serve

    from sennit.web.resource import Rendered
    from sennit.web.server import Request


class Place(Resource):
    """Tells which segments have led to it, and which are left."""

    def render_GET(self, request: Request) -> bytes:
        return repr((request.prepath, request.postpath)).encode()


class Leaf(Place):
    isLeaf = True


class TestPaths:
    def test_a_path_leads_from_child_to_child(self, talk: Serve) -> None:
        root, inner = Resource(), Resource()
        root.putChild(b"a b", inner)
        inner.putChild(b"\xc3\xa9", Place())
        answer = talk(root).send("GET", "/a%20b/%c3%a9?x=1").answer
        assert (answer.code, answer.body) == (200, b"([b'a b', b'\\xc3\\xa9'], [])")

    def test_a_leaf_has_the_rest_of_the_path(self, talk: Serve) -> None:
        root = Resource()
        root.putChild(b"leaf", Leaf())
        body = talk(root).send("GET", "/leaf/x/%2F/").answer.body
        assert body == b"([b'leaf'], [b'x', b'/', b''])"

    def test_the_empty_name_is_the_path_that_ends_with_a_slash(
        self, talk: Serve
    ) -> None:
        root = Resource()
        root.putChild(b"", Place())
        assert talk(root).send("GET", "/").answer.body == b"([b''], [])"

    def test_a_name_that_nobody_was_put_by_is_not_found(self, talk: Serve) -> None:
        answer = talk(Resource()).send("GET", "/nobody/here").answer
        assert (answer.code, answer.headers.get_content_type()) == (404, "text/html")

    def test_children_may_be_made_when_asked_for(self, talk: Serve) -> None:
        class Made(Resource):
            def __init__(self, *names: bytes) -> None:
                super().__init__()
                self.names = names

            def getChild(self, path: bytes, request: Request) -> Resource:
                return Made(*self.names, path)

            def render_GET(self, request: Request) -> bytes:
                return b"|".join(self.names)

        assert talk(Made()).send("GET", "/a/b/c").answer.body == b"a|b|c"

    def test_a_child_may_be_there_later(self, talk: Serve) -> None:
        later = Deferred[Resource]()

        class Slow(Resource):
            async def getChild(self, path: bytes, request: Request) -> Any:
                return await later

        inner = Resource()
        inner.putChild(b"place", Place())
        asked = talk(Slow()).send("GET", "/slow/place")
        assert asked.raw == b""
        later.callback(inner)
        assert asked.answer.body == b"([b'slow', b'place'], [])"

    def test_a_child_that_comes_too_late_is_given_up(
        self, talk: Serve, logged: list[dict[str, Any]]
    ) -> None:
        heard: list[str] = []
        later = Deferred[Resource](lambda waiting: heard.append("cancelled"))

        class Slow(Resource):
            def getChild(self, path: bytes, request: Request) -> Any:
                return later

        talk(Slow()).send("GET", "/slow").goes_away()
        assert heard == ["cancelled"]
        assert not any(event["isError"] for event in logged)

    def test_a_child_that_cannot_be_made_is_a_failure(
        self, talk: Serve, logged: list[dict[str, Any]]
    ) -> None:
        class Broken(Resource):
            async def getChild(self, path: bytes, request: Request) -> Any:
                raise ValueError

        assert talk(Broken()).send("GET", "/x").answer.code == 500
        failures = [event["failure"] for event in logged if event["isError"]]
        assert [failure.type for failure in failures] == [ValueError]

    def test_a_name_is_bytes(self) -> None:
        with pytest.raises(TypeError, match="must be bytes, not 'text'"):
            Resource().putChild("text", Resource())  # type: ignore[arg-type]

    def test_the_children_can_be_listed_and_taken_away(self) -> None:
        root, child = Resource(), Resource()
        root.putChild(b"a", child)
        root.reallyPutEntity(b"b", child)
        assert root.listNames() == root.listStaticNames() == [b"a", b"b"]
        assert root.listEntities() == [(b"a", child), (b"b", child)]
        assert root.getStaticEntity(b"a") is child
        root.delEntity(b"a")
        assert root.getStaticEntity(b"a") is None

    def test_a_path_is_not_followed_for_ever(self, talk: Serve) -> None:
        root = Resource()
        root.putChild(b"", root)
        assert talk(root).send("GET", "/" * 300).answer.code == 414


class TestRenderers:
    @pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "BREW"])
    def test_each_method_has_its_renderer(self, talk: Serve, method: str) -> None:
        class Any(Resource):
            isLeaf = True

        def render(request: Request) -> bytes:
            return b"by " + request.method

        root = Any()
        setattr(root, f"render_{method}", render)
        assert talk(root).send(method, "/").answer.body == f"by {method}".encode()

    def test_a_method_without_renderer_is_told_which_there_are(
        self, talk: Serve
    ) -> None:
        class Two(Leaf):
            def render_PUT(self, request: Request) -> bytes:
                return b""

        answer = talk(Two()).send("DELETE", "/").answer
        assert (answer.code, answer.headers["allow"]) == (405, "GET, HEAD, PUT")
        assert b"What is at / does not answer DELETE. It answers GET, HEAD, PUT." in (
            answer.body
        )

    def test_where_get_is_not_answered_head_is_not(self, talk: Serve) -> None:
        class Post(Resource):
            isLeaf = True

            def render_POST(self, request: Request) -> bytes:
                return b""

        answer = talk(Post()).send("HEAD", "/").answer
        assert (answer.code, answer.headers["allow"]) == (405, "POST")

    def test_a_resource_may_say_which_methods_it_answers(self, talk: Serve) -> None:
        class Said(Leaf):
            allowedMethods = (b"GET",)

        assert talk(Said()).send("POST", "/").answer.headers["allow"] == "GET"

    def test_a_method_that_nobody_knows_is_not_implemented(self, talk: Serve) -> None:
        assert talk(Leaf()).send("BREW", "/").answer.code == 501

    def test_head_has_the_length_and_no_body(self, talk: Serve) -> None:
        answer = talk(Leaf()).send("HEAD", "/a").answer
        assert (answer.code, answer.body) == (200, b"")
        assert answer.headers["content-length"] == str(len(b"([], [b'a'])"))

    def test_whoever_renders_get_alone_answers_head_too(self, talk: Serve) -> None:
        from sennit.web.error import UnsupportedMethod

        class Old(Resource):
            isLeaf = True

            def render(self, request: Request) -> bytes:
                if request.method != b"GET":
                    raise UnsupportedMethod((b"GET",))
                return b"body"

        answer = talk(Old()).send("HEAD", "/").answer
        assert (answer.code, answer.body) == (200, b"")
        assert answer.headers["content-length"] == "4"

    def test_whoever_says_not_done_yet_finishes_later(self, talk: Serve) -> None:
        asked: list[Request] = []

        class Later(Resource):
            isLeaf = True

            def render_GET(self, request: Request) -> Rendered:
                asked.append(request)
                return NOT_DONE_YET

        conversation = talk(Later()).send("GET", "/")
        assert conversation.raw == b""
        asked[0].write(b"one ")
        asked[0].write(b"two")
        asked[0].finish()
        assert conversation.answer.body == b"one two"

    def test_the_type_is_html_unless_told(self, talk: Serve) -> None:
        assert talk(Leaf()).send("GET", "/").answer.headers["content-type"] == (
            "text/html"
        )


class Reversing:
    """Makes encoders that turn each piece round."""

    def encoderForRequest(self, request: Request) -> Reversing | None:
        return self if b"backwards" in request.uri else None

    def encode(self, data: bytes) -> bytes:
        return data[::-1]

    def finish(self) -> bytes:
        return b"."


class TestEncoding:
    def test_a_body_goes_through_the_encoder_for_its_request(self, talk: Serve) -> None:
        root = EncodingResourceWrapper(Leaf(), [Reversing()])
        assert talk(root).send("GET", "/a?backwards").answer.body == b")]'a'b[ ,][(."
        assert talk(root).send("GET", "/a").answer.body == b"([], [b'a'])"

    def test_what_is_below_goes_through_it_too(self, talk: Serve) -> None:
        inner = Resource()
        inner.putChild(b"child", Leaf())
        root = EncodingResourceWrapper(inner, [Reversing()])
        body = talk(root).send("GET", "/child?backwards").answer.body
        assert body == b"([b'child'], [])"[::-1] + b"."


def test_resources_provide_what_the_interface_says() -> None:
    assert verifyObject(interfaces.IResource, Resource())
    assert verifyObject(interfaces.IResource, EncodingResourceWrapper(Resource(), []))
