"""The host's name leads to its root."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sennit.web.resource import Resource
from sennit.web.vhost import NameVirtualHost

if TYPE_CHECKING:
    from conftest import Serve

    from sennit.web.server import Request


class Named(Resource):
    """Answers with its name, and the rest of the path."""

    def __init__(self, name: bytes, leaf: bool = False) -> None:
        super().__init__()
        self.name = name
        self.isLeaf = leaf

    def getChild(self, path: bytes, request: Request) -> Resource:
        return Named(self.name + b"/" + path)

    def render_GET(self, request: Request) -> bytes:
        return b"|".join([self.name, *request.postpath])


@pytest.fixture
def hosts() -> NameVirtualHost:
    made = NameVirtualHost()
    made.addHost(b"One.example.com", Named(b"one"))
    made.addHost(b"two.example.com", Named(b"two", leaf=True))
    made.addHost(b"*.example.com", Named(b"any"))
    return made


@pytest.mark.parametrize(
    ("host", "body"),
    [
        ("one.example.com", b"one/a/b"),
        ("ONE.example.com:8080", b"one/a/b"),
        ("two.example.com", b"two|a|b"),
        ("three.example.com", b"any/a/b"),
    ],
)
def test_each_host_has_its_tree(
    talk: Serve, hosts: NameVirtualHost, host: str, body: bytes
) -> None:
    assert talk(hosts).send("GET", "/a/b", host=host).answer.body == body


@pytest.mark.parametrize("host", ["example.org", "a.b.example.com", "example.com"])
def test_an_unknown_host_is_not_found_unless_there_is_a_default(
    talk: Serve, hosts: NameVirtualHost, host: str
) -> None:
    assert talk(hosts).send("GET", "/a", host=host).answer.code == 404
    hosts.default = Named(b"default")
    assert talk(hosts).send("GET", "/a", host=host).answer.body == b"default/a"


def test_a_host_can_be_taken_away(talk: Serve, hosts: NameVirtualHost) -> None:
    hosts.removeHost(b"ONE.example.com")
    assert talk(hosts).send("GET", "/", host="one.example.com").answer.body == b"any/"
    with pytest.raises(KeyError):
        hosts.removeHost(b"one.example.com")


def test_the_names_can_be_listed(hosts: NameVirtualHost) -> None:
    hosts.putChild(b"child", Resource())
    names = [b"child", b"one.example.com", b"two.example.com", b"*.example.com"]
    assert hosts.listStaticNames() == names
    assert [name for name, _ in hosts.listStaticEntities()] == names
