"""Twisted's names for sites and resources mean ours."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import pytest
from zope.interface.verify import verifyObject

import sennit.compat
from sennit.core.task import Clock
from sennit.core.testing import StringTransport
from sennit.web import error, resource, server


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    sennit.compat.install()
    yield
    sennit.compat.uninstall()


@pytest.mark.parametrize("name", ["pages", "util", "vhost"])
def test_a_module_is_ours(name: str) -> None:
    ours = importlib.import_module(f"sennit.web.{name}")
    assert importlib.import_module(f"twisted.web.{name}") is ours


def test_errors_are_ours_and_those_of_templates_are_there() -> None:
    theirs = importlib.import_module("twisted.web.error")
    assert theirs.Error is error.Error
    assert issubclass(theirs.MissingRenderMethod, theirs.RenderError)
    missing = theirs.MissingRenderMethod("element", "name")
    assert (missing.element, missing.renderName) == ("element", "name")
    assert theirs.MissingTemplateLoader("element").element == "element"
    assert theirs.FlattenerError(ValueError(), [1], []).args[1:] == ([1], [])


def test_resources_are_ours_and_provide_the_interface() -> None:
    theirs = importlib.import_module("twisted.web.resource")
    assert theirs.Resource is resource.Resource
    assert verifyObject(theirs.IResource, theirs.Resource())


@pytest.mark.parametrize(
    ("name", "code"), [("NoResource", 404), ("ForbiddenResource", 403)]
)
def test_pages_have_their_old_names(name: str, code: int) -> None:
    theirs = importlib.import_module("twisted.web.resource")
    page = getattr(theirs, name)("why")
    assert (page.code, page.detail) == (code, "why")
    assert isinstance(page, theirs.ErrorPage)


def test_cookies_of_sessions_have_the_names_that_clients_know() -> None:
    theirs = importlib.import_module("twisted.web.server")
    assert theirs.Request is server.Request

    class Known(resource.Resource):
        isLeaf = True

        def render_GET(self, request: server.Request) -> bytes:
            uid: bytes = request.getSession().uid
            return uid

    protocol = theirs.Site(Known(), reactor=Clock()).buildProtocol(None)
    transport = StringTransport()
    protocol.makeConnection(transport)
    protocol.dataReceived(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
    assert b"Set-Cookie: TWISTED_SESSION=" in transport.value()
