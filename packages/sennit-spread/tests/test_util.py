"""Pagers, and local objects that are called as if they were remote."""

from __future__ import annotations

from typing import Any

import pytest
from zope.interface import Interface, implementer

from sennit.core.defer import Deferred, succeed
from sennit.core.failure import Failure
from sennit.spread import util


class Collector:
    """A reference to a collector, and its broker."""

    def __init__(self) -> None:
        self.broker = self
        self.pagers: list[Any] = []
        self.calls: list[tuple[Any, ...]] = []

    def registerPageProducer(self, pager: Any) -> None:
        self.pagers.append(pager)

    def callRemote(self, *args: Any, **kw: Any) -> None:
        assert kw == {"pbanswer": False}
        self.calls.append(args)


@pytest.mark.parametrize("data", [b"abcdefghij", "abcdefghij"])
def test_a_string_goes_in_pieces(data: Any) -> None:
    """The last may be shorter; then the end is told, and the callback called."""
    collector, ended = Collector(), []
    pager = util.StringPager(
        collector, data, 4, lambda *a, **k: ended.append((a, k)), 1, x=2
    )
    assert collector.pagers == [pager]
    while pager.stillPaging():
        pager.sendNextPage()
    assert [call[0] for call in collector.calls] == ["gotPage"] * 3 + ["endedPaging"]
    assert [call[1] for call in collector.calls[:3]] == [data[:4], data[4:8], data[8:]]
    assert ended == [((1,), {"x": 2})]


def test_a_pager_of_its_own() -> None:
    """It gives pages until it says that this is the last."""

    class Countdown(util.Pager):
        left = 3

        def nextPage(self) -> int:
            self.left -= 1
            if not self.left:
                self.stopPaging()
            return self.left

    collector = Collector()
    pager = Countdown(collector)
    while pager.stillPaging():
        pager.sendNextPage()
    assert collector.calls == [
        ("gotPage", 2),
        ("gotPage", 1),
        ("gotPage", 0),
        ("endedPaging",),
    ]
    pager.pagingFailed(Failure(ConnectionError()))


class Local(util.LocalAsRemote):
    reportAllTracebacks = False

    def sync_now(self, value: int) -> int:
        return value

    def async_later(self, value: int) -> Any:
        return succeed(value)

    def async_plain(self, value: int) -> int:
        return value

    def async_fails(self) -> None:
        raise ZeroDivisionError


def result(deferred: Deferred[Any]) -> Any:
    found: list[Any] = []
    deferred.addBoth(found.append)
    return found[0]


def test_a_local_object_is_called_as_if_it_were_remote(
    logged: list[dict[str, Any]],
) -> None:
    """Its methods say by their names whether they give a Deferred."""
    local = Local()
    assert local.callRemote("now", 1) == 1
    assert result(local.callRemote("later", 2)) == 2
    assert result(local.callRemote("plain", 3)) == 3
    assert local.remoteMethod("now")(4) == 4
    assert result(local.callRemote("fails")).check(ZeroDivisionError)
    assert result(local.callRemote("nothing")).check(AttributeError)
    assert not logged
    local.reportAllTracebacks = True
    assert result(local.callRemote("fails")).check(ZeroDivisionError)
    assert "async_fails" in logged[0]["why"]


class IGreeter(Interface):  # type: ignore[misc]
    def greet(self) -> None:
        """Greet."""


@implementer(IGreeter)
class Greeter:
    def greet(self) -> str:
        return "hello"

    def other(self) -> str:
        return "not in the interface"


def test_an_interface_says_what_may_be_forwarded() -> None:
    """All else is nothing, or an error."""
    forwarder = util.LocalAsyncForwarder(Greeter(), IGreeter)
    assert result(forwarder.callRemote("greet")) == "hello"
    assert result(forwarder.callRemote("other")) is None
    strict = util.LocalAsyncForwarder(Greeter(), IGreeter, failWhenNotImplemented=True)
    assert result(strict.callRemote("other")).check(NotImplementedError)
    with pytest.raises(TypeError):
        util.LocalAsyncForwarder(object(), IGreeter)
