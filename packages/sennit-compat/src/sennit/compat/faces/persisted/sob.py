"""``twisted.persisted.sob``: an object kept in a pickle, and one made by a program."""

from __future__ import annotations

import os
import pickle
from typing import TYPE_CHECKING, Any, Protocol

from sennit.app.service import Application, runFile
from sennit.compat.faces.persisted import aot, styles

if TYPE_CHECKING:

    class IPersistable(Protocol):
        """Something that can be saved."""

        def setStyle(self, style: str) -> None:
            """Say in which form: ``pickle`` or ``source``."""

        def save(
            self,
            tag: str | None = None,
            filename: str | None = None,
            passphrase: None = None,
        ) -> None:
            """Save it."""

else:
    from zope.interface import Interface, implementer

    class IPersistable(Interface):
        """Something that can be saved."""

        def setStyle(style):  # noqa: N805
            """Say in which form: ``pickle`` or ``source``."""

        def save(tag=None, filename=None, passphrase=None):  # noqa: N805
            """Save it."""


__all__ = [
    "IPersistable",
    "Persistant",
    "Persistent",
    "guessType",
    "load",
    "loadValueFromFile",
]


class Persistent:
    """Saves an object.

    Args:
        original: The object.
        name: What its file is called, without the ending.
    """

    #: ``pickle``, or ``source``: the form in which it is saved.
    style: str = "pickle"

    def __init__(self, original: Any, name: str) -> None:
        self.original = original
        self.name = name

    def setStyle(self, style: str) -> None:
        """Say in which form it is saved.

        Raises:
            ValueError: It is neither ``pickle`` nor ``source``.
        """
        self.style = _known(style)

    def save(
        self,
        tag: str | None = None,
        filename: str | None = None,
        passphrase: None = None,
    ) -> None:
        """Save the object; a file that is there is replaced when that is done.

        Args:
            tag: Put between the name and the ending.
            filename: The file; unless given, of the object's name, ending in ``.tap``, for
                source in ``.tas``.
            passphrase: None: nothing is encrypted.

        Raises:
            TypeError: There is a passphrase.
        """
        if passphrase is not None:
            raise TypeError("encrypted files are not supported")
        if filename is None:
            middle = f"-{tag}" if tag else ""
            ending = "tap" if self.style == "pickle" else "tas"
            filename = f"{self.name}{middle}.{ending}"
        temporary = f"{filename}-2"
        with open(temporary, "wb") as file:
            if self.style == "pickle":
                pickle.dump(self.original, file, 2)
            else:
                aot.jellyToSource(self.original, file)
        os.replace(temporary, filename)


Persistant = Persistent

if not TYPE_CHECKING:
    from sennit.compat.faces.python.components import registerAdapter

    implementer(IPersistable)(Persistent)

    def _persistable(application):
        made = Persistent(application, application.name)
        application.setComponent(IPersistable, made)
        return made

    registerAdapter(_persistable, Application, IPersistable)


def load(filename: str, style: str) -> Any:
    """Load an object that was saved.

    Args:
        filename: The file.
        style: ``pickle`` or ``source``: whoever has written the file is trusted.

    Raises:
        ValueError: It is of another form.
    """
    read = pickle.load if _known(style) == "pickle" else aot.unjellyFromSource
    with open(filename, "rb") as file:
        loaded = read(file)
    styles.doUpgrade()
    return loaded


def _known(style: str) -> str:
    if style not in ("pickle", "source"):
        raise ValueError(f"objects are saved as pickle or source, not as {style!r}")
    return style


def loadValueFromFile(filename: str, variable: str) -> Any:
    """Run a Python file, and give what a variable is then.

    Args:
        filename: The file.
        variable: The variable's name.

    Raises:
        KeyError: There is no such variable.
    """
    return runFile(filename)[variable]


def guessType(filename: str) -> str:
    """The form of a file, from its ending.

    Raises:
        KeyError: The ending is of no form.
    """
    ending = os.path.splitext(filename)[1]
    return {
        ".tac": "python",
        ".etac": "python",
        ".py": "python",
        ".tap": "pickle",
        ".etap": "pickle",
        ".tas": "source",
        ".etas": "source",
    }[ending]
