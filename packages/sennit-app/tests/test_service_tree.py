"""Services as a tree: names and parents, and who is started and stopped when."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from zope.interface.verify import verifyObject

from sennit.app import service
from sennit.app.contracts import Outcome
from sennit.app.interfaces import IService, IServiceCollection
from sennit.core.defer import Deferred
from sennit.core.failure import Failure


class Noted(service.Service):
    """Notes what is done with it."""

    def __init__(self, name: str, notes: list[str]) -> None:
        self.setName(name)
        self.notes = notes

    def privilegedStartService(self) -> Outcome:
        self.notes.append(f"privileged {self.name}")
        return super().privilegedStartService()

    def startService(self) -> Outcome:
        self.notes.append(f"start {self.name}")
        return super().startService()

    def stopService(self) -> Outcome:
        self.notes.append(f"stop {self.name}")
        return super().stopService()


@pytest.fixture
def notes() -> list[str]:
    return []


@pytest.fixture
def root(notes: list[str]) -> service.MultiService:
    """Two services, a and b."""
    root = service.MultiService()
    for name in "ab":
        Noted(name, notes).setServiceParent(root)
    return root


def outcome(made: Any) -> Any:
    """What a Deferred has fired with."""
    results: list[Any] = []
    made.addBoth(results.append)
    assert results, "it has not fired"
    return results[0]


def test_services_start_in_their_order_and_stop_in_the_reverse_one(
    root: service.MultiService, notes: list[str]
) -> None:
    root.privilegedStartService()
    root.startService()
    assert root.running
    assert all(each.running for each in root)
    root.stopService()
    assert not any(each.running for each in root)
    assert notes == [
        "privileged a",
        "privileged b",
        "start a",
        "start b",
        "stop b",
        "stop a",
    ]


def test_a_service_that_joins_a_running_collection_is_started_and_stopped_with_it(
    root: service.MultiService, notes: list[str]
) -> None:
    root.startService()
    notes.clear()
    late = Noted("late", notes)
    late.setServiceParent(root)
    assert notes == ["privileged late", "start late"]
    late.disownServiceParent()
    assert notes[2:] == ["stop late"]
    assert (late.parent, late in list(root)) == (None, False)


def test_a_service_has_one_parent(root: service.MultiService, notes: list[str]) -> None:
    other = service.MultiService()
    a = root.getServiceNamed("a")
    a.setServiceParent(other)
    assert (a.parent, [each.name for each in root]) == (other, ["b"])
    assert other.getServiceNamed("a") is a
    with pytest.raises(KeyError):
        root.getServiceNamed("a")


def test_names_are_unique_and_stay(
    root: service.MultiService, notes: list[str]
) -> None:
    with pytest.raises(RuntimeError, match="'a'"):
        Noted("a", notes).setServiceParent(root)
    with pytest.raises(RuntimeError, match="parent"):
        root.getServiceNamed("a").setName("c")


def test_starting_and_stopping_wait_for_deferreds_and_coroutines() -> None:
    gates: dict[str, Deferred[None]] = {
        name: Deferred() for name in ("ready", "gone", "written")
    }

    class Slow(service.Service):
        async def startService(self) -> None:
            super().startService()
            await gates["ready"]

        def stopService(self) -> Deferred[None]:
            super().stopService()
            return gates["gone"]

    class Writer(service.Service):
        async def stopService(self) -> None:
            super().stopService()
            await gates["written"]

    root = service.MultiService()
    for made in (Slow(), Writer()):
        made.setServiceParent(root)
    started = root.startService()
    assert not started.called
    gates["ready"].callback(None)
    assert outcome(started) is None
    stopped = root.stopService()
    gates["gone"].callback(None)
    assert not stopped.called
    gates["written"].callback(None)
    assert outcome(stopped) is None


def failing(how: str) -> service.Service:
    class Failing(service.Service):
        def stopService(self) -> Outcome:
            super().stopService()
            if how == "raises":
                raise ValueError(how)
            failed: Deferred[None] = Deferred()
            failed.errback(ValueError(how))
            return failed

    return Failing()


@pytest.mark.parametrize("how", ["raises", "fails"])
def test_one_that_cannot_stop_does_not_keep_others_from_it(
    root: service.MultiService, notes: list[str], how: str
) -> None:
    failing(how).setServiceParent(root)
    root.startService()
    result = outcome(root.stopService())
    assert isinstance(result, Failure)
    assert (type(result.value), str(result.value)) == (ValueError, how)
    assert notes[-2:] == ["stop b", "stop a"]


def test_one_that_cannot_start_fails_the_start() -> None:
    class Broken(service.Service):
        async def startService(self) -> None:
            raise ValueError("no")

    root = service.MultiService()
    Broken().setServiceParent(root)
    assert isinstance(outcome(root.startService()).value, ValueError)


@pytest.mark.parametrize("copied", [copy.copy, lambda o: pickle.loads(pickle.dumps(o))])
def test_a_copy_does_not_run(copied: Callable[[Any], Any]) -> None:
    original = service.Service()
    original.setName("x")
    original.startService()
    made = copied(original)
    assert (made.name, made.running) == ("x", False)


def test_services_are_what_the_interfaces_say() -> None:
    assert verifyObject(IService, service.Service())
    assert verifyObject(IServiceCollection, service.MultiService())
    assert verifyObject(IService, service.MultiService())


def test_a_parent_may_be_anything_that_can_be_adapted(
    root: service.MultiService,
) -> None:
    class Holder:
        def __conform__(self, interface: Any) -> Any:
            return root if interface is service.IServiceCollection else None

    made = service.Service()
    made.setServiceParent(Holder())
    assert made.parent is root
    with pytest.raises(TypeError):
        service.Service().setServiceParent(object())
