"""Kinds of endpoints that other distributions add, by the entry point of their name.

    [project.entry-points."sennit.endpoints"]
    onion = "txtor.endpoints:OnionParser"

The object (a class is called without arguments) has ``parseStreamServer``,
``parseStreamClient``, or both: `IStreamServerEndpointStringParser`,
`IStreamClientEndpointStringParserWithReactor`. Nothing is imported but the one whose kind
is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sennit.core.errors import EndpointPluginError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints

__all__ = ["Plugin", "installedKinds", "pluginFor"]

_GROUP: Final = "sennit.endpoints"


class Plugin:
    """A kind that is installed, and imported.

    Attributes:
        source: The distribution that it comes from, for people.
        parser: What makes its endpoints.
    """

    def __init__(self, point: EntryPoint) -> None:
        """Import it.

        Raises:
            EndpointPluginError: It cannot be imported, or made.
        """
        self.source = _source(point)
        try:
            loaded = point.load()
            self.parser: Any = loaded() if isinstance(loaded, type) else loaded
        except Exception as error:
            raise EndpointPluginError(
                f"the endpoints {point.name!r} of {self.source} cannot be used: "
                f"{point.value}: {type(error).__name__}: {error}",
                name=point.value,
            ) from error
        if not any(map(self.has, ("parseStreamServer", "parseStreamClient"))):
            raise EndpointPluginError(
                f"the endpoints {point.name!r} of {self.source} cannot be used: "
                f"{point.value} has neither parseStreamServer nor parseStreamClient",
                name=point.value,
            )

    def has(self, method: str) -> bool:
        """Whether it makes endpoints for that side."""
        return callable(getattr(self.parser, method, None))


def pluginFor(kind: str) -> Plugin | None:
    """Import the kind of that name; None if none is installed.

    Raises:
        EndpointPluginError: It cannot be used, or two distributions have one.
    """
    points = list(_points().select(name=kind))
    if not points:
        return None
    if len(points) > 1:
        sources = " and ".join(sorted(map(_source, points)))
        raise EndpointPluginError(f"two have endpoints of the kind {kind!r}: {sources}")
    return Plugin(points[0])


def installedKinds() -> set[str]:
    """The names of all kinds that are installed; nothing is imported."""
    return _points().names


def _points() -> EntryPoints:
    # A slow module, needed only where a kind is not one of our own.
    from importlib.metadata import entry_points

    return entry_points(group=_GROUP)


def _source(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "somebody"
