"""Clients are sent elsewhere, and errors are shown, without harm to anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sennit.core.failure import Failure
from sennit.web import pages
from sennit.web.resource import Resource
from sennit.web.util import (
    ChildRedirector,
    ParentRedirect,
    Redirect,
    formatFailure,
    redirectTo,
)

if TYPE_CHECKING:
    from conftest import Serve

    from sennit.web.server import Request


class TestRedirects:
    def test_a_client_is_sent_elsewhere_from_all_paths(self, talk: Serve) -> None:
        root = Resource()
        root.putChild(b"old", Redirect(b"https://example.com/new?a=1&b=2"))
        for path in ("/old", "/old/and/more"):
            answer = talk(root).send("GET", path).answer
            assert answer.code == 302
            assert answer.headers["location"] == "https://example.com/new?a=1&b=2"
            assert b'<a href="https://example.com/new?a=1&amp;b=2">' in answer.body

    def test_what_is_in_the_place_is_escaped(self, talk: Serve) -> None:
        body = talk(Redirect(b'/"><script>')).send("GET", "/").answer.body
        assert b"<script>" not in body

    def test_the_place_is_bytes(self) -> None:
        with pytest.raises(TypeError, match="must be bytes, not '/there'"):
            redirectTo("/there", None)  # type: ignore[arg-type]

    def test_the_code_may_be_set_afterwards(self, talk: Serve) -> None:
        class Moved(Resource):
            isLeaf = True

            def render_GET(self, request: Request) -> bytes:
                body = redirectTo(b"/there", request)
                request.setResponseCode(308)
                return body

        assert talk(Moved()).send("GET", "/").answer.code == 308

    @pytest.mark.parametrize("below", [b"/new", b"/new/"])
    def test_a_whole_tree_may_be_elsewhere(self, talk: Serve, below: bytes) -> None:
        root = Resource()
        root.putChild(b"old", ChildRedirector(below))
        answer = talk(root).send("GET", "/old/a/b%20c").answer
        assert answer.headers["location"] == "/new/a/b%20c"

    def test_a_tree_is_not_below_itself(self) -> None:
        with pytest.raises(ValueError, match="would lead to itself"):
            ChildRedirector(b"relative")

    def test_a_client_is_sent_to_the_folder(self, talk: Serve) -> None:
        root, folder = Resource(), Resource()
        root.putChild(b"folder", folder)
        folder.putChild(b"up", ParentRedirect())
        answer = talk(root).send("GET", "/folder/up", host="example.com").answer
        assert answer.headers["location"] == "http://example.com/folder/"


class TestPages:
    @pytest.mark.parametrize(
        ("page", "code"),
        [
            (pages.notFound(), 404),
            (pages.forbidden(), 403),
            (pages.errorPage(418, "<Teapot>", "No & coffee."), 418),
        ],
    )
    def test_a_page_answers_every_method_and_path(
        self, talk: Serve, page: Resource, code: int
    ) -> None:
        root = Resource()
        root.putChild(b"page", page)
        for method in ("GET", "POST", "DELETE"):
            for path in ("/page", "/page/below"):
                answer = talk(root).send(method, path).answer
                assert answer.code == code
                assert answer.headers["content-type"] == "text/html; charset=utf-8"

    def test_texts_are_escaped(self, talk: Serve) -> None:
        page = pages.errorPage(418, "<Teapot>", "No & \u2615.")
        body = talk(page).send("GET", "/").answer.body.decode("ascii")
        assert "<title>418 - &lt;Teapot&gt;</title>" in body
        assert "<h1>&lt;Teapot&gt;</h1>" in body
        assert "<p>No &amp; &#9749;.</p>" in body


def test_a_failure_is_shown_with_its_traceback_escaped() -> None:
    try:
        raise ValueError("a <b>\udcff")
    except ValueError:
        page = formatFailure(Failure())
    assert b"<h1>ValueError</h1>" in page
    assert b"Traceback (most recent call last)" in page
    assert b"test_util.py" in page
    assert b"<b>" not in page.partition(b"<h1>")[2]
