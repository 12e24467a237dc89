"""The names by which classes are known on both sides."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from sennit.core.cred.error import UnauthorizedLogin
from sennit.spread._names import known_names, main_module, wire_name


def main_at(monkeypatch: pytest.MonkeyPatch, **attributes: object) -> None:
    main = ModuleType("__main__")
    vars(main).update(attributes)
    monkeypatch.setitem(sys.modules, "__main__", main)


class Local:
    class Inner:
        pass


Local.__module__ = Local.Inner.__module__ = "__main__"


def test_a_class_goes_by_its_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever can import it finds it under this name."""
    assert wire_name(SimpleNamespace) == "types.SimpleNamespace"


def test_the_program_is_called_by_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who imports it never sees it as ``__main__``."""
    main_at(monkeypatch, __spec__=None, __file__="/somewhere/pbecho.py")
    assert wire_name(Local.Inner) == "pbecho.Inner"
    assert known_names("pbecho.Local") == ("pbecho.Local", "__main__.Local")


def test_a_module_run_by_its_name_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """``python -m package.module`` knows more than the file's name."""
    spec = SimpleNamespace(name="package.module")
    main_at(monkeypatch, __spec__=spec, __file__="/package/module.py")
    assert main_module() == "package.module"


@pytest.mark.parametrize("attributes", [{}, {"__file__": "/bin/my-program"}])
def test_what_has_no_name_stays_main(
    monkeypatch: pytest.MonkeyPatch, attributes: dict[str, object]
) -> None:
    """Nobody can import what a prompt, or a file that is no module, defines."""
    main_at(monkeypatch, **attributes)
    assert wire_name(Local) == "__main__.Local"


def test_errors_of_ours_go_by_the_name_that_twisted_has() -> None:
    """Both traps work: that of a Twisted client, and that of a client of ours."""
    theirs = "twisted.cred.error.UnauthorizedLogin"
    assert wire_name(UnauthorizedLogin) == theirs
    ours = f"{UnauthorizedLogin.__module__}.UnauthorizedLogin"
    assert known_names(theirs) == (theirs, ours)
