"""Redirects and cookies: what is followed how, and what nobody else is told."""

from __future__ import annotations

from http.cookiejar import CookieJar
from typing import Any

import pytest

from sennit.core.defer import Deferred, succeed
from sennit.core.failure import Failure
from sennit.core.testing import StringTransport
from sennit.web import client
from sennit.web.client import BrowserLikeRedirectAgent, CookieAgent, RedirectAgent
from sennit.web.error import InfiniteRedirection, PageRedirect, RedirectWithNoLocation
from sennit.web.headers import Headers

WHO = Headers(
    {
        b"Authorization": [b"Basic abc"],
        b"Cookie": [b"a=b"],
        b"Host": [b"one"],
        b"Proxy-Authorization": [b"Basic def"],
        b"X-Key": [b"secret"],
        b"Accept": [b"text/html"],
    }
)


class Answers:
    """An agent that answers as it is told, and keeps what it was asked."""

    def __init__(self, *answers: tuple[int, dict[bytes, list[bytes]]]) -> None:
        self.answers = list(answers)
        self.asked: list[Any] = []
        self.given: list[Any] = []
        self.transports: list[StringTransport] = []

    def request(
        self, method: bytes, uri: bytes, headers: Any = None, bodyProducer: Any = None
    ) -> Deferred[Any]:
        self.asked.append((method, uri, headers, bodyProducer))
        code, told = self.answers.pop(0)
        transport = StringTransport()
        self.transports.append(transport)
        version = (b"HTTP", 1, 1)
        response = client.Response(version, code, b"", Headers(told), transport)
        self.given.append(response)
        return succeed(response)


def to(place: bytes, code: int = 302) -> tuple[int, dict[bytes, list[bytes]]]:
    return code, {b"Location": [place]}


END: tuple[int, dict[bytes, list[bytes]]] = (200, {})


def outcome(asked: Deferred[Any]) -> Any:
    found: list[Any] = []
    asked.addBoth(found.append)
    return found[0]


def failed(asked: Deferred[Any], error: type[Exception]) -> Any:
    reason = outcome(asked)
    assert isinstance(reason, Failure)
    assert reason.check(client.ResponseFailed)
    assert reason.value.reasons[0].check(error)
    return reason.value


@pytest.mark.parametrize(
    ("kind", "code", "method", "then"),
    [
        *((RedirectAgent, code, b"GET", b"GET") for code in (301, 302, 303, 307, 308)),
        *(
            (RedirectAgent, code, b"HEAD", b"HEAD")
            for code in (301, 302, 303, 307, 308)
        ),
        (RedirectAgent, 303, b"POST", b"GET"),
        *(
            (BrowserLikeRedirectAgent, code, b"POST", b"GET")
            for code in (301, 302, 303)
        ),
        *((BrowserLikeRedirectAgent, code, b"POST", b"POST") for code in (307, 308)),
        *(
            (BrowserLikeRedirectAgent, code, b"HEAD", b"HEAD")
            for code in (301, 302, 303, 307, 308)
        ),
    ],
)
def test_a_redirect_is_followed(
    kind: type[RedirectAgent], code: int, method: bytes, then: bytes
) -> None:
    """RFC 9110 §15.4."""
    answers = Answers(to(b"/b", code), END)
    body = client.BytesProducer(b"abc") if method == b"POST" else None
    given = Headers({b"Content-Type": [b"text/plain"], b"X": [b"y"]})
    response = outcome(kind(answers).request(method, b"http://h/a", given, body))
    assert response.code == 200
    assert response.previousResponse is answers.given[0]
    asked, uri, headers, again = answers.asked[1]
    assert (asked, uri) == (then, b"http://h/b")
    assert headers.getRawHeaders(b"X") == [b"y"]
    assert (again is None) == (then != b"POST")
    if then == b"GET" and method == b"POST":
        assert not headers.hasHeader(b"Content-Type")


@pytest.mark.parametrize("code", [301, 302, 307, 308])
@pytest.mark.parametrize("method", [b"POST", b"PUT", b"DELETE"])
def test_what_does_something_is_not_repeated_elsewhere(
    code: int, method: bytes
) -> None:
    answers = Answers(to(b"/b", code))
    error = failed(RedirectAgent(answers).request(method, b"http://h/a"), PageRedirect)
    assert error.response is answers.given[0]


def test_a_body_that_cannot_be_sent_again_ends_it() -> None:
    answers = Answers(to(b"/b", 307))
    body: Any = client.IterableProducer([b"x"])
    agent = BrowserLikeRedirectAgent(answers)
    failed(agent.request(b"POST", b"http://h/a", None, body), PageRedirect)


@pytest.mark.parametrize(
    ("location", "target"),
    [
        (b"/b", b"http://one/b"),
        (b"c?d", b"http://one/a/c?d"),
        (b"//two/", b"http://two/"),
        (b"https://one/", b"https://one/"),
        (b" /b ", b"http://one/b"),
        (b"/a b", b"http://one/a%20b"),
        ("/ä".encode(), b"http://one/%C3%A4"),
        (b"/b#own", b"http://one/b#own"),
    ],
)
def test_a_location_is_read_from_where_it_was_said(
    location: bytes, target: bytes
) -> None:
    answers = Answers(to(location), END)
    RedirectAgent(answers).request(b"GET", b"http://one/a/b")
    assert answers.asked[1][1] == target


def test_a_fragment_is_handed_down() -> None:
    """RFC 9110 §10.2.2."""
    answers = Answers(to(b"/b"), END)
    RedirectAgent(answers).request(b"GET", b"http://one/a#part")
    assert answers.asked[1][1] == b"http://one/b#part"


@pytest.mark.parametrize(
    "target", [b"http://two/", b"https://one/", b"http://one:81/", b"//two/"]
)
@pytest.mark.parametrize("kind", [RedirectAgent, BrowserLikeRedirectAgent])
def test_another_origin_is_not_told_who_asks(
    target: bytes, kind: type[RedirectAgent]
) -> None:
    answers = Answers(to(target), to(b"http://one/"), END)
    kind(answers, sensitiveHeaderNames=[b"X-Key"]).request(b"GET", b"http://one/", WHO)
    for _, _, headers, _ in answers.asked[1:]:
        assert headers == Headers({b"Accept": [b"text/html"]})
    assert WHO.hasHeader(b"Cookie")


@pytest.mark.parametrize("target", [b"/b", b"http://ONE:80/b"])
def test_the_same_origin_is_told_the_same(target: bytes) -> None:
    answers = Answers(to(target), END)
    RedirectAgent(answers).request(b"GET", b"http://one/", WHO)
    assert answers.asked[1][2] == WHO


def test_there_is_an_end_to_it() -> None:
    answers = Answers(*[to(b"/")] * 4)
    agent = RedirectAgent(answers, redirectLimit=3)
    error = failed(agent.request(b"GET", b"http://h/"), InfiniteRedirection)
    assert len(answers.asked) == 4
    assert error.response.previousResponse is answers.given[2]


@pytest.mark.parametrize(
    "headers",
    [{}, {b"Location": [b"http://h:x/"]}, {b"Location": [b"http://[::1"]}],
)
def test_a_redirect_to_nowhere_is_an_error(headers: dict[bytes, list[bytes]]) -> None:
    answers = Answers((302, headers))
    failed(RedirectAgent(answers).request(b"GET", b"http://h/"), RedirectWithNoLocation)


@pytest.mark.parametrize("code", [200, 300, 304, 305, 404, 500])
def test_other_answers_are_answers(code: int) -> None:
    answers = Answers((code, {b"Location": [b"/b"]}))
    assert outcome(RedirectAgent(answers).request(b"GET", b"http://h/")).code == code


def test_the_connection_of_a_redirect_is_free_again() -> None:
    """Its body is read to the end, unless it is a large one."""
    answers = Answers(to(b"/b"), END)
    RedirectAgent(answers).request(b"GET", b"http://h/")
    answers.given[0].take(b"x" * 1000)
    assert not answers.transports[0].disconnecting
    answers.given[0].take(b"x" * 100_000)
    assert answers.transports[0].disconnecting


# Cookies


def setting(*cookies: str, code: int = 200, **more: str) -> Any:
    told = {b"Set-Cookie": [each.encode() for each in cookies]}
    told.update({name.encode(): [more[name].encode()] for name in more})
    return code, told


def test_a_cookie_that_was_set_is_sent() -> None:
    answers = Answers(setting("a=1; Path=/", "b=2; Path=/x"), END, END)
    jar = CookieJar()
    agent = CookieAgent(answers, jar)
    for uri in (b"http://h.example/", b"http://h.example/", b"http://h.example/x"):
        agent.request(b"GET", uri)
    sent = [headers for _, _, headers, _ in answers.asked]
    assert sent[0] is None
    assert sent[1].getRawHeaders(b"Cookie") == [b"a=1"]
    assert set(sent[2].getRawHeaders(b"Cookie")[0].split(b"; ")) == {b"a=1", b"b=2"}
    assert {cookie.name for cookie in jar} == {"a", "b"}


@pytest.mark.parametrize(
    "uri",
    [b"http://other.example/", b"http://h.example.org/", b"http://h.example:81/x"],
)
def test_a_cookie_is_sent_to_nobody_else(uri: bytes) -> None:
    """But cookies do not mind the port (RFC 6265 §8.5)."""
    answers = Answers(setting("a=1"), END)
    agent = CookieAgent(answers, CookieJar())
    agent.request(b"GET", b"http://h.example/")
    agent.request(b"GET", uri)
    headers = answers.asked[1][2]
    assert (headers is not None) == (uri == b"http://h.example:81/x")


def test_a_secure_cookie_needs_tls() -> None:
    answers = Answers(setting("a=1; Secure"), END, END)
    agent = CookieAgent(answers, CookieJar())
    for uri in (b"https://h.example/", b"http://h.example/", b"https://h.example/"):
        agent.request(b"GET", uri)
    assert [bool(headers) for _, _, headers, _ in answers.asked] == [False, False, True]


def test_a_cookie_for_a_domain_of_others_is_not_taken() -> None:
    answers = Answers(setting("a=1; Domain=.other.example", "b=2; Domain=.example"))
    jar = CookieJar()
    CookieAgent(answers, jar).request(b"GET", b"http://h.example/")
    assert [cookie.name for cookie in jar if cookie.domain != ".example"] == []


def test_cookies_that_are_told_are_the_ones_sent() -> None:
    answers = Answers(setting("a=1"), END)
    agent = CookieAgent(answers, CookieJar())
    agent.request(b"GET", b"http://h.example/")
    agent.request(b"GET", b"http://h.example/", Headers({b"Cookie": [b"mine=2"]}))
    assert answers.asked[1][2].getRawHeaders(b"Cookie") == [b"mine=2"]


def test_each_place_of_a_redirect_has_its_own_cookies() -> None:
    answers = Answers(
        setting("a=1"),
        setting("b=2", code=302, Location="http://two.example/"),
        setting("c=3", code=302, Location="http://one.example/"),
        END,
    )
    agent = RedirectAgent(CookieAgent(answers, CookieJar()))
    agent.request(b"GET", b"http://one.example/")
    agent.request(b"GET", b"http://one.example/")
    sent = [
        set()
        if headers is None
        else set(headers.getRawHeaders(b"Cookie")[0].split(b"; "))
        for _, _, headers, _ in answers.asked
    ]
    assert sent == [set(), {b"a=1"}, set(), {b"a=1", b"b=2"}]
