"""``twisted.application.reactors``: reactors by name, all of them one here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

from zope.interface import Interface, implementer

from sennit.compat.faces.internet.main import theReactor
from sennit.compat.faces.plugin import IPlugin, getPlugins
from sennit.compat.faces.python.reflect import namedAny

if TYPE_CHECKING:

    class IReactorInstaller(Protocol):
        """Something that installs a reactor."""

        shortName: str
        description: str

        def install(self) -> None:
            """Install it."""

else:
    from zope.interface import Attribute

    class IReactorInstaller(Interface):
        """Something that installs a reactor."""

        shortName = Attribute("What it is chosen by.")
        description = Attribute("What it is, in a line.")

        def install():
            """Install it."""


__all__ = [
    "IReactorInstaller",
    "NoSuchReactor",
    "Reactor",
    "getReactorTypes",
    "installReactor",
]


class NoSuchReactor(KeyError):
    """There is no reactor of that name."""


class Reactor:
    """A module that installs a reactor, as a plug-in.

    Args:
        shortName: What it is chosen by.
        moduleName: The module, which has a function ``install``.
        description: What it is, in a line.
    """

    def __init__(self, shortName: str, moduleName: str, description: str) -> None:
        self.shortName = shortName
        self.moduleName = moduleName
        self.description = description

    def install(self) -> None:
        """Install it."""
        namedAny(self.moduleName).install()


if not TYPE_CHECKING:
    implementer(IPlugin, IReactorInstaller)(Reactor)


def getReactorTypes() -> Iterable[Any]:
    """What can install a reactor: plug-ins, ours among them."""
    return getPlugins(IReactorInstaller)


def installReactor(shortName: str) -> Any:
    """Install the reactor of a name.

    Returns:
        The reactor.

    Raises:
        NoSuchReactor: There is none.
    """
    for installer in getReactorTypes():
        if installer.shortName == shortName:
            installer.install()
            return theReactor()
    raise NoSuchReactor(shortName)
