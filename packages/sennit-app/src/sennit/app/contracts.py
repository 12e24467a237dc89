"""The contracts of services: what is started and stopped, what holds it, what makes it.

Whoever needs them at run time (``implementer``, ``providedBy``) finds them, by the same
names, in `sennit.app.interfaces` and in `sennit.app.service`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterator
from typing import Any, Protocol, TypeAlias

__all__ = ["IProcess", "IService", "IServiceCollection", "IServiceMaker", "Outcome"]

Outcome: TypeAlias = Awaitable[Any] | None
"""What starting and stopping give: None when it is done, or a Deferred or coroutine
that ends when it is."""


class IService(Protocol):
    """Something that is started and stopped, with others or by itself."""

    @property
    def name(self) -> str | None:
        """What it is called among its siblings; None for no name."""
        ...

    @property
    def running(self) -> bool | int:
        """Whether it was started, and not stopped since."""
        ...

    @property
    def parent(self) -> IServiceCollection | None:
        """What it belongs to; None for nothing."""
        ...

    def setName(self, name: str) -> None:
        """Give it a name.

        Raises:
            RuntimeError: It has a parent, which knows it by its name.
        """

    def setServiceParent(self, parent: Any) -> None:
        """Add it to a collection; it is taken out of the one it was in.

        Args:
            parent: The collection, or something that can be adapted to one: an
                application.

        Raises:
            RuntimeError: The collection has a service of that name.
        """

    def disownServiceParent(self) -> Outcome:
        """Take it out of its parent, which stops it if the parent runs."""

    def privilegedStartService(self) -> Outcome:
        """Do what needs privileges: this is called before they are given up."""

    def startService(self) -> Outcome:
        """Start."""

    def stopService(self) -> Outcome:
        """Stop."""


class IServiceCollection(Protocol):
    """Something that has services, starts them when it starts, and stops them."""

    def getServiceNamed(self, name: str) -> IService:
        """The service of that name.

        Raises:
            KeyError: There is none.
        """
        ...

    def __iter__(self) -> Iterator[IService]:
        """Its services, in the order in which they came."""
        ...

    def addService(self, service: IService) -> Outcome:
        """Take a service in; it is started if the collection runs.

        Raises:
            RuntimeError: There is a service of that name.
        """

    def removeService(self, service: IService) -> Outcome:
        """Let a service go; it is stopped if the collection runs.

        Raises:
            ValueError: It is not here.
        """


class IProcess(Protocol):
    """As whom a process runs, and what it is called."""

    @property
    def processName(self) -> str | None:
        """What the process is called; None for whatever the system calls it."""
        ...

    @property
    def uid(self) -> int | None:
        """The user it runs as; None for the one that started it."""
        ...

    @property
    def gid(self) -> int | None:
        """The group it runs as; None for the one that started it."""
        ...


class IServiceMaker(Protocol):
    """A kind of service that ``twistd`` knows as a command."""

    @property
    def tapname(self) -> str:
        """The command's name."""
        ...

    @property
    def description(self) -> str:
        """What the service is, in a line."""
        ...

    @property
    def options(self) -> Any:
        """Called without arguments: gives an object with ``parseOptions(words)``."""
        ...

    def makeService(self, options: Any) -> Any:
        """Make the service.

        Args:
            options: The object that has read the command's options.
        """
        ...
