from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest

from sennit.compat.faces import root
from sennit.compat.faces.python import usage


def even(text: str) -> int:
    number = int(text)
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number


even.coerceDoc = "An even number."  # type: ignore[attr-defined]


class Program(usage.Options):
    """Options of every kind."""

    longdesc = "What the program does."
    optFlags: ClassVar = [
        ["verbose", "v", "Tell\n more."],
        ["dry-run", None, "Only tell."],
    ]
    optParameters: ClassVar = [
        ["port", "p", 8080, "Where to listen.", usage.portCoerce],
        ["name", "n", None, "Who."],
        ["pairs", None, 2, "How many", even],
    ]

    def opt_log(self, path: str) -> None:
        """Where to log to."""
        self.setdefault("logs", []).append(path)

    def opt_quiet_please(self) -> None:
        """Say nothing."""
        self["quiet"] = True

    opt_l = opt_log
    opt_q = opt_quiet_please

    def parseArgs(self, first: str = "", *rest: str) -> None:
        self["words"] = [first, *rest]


def parsed(*words: str, kind: type[usage.Options] = Program) -> usage.Options:
    options = kind()
    options.parseOptions(words)
    return options


class TestReading:
    def test_without_options_the_defaults_hold(self) -> None:
        options = parsed()
        assert options == {
            "verbose": 0,
            "dry-run": 0,
            "port": 8080,
            "name": None,
            "pairs": 2,
            "words": [""],
        }
        assert options.opts is options

    def test_flags_and_parameters_are_set_by_both_their_names(self) -> None:
        short = parsed("-v", "-p", "90", "-njoe")
        long = parsed("--verbose", "--port=90", "--name", "joe")
        assert short == long
        assert (long["verbose"], long["port"], long["name"]) == (1, 90, "joe")

    def test_the_beginning_of_a_name_serves_if_it_is_one_names_alone(self) -> None:
        assert parsed("--dry")["dry-run"] == 1
        with pytest.raises(usage.UsageError, match="not a unique prefix"):
            parsed("--ver")

    def test_methods_are_called_in_order_by_any_of_their_names(self) -> None:
        options = parsed("--log=a", "-l", "b", "--quiet-please")
        assert options["logs"] == ["a", "b"]
        assert options["quiet"] is True
        assert parsed("-q")["quiet"] is True

    def test_options_end_with_the_first_word_that_is_none(self) -> None:
        assert parsed("one", "-v")["words"] == ["one", "-v"]
        assert parsed("--", "-v")["words"] == ["-v"]

    def test_the_programs_own_words_are_read_if_none_are_given(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "argv", ["program", "-v", "word"])
        options = Program()
        options.parseOptions()
        assert (options["verbose"], options["words"]) == (1, ["word"])

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["--nope"], "option --nope not recognized"),
            (["-z"], "option -z not recognized"),
            (["--port"], "option --port requires argument"),
            (["--verbose=1"], "must not have an argument"),
            (["--port=x"], "invalid literal for int"),
            (["--port=65536"], "not in range: 65536"),
            (["--pairs=3"], "type enforcement failed: 3 is odd"),
        ],
    )
    def test_what_does_not_fit_is_a_usage_error_that_says_why(
        self, words: list[str], sentence: str
    ) -> None:
        with pytest.raises(usage.UsageError, match=sentence):
            parsed(*words)

    def test_words_that_nobody_takes_are_an_error(self) -> None:
        class One(usage.Options):
            def parseArgs(self, only: str) -> None:  # type: ignore[override]
                self["only"] = only

        assert parsed("x", kind=One)["only"] == "x"
        for words in ([], ["x", "y"]):
            with pytest.raises(usage.UsageError, match="Wrong number of arguments"):
                parsed(*words, kind=One)
        with pytest.raises(usage.UsageError, match="Wrong number of arguments"):
            parsed("x", kind=usage.Options)

    def test_a_type_error_of_the_programs_own_is_not_taken_for_a_wrong_word(
        self,
    ) -> None:
        class Faulty(usage.Options):
            def parseArgs(self, word: str) -> None:  # type: ignore[override]
                raise TypeError("mine")

        with pytest.raises(TypeError, match="mine"):
            parsed("x", kind=Faulty)

    def test_the_program_may_object_when_all_was_read(self) -> None:
        class Picky(Program):
            def postOptions(self) -> None:
                if not self["name"]:
                    raise usage.UsageError("who are you?")

        assert parsed("-njoe", kind=Picky)["name"] == "joe"
        with pytest.raises(usage.UsageError, match="who are you"):
            parsed(kind=Picky)

    def test_what_makes_a_value_is_called_when_there_is_one(self) -> None:
        class Wrong(usage.Options):
            optParameters: ClassVar = [["x", None, None, "X", "no function"]]

        assert parsed(kind=Wrong)["x"] is None
        with pytest.raises(TypeError):
            parsed("--x=1", kind=Wrong)


class TestDeclaring:
    def test_classes_add_to_what_their_bases_declare(self) -> None:
        class More(Program):
            optFlags: ClassVar = [["more", "m", "More."]]
            optParameters: ClassVar = [["port", "p", 1, "Another default."]]

        options = parsed("-v", "-m", kind=More)
        assert (options["verbose"], options["more"], options["port"]) == (1, 1, 1)

    def test_a_method_goes_before_a_parameter_of_its_name(self) -> None:
        class Both(usage.Options):
            optParameters: ClassVar = [["size", "s", "small", "The size."]]

            def opt_size(self, text: str) -> None:
                self["size"] = text.upper()

        assert parsed(kind=Both)["size"] == "small"
        assert parsed("-s", "big", kind=Both)["size"] == "BIG"

    def test_the_longest_name_of_a_method_is_the_one_its_others_stand_for(self) -> None:
        class Named(usage.Options):
            def opt_long_name(self) -> None: ...

            opt_name = opt_long_name
            opt_z = opt_long_name

        options = Named()
        assert options.synonyms["name"] == options.synonyms["z"] == "long-name"

    def test_a_row_that_is_too_long_is_an_error(self) -> None:
        class Long(usage.Options):
            optFlags: ClassVar = [["a", "b", "c", "d"]]

        with pytest.raises(ValueError, match="4 items"):
            Long()

    def test_a_method_takes_one_value_at_most(self) -> None:
        class Two(usage.Options):
            def opt_two(self, one: str, two: str) -> None: ...

        with pytest.raises(usage.UsageError, match="two"):
            Two()
        assert usage.flagFunction(lambda: None)
        assert not usage.flagFunction(lambda value: None)
        with pytest.raises(usage.UsageError, match="Invalid Option function for x"):
            usage.flagFunction(lambda one, two: None, "x")

    def test_a_port_is_a_number_of_two_bytes(self) -> None:
        assert usage.portCoerce("0") == 0
        assert usage.portCoerce("65535") == 65535
        for text in ("-1", "65536", "http"):
            with pytest.raises(ValueError, match=text):
                usage.portCoerce(text)

    def test_options_can_be_members_of_a_set(self) -> None:
        assert len({Program(), Program()}) == 2

    def test_what_shells_are_told_is_accepted(self) -> None:
        completions = usage.Completions(
            descriptions={"port": "which port"},
            optActions={
                "log": usage.CompleteFiles("*.log", descr="a log"),
                "name": usage.CompleteUsernames,
            },
            extraActions=[usage.CompleteList(["a", "b"], repeat=True)],
        )
        assert completions.descriptions == {"port": "which port"}
        assert list(completions.optActions) == ["log", "name"]
        assert completions.multiUse == completions.mutuallyExclusive == []


class Add(usage.Options):
    optFlags: ClassVar = [["force", "f", "Even so."]]

    def parseArgs(self, *files: str) -> None:
        self["files"] = files


class Tool(usage.Options):
    subCommands = (
        ("add", "a", Add, "Add files"),
        ("remove", None, lambda: Add(), "Remove files"),
    )


class TestCommands:
    @pytest.mark.parametrize("command", ["add", "a"])
    def test_a_command_has_the_words_behind_it(self, command: str) -> None:
        tool = parsed(command, "-f", "x", "y", kind=Tool)
        assert tool.subCommand == "add"
        assert tool.subOptions == {"force": 1, "files": ("x", "y")}
        assert tool.subOptions.parent is tool

    def test_a_command_that_nobody_knows_is_an_error(self) -> None:
        with pytest.raises(usage.UsageError, match="Unknown command: fly"):
            parsed("fly", kind=Tool)

    def test_without_a_command_there_is_none_unless_one_is_the_default(self) -> None:
        class Defaulted(Tool):
            defaultSubCommand = "remove"

        assert parsed(kind=Tool).subCommand is None
        assert parsed(kind=Defaulted).subCommand == "remove"
        assert parsed("add", kind=Defaulted).subCommand == "add"

    def test_commands_may_be_made_when_they_are_needed(self) -> None:
        made: list[str] = []

        class Lazy(usage.Options):
            @property
            def subCommands(self) -> Iterator[tuple[str, None, type[Add], str]]:  # type: ignore[override]
                made.append("made")
                yield ("add", None, Add, "Add files")

        assert parsed(kind=Lazy).subCommand is None
        assert made == []
        assert parsed("add", kind=Lazy).subCommand == "add"
        assert "Add files" in Lazy().getUsage()

    def test_a_command_is_read_before_the_program_is_asked(self) -> None:
        seen: list[object] = []

        class Watching(Tool):
            def postOptions(self) -> None:
                seen.append(self.subOptions["files"])

        parsed("add", "x", kind=Watching)
        assert seen == [("x",)]


class TestTelling:
    @pytest.fixture(autouse=True)
    def terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "argv", ["/usr/bin/program.py"])
        monkeypatch.delenv("COLUMNS", raising=False)

    def test_the_usage_text_shows_all_that_is_declared(self) -> None:
        assert str(Program()).splitlines() == [
            "Usage: program [options]",
            "Options:",
            "      --dry-run       Only tell.",
            "      --help          Display this help and exit.",
            "  -l, --log=          Where to log to.",
            "  -n, --name=         Who.",
            "  -p, --port=         Where to listen. [default: 8080]. Must be an int between 0",
            "                      and 65535.",
            "      --pairs=        How many [default: 2]. An even number.",
            "  -q, --quiet-please  Say nothing.",
            "  -v, --verbose       Tell more.",
            "      --version       Display Twisted version and exit.",
            "",
            "What the program does.",
        ]

    def test_the_text_is_as_wide_as_the_terminal(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        narrow = Program().getUsage(40)
        assert max(map(len, narrow.splitlines())) <= 40
        monkeypatch.setenv("COLUMNS", "40")
        assert Program().getUsage() == narrow
        monkeypatch.setenv("COLUMNS", "many")
        assert Program().getUsage() == Program().getUsage(80)

    def test_commands_are_shown_behind_the_options(self) -> None:
        assert Tool().getUsage().splitlines()[-3:] == [
            "Commands:",
            "    add         Add files",
            "    remove      Remove files",
        ]

    def test_once_a_command_was_given_the_text_is_about_it(self) -> None:
        tool = parsed("add", kind=Tool)
        assert tool.getUsage() == tool.subOptions.getUsage()
        assert tool.getSynopsis() == "Usage: program [options]"
        assert tool.subOptions.getSynopsis() == "Usage: program [options] add [options]"

    def test_a_synopsis_of_the_programs_own_is_shown(self) -> None:
        class Own(Tool):
            synopsis = "Usage: tool command\n"

        assert Own().getSynopsis() == "Usage: tool command"
        command = parsed("add", kind=Own).subOptions
        assert command.getSynopsis() == "Usage: tool command add [options]"

    def test_without_a_description_the_programs_docstring_is_one(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            sys.modules["__main__"], "__doc__", "One\nline.\n\nAnother."
        )
        assert (
            Tool().getUsage().partition("\n\n")[2].startswith("One line.\n\nAnother.")
        )

    @pytest.mark.parametrize(
        ("word", "shown"),
        [
            ("--help", lambda: str(Program()) + "\n"),
            ("--version", lambda: f"Twisted version: {root.__version__}\n"),
        ],
    )
    def test_help_and_version_are_printed_and_the_program_ends(
        self, word: str, shown: Callable[[], str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            parsed(word)
        assert ended.value.code == 0
        assert capsys.readouterr().out == shown()

    def test_chunks_are_made_of_any_rows(self) -> None:
        rows: list[dict[str, Any]] = [
            {"short": "b"},
            {"long": "all", "doc": "Every\none", "optType": "flag"},
            {"long": "c", "optType": "parameter", "coerceDoc": "C."},
        ]
        assert usage.docMakeChunks(rows) == [
            "      --all  Every one\n",
            "  -b\n",
            "      --c=   C.\n",
        ]
        assert usage.docMakeChunks([]) == []
