from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from zope.interface import implementedBy, implementer

import sennit.compat
from sennit.compat.faces.python import modules
from sennit.compat.faces.python.components import getRegistry, registerAdapter
from sennit.core.filepath import FilePath

FILES = {
    "plain.py": "value = 1\nclass Thing:\n    inner = 2\n",
    "compiled.pyc": "",
    "both.py": "",
    "both.pyc": "",
    "package/__init__.py": "",
    "package/one.py": "",
    "package/sub/__init__.py": "",
    "package/sub/deep.py": "",
    "no_package/x.py": "",
    "dot.ted.py": "",
    "da-sh.py": "",
    "notes.txt": "",
    "broken.py": "raise KeyError('mine')\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of modules."""
    root = tmp_path / "lib"
    for name, text in FILES.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of modules."""
    path = tmp_path / "lib.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name in ("zipped.py", "zpack/__init__.py", "zpack/inner.py"):
            file.writestr(name, "")
    return path


@pytest.fixture
def path(folder: Path, archive: Path) -> modules.PythonPath:
    """A search path on which nothing was imported."""
    return modules.PythonPath([str(folder), str(archive), "/no/such/folder"], {})


@pytest.fixture
def importable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The folder on Python's own search path."""
    monkeypatch.syspath_prepend(folder)
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


def names(found: Iterator[modules.PythonModule]) -> list[str]:
    return [module.name for module in found]


class TestListing:
    def test_modules_and_packages_are_found_by_the_names_of_files(
        self, path: modules.PythonPath
    ) -> None:
        assert names(path.iterModules()) == [
            "both",
            "broken",
            "compiled",
            "package",
            "plain",
            "zipped",
            "zpack",
        ]

    def test_all_that_is_in_packages_is_walked(self, path: modules.PythonPath) -> None:
        inside = ["package", "package.one", "package.sub", "package.sub.deep"]
        assert names(path["package"].walkModules()) == inside
        assert names(path["zpack"].walkModules()) == ["zpack", "zpack.inner"]
        walked = names(path.walkModules())
        assert set(inside) < set(walked)
        assert names(path["plain"].iterModules()) == []

    def test_the_first_of_two_files_is_the_modules(
        self, path: modules.PythonPath
    ) -> None:
        assert path["both"].filePath.basename() == "both.py"

    def test_entries_of_the_path_are_folders_and_archives(
        self, path: modules.PythonPath, folder: Path, archive: Path
    ) -> None:
        first, second, third = path.iterEntries()
        assert first.filePath == FilePath(str(folder))
        assert first.pythonPath is path
        assert names(second.walkModules()) == ["zipped", "zpack", "zpack.inner"]
        assert names(third.iterModules()) == []
        assert first["plain"] == path["plain"]
        assert "lib" in repr(first)

    def test_a_folder_in_an_archive_may_be_an_entry(self, archive: Path) -> None:
        path = modules.PythonPath([f"{archive}{os.sep}zpack"], {})
        assert names(path.iterModules()) == ["inner"]

    def test_a_loop_says_what_to_loop_over(self, path: modules.PythonPath) -> None:
        for thing in (path, path["plain"], next(path.iterEntries())):
            with pytest.raises(NotImplementedError, match="iterModules"):
                list(thing)

    def test_an_unknown_importer_is_taken_for_one_of_folders(self) -> None:
        path = modules.PythonPath(["secret"], {}, [lambda entry: object()], {})
        assert names(path.iterModules()) == []

    def test_an_importer_of_the_programs_own_can_tell_its_paths(
        self, folder: Path
    ) -> None:
        class Importer:
            pass

        @implementer(modules.IPathImportMapper)
        class Mapper:
            def __init__(self, importer: Importer) -> None: ...

            def mapPath(self, pathLikeString: str) -> FilePath[str]:
                return FilePath(str(folder)).child(pathLikeString)

        registerAdapter(Mapper, Importer, modules.IPathImportMapper)
        path = modules.PythonPath(["package"], {}, [lambda entry: Importer()], {})
        assert names(path.iterModules()) == ["one", "sub"]
        asks = [implementedBy(Importer)]
        getRegistry().unregister(asks, modules.IPathImportMapper, "")

    def test_the_path_may_be_another_one_each_time(self, folder: Path) -> None:
        entries: list[str] = []
        path = modules.PythonPath(sysPathFactory=lambda: entries)
        assert names(path.iterModules()) == []
        entries.append(str(folder))
        assert path.sysPath is entries
        assert "plain" in path


class TestPicking:
    def test_a_module_is_picked_by_its_dotted_name(
        self, path: modules.PythonPath
    ) -> None:
        deep = path["package.sub.deep"]
        assert deep == path["package"]["sub"]["deep"]
        assert deep.filePath.basename() == "deep.py"
        assert not deep.isPackage()
        assert path["package"].isPackage()
        assert repr(deep) == "PythonModule<'package.sub.deep'>"

    @pytest.mark.parametrize(
        "name", ["nope", "package.nope", "plain.value", "", ".", "a..b", "dot.ted"]
    )
    def test_what_is_not_there_is_a_key_error(
        self, path: modules.PythonPath, name: str
    ) -> None:
        assert name not in path
        with pytest.raises(KeyError):
            path[name]

    def test_modules_are_equal_by_their_names(self, path: modules.PythonPath) -> None:
        assert path["plain"] == path["plain"] != path["both"]
        assert len({path["plain"], path["plain"]}) == 1
        assert path["plain"] != "plain"

    def test_a_module_that_must_not_be_imported_is_found_all_the_same(
        self, folder: Path
    ) -> None:
        forbidden: dict[str, Any] = {"package": None}
        path = modules.PythonPath([str(folder)], forbidden)
        assert not path["package"].isLoaded()
        assert "package.one" in names(path.walkModules())


@pytest.mark.usefixtures("importable")
class TestLoading:
    def test_nothing_is_imported_before_it_is_asked_for(self) -> None:
        module = modules.getModule("plain")
        assert not module.isLoaded()
        with pytest.raises(NotImplementedError, match="plain was not imported"):
            next(module.iterAttributes())
        assert module.load().value == 1
        assert module.isLoaded()

    def test_attributes_are_known_of_what_was_imported(self) -> None:
        module = modules.getModule("plain")
        module.load()
        found = {each.name: each for each in module.iterAttributes()}
        assert found["plain.value"].load() == 1
        thing = found["plain.Thing"]
        assert thing.isLoaded()
        assert thing.onObject is module
        assert "plain.Thing.inner" in [each.name for each in thing.iterAttributes()]
        assert repr(thing) == "PythonAttribute<'plain.Thing'>"

    def test_an_error_of_the_modules_own_is_raised_unless_there_is_a_default(
        self,
    ) -> None:
        module = modules.getModule("broken")
        with pytest.raises(KeyError, match="mine"):
            module.load()
        assert module.load(None) is None

    def test_a_package_that_was_imported_tells_where_its_modules_lie(
        self, folder: Path
    ) -> None:
        package = modules.getModule("package")
        package.load().__path__.append(str(folder / "no_package"))
        assert "package.x" in names(package.iterModules())
        del sys.modules["package"].__path__
        assert names(package.iterModules()) == []

    def test_packages_may_be_imported_on_the_walk(self) -> None:
        walk = modules.getModule("package").walkModules(importPackages=True)
        assert "package.sub.deep" in names(walk)
        assert "package.sub" in sys.modules
        assert "package.one" not in sys.modules

    def test_pythons_own_path_is_walked_by_functions(self) -> None:
        assert "plain" in names(modules.iterModules())
        assert next(modules.walkModules()).name == "both"
        assert modules.theSystemPath.sysPath is sys.path


class TestImported:
    def test_a_module_that_was_imported_is_found_by_its_file(self) -> None:
        module = modules.getModule("json.decoder")
        assert module.filePath.path == sys.modules["json.decoder"].__file__
        assert module.pathEntry.filePath.path in sys.path
        assert modules.getModule("json").isPackage()

    def test_the_running_program_is_a_module(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        main = ModuleType("__main__")
        main.__file__ = str(folder / "plain.py")
        path = modules.PythonPath(
            [], {"__main__": main}, importerCache={str(folder): None}
        )
        assert path["__main__"].filePath == FilePath(str(folder)).child("plain.py")

    def test_a_module_of_the_interpreter_has_no_file(self) -> None:
        with pytest.raises(KeyError, match="sys"):
            modules.getModule("sys")

    def test_it_is_told_if_a_module_did_not_come_through_an_importer(
        self, folder: Path
    ) -> None:
        strange = ModuleType("strange")
        strange.__file__ = str(folder / "plain.py")
        path = modules.PythonPath([], {"strange": strange}, importerCache={})
        with pytest.warns(UserWarning, match="no importer has searched") as caught:
            assert path["strange"].filePath.basename() == "plain.py"
        assert caught[0].filename == __file__

    def test_names_of_twisted_lead_to_the_files_of_ours(self) -> None:
        sennit.compat.install()
        try:
            __import__("twisted.python.reflect")
            for name in ("twisted", "twisted.python", "twisted.python.reflect"):
                module = modules.getModule(name)
                assert "sennit" in module.filePath.path
                assert module.pathEntry.filePath.path in sys.path
        finally:
            sennit.compat.uninstall()

    def test_an_old_program_finds_the_files_beside_it(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("beside")
        (tmp_path / "old.py").write_text(
            textwrap.dedent(
                """
                from twisted.python import modules, usage

                class Options(usage.Options):
                    optParameters = [["file", "f", None, "The file."]]

                options = Options()
                options.parseOptions()
                folder = modules.getModule(__name__).filePath.parent()
                print(folder.child(options["file"]).getContent().decode())
                """
            )
        )
        command = [sys.executable, "-m", "sennit.compat", "old.py", "-f", "notes.txt"]
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert (ran.stdout, ran.stderr) == ("beside\n", "")
