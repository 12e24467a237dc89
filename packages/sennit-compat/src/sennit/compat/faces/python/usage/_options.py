"""The class whose instances read a command line."""

from __future__ import annotations

import getopt
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sennit.compat.faces import root
from sennit.compat.faces.python._lines import println
from sennit.compat.faces.python.usage._completion import Completions
from sennit.compat.faces.python.usage._declared import (
    Option,
    UsageError,
    declared_options,
)
from sennit.compat.faces.python.usage._help import (
    columns,
    docMakeChunks,
    make_commands,
    paragraphs,
)

__all__ = ["Options"]


class Options(dict[str, Any]):
    """The options of a program, to be inherited from; and then what was given.

    What a class may declare:

    ``optFlags``
        Rows of a long name, a letter or None, and a description.
    ``optParameters``
        Rows of a long name, a letter or None, a default, a description, and a function
        that makes the value of the text. The function raises ValueError for a bad text;
        its attribute ``coerceDoc`` is added to the description.
    ``opt_name`` methods
        Called for ``--name``; with the value if they take one.
    ``subCommands``
        Rows of a command, its short form or None, the class of its options (or a
        function that makes them), and a description.
    ``synopsis``, ``longdesc``
        The first line and the last paragraphs of the usage text.
    ``compData``
        `Completions`.
    """

    #: The command that was given, in its long form.
    subCommand: str | None = None
    #: The command when none is given.
    defaultSubCommand: str | None = None
    #: The options of the program, where these are a command's.
    parent: Options | None = None
    completionData: Completions | None = None

    synopsis: str
    longdesc: str | None
    #: The options of the command that was given.
    subOptions: Options
    subCommands: Iterable[Sequence[Any]]

    def __init__(self) -> None:
        super().__init__()
        self._options: list[Option] = declared_options(self)
        self._handlers: dict[str, Callable[[Any], object]] = {}
        self.opts = self
        self.longOpt: list[str] = []
        self.shortOpt: str = ""
        self.defaults: dict[str, Any] = {}
        self.docs: dict[str, str | None] = {}
        self.synonyms: dict[str, str] = {}
        for option in self._options:
            self._register(option)

    def _register(self, option: Option) -> None:
        name = option.name
        self._handlers[name] = option.handle
        for initial in option.initial:
            self[name] = self.defaults[name] = initial
        for each in (*option.longs, *option.letters):
            self.synonyms[each] = name
            self.docs[each] = option.doc
        self.longOpt += [f"{each}{'=' * option.takes_value}" for each in option.longs]
        for letter in option.letters:
            self.shortOpt += f"{letter}{':' * option.takes_value}"

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)

    # Reading

    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        """Read a command line.

        Args:
            options: Its words; those that the program was called with if not given.

        Raises:
            UsageError: It is not as declared.
        """
        words = sys.argv[1:] if options is None else options
        try:
            given, rest = getopt.getopt(words, self.shortOpt, self.longOpt)
        except getopt.GetoptError as error:
            raise UsageError(str(error)) from error
        for dashed, value in given:
            name = dashed[2:] if dashed.startswith("--") else dashed[1:]
            self._handlers[self.synonyms[name]](value)
        chosen = rest
        if not rest and self.defaultSubCommand is not None:
            chosen = [self.defaultSubCommand]
        # Commands may be plug-ins: they are not looked for unless there is need.
        commands = self._commands() if chosen else []
        if commands:
            self._parse_command(commands, chosen)
        else:
            self._hand_over(rest)
        self.postOptions()

    def _commands(self) -> list[Sequence[Any]]:
        return list(getattr(self, "subCommands", ()))

    def _parse_command(
        self, commands: Iterable[Sequence[Any]], words: Sequence[str]
    ) -> None:
        for command, short, parser, _doc in commands:
            if words[0] in (command, short):
                self.subCommand = command
                self.subOptions = parser()
                self.subOptions.parent = self
                self.subOptions.parseOptions(words[1:])
                return
        raise UsageError(f"Unknown command: {words[0]}")

    def _hand_over(self, words: Sequence[str]) -> None:
        """Give the words after the options to `parseArgs`, if it takes so many."""
        take: Callable[..., object] = self.parseArgs
        try:
            inspect.signature(take).bind(*words)
        except TypeError:
            raise UsageError("Wrong number of arguments.") from None
        take(*words)

    def parseArgs(self) -> None:
        """Take the words after the options: here, none.

        A class of yours takes as many parameters as there may be words.
        """

    def postOptions(self) -> None:
        """Called when everything was read; a class of yours may object here.

        Raises:
            UsageError: Something does not fit.
        """

    def opt_help(self) -> None:
        """Display this help and exit."""
        println(self)
        sys.exit(0)

    def opt_version(self) -> None:
        """Display Twisted version and exit."""
        println("Twisted version:", root.__version__)
        sys.exit(0)

    # Telling

    def __str__(self) -> str:
        return f"{self.getSynopsis()}\n{self.getUsage()}"

    def getSynopsis(self) -> str:
        """The first line of the usage text: how the program is called."""
        if self.parent is not None:
            own = getattr(self, "synopsis", "[options]").rstrip()
            return f"{self.parent.getSynopsis()} {self.parent.subCommand} {own}"
        program = os.path.splitext(os.path.basename(sys.argv[0]))[0]
        usual = f"Usage: {program} [options]"
        return getattr(self, "synopsis", usual).rstrip()

    def getUsage(self, width: int | None = None) -> str:
        """What options and commands there are.

        Once a command was given, those of the command.

        Args:
            width: Columns of the terminal; those that ``COLUMNS`` tells if not given.
        """
        if hasattr(self, "subOptions"):
            return self.subOptions.getUsage(width)
        wide = columns() if width is None else width
        parts = ["Options:\n", *docMakeChunks(self._rows(), wide)]
        longdesc = getattr(self, "longdesc", None)
        if longdesc is None:
            longdesc = getattr(sys.modules.get("__main__"), "__doc__", None)
        if longdesc:
            parts.append(f"\n{paragraphs(longdesc, wide)}")
        commands = [(row[0], row[3]) for row in self._commands()]
        if commands:
            parts.append(f"Commands:\n{make_commands(commands, wide)}")
        return "".join(parts)

    def _rows(self) -> list[dict[str, Any]]:
        """The long options, each as it was declared last, with the letter it has."""
        letters = {
            name: letter
            for letter, name in self.synonyms.items()
            if len(letter) == 1 and letter != name
        }
        rows = {
            long: {
                "long": long,
                "short": letters.get(long),
                "doc": option.doc,
                "optType": "parameter" if option.takes_value else "flag",
                "default": self.defaults.get(long),
                "coerceDoc": option.coerceDoc,
            }
            for option in self._options
            for long in option.longs
        }
        return list(rows.values())
