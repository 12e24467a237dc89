"""Bodies are compressed for clients that can read them so, and where it is worth it."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from sennit.web.resource import EncodingResourceWrapper, Resource
from sennit.web.server import GzipEncoderFactory

if TYPE_CHECKING:
    from conftest import Answer, Serve

    from sennit.web.server import Request

TEXT = b"a text that repeats itself, " * 100


class Page(Resource):
    """Answers with a text, and the headers that it is made with."""

    isLeaf = True

    def __init__(self, code: int = 200, **headers: str) -> None:
        super().__init__()
        self.code = code
        self.headers = {"content_type": "text/plain", **headers}

    def render_GET(self, request: Request) -> bytes:
        request.setResponseCode(self.code)
        for name, value in self.headers.items():
            request.setHeader(name.replace("_", "-").encode(), value.encode())
        return TEXT


def ask(
    talk: Serve, page: Resource, accept: str = "gzip", method: str = "GET"
) -> Answer:
    root = EncodingResourceWrapper(page, [GzipEncoderFactory()])
    return talk(root).send(method, "/", accept_encoding=accept).answer


@pytest.mark.parametrize(
    "accept", ["gzip", "deflate, GZIP;q=0.5", "*", "x-gzip", "br;q=1.0, gzip; q=0.001"]
)
def test_who_accepts_it_gets_it(talk: Serve, accept: str) -> None:
    answer = ask(talk, Page(), accept)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert len(answer.body) < 100
    assert gzip.decompress(answer.body) == TEXT


@pytest.mark.parametrize("accept", ["", "identity", "gzip;q=0", "br", "*;q=0", "zip"])
def test_who_does_not_accept_it_does_not(talk: Serve, accept: str) -> None:
    answer = ask(talk, Page(), accept)
    assert (answer.headers["content-encoding"], answer.body) == (None, TEXT)
    assert answer.headers["content-length"] == str(len(TEXT))
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/zip"])
def test_what_is_compressed_by_itself_stays_as_it_is(talk: Serve, kind: str) -> None:
    answer = ask(talk, Page(content_type=kind))
    assert (answer.headers["content-encoding"], answer.body) == (None, TEXT)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip"])
def test_what_is_encoded_well_already_is_not_encoded_again(
    talk: Serve, coding: str
) -> None:
    answer = ask(talk, Page(content_encoding=coding))
    assert (answer.headers["content-encoding"], answer.body) == (coding, TEXT)


def test_another_encoding_is_told_beside(talk: Serve) -> None:
    answer = ask(talk, Page(content_encoding="deflate"))
    assert answer.headers["content-encoding"] == "deflate,gzip"
    assert gzip.decompress(answer.body) == TEXT


def test_a_part_of_a_body_stays_as_it_is(talk: Serve) -> None:
    answer = ask(talk, Page(206, content_range="bytes 0-9/10"))
    assert (answer.headers["content-encoding"], answer.body) == (None, TEXT)


def test_a_strong_tag_becomes_a_weak_one(talk: Serve) -> None:
    assert ask(talk, Page(etag='"x"')).headers["etag"] == 'W/"x"'
    assert ask(talk, Page(etag='W/"x"')).headers["etag"] == 'W/"x"'


def test_caches_know_already_what_the_answer_depends_on(talk: Serve) -> None:
    class Varies(Page):
        def render(self, request: Request) -> bytes:
            return super().render_GET(request)

    answer = ask(talk, Varies(vary="Cookie"))
    assert "Cookie" in answer.headers["vary"]


def test_head_is_answered_as_get_without_the_body(talk: Serve) -> None:
    answer = ask(talk, Page(), method="HEAD")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] is None
    assert answer.body == b""


def test_a_body_may_come_in_pieces(talk: Serve) -> None:
    class Pieces(Resource):
        isLeaf = True

        async def render_GET(self, request: Request) -> None:
            for _ in range(100):
                request.write(b"a piece, ")

    assert gzip.decompress(ask(talk, Pieces()).body) == b"a piece, " * 100
