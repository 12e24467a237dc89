"""From what is named to what is run."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from sennit.app.runner import (
    NoTarget,
    Plan,
    Target,
    TargetError,
    UsageError,
    _target,
    gidFrom,
    loopNamed,
    targetNamed,
    uidFrom,
)
from sennit.app.runner._identity import Identity
from sennit.app.service import Application, Service
from sennit.core.protocol import Factory


def of(made: Any, *listen: str) -> Target:
    return Target("it", lambda: made, None, listen)


def test_an_application_says_as_whom_it_runs() -> None:
    application = Application("x", 5, 6)
    loaded = _target.load(of(application))
    assert loaded.service is application.services
    assert (loaded.process.uid, loaded.process.gid) == (5, 6)


def test_a_service_is_run_as_it_is() -> None:
    made = Service()
    assert _target.load(of(made)).service is made
    assert _target.load(of(lambda: made)).service is made


class App:
    """What only somebody else knows to run."""


def test_what_others_know_to_run_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made, asked = Service(), []

    def knows(thing: Any, listen: Sequence[str]) -> Service | None:
        asked.append(listen)
        return made if isinstance(thing, App) else None

    def loaded(group: str, wrong: type[Exception]) -> Iterator[Any]:
        assert group == "sennit.targets"
        yield lambda thing, listen: None
        yield knows

    monkeypatch.setattr(_target, "loaded", loaded)
    assert _target.load(of(App(), "tcp:80")).service is made
    assert asked == [("tcp:80",)]
    with pytest.raises(TargetError, match="a int: neither an application"):
        _target.load(of(5))


def test_an_endpoint_that_cannot_be_understood_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="--listen nonsense"):
        _target.load(of(Factory(), "nonsense"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no_such_module:x", "there is no module 'no_such_module'"),
        ("json:no.such", "the module 'json' has no 'no.such'"),
    ],
)
def test_a_name_that_is_not_there(name: str, said: str) -> None:
    with pytest.raises(TargetError, match=said):
        _target.load(targetNamed(name))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NoTarget, match="No such file"):
        _target.load(targetNamed(str(tmp_path / "x.tac")))


def test_a_plan_is_a_value() -> None:
    plan = Plan("x", of(5), umask=0o22)
    assert plan == plan._replace(umask=0o22)
    with pytest.raises(AttributeError):
        plan.umask = 0  # type: ignore[misc]
    assert re.search(r"(?m)^umask +0022$", plan.shown())


def test_users_and_groups_have_names_or_numbers() -> None:
    assert (uidFrom("root"), uidFrom("12"), gidFrom("0")) == (0, 12, 0)
    with pytest.raises(UsageError, match="no group"):
        gidFrom("no-such-group")


def test_an_identity_has_all_groups_of_its_user() -> None:
    found = Identity.of(0, None)
    assert (found.uid, found.gid) == (0, 0)
    assert found.groups is not None
    assert 0 in found.groups
    assert Identity.of(None, None).take(effective=False) is None
    assert Identity.of(54321, 7) == Identity(54321, 7, (7,))
    ours = Identity.of(os.getuid(), os.getgid())
    assert ours.take(effective=False) is None


@pytest.mark.parametrize(
    ("name", "loop"), [("epoll", ""), ("select", "asyncio"), ("my.loops:make",) * 2]
)
def test_loops_have_the_names_of_reactors_too(name: str, loop: str) -> None:
    assert loopNamed(name) == loop
