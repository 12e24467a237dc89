"""What a program says of its options for a shell to complete them.

Programs declare it in ``compData``, so it can be declared here. No shell asks for it:
the script that did for Zsh is part of the real Twisted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = [
    "CompleteDirs",
    "CompleteFiles",
    "CompleteGroups",
    "CompleteHostnames",
    "CompleteList",
    "CompleteMultiList",
    "CompleteNetInterfaces",
    "CompleteUserAtHost",
    "CompleteUsernames",
    "Completer",
    "Completions",
]


class Completer:
    """How one word of the command line is completed: not at all.

    Args:
        descr: What the word is.
        repeat: Whether further words are completed likewise.
    """

    def __init__(self, descr: str | None = None, repeat: bool = False) -> None:
        self._descr = descr
        self._repeat = repeat


class CompleteFiles(Completer):
    """Completes the names of files.

    Args:
        globPattern: Which files.
        descr: What the word is.
        repeat: Whether further words are completed likewise.
    """

    def __init__(
        self, globPattern: str = "*", descr: str | None = None, repeat: bool = False
    ) -> None:
        super().__init__(descr, repeat)
        self._globPattern = globPattern


class CompleteDirs(Completer):
    """Completes the names of directories."""


class CompleteList(Completer):
    """Completes words of a list.

    Args:
        items: The list.
        descr: What the word is.
        repeat: Whether further words are completed likewise.
    """

    def __init__(
        self, items: Iterable[str], descr: str | None = None, repeat: bool = False
    ) -> None:
        super().__init__(descr, repeat)
        self._items = items


class CompleteMultiList(CompleteList):
    """Completes words of a list, several of them with commas between."""


class CompleteUsernames(Completer):
    """Completes the names of users."""


class CompleteGroups(Completer):
    """Completes the names of groups."""


class CompleteHostnames(Completer):
    """Completes the names of hosts."""


class CompleteUserAtHost(Completer):
    """Completes ``user``, ``host`` and ``user@host``."""


class CompleteNetInterfaces(Completer):
    """Completes the names of network interfaces."""


class Completions:
    """What a shell may know of the options of a class, beside their declaration.

    Args:
        descriptions: Descriptions by option, in the place of the declared ones.
        multiUse: Options that may be given more than once.
        mutuallyExclusive: Groups of options of which one excludes the others.
        optActions: By option, how its value is completed.
        extraActions: How the words after the options are completed.
    """

    def __init__(
        self,
        descriptions: Mapping[str, str] | None = None,
        multiUse: Sequence[str] | None = None,
        mutuallyExclusive: Sequence[Sequence[str]] | None = None,
        optActions: Mapping[str, Completer | Callable[[], Completer]] | None = None,
        extraActions: Sequence[Completer] | None = None,
    ) -> None:
        self.descriptions: Mapping[str, str] = descriptions or {}
        self.multiUse: Sequence[str] = multiUse or []
        self.mutuallyExclusive: Sequence[Sequence[str]] = mutuallyExclusive or []
        self.optActions: Mapping[str, Completer | Callable[[], Completer]] = (
            optActions or {}
        )
        self.extraActions: Sequence[Completer] = extraActions or []
