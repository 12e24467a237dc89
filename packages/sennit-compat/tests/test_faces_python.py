from __future__ import annotations

import asyncio
import errno
import io
import os
import pickle
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from sennit.compat.faces import copyright, root
from sennit.compat.faces.python import (
    compat,
    context,
    filepath,
    reflect,
    runtime,
    threadable,
    util,
    versions,
)


class TestVersions:
    def test_the_version_answered_for_is_told_in_both_forms(self) -> None:
        assert root.__version__ == root.version.public()
        assert root.version >= versions.Version("Twisted", 26, 0, 0)

    def test_versions_are_ordered(self) -> None:
        made = [
            versions.Version("x", 1, 0, 0, dev=1),
            versions.Version("x", 1, 0, 0, release_candidate=1, dev=2),
            versions.Version("x", 1, 0, 0, release_candidate=1),
            versions.Version("x", 1, 0, 0, prerelease=2),
            versions.Version("x", 1, 0, 0),
            versions.Version("x", 1, 0, 0, post=1),
            versions.Version("x", 1, 1, 0),
        ]
        shuffled = made[::-1]
        shuffled.sort()
        assert shuffled == made
        assert len(set(made)) == len(made)

    def test_versions_of_two_packages_cannot_be_compared(self) -> None:
        one, other = versions.Version("x", 1, 0, 0), versions.Version("y", 1, 0, 0)
        with pytest.raises(versions.IncomparableVersions):
            _ = one < other

    def test_a_version_has_its_texts(self) -> None:
        version = versions.Version("x", 1, 2, 3, release_candidate=4)
        assert version.short() == "1.2.3rc4"
        assert version.prerelease == 4
        assert versions.getVersionString(version) == "x 1.2.3rc4"
        assert repr(version) == "Version('x', 1, 2, 3, release_candidate=4)"
        assert str(version) == "[x, version 1.2.3rc4]"

    def test_a_version_without_a_number_comes_after_all(self) -> None:
        coming = versions.Version("x", "NEXT", 0, 0)
        assert coming > versions.Version("x", 99, 0, 0)
        assert coming.public() == "NEXT"
        assert repr(coming) == "Version('x', 'NEXT', 0, 0)"

    def test_what_is_said_of_the_package_names_the_version(self) -> None:
        assert copyright.version == root.__version__
        assert copyright.longversion == str(root.version)
        assert copyright.copyright in copyright.disclaimer

    def test_a_candidate_is_named_once(self) -> None:
        with pytest.raises(ValueError, match="older name"):
            versions.Version("x", 1, 0, 0, release_candidate=1, prerelease=1)


class TestContext:
    def test_a_call_sees_its_values_over_those_around_it(self) -> None:
        def seen() -> tuple[object, ...]:
            return context.get("a"), context.get("b"), context.get("c", 3)

        def inner() -> tuple[object, ...]:
            return context.call({"b": 2}, seen)

        assert context.call({"a": 1, "b": 1}, inner) == (1, 2, 3)
        assert context.get("a") is None

    def test_a_default_holds_where_no_call_sets_the_key(self) -> None:
        key = object()
        context.setDefault(key, "default")
        assert context.get(key) == "default"
        assert context.call({"x": 1}, context.get, key) == "default"
        del context.defaultContextDict[key]

    def test_the_tracker_shows_the_innermost_values_last(self) -> None:
        def contexts() -> list[dict[object, Any]]:
            return context.theContextTracker.currentContext().contexts

        assert contexts() == [context.defaultContextDict]
        assert context.call({1: 2}, contexts)[-1] == {1: 2}


class TestReflect:
    def test_any_name_leads_to_its_object(self) -> None:
        assert reflect.namedAny("os") is os
        assert reflect.namedAny("os.path.join") is os.path.join
        assert reflect.namedAny("pathlib.Path.name.__doc__") == Path.name.__doc__
        assert reflect.namedClass("pathlib.Path") is Path

    @pytest.mark.parametrize(
        ("name", "error"),
        [
            ("", reflect.InvalidName),
            ("os..path", reflect.InvalidName),
            ("nosuchmoduleatall", reflect.ModuleNotFound),
            ("no.such.module", reflect.ObjectNotFound),
            ("os.path.nosuch", AttributeError),
        ],
    )
    def test_a_name_that_leads_nowhere_has_its_error(
        self, name: str, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            reflect.namedAny(name)

    def test_an_import_error_of_the_module_itself_is_not_hidden(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "broken_inside.py").write_text("import nosuchmoduleatall\n")
        monkeypatch.syspath_prepend(tmp_path)
        with pytest.raises(ModuleNotFoundError, match="nosuchmoduleatall"):
            reflect.namedAny("broken_inside.x")

    def test_a_module_may_be_absent(self) -> None:
        assert reflect.requireModule("os") is os
        assert reflect.requireModule("no.such", default=1) == 1

    def test_objects_tell_their_names(self) -> None:
        assert reflect.qual(Path) == f"{Path.__module__}.Path"
        assert reflect.fullyQualifiedName(len) == "len"
        assert reflect.fullyQualifiedName(os) == "os"
        assert reflect.fullyQualifiedName(reflect.qual).endswith(".reflect.qual")
        method = self.test_objects_tell_their_names
        assert reflect.fullyQualifiedName(method).endswith(
            f"TestReflect.{method.__name__}"
        )

    def test_a_file_tells_its_modules_name(self, tmp_path: Path) -> None:
        package = tmp_path / "outer" / "inner"
        package.mkdir(parents=True)
        for each in (package, package.parent):
            (each / "__init__.py").touch()
        assert reflect.filenameToModuleName(str(package / "x.py")) == "outer.inner.x"
        assert reflect.filenameToModuleName(bytes(package)) == "outer.inner"

    def test_a_text_is_had_of_what_refuses_one(self) -> None:
        class Broken:
            def __repr__(self) -> str:
                raise RuntimeError("no text")

        assert "Broken instance at 0x" in reflect.safe_repr(Broken())
        assert "RuntimeError: no text" in reflect.safe_str(Broken())
        assert reflect.safe_str("ü".encode()) == "ü"
        assert reflect.safe_str(b"\xff") == r"b'\xff'"

    def test_methods_are_found_by_a_prefix(self) -> None:
        class Base:
            listing = (1,)
            mapping = MappingProxyType({"a": 1})

            def do_one(self) -> int:
                return 1

        class Derived(Base):
            listing = (2,)
            mapping = MappingProxyType({"b": 2})

            def do_two(self) -> int:
                return 2

        assert reflect.prefixedMethodNames(Derived, "do_") == ["one", "two"]
        assert [m() for m in reflect.prefixedMethods(Derived(), "do_")] == [1, 2]
        listing: list[int] = []
        mapping: dict[str, int] = {}
        reflect.accumulateClassList(Derived, "listing", listing)
        reflect.accumulateClassDict(Derived, "mapping", mapping)
        assert (listing, mapping) == ([1, 2], {"a": 1, "b": 2})


class TestThreadable:
    def test_one_thread_at_a_time_is_in_the_methods_listed(self) -> None:
        class Counter:
            synchronized = ("add",)
            inside = 0
            most = 0

            def add(self) -> None:
                self.inside += 1
                self.most = max(self.most, self.inside)
                self.inside -= 1

        threadable.synchronize(Counter)
        counter = Counter()
        add: Callable[[], object] = counter.add
        threads = [
            threading.Thread(target=lambda: [add() for _ in range(1000)])
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert counter.most == 1

    def test_without_a_word_the_io_thread_is_one_with_a_running_loop(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def ask() -> bool:
            return threadable.isInIOThread()

        monkeypatch.setattr(threadable, "ioThread", None)
        assert asyncio.run(ask())
        assert not threadable.isInIOThread()

    def test_the_io_thread_is_the_one_that_said_so(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(threadable, "ioThread", None)
        answers: list[bool] = []
        threadable.registerAsIOThread()
        thread = threading.Thread(
            target=lambda: answers.append(threadable.isInIOThread())
        )
        thread.start()
        thread.join()
        assert threadable.isInIOThread()
        assert answers == [False]

    def test_a_lock_can_be_pickled_and_taken_twice(self) -> None:
        lock = pickle.loads(pickle.dumps(threadable.XLock()))
        with lock, lock:
            assert lock.acquire(blocking=False)
            lock.release()


class TestCompat:
    def test_ascii_text_goes_both_ways(self) -> None:
        assert compat.nativeString(b"abc") == compat.nativeString("abc") == "abc"
        assert compat.networkString("abc") == b"abc"
        for bad in ("\xe9", b"\xe9"):
            with pytest.raises(UnicodeError):
                compat.nativeString(bad)
        with pytest.raises(UnicodeError):
            compat.networkString("\xe9")
        with pytest.raises(TypeError):
            compat.nativeString(1)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            compat.networkString(b"x")  # type: ignore[arg-type]

    def test_bytes_come_one_by_one_or_as_a_view(self) -> None:
        assert list(compat.iterbytes(b"ab")) == [b"a", b"b"]
        assert bytes(compat.lazyByteSlice(b"abcd", 1, 2)) == b"bc"
        assert bytes(compat.lazyByteSlice(b"abcd", 2)) == b"cd"
        assert compat.intToBytes(-12) == b"-12"

    def test_a_file_tells_whether_it_is_of_text(self, tmp_path: Path) -> None:
        assert compat.ioType(io.StringIO()) is str
        assert compat.ioType(io.BytesIO()) is bytes
        assert compat.ioType(object(), default=int) is int

    def test_a_class_with_cmp_gets_the_comparisons(self) -> None:
        @compat.comparable
        class Number:
            def __init__(self, value: int) -> None:
                self.value = value

            def __cmp__(self, other: object) -> Any:
                if not isinstance(other, Number):
                    return NotImplemented
                return compat.cmp(self.value, other.value)

        one: Any = Number(1)
        two: Any = Number(2)
        assert one < two
        assert one <= two
        assert two > one
        assert two >= one
        assert one == Number(1)
        assert one != two
        assert one != 1

    def test_a_file_runs_in_a_namespace(self, tmp_path: Path) -> None:
        (tmp_path / "code.py").write_text("x = y + 1\n")
        names: dict[str, Any] = {"y": 1}
        compat.execfile(os.fsencode(tmp_path / "code.py"), names)
        assert names["x"] == 2

    def test_mappings_and_frames(self) -> None:
        assert list(compat.iteritems({1: 2})) == list(compat.items({1: 2})) == [(1, 2)]
        assert list(compat.itervalues({1: 2})) == [2]
        assert list(compat.izip([1], [2])) == [(1, 2)]
        assert compat.currentframe() is sys._getframe()
        assert compat.bytesEnviron()[b"PATH"] == os.environb[b"PATH"]
        with pytest.raises(KeyError):
            compat.reraise(KeyError(), None)


class TestUtil:
    def test_a_sibling_lies_beside(self) -> None:
        assert util.sibpath(__file__, "x") == str(Path(__file__).parent / "x")

    def test_lists_are_thinned_and_filled(self) -> None:
        assert util.uniquify([2, 1, 2]) == [2, 1]
        assert util.padTo(3, [1], 0) == [1, 0, 0]
        with pytest.raises(ValueError, match="3 items"):
            util.padTo(2, [1, 2, 3])

    def test_a_call_that_is_interrupted_is_made_again(self) -> None:
        calls = iter([InterruptedError, OSError(errno.EINTR), None])

        def call() -> str:
            error = next(calls)
            if error is not None:
                raise error
            return "done"

        assert util.untilConcludes(call) == "done"

    def test_objects_are_equal_and_shown_by_their_attributes(self) -> None:
        class Point(util.FancyEqMixin, util.FancyStrMixin):
            compareAttributes = ("x", "y")
            showAttributes = ("x", ("y", str), ("y", "why", "%.1f"))

            def __init__(self, x: int, y: int) -> None:
                self.x, self.y = x, y

        assert Point(1, 2) == Point(1, 2) != Point(1, 3)
        assert str(Point(1, 2)) == "<Point x=1 y=2 why=2.0>"

    def test_a_line_is_printed(self, capsys: pytest.CaptureFixture[str]) -> None:
        util.println("a", 1)
        assert capsys.readouterr().out == "a 1\n"

    def test_warnings_are_kept_back(self) -> None:
        import warnings

        def warn() -> int:
            warnings.warn("a word", stacklevel=1)
            return 1

        kept = [(("ignore",), {"message": "a word"})]
        assert util.runWithWarningsSuppressed(kept, warn) == 1


class TestRuntime:
    def test_the_platform_is_the_one_we_run_on(self) -> None:
        assert runtime.platform.isLinux() == sys.platform.startswith("linux")
        assert runtime.platform.isWindows() == (os.name == "nt")
        assert runtime.platform.isKnown()
        assert runtime.platformType == runtime.platform.getType()
        assert runtime.shortPythonVersion() == sys.version.split()[0].rstrip("+")

    def test_another_platform_can_be_asked_about(self) -> None:
        mac = runtime.Platform("posix", "darwin")
        assert mac.isMacOSX()
        assert not mac.isLinux()
        assert runtime.Platform("nt", "win32").isWinNT()
        assert not runtime.Platform("riscos").isKnown()


class TestFilePath:
    def test_the_path_is_the_native_one_and_provides_its_interface(
        self, tmp_path: Path
    ) -> None:
        path = filepath.FilePath(str(tmp_path))
        assert type(path).__module__.startswith("sennit.core.filepath")
        provided: Any = filepath.IFilePath
        assert provided.providedBy(path)
