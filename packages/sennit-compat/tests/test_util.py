from __future__ import annotations

import getpass
import grp
import io
import itertools
import os
import pickle
import pwd
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sennit.compat.faces.python import util


class TestInsensitiveDict:
    def test_keys_are_found_whatever_their_case(self) -> None:
        mapping = util.InsensitiveDict({"Foo": 1, b"Bar": 2, 3: 4})
        assert mapping["fOO"] == 1
        assert b"BAR" in mapping
        assert mapping.has_key(3)
        assert "nope" not in mapping
        with pytest.raises(KeyError):
            mapping["nope"]
        del mapping["FOO"]
        assert len(mapping) == 2

    def test_keys_keep_the_case_they_were_last_given_in(self) -> None:
        mapping = util.InsensitiveDict({"Foo": 1})
        mapping["FOO"] = 2
        assert mapping.items() == [("FOO", 2)]
        assert list(mapping) == list(mapping.iterkeys()) == mapping.keys() == ["FOO"]
        assert mapping.values() == list(mapping.itervalues()) == [2]
        assert list(mapping.iteritems()) == mapping.items()

    def test_or_are_put_in_small_letters(self) -> None:
        mapping = util.InsensitiveDict({"Foo": 1}, preserve=0)
        assert mapping.keys() == ["foo"]
        assert mapping.copy().keys() == ["foo"]

    def test_mappings_are_equal_whatever_the_case(self) -> None:
        mapping = util.InsensitiveDict({"Foo": 1})
        assert mapping == util.InsensitiveDict({"fOO": 1}) == {"FOO": 1}
        assert mapping != {"foo": 2}
        assert mapping != 3
        assert pickle.loads(pickle.dumps(mapping)) == mapping
        assert repr(mapping) == "InsensitiveDict({'Foo': 1})"


class TestIntervals:
    def test_the_times_to_wait_are_those_of_all_intervals_merged(self) -> None:
        walk = iter(util.IntervalDifferential([7, 11, 13], 10))
        assert list(itertools.islice(walk, 6)) == [
            (7, 0),
            (4, 1),
            (2, 2),
            (1, 0),
            (7, 0),
            (1, 1),
        ]

    def test_without_intervals_the_default_is_waited(self) -> None:
        walk = iter(util.IntervalDifferential([], 60))
        assert [next(walk), next(walk)] == [(60, None), (60, None)]
        walk.addInterval(5)
        assert next(walk) == (5, 0)

    def test_intervals_come_and_go_on_the_way(self) -> None:
        walk = iter(util.IntervalDifferential([3, 5]))
        assert [next(walk), next(walk)] == [(3, 0), (2, 1)]
        walk.addInterval(4)
        walk.removeInterval(3)
        assert [next(walk), next(walk), next(walk)] == [(4, 1), (1, 0), (3, 1)]
        with pytest.raises(ValueError, match="3"):
            walk.removeInterval(3)

    @given(st.lists(st.integers(1, 20), min_size=1, max_size=5))
    def test_each_interval_is_over_at_its_multiples(self, intervals: list[int]) -> None:
        now = 0
        times: dict[int | None, list[float]] = {}
        for wait, place in itertools.islice(util.IntervalDifferential(intervals), 50):
            now += int(wait)
            times.setdefault(place, []).append(now)
        for place, instants in times.items():
            assert place is not None
            step = intervals[place]
            assert instants == [step * (n + 1) for n in range(len(instants))]


class TestTexts:
    @pytest.mark.parametrize(
        ("name", "label"),
        [
            ("f", "F"),
            ("fooBar", "Foo Bar"),
            ("HTTPServer", "HTTP Server"),
            ("foo2Bar", "Foo2 Bar"),
            ("fooBAR", "Foo BAR"),
            ("", ""),
        ],
    )
    def test_a_name_becomes_words(self, name: str, label: str) -> None:
        assert util.nameToLabel(name) == label

    def test_a_bar_has_its_width_and_is_told_once(self) -> None:
        bar = util.makeStatBar(10, 100)
        assert [bar(0), bar(1), bar(50), bar(100), bar(300)] == [
            "[>-------]",
            "",
            "[===>----]",
            "[=======>]",
            "",
        ]
        assert bar(100, 1) == "[=======>]"
        assert util.makeStatBar(6, 4, "#", ".", "|")(2) == "[#|..]"

    def test_the_last_lines_are_kept(self) -> None:
        log = util.LineLog(2)
        for line in (b"a", b"b", b"c"):
            log.append(line)
        assert bytes(log) == log.str() == b"b\nc"
        assert (log[0], log[-1], log[0:2]) == (b"b", b"c", [b"b", b"c"])
        log.clear()
        assert log.str() == b""
        endless = util.LineLog(0)
        for _ in range(100):
            endless.append(b"x")
        assert len(endless.log) == 100


class TestCalls:
    def test_a_call_is_asked_whether_it_raises(self) -> None:
        assert util.raises(KeyError, {2: 2}.__getitem__, 1)
        assert not util.raises(KeyError, {1: 1}.__getitem__, 1)
        with pytest.raises(ZeroDivisionError):
            util.raises(KeyError, lambda: 1 // 0)

    def test_a_function_takes_the_looks_of_another(self) -> None:
        def original() -> None:
            """Its text."""

        def other(x: int) -> int:
            """Another text."""
            return x

        vars(original)["shared"] = vars(original)["mine"] = 1
        vars(other)["shared"] = vars(other)["theirs"] = 2
        merged = util.mergeFunctionMetadata(original, other)
        assert merged is other
        assert merged(3) == 3
        assert (merged.__name__, merged.__doc__) == ("original", "Its text.")
        assert vars(merged) == {"shared": 1, "mine": 1, "theirs": 2}

    def test_what_is_no_function_gives_what_it_has(self) -> None:
        class Callable:
            def __call__(self) -> None: ...

        def other() -> None: ...

        util.mergeFunctionMetadata(Callable(), other)
        assert other.__name__ == "other"

    def test_calls_are_printed_while_they_are_traced(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        class Thing:
            def method(self) -> None:
                util.spewer(sys._getframe(), "call", None)

        def function() -> None:
            util.spewer(sys._getframe(), "call", None)

        thing = Thing()
        thing.method()
        function()
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].startswith("method method of ")
        assert lines[0].endswith(f"Thing at {id(thing)}")
        assert lines[1].startswith(f"function function in {__file__}, line ")


class TestFiles:
    def test_a_folder_is_found_above(self, tmp_path: Path) -> None:
        deep = tmp_path / "a" / "b"
        deep.mkdir(parents=True)
        (tmp_path / "file").touch()
        found = util.searchupwards(str(deep), files=["file"], dirs=["a"])
        assert found == f"{tmp_path}{os.sep}"
        assert util.searchupwards(str(deep), files=["no such file at all"]) is None

    def test_the_folder_of_a_users_plugins_is_searched_for_modules(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setattr(sys, "path", [])
        util.addPluginDir()
        assert sys.path == list(util.getPluginDirs()) == []
        (tmp_path / "TwistedPlugins").mkdir()
        util.addPluginDir()
        assert sys.path == [str(tmp_path / "TwistedPlugins")]


class System:
    """Stands for the functions of `os` that change whose the process is."""

    def __init__(self, uid: int, gid: int) -> None:
        self.uid, self.gid = uid, gid
        self.calls: list[tuple[str, Any]] = []
        for name in ("setuid", "seteuid", "setgid", "setegid", "initgroups"):
            setattr(self, name, self._noting(name))

    def _noting(self, name: str) -> Any:
        def note(*args: object) -> None:
            self.calls.append((name, *args))  # type: ignore[arg-type]

        return note

    def getuid(self) -> int:
        return self.uid

    geteuid = getuid

    def getgid(self) -> int:
        return self.gid

    getegid = getgid


@pytest.fixture
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> System:
    """The system, where the process is user 1 of group 2 unless told otherwise."""
    made = System(*getattr(request, "param", (1, 2)))
    monkeypatch.setattr(util, "os", made)
    monkeypatch.setattr(
        util,
        "pwd",
        SimpleNamespace(getpwuid=lambda uid: SimpleNamespace(pw_name="joe")),
    )
    return made


class TestUsers:
    def test_users_and_groups_are_given_by_number_or_by_name(self) -> None:
        me = pwd.getpwuid(os.getuid())
        assert util.uidFromString(me.pw_name) == me.pw_uid
        assert util.uidFromString("12") == util.gidFromString("12") == 12
        ours = grp.getgrgid(os.getgid())
        assert util.gidFromString(ours.gr_name) == ours.gr_gid
        for convert in (util.uidFromString, util.gidFromString):
            with pytest.raises(KeyError):
                convert("no such name at all")

    def test_a_system_without_lists_knows_numbers_only(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(util, "pwd", None)
        monkeypatch.setattr(util, "grp", None)
        assert util.uidFromString("1") == util.gidFromString("1") == 1
        for convert in (util.uidFromString, util.gidFromString):
            with pytest.raises(ValueError, match="root"):
                convert("root")

    def test_the_process_becomes_another_users(self, system: System) -> None:
        util.switchUID(5, 6)
        assert system.calls == [("setgid", 6), ("initgroups", "joe", 6), ("setuid", 5)]
        system.calls.clear()
        util.switchUID(5, None, euid=True)
        assert system.calls == [("initgroups", "joe", 2), ("seteuid", 5)]
        system.calls.clear()
        util.switchUID(None, 6)
        assert system.calls == [("setgid", 6)]

    def test_it_is_told_if_the_process_is_the_users_already(
        self, system: System
    ) -> None:
        with pytest.warns(UserWarning, match="setuid 1 but uid is already 1"):
            util.switchUID(1, None)
        assert system.calls == []

    @pytest.mark.parametrize(
        ("system", "user", "calls"),
        [
            ((1, 2), (1, 2), []),
            ((0, 0), (5, 0), [("seteuid", 5), ("seteuid", 0)]),
            ((1, 2), (0, 2), [("seteuid", 0), ("seteuid", 1)]),
            (
                (0, 0),
                (5, 6),
                [("setegid", 6), ("seteuid", 5), ("seteuid", 0), ("setegid", 0)],
            ),
        ],
        indirect=["system"],
    )
    def test_a_function_has_another_users_rights_with_the_fewest_changes(
        self, system: System, user: tuple[int, int], calls: list[tuple[str, int]]
    ) -> None:
        assert util.runAsEffectiveUser(*user, lambda x: x, 3) == 3
        assert system.calls == calls

    def test_the_rights_come_back_after_an_error(self, system: System) -> None:
        with pytest.raises(ZeroDivisionError):
            util.runAsEffectiveUser(0, 2, lambda: 1 // 0)
        assert system.calls == [("seteuid", 0), ("seteuid", 1)]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestPassword:
    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """What was asked at the terminal; the answers are a, b, c, c."""
        prompts: list[str] = []
        answers = iter("abcc")

        def answer(prompt: str) -> str:
            prompts.append(prompt)
            return next(answers)

        monkeypatch.setattr(getpass, "getpass", answer)
        monkeypatch.setattr(sys, "stdin", Terminal())
        return prompts

    def test_a_line_of_input_is_the_password_where_there_is_no_terminal(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO("secret \nmore\n"))
        assert util.getPassword(confirm=1) == "secret "

    def test_it_is_asked_for_at_a_terminal(self, asked: list[str]) -> None:
        assert util.getPassword() == "a"
        assert asked == ["Password: "]

    def test_it_is_asked_for_again_until_both_answers_are_the_same(
        self, asked: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        password = util.getPassword(
            "1?", confirm=1, confirmPrompt="2?", mismatchMessage="no"
        )
        assert password == "c"
        assert asked == ["1?", "2?", "1?", "2?"]
        assert capsys.readouterr().out == "no\n"

    def test_who_wants_a_terminal_is_told_that_there_is_none(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(path: str) -> None:
            raise OSError("no such device")

        monkeypatch.setattr(sys, "stdin", io.StringIO("secret\n"))
        monkeypatch.setattr(util, "open", refuse, raising=False)
        with pytest.raises(RuntimeError, match="no terminal"):
            util.getPassword(forceTTY=1)
