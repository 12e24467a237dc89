"""The commands are functions that give factories."""

from __future__ import annotations

import pytest

from sennit.protocols import commands
from sennit.protocols.portforward import ProxyFactory
from sennit.protocols.socks import SOCKSv5Factory


def test_portforward_goes_on_to_the_host() -> None:
    made = commands.portforward("example.org", 80)
    assert isinstance(made, ProxyFactory)
    assert (made.host, made.port) == ("example.org", 80)


def test_socks_takes_anybody_unless_somebody_is_named() -> None:
    made = commands.socks()
    assert isinstance(made, SOCKSv5Factory)
    assert made.checkPassword is None


@pytest.mark.parametrize(
    ("user", "password", "right"),
    [(b"alice", b"x", True), (b"alice", b"y", False), (b"bob", b"x", False)],
)
def test_socks_knows_the_one_who_may(user: bytes, password: bytes, right: bool) -> None:
    made = commands.socks(user="alice", password="x")
    assert isinstance(made, SOCKSv5Factory)
    assert made.checkPassword is not None
    assert made.checkPassword(user, password) is right
