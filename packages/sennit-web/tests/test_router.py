"""A router finds the function for a path, and gives it what the path says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from sennit.core.defer import Deferred
from sennit.web import pages
from sennit.web.resource import Resource
from sennit.web.router import BadPattern, Router

if TYPE_CHECKING:
    from conftest import Serve

    from sennit.web.server import Request


def shown(**values: Any) -> bytes:
    return repr(values).encode()


@pytest.fixture
def router() -> Router:
    made = Router({"hex": lambda text: int(text, 16)})
    made.get("/")(lambda request: b"the root")
    made.get("/users/{id:int}")(lambda request, id: shown(id=id))
    made.get("/users/me")(lambda request: b"me")
    made.get("/users/{name}")(lambda request, name: shown(name=name))
    made.get("/users/{id:int}/posts")(lambda request, id: b"posts of %d" % id)
    made.get("/files/{where:path}")(lambda request, where: shown(where=where))
    made.get("/price/{amount:float}")(lambda request, amount: shown(amount=amount))
    made.get("/thing/{key:uuid}")(lambda request, key: shown(key=key))
    made.get("/colour/{rgb:hex}")(lambda request, rgb: shown(rgb=rgb))
    made.post("/users/{id:int}")(lambda request, id: b"changed")
    return made


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/", b"the root"),
        ("/users/me", b"me"),
        ("/users/7", b"{'id': 7}"),
        ("/users/-7", b"{'id': -7}"),
        ("/users/ann", b"{'name': 'ann'}"),
        ("/users/%C3%A4nn", "{'name': 'änn'}".encode()),
        ("/users/7/posts", b"posts of 7"),
        ("/files/a/b.txt", b"{'where': 'a/b.txt'}"),
        ("/files/a/", b"{'where': 'a/'}"),
        ("/price/2.50", b"{'amount': 2.5}"),
        (
            "/thing/12345678123456781234567812345678",
            shown(key=UUID("12345678123456781234567812345678")),
        ),
        ("/colour/ff00ff", b"{'rgb': 16711935}"),
        ("/users/7?page=2", b"{'id': 7}"),
    ],
)
def test_a_path_reaches_the_function_whose_pattern_fits_best(
    talk: Serve, router: Router, path: str, body: bytes
) -> None:
    answer = talk(router).send("GET", path).answer
    assert (answer.code, answer.body) == (200, body)


@pytest.mark.parametrize(
    "path",
    [
        *("/nothing", "/users", "/users/", "/users/ann/posts", "/users/7/posts/"),
        *("/files/", "/files/..", "/files/../etc", "/files/a%2Fb", "/files/%2e%2E/a"),
        *("/files/a%00", "/price/1e9", "/price/inf", "/thing/12", "/users/%ff"),
        *("/users/%D9%A3/posts", "/users/1_0/posts", "/users/+1/posts", "//users/me"),
        "/users/" + 41 * "9" + "/posts",
    ],
)
def test_a_path_that_no_pattern_fits_is_not_found(
    talk: Serve, router: Router, path: str
) -> None:
    assert talk(router).send("GET", path).answer.code == 404


def test_a_method_that_is_not_there_is_told_which_are(
    talk: Serve, router: Router
) -> None:
    answer = talk(router).send("DELETE", "/users/7").answer
    assert (answer.code, answer.headers["allow"]) == (405, "GET, HEAD, POST")


def test_get_answers_head_without_the_body(talk: Serve, router: Router) -> None:
    answer = talk(router).send("HEAD", "/users/me").answer
    assert (answer.code, answer.body) == (200, b"")
    assert answer.headers["content-length"] == "2"


def test_resources_may_be_put_below_a_router(talk: Serve, router: Router) -> None:
    class Path(Resource):
        isLeaf = True

        def render_GET(self, request: Request) -> bytes:
            return b"|".join(request.postpath)

    router.putChild(b"tree", Path())
    assert talk(router).send("GET", "/tree/a/b").answer.body == b"a|b"


def test_a_router_may_be_put_below_a_resource(talk: Serve, router: Router) -> None:
    root = Resource()
    root.putChild(b"api", router)
    router.get("")(lambda request: b"without a slash")
    assert talk(root).send("GET", "/api/users/me").answer.body == b"me"
    assert talk(root).send("GET", "/api/").answer.body == b"the root"
    assert talk(root).send("GET", "/api").answer.body == b"without a slash"


def test_a_function_may_answer_later_or_with_a_resource(talk: Serve) -> None:
    router, later = Router(), Deferred[bytes]()

    @router.get("/later")
    async def wait(request: Request) -> bytes:
        return await later

    @router.get("/{poem}")
    async def find(request: Request, poem: str) -> Resource:
        return pages.notFound(message=f"There is no poem {poem}.")

    waiting = talk(router).send("GET", "/later")
    assert waiting.raw == b""
    later.callback(b"now")
    assert waiting.answer.body == b"now"
    answer = talk(router).send("GET", "/%3Cb%3E").answer
    assert answer.code == 404
    assert b"There is no poem &lt;b&gt;." in answer.body


def test_what_decorates_gives_the_function_back() -> None:
    def answer(request: Request) -> bytes:
        return b""

    assert Router().route("/", ["GET", b"PUT"])(answer) is answer


@pytest.mark.parametrize(
    "pattern",
    [
        *("users", "/{id:nothing}", "/{a}/{a}", "/{rest:path}/more", "/{id", "/id}"),
        *("/{id}.txt", "/{1}", "/{}"),
    ],
)
def test_a_pattern_that_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern, match=r"^'"):
        Router().get(pattern)


def test_a_pattern_is_there_once(router: Router) -> None:
    with pytest.raises(BadPattern, match="GET '/users/me' is there already"):
        router.get("/users/me")(lambda request: b"")


@given(st.text(min_size=1).filter(lambda text: text.encode("utf-8", "ignore")))
def test_any_text_in_a_segment_arrives_as_it_is(text: str) -> None:
    from sennit.web.router._pattern import TYPES, parse
    from sennit.web.router._tree import Node, Route

    node, values = Node(), {}  # type: ignore[var-annotated]
    node.add(parse("/x/{name}", TYPES), TYPES).put(b"GET", Route(print, False), "")
    segment = text.encode("utf-8", "ignore")
    assert node.find([b"x", segment], 0, values) is not None
    assert values == {"name": segment.decode()}
    assert quote(values["name"])
