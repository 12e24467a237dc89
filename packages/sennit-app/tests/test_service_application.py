"""Applications: the root of a tree, what stands for it, and how a file gives one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from zope.interface.interface import InterfaceClass
from zope.interface.verify import verifyObject

from sennit.app import service
from sennit.app.interfaces import (
    IProcess,
    IService,
    IServiceCollection,
    IServiceMaker,
)


def test_an_application_has_services_and_a_process() -> None:
    application = service.Application("shop", 5, 6)
    adapt: Any = IServiceCollection
    services = adapt(application)
    assert services.name == application.name == "shop"
    assert services is IService(application)  # type: ignore[misc, call-arg]
    process = IProcess(application)  # type: ignore[misc, call-arg]
    assert (process.uid, process.gid, process.processName) == (5, 6, None)
    assert verifyObject(IProcess, process)


def test_services_are_added_to_an_application() -> None:
    application = service.Application("shop")
    made = service.Service()
    made.setServiceParent(application)
    assert list(application.services) == [made]


def test_other_things_may_stand_for_an_application() -> None:
    INamed = InterfaceClass("INamed")

    application = service.Application("shop")
    assert application.getComponent(INamed, "nothing") == "nothing"
    application.setComponent(INamed, "x")
    assert (application.getComponent(INamed), INamed(application)) == ("x", "x")


def test_a_file_gives_its_application(tmp_path: Path) -> None:
    tac = tmp_path / "shop.tac"
    tac.write_text(
        "from __future__ import annotations\n"
        "from sennit.app import service\n"
        "application = service.Application(__name__ + ' ' + __file__)\n"
    )
    assert service.loadApplication(tac).name == f"shop {tac}"


def test_a_file_without_an_application_is_none(tmp_path: Path) -> None:
    tac = tmp_path / "shop.tac"
    tac.write_text("x = 1\n")
    with pytest.raises(KeyError, match="application"):
        service.loadApplication(tac)
    with pytest.raises(ValueError, match="pickle"):
        service.loadApplication(tac, "pickle")


def test_a_maker_imports_its_module_when_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a_shop.py").write_text(
        "class Options: pass\ndef makeService(options): return type(options).__name__\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    made = service.ServiceMaker("Shop", "a_shop", "sells", "shop")
    assert "a_shop" not in sys.modules
    assert verifyObject(IServiceMaker, made)
    assert made.makeService(made.options()) == "Options"
    del sys.modules["a_shop"]


def test_services_are_cheap_to_import() -> None:
    """Neither click nor zope is needed for a tree of services."""
    program = (
        "import sys, sennit.app.service, sennit.app.internet\n"
        "application = sennit.app.service.Application('x')\n"
        "sennit.app.service.Service().setServiceParent(application)\n"
        "print([m for m in ('click', 'zope.interface', 'importlib.metadata') "
        "if m in sys.modules])"
    )
    printed = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert printed == "[]\n"
