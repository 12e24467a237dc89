"""A site keeps its clients' sessions, and each ends in time."""

from __future__ import annotations

from collections.abc import Iterator
from http.cookies import SimpleCookie
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from zope.interface import Interface, implementer
from zope.interface.interface import adapter_hooks

from sennit.core.address import IPv4Address
from sennit.core.task import Clock
from sennit.web.resource import Resource
from sennit.web.server import Session, Site

if TYPE_CHECKING:
    from conftest import Conversation, Serve

    from sennit.web.server import Request


class Basket:
    """What somebody has bought so far."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.things: list[bytes] = []


class Shop(Resource):
    isLeaf = True

    def render_GET(self, request: Request) -> bytes:
        things: list[bytes] = request.getSession(Basket).things
        things.append(request.postpath[0])
        return b", ".join(things)


def cookie_of(asked: Conversation) -> str:
    """The cookie that an answer has set, as a client sends it back."""
    (morsel,) = SimpleCookie(asked.answer.headers["set-cookie"]).values()
    return f"{morsel.key}={morsel.value}"


@pytest.fixture
def site(clock: Clock) -> Site:
    return Site(Shop(), reactor=clock)


class TestClients:
    def test_one_that_brings_its_cookie_is_known(self, talk: Serve, site: Site) -> None:
        cookie = cookie_of(talk(site).send("GET", "/apple"))
        again = talk(site).send("GET", "/pear", cookie=cookie).answer
        assert (again.body, again.headers["set-cookie"]) == (b"apple, pear", None)
        assert talk(site).send("GET", "/plum").answer.body == b"plum"
        assert len(site.sessions) == 2

    def test_a_cookie_of_nobody_begins_a_new_one(self, talk: Serve, site: Site) -> None:
        asked = talk(site).send("GET", "/a", cookie="SENNIT_SESSION=made-up")
        assert "made-up" not in cookie_of(asked)
        assert b"made-up" not in site.sessions

    def test_scripts_and_other_sites_do_not_get_the_cookie(
        self, talk: Serve, site: Site
    ) -> None:
        said = talk(site).send("GET", "/a").answer.headers["set-cookie"].lower()
        assert "httponly" in said
        assert "samesite=lax" in said
        assert "path=/" in said

    def test_over_tls_there_is_another_cookie(self, talk: Serve, site: Site) -> None:
        asked = talk(site)
        asked.protocol.isSecure = lambda: True
        said = asked.send("GET", "/a").answer.headers["set-cookie"]
        assert said.startswith("__Host-SENNIT_SESSION=")
        assert "secure" in said.lower()

    def test_one_who_comes_again_stays_known(
        self, talk: Serve, site: Site, clock: Clock
    ) -> None:
        cookie = cookie_of(talk(site).send("GET", "/a"))
        for _ in range(5):
            clock.advance(Session.sessionTimeout - 1)
            talk(site).send("GET", "/b", cookie=cookie)
        assert talk(site).send("GET", "/c", cookie=cookie).answer.body.startswith(b"a")

    def test_one_who_stays_away_is_forgotten(
        self, talk: Serve, site: Site, clock: Clock
    ) -> None:
        cookie = cookie_of(talk(site).send("GET", "/a"))
        clock.advance(Session.sessionTimeout + 1)
        assert site.sessions == {}
        assert talk(site).send("GET", "/b", cookie=cookie).answer.body == b"b"

    def test_a_session_comes_too_late_for_an_answer_that_has_begun(
        self, talk: Serve, clock: Clock, logged: list[dict[str, Any]]
    ) -> None:
        class Late(Shop):
            def render_GET(self, request: Request) -> bytes:
                request.write(b"the beginning")
                return super().render_GET(request)

        talk(Site(Late(), reactor=clock)).send("GET", "/a")
        (event,) = [each for each in logged if each.get("isError")]
        assert event["failure"].check(RuntimeError)


class TestSession:
    def test_its_end_is_told_once(self, site: Site, clock: Clock) -> None:
        ended: list[str] = []
        session = site.makeSession()
        session.notifyOnExpire(lambda: ended.append("one"))
        session.notifyOnExpire(lambda: ended.append("two"))
        session.expire()
        clock.advance(Session.sessionTimeout)
        assert ended == ["one", "two"]
        assert clock.getDelayedCalls() == []

    def test_who_fails_in_its_end_does_not_keep_the_others_from_it(
        self, site: Site, logged: list[dict[str, Any]]
    ) -> None:
        ended: list[str] = []
        session = site.makeSession()
        session.notifyOnExpire(lambda: 1 / 0)
        session.notifyOnExpire(lambda: ended.append("two"))
        session.expire()
        assert ended == ["two"]
        assert [event["failure"].type for event in logged if event.get("isError")] == [
            ZeroDivisionError
        ]

    def test_it_is_found_by_its_identifier(self, site: Site) -> None:
        session = site.makeSession()
        assert len(session.uid) == 64
        assert site.getSession(session.uid) is session
        session.expire()
        with pytest.raises(KeyError):
            site.getSession(session.uid)

    def test_when_there_are_too_many_the_oldest_ends(self, site: Site) -> None:
        site.maxSessions = 3
        sessions = [site.makeSession() for _ in range(5)]
        assert list(site.sessions.values()) == sessions[2:]

    def test_a_class_is_asked_for_its_object(self, site: Site) -> None:
        session = site.makeSession()
        basket = session.getComponent(Basket)
        assert basket.session is session
        assert session.getComponent(Basket) is basket
        session.unsetComponent(Basket)
        assert session.getComponent(Basket) is not basket
        with pytest.raises(KeyError):
            session.unsetComponent(int)


class ITrolley(Interface):  # type: ignore[misc]
    """What somebody puts things into."""


@implementer(ITrolley)
class Trolley(Basket):
    """One of those."""


@pytest.fixture
def adapters() -> Iterator[None]:
    def adapt(wanted: Any, thing: Any) -> Any:
        return Trolley(thing) if wanted is ITrolley else None

    adapter_hooks.append(adapt)
    yield
    adapter_hooks.remove(adapt)


class TestInterfaces:
    def test_an_interface_is_asked_for_its_adapter(
        self, site: Site, adapters: None
    ) -> None:
        session = site.makeSession()
        trolley = ITrolley(session)
        assert isinstance(trolley, Trolley)
        assert ITrolley(session) is session.getComponent(ITrolley) is trolley

    def test_without_an_adapter_there_is_the_default(self, site: Site) -> None:
        session = site.makeSession()
        assert session.getComponent(ITrolley) is None
        assert session.getComponent(ITrolley, "none") == "none"
        session.setComponent(ITrolley, "mine")
        assert ITrolley(session) == "mine"


class TestTrees:
    def test_a_site_may_be_put_into_the_tree_of_another(
        self, talk: Serve, clock: Clock
    ) -> None:
        root = Resource()
        inner = Resource()
        inner.putChild(b"shop", Shop())
        root.putChild(b"site", Site(inner, reactor=clock))
        assert talk(root).send("GET", "/site/shop/apple").answer.body == b"apple"

    def test_forms_are_read_unless_it_says_otherwise(
        self, talk: Serve, clock: Clock
    ) -> None:
        class Form(Resource):
            isLeaf = True

            def render_POST(self, request: Request) -> bytes:
                return b"%r %s" % (request.args.get(b"a"), request.content.read())

        kind = "application/x-www-form-urlencoded"
        for read, body in ((True, b"[b'1'] a=1"), (False, b"None a=1")):
            site = Site(Form(), reactor=clock, parsePOSTFormSubmission=read)
            asked = talk(site).send("POST", "/", b"a=1", content_type=kind)
            assert asked.answer.body == body

    def test_a_body_may_be_kept_in_its_own_file(
        self, talk: Serve, clock: Clock
    ) -> None:
        files: dict[int | None, BytesIO] = {}

        class Own(Site):
            def getContentFile(self, length: int | None) -> BytesIO:
                files[length] = BytesIO(b"")
                return files[length]

        class Whole(Resource):
            isLeaf = True

            def render_PUT(self, request: Request) -> bytes:
                return request.content.read()

        asked = talk(Own(Whole(), reactor=clock)).send("PUT", "/", b"body")
        assert asked.answer.body == b"body"
        assert list(files) == [4]

    def test_it_makes_protocols_for_clients(self, site: Site) -> None:
        assert site.buildProtocol(IPv4Address("TCP", "127.0.0.1", 1)) is not None
