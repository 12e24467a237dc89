"""A service: something that is started and stopped, by itself or with its parent."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import sennit.core
from sennit.app.service._tasks import Tasks
from sennit.core.defer import Deferred

if TYPE_CHECKING:
    from sennit.app.contracts import IServiceCollection, Outcome
    from sennit.core.contracts import IReactorTime

__all__ = ["Service"]

T = TypeVar("T")


class Service:
    """A unit that starts and stops; to be inherited from.

    A subclass overrides `startService` and `stopService`, and calls those of its base.
    It may do so as a coroutine::

        class Feed(Service):
            async def startService(self):
                super().startService()
                self.connection = await connect()
                self.spawn(self.read())

    It needs no ``__init__`` of this class.

    Attributes:
        running: Whether it was started, and not stopped since.
        name: What it is called among its siblings; None for no name.
        parent: What it belongs to; None for nothing.
        stopTimeout: Seconds that its tasks may take to end when it stops. 10: what
            cleans up needs less, and a service manager waits for all of us for 90.
        clock: Measures these seconds, and the time of subclasses that wait; the
            program's reactor where it is None.
    """

    running: bool | int = False
    name: str | None = None
    parent: IServiceCollection | None = None
    stopTimeout: float = 10.0
    clock: IReactorTime | None = None

    _tasks: Tasks | None = None

    def __getstate__(self) -> dict[str, Any]:
        """All but what belongs to the process it runs in."""
        return {k: v for k, v in vars(self).items() if k not in ("running", "_tasks")}

    def setName(self, name: str) -> None:
        """Give it a name.

        Args:
            name: Unlike those of its siblings to be.

        Raises:
            RuntimeError: It has a parent, which knows it by its name.
        """
        if self.parent is not None:
            raise RuntimeError(f"{self!r} has a parent: its name cannot change")
        self.name = name

    def setServiceParent(self, parent: Any) -> None:
        """Add it to a collection; it is taken out of the one it was in.

        If the collection runs, this is started now.

        Args:
            parent: A `MultiService`, an `Application`, or anything that can be adapted
                to ``IServiceCollection``.

        Raises:
            RuntimeError: The collection has a service of that name.
            TypeError: It is nothing of the kind.
        """
        if self.parent is not None:
            self.disownServiceParent()
        collection = _collection_of(parent)
        self.parent = collection
        collection.addService(self)

    def disownServiceParent(self) -> Outcome:
        """Take it out of its parent.

        Returns:
            What stopping it gives, if the parent runs; else None.
        """
        parent, self.parent = self.parent, None
        assert parent is not None, f"{self!r} has no parent"
        return parent.removeService(self)

    def privilegedStartService(self) -> Outcome:
        """Do what needs privileges, such as to listen below port 1024.

        This is called before `startService`, and before the process gives up its
        privileges; what it returns is waited for.
        """
        return None

    def startService(self) -> Outcome:
        """Start.

        Returns:
            None when that is done, else a Deferred or a coroutine that ends when it is.
        """
        self.running = True
        return None

    def stopService(self) -> Outcome:
        """Stop; the tasks that it has spawned are cancelled.

        Returns:
            None when that is done, else a Deferred or a coroutine that ends when it is.
        """
        self.running = False
        return self._end_tasks()

    def spawn(
        self, coroutine: Coroutine[Any, Any, T], name: str | None = None
    ) -> Deferred[T]:
        """Run a coroutine that belongs to this service.

        When the service stops, it is cancelled, and waited for until ``stopTimeout`` is
        over. Then the log names those that go on.

        Args:
            coroutine: It begins to run at once.
            name: What the log calls it; the name of its function if None.

        Returns:
            Its result. That it was cancelled because the service stops is no error
            that somebody has to handle; what else it raises is.
        """
        if self._tasks is None:
            self._tasks = Tasks(self)
        return self._tasks.spawn(coroutine, name)

    def _end_tasks(self) -> Deferred[None] | None:
        """Cancel the tasks; None if none is left to be waited for."""
        if self._tasks is None or not self._tasks.names():
            return None
        clock = sennit.core.reactor if self.clock is None else self.clock
        return self._tasks.cancelAll(clock, self.stopTimeout)


def _collection_of(parent: Any) -> IServiceCollection:
    services = getattr(parent, "services", parent)
    for each in (parent, services):
        if hasattr(each, "addService"):
            return each  # type: ignore[no-any-return]
    # For what is neither ours nor like ours: zope is slow to import.
    from sennit.app.interfaces import IServiceCollection

    adapt: Any = IServiceCollection
    return adapt(parent)  # type: ignore[no-any-return]
