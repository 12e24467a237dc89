from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sennit.compat
import sennit.core.errors
from sennit.compat.aliases import ALIASES, FACES, PACKAGES


@pytest.fixture
def twisted() -> Iterator[None]:
    """The names are there during the test, and gone after it."""
    sennit.compat.install()
    yield
    sennit.compat.uninstall()


def python(code: str, *, beside: Path | None = None) -> str:
    """What a program writes, in a process of its own."""
    program = textwrap.dedent(code)
    if beside is not None:
        program = f"import sys; sys.path.insert(0, {str(beside)!r})\n{program}"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def another(tmp_path: Path) -> Path:
    """A folder with a package of another maker named twisted."""
    internet = tmp_path / "twisted" / "internet"
    internet.mkdir(parents=True)
    (tmp_path / "twisted" / "__init__.py").write_text("maker = 'another'\n")
    (internet / "__init__.py").write_text("")
    (internet / "error.py").write_text("maker = 'another'\n")
    (internet / "only_there.py").write_text("")
    return tmp_path


@pytest.mark.usefixtures("twisted")
class TestNames:
    @pytest.mark.parametrize("name", sorted(ALIASES))
    def test_every_row_of_the_table_can_be_imported(self, name: str) -> None:
        assert importlib.import_module(name) is importlib.import_module(ALIASES[name])

    @pytest.mark.parametrize("name", sorted(PACKAGES))
    def test_every_package_is_one_and_shows_what_it_is_to_show(self, name: str) -> None:
        package = importlib.import_module(name)
        shown = PACKAGES[name]
        assert package.__name__ == name
        assert list(package.__path__) == []
        for each in importlib.import_module(shown).__all__ if shown else ():
            assert hasattr(package, each)

    def test_every_row_lies_in_a_package_of_the_table(self) -> None:
        parents = {name.rpartition(".")[0] for name in [*ALIASES, *PACKAGES]} - {""}
        assert parents <= set(PACKAGES)

    def test_every_face_has_a_row(self) -> None:
        folder = importlib.import_module(FACES).__path__
        rows = {t for t in ALIASES.values() if t.startswith(FACES)} | {
            t for t in PACKAGES.values() if t
        }
        faces = {
            found.name
            for found in pkgutil.walk_packages(folder, f"{FACES}.")
            # A package may only hold faces, and private modules make up one.
            if found.name in rows or not (found.ispkg or "._" in found.name)
        }
        assert faces == rows

    def test_an_aliased_module_keeps_its_own_spec_and_name(self) -> None:
        error = importlib.import_module("twisted.internet.error")
        assert error is sennit.core.errors
        assert error.__name__ == "sennit.core.errors"
        assert error.__spec__ is not None
        assert error.__spec__.name == "sennit.core.errors"

    def test_a_module_becomes_an_attribute_of_its_package(self) -> None:
        importlib.import_module("twisted.internet.error")
        package = importlib.import_module("twisted.internet")
        assert package.error is sennit.core.errors

    def test_the_reactor_is_the_object_under_both_names(self) -> None:
        imported = importlib.import_module("twisted.internet.reactor")
        internet = importlib.import_module("twisted.internet")
        known = sys.modules["twisted.internet.reactor"]
        native: Any = sennit.core.reactor
        assert {id(imported), id(internet.reactor), id(known)} == {id(native)}
        assert type(type(native)()) is type(native)

    def test_a_module_that_is_not_there_is_named_in_the_error(self) -> None:
        with pytest.raises(ImportError, match=r"twisted\.nosuch is not provided"):
            importlib.import_module("twisted.nosuch")
        with pytest.raises(ImportError, match=r"twisted\.internet\.nosuch is not"):
            exec("from twisted.internet import nosuch")

    def test_a_name_that_a_package_lacks_is_named_in_the_error(self) -> None:
        package = importlib.import_module("twisted.python")
        with pytest.raises(AttributeError, match=r"twisted\.python\.nosuch is not"):
            _ = package.nosuch

    def test_a_name_that_a_module_lacks_is_an_import_error(self) -> None:
        with pytest.raises(ImportError, match="nosuch"):
            exec("from twisted.internet.error import nosuch")

    def test_a_module_of_an_absent_distribution_says_so(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(ALIASES, "twisted.internet.gone", "sennit.nowhere.gone")
        with pytest.raises(ImportError, match=r"sennit\.nowhere\.gone here, which"):
            importlib.import_module("twisted.internet.gone")

    def test_an_import_error_of_a_modules_own_is_left_alone(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "wants_more.py").write_text("import nosuchmoduleatall\n")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setitem(ALIASES, "twisted.internet.more", "wants_more")
        with pytest.raises(ModuleNotFoundError, match="nosuchmoduleatall"):
            importlib.import_module("twisted.internet.more")

    def test_plugins_of_others_are_found_along_the_path(self, tmp_path: Path) -> None:
        folder = tmp_path / "twisted" / "plugins"
        folder.mkdir(parents=True)
        (folder / "a_plugin.py").write_text("found = True\n")
        code = """
            import sennit.compat; sennit.compat.install()
            from twisted.plugins import a_plugin
            print(a_plugin.found)
        """
        assert python(code, beside=tmp_path) == "True"


class TestInstalling:
    def test_without_install_the_name_means_nothing(self) -> None:
        code = """
            import sennit.compat, sys
            print(any(name.startswith("twisted") for name in sys.modules))
        """
        assert python(code) == "False"

    def test_installing_twice_is_installing_once(self) -> None:
        before = list(sys.meta_path)
        sennit.compat.install()
        sennit.compat.install()
        assert sennit.compat.installed()
        assert len(sys.meta_path) == len(before) + 1
        sennit.compat.uninstall()
        sennit.compat.uninstall()
        assert not sennit.compat.installed()
        assert sys.meta_path == before

    def test_uninstalling_takes_every_name_away(self) -> None:
        sennit.compat.install()
        importlib.import_module("twisted.internet.error")
        sennit.compat.uninstall()
        assert not [name for name in sys.modules if name.partition(".")[0] == "twisted"]

    def test_installed_beside_another_it_is_the_one_that_is_found(
        self, another: Path
    ) -> None:
        code = """
            import sennit.compat; sennit.compat.install()
            import twisted.internet.error, sennit.core.errors
            print(twisted.internet.error is sennit.core.errors, hasattr(twisted, "maker"))
        """
        assert python(code, beside=another) == "True False"

    def test_installed_after_another_was_imported_it_takes_its_place(
        self, another: Path
    ) -> None:
        code = """
            import twisted.internet.error as before
            import sennit.compat; sennit.compat.install()
            from twisted.internet import error
            import sennit.core.errors
            print(before.maker, error is sennit.core.errors)
        """
        assert python(code, beside=another) == "another True"

    def test_a_name_that_only_the_other_has_is_not_found_there(
        self, another: Path
    ) -> None:
        code = """
            import sennit.compat; sennit.compat.install()
            try: import twisted.internet.only_there
            except ImportError as error: print(error)
        """
        assert "not provided by sennit.compat" in python(code, beside=another)

    def test_uninstalled_the_other_is_back_as_it_was(self, another: Path) -> None:
        code = """
            import twisted.internet.error as before
            import sennit.compat; sennit.compat.install()
            import twisted.internet.error
            sennit.compat.uninstall()
            import twisted.internet.error, twisted.internet.only_there
            print(twisted.internet.error is before, twisted.maker)
        """
        assert python(code, beside=another) == "True another"

    def test_uninstalled_and_installed_again_the_modules_are_the_same(self) -> None:
        code = """
            import sennit.compat; sennit.compat.install()
            from twisted.internet import error as first, reactor as one
            sennit.compat.uninstall(); sennit.compat.install()
            from twisted.internet import error as second, reactor as two
            print(first is second, one is two)
        """
        assert python(code) == "True True"

    @pytest.mark.skipif(
        importlib.util.find_spec("twisted") is None,
        reason="the real Twisted is not installed in this environment",
    )
    @pytest.mark.parametrize("first", ["real", "ours"])
    def test_beside_the_real_twisted(self, first: str) -> None:
        code = f"""
            if {first!r} == "real":
                import twisted.internet.defer, twisted.python.log
            import sennit.compat; sennit.compat.install()
            import twisted.internet.defer, sennit.core.defer
            assert twisted.internet.defer is sennit.core.defer
            sennit.compat.uninstall()
            import twisted.internet.defer
            print(twisted.internet.defer.__name__)
        """
        assert python(code) == "twisted.internet.defer"
