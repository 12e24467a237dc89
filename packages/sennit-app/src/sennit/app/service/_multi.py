"""A service that is made of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sennit.app.service._service import Service
from sennit.core import log
from sennit.core.defer import Deferred, DeferredList, maybeDeferred
from sennit.core.failure import Failure

if TYPE_CHECKING:
    from sennit.app.contracts import IService, IServiceCollection, Outcome

__all__ = ["MultiService"]


class MultiService(Service):
    """Starts and stops others: in the order in which they came, and in the reverse one.

    One does not wait for another: all are told, and what they return is waited for
    together.

    Attributes:
        services: The services, in the order in which they came.
        namedServices: Those that have a name.
    """

    def __init__(self) -> None:
        self.services: list[IService] = []
        self.namedServices: dict[str, IService] = {}
        self.parent: IServiceCollection | None = None

    def __iter__(self) -> Iterator[IService]:
        """The services, in the order in which they came."""
        return iter(list(self.services))

    def getServiceNamed(self, name: str) -> IService:
        """The service of that name.

        Raises:
            KeyError: There is none.
        """
        return self.namedServices[name]

    def addService(self, service: IService) -> Outcome:
        """Take a service in; it is started if this runs.

        Args:
            service: Its parent is not set: call its ``setServiceParent`` instead.

        Returns:
            What starting it gives; None if this does not run.

        Raises:
            RuntimeError: There is a service of that name.
        """
        if service.name is not None:
            if service.name in self.namedServices:
                raise RuntimeError(f"there is a service with the name {service.name!r}")
            self.namedServices[service.name] = service
        self.services.append(service)
        if not self.running:
            return None
        privileged = maybeDeferred(service.privilegedStartService)
        return _together([privileged, maybeDeferred(service.startService)])

    def removeService(self, service: IService) -> Outcome:
        """Let a service go; it is stopped if this runs.

        Args:
            service: Its parent stays set: call its ``disownServiceParent`` instead.

        Returns:
            What stopping it gives; None if this does not run.

        Raises:
            ValueError: It is not here.
        """
        self.services.remove(service)
        if service.name is not None:
            del self.namedServices[service.name]
        return _stopped(service) if self.running else None

    def privilegedStartService(self) -> Deferred[None]:
        """Have all do what needs privileges.

        Returns:
            Fires when all have; fails with the first failure. What one raises is raised
            here, and those behind it are not told.
        """
        super().privilegedStartService()
        return _together([_begun(each.privilegedStartService()) for each in self])

    def startService(self) -> Deferred[None]:
        """Start all.

        Returns:
            Fires when all have started; fails with the first failure. What one raises
            is raised here, and those behind it are not told.
        """
        super().startService()
        return _together([_begun(each.startService()) for each in self])

    def stopService(self) -> Deferred[None]:
        """Stop all, the last one first, whatever becomes of each.

        Returns:
            Fires when all have stopped; fails with the first failure.
        """
        own: Deferred[Any] = maybeDeferred(super().stopService)
        return _together([own, *(_stopped(each) for each in reversed(self.services))])


def _begun(outcome: Outcome) -> Deferred[Any]:
    return maybeDeferred(lambda: outcome)


def _stopped(service: IService) -> Deferred[Any]:
    """Stop a service, and wait for its tasks even if it does not itself."""
    stopping = maybeDeferred(service.stopService)
    end_tasks = getattr(service, "_end_tasks", None)
    left = end_tasks() if callable(end_tasks) else None
    return stopping if left is None else _together([stopping, left])


def _together(outcomes: Iterable[Deferred[Any]]) -> Deferred[None]:
    """Wait for all; fail with the first failure, and log the others."""
    return DeferredList(outcomes, consumeErrors=True).addCallback(_first_failure)


def _first_failure(results: list[tuple[bool, Any]]) -> None:
    failures = [result for success, result in results if not success]
    for each in failures[1:]:
        assert isinstance(each, Failure)
        log.err(each, "another service has failed, too")
    if failures:
        failures[0].raiseException()
