"""The root of a tree of services, and as whom its process runs."""

from __future__ import annotations

from typing import Any

from sennit.app.service._multi import MultiService

__all__ = ["Application", "Process"]

_INTERFACES = "sennit.app.interfaces"


class Process:
    """As whom a process runs, and what it is called.

    Attributes:
        uid: The user's number; None for the one that started it.
        gid: The group's number; None for the one that started it.
        processName: What it is called; None for whatever the system calls it.
    """

    processName: str | None = None

    def __init__(self, uid: int | None = None, gid: int | None = None) -> None:
        self.uid = uid
        self.gid = gid


class Application:
    """What a runner runs: the root of a tree of services.

    It is no service, but has one, and other objects that stand for it, each for an
    Interface: ``IService(application)`` and ``IServiceCollection(application)`` are its
    `MultiService`, ``IProcess(application)`` its `Process`. `setComponent` adds others:
    for ``ILogObserver`` of `sennit.core.logger`, what its log is given to.

    Attributes:
        services: The services of the tree.
        process: As whom it runs.
    """

    def __init__(
        self, name: str | None, uid: int | None = None, gid: int | None = None
    ) -> None:
        """Make an application without services.

        Args:
            name: What it is called.
            uid: The number of the user that it runs as, once its ports are open.
            gid: That of the group.
        """
        self.services: MultiService = MultiService()
        if name is not None:
            self.services.setName(name)
        self.process: Process = Process(uid, gid)
        # By an Interface's full name: so these are made without zope, and pickled.
        self._components: dict[str, Any] = {
            f"{_INTERFACES}.IService": self.services,
            f"{_INTERFACES}.IServiceCollection": self.services,
            f"{_INTERFACES}.IProcess": self.process,
        }

    @property
    def name(self) -> str | None:
        """What it is called."""
        return self.services.name

    def getComponent(self, interface: Any, default: Any = None) -> Any:
        """What stands for it as an Interface.

        Args:
            interface: The Interface.
            default: The answer if there is nothing.
        """
        return self._components.get(interface.__identifier__, default)

    def setComponent(self, interfaceClass: Any, component: Any) -> None:
        """Have an object stand for it.

        Args:
            interfaceClass: The Interface.
            component: The object.
        """
        self._components[interfaceClass.__identifier__] = component

    def components(self) -> dict[str, Any]:
        """All that stands for it, by the full name of the Interface."""
        return dict(self._components)

    def __conform__(self, interface: Any) -> Any:
        """What calling an Interface with this gives."""
        return self.getComponent(interface)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"
