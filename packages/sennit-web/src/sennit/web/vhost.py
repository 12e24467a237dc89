"""Virtual hosts: several sites behind one port, told apart by the host's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sennit.web.pages import notFound
from sennit.web.resource import Resource, wantsBodyStream

if TYPE_CHECKING:
    from sennit.web.contracts import IResource
    from sennit.web.server import Request

__all__ = ["NameVirtualHost"]


class NameVirtualHost(Resource):
    """The root of a site that has another root for each name of its host.

    Attributes:
        default: The root for all other names; None for an answer of 404.
        hosts: The roots, by name in small letters.
    """

    default: IResource | None = None

    def __init__(self) -> None:
        super().__init__()
        self.hosts: dict[bytes, IResource] = {}

    def addHost(self, name: bytes, resrc: IResource) -> None:
        """Give a name a root.

        Args:
            name: As in ``b"www.example.com"``, without a port; ``b"*.example.com"`` is
                any one label before ``example.com`` that has no root of its own.
            resrc: The root.
        """
        self.hosts[name.lower()] = resrc

    def removeHost(self, name: bytes) -> None:
        """Take a name's root away.

        Raises:
            KeyError: It has none.
        """
        del self.hosts[name.lower()]

    def listStaticEntities(self) -> list[tuple[bytes, Any]]:
        """The children that were put here, and the roots by name."""
        return super().listStaticEntities() + list(self.hosts.items())

    def listStaticNames(self) -> list[bytes]:
        """The names of the children that were put here, and those of the roots."""
        return super().listStaticNames() + list(self.hosts)

    def render(self, request: Request) -> Any:
        """Have the host's root answer."""
        return self._root(request).render(request)

    def getChild(self, path: bytes, request: Request) -> Any:
        """The host's root, or its child."""
        root = self._root(request)
        if root.isLeaf:
            request.postpath.insert(0, request.prepath.pop())
            return root
        return root.getChildWithDefault(path, request)

    def wantsBodyStream(self, request: Request, path: Sequence[bytes]) -> bool:
        """Whether the host's root reads the body of a request as it comes."""
        return wantsBodyStream(self._root(request), request, path)

    def _root(self, request: Request) -> Any:
        name = request.getRequestHostname().lower()
        root = self.hosts.get(name)
        if root is None:
            root = self.hosts.get(b"*." + name.partition(b".")[2], self.default)
        return notFound() if root is None else root
