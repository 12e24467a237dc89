"""Router: a resource that has functions answer, by patterns of paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from sennit.web.error import UnsupportedMethod
from sennit.web.resource import (
    Rendered,
    Resource,
    getChildForRequest,
    wantsBodyStream,
)
from sennit.web.resource._traversal import settled
from sennit.web.router._pattern import TYPES, Convert, parse
from sennit.web.router._tree import Node, Route

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = ["Handler", "Router"]

Handler: TypeAlias = Callable[..., Any]
"""Called with the request, and the parameters by name; it returns what a renderer does."""

H = TypeVar("H", bound=Handler)


class Router(Resource):
    """Has functions answer requests, by the methods and the patterns of their paths.

    In a pattern, ``{name}`` stands for one segment of a path, ``{name:int}`` for one that
    is a whole number; `TYPES` has the others. ``{name:path}``, at the end only, takes all
    that is left; what would lead out of a folder (``..``) it does not take. A path that
    no pattern fits goes to the resources that were put below the router, then to
    ``getChild``, which answers 404; one that fits by a method that is not there gets 405.
    A GET's function answers HEAD, too.
    """

    isLeaf: bool = True

    def __init__(self, types: Mapping[str, Convert] | None = None) -> None:
        """Make a router.

        Args:
            types: Further types of parameters, by name: what makes the value of a text,
                or raises ``ValueError`` where the pattern does not fit.
        """
        super().__init__()
        self._types: Mapping[str, Convert] = {**TYPES, **(types or {})}
        self._root = Node()

    def route(
        self,
        pattern: str,
        methods: Sequence[str | bytes] = ("GET",),
        streamsBody: bool = False,
    ) -> Callable[[H], H]:
        """Decorate the function that answers at a pattern.

        Args:
            pattern: As in ``/users/{id:int}``; empty for the place of the router itself.
            methods: The methods that it answers.
            streamsBody: Whether it is called before the request's body is there.

        Raises:
            BadPattern: The pattern is not written as patterns are, or is there already.
        """
        place = self._root.add(parse(pattern, self._types), self._types)

        def add(handler: H) -> H:
            route = Route(handler, streamsBody)
            for method in methods:
                name = method.encode("ascii") if isinstance(method, str) else method
                place.put(name, route, pattern)
            return handler

        return add

    def get(self, pattern: str) -> Callable[[H], H]:
        """Decorate the function that answers GET, and HEAD; see `route`."""
        return self.route(pattern)

    def post(self, pattern: str, streamsBody: bool = False) -> Callable[[H], H]:
        """Decorate the function that answers POST; see `route`."""
        return self.route(pattern, ("POST",), streamsBody)

    def put(self, pattern: str, streamsBody: bool = False) -> Callable[[H], H]:
        """Decorate the function that answers PUT; see `route`."""
        return self.route(pattern, ("PUT",), streamsBody)

    def patch(self, pattern: str, streamsBody: bool = False) -> Callable[[H], H]:
        """Decorate the function that answers PATCH; see `route`."""
        return self.route(pattern, ("PATCH",), streamsBody)

    def delete(self, pattern: str) -> Callable[[H], H]:
        """Decorate the function that answers DELETE; see `route`."""
        return self.route(pattern, ("DELETE",))

    def render(self, request: Request) -> Rendered:
        """Have the function for the request's path and method answer it."""
        path = request.postpath
        values: dict[str, Any] = {}
        methods = self._root.find(path, 0, values)
        if methods is None:
            return self._elsewhere(request)
        route = _route(methods, request.method)
        if route is None:
            raise UnsupportedMethod(_allowed(methods))
        request.prepath.extend(path)
        path.clear()
        answer: Rendered = route.handler(request, **values)
        return answer

    def wantsBodyStream(self, request: Request, path: Sequence[bytes]) -> bool:
        """Whether the function for a path is called before the body is there."""
        methods = self._root.find(path, 0, {})
        if methods is not None:
            route = _route(methods, request.method)
            return route is not None and route.streamsBody
        child = self.children.get(path[0]) if path else None
        return wantsBodyStream(child, request, path[1:])

    def _elsewhere(self, request: Request) -> Rendered:
        name = b""
        if request.postpath:
            name = request.postpath.pop(0)
            request.prepath.append(name)
        child = settled(self.getChildWithDefault(name, request))
        found: Rendered = getChildForRequest(child, request)
        return found


def _route(methods: dict[bytes, Route], method: bytes) -> Route | None:
    route = methods.get(method)
    if route is None and method == b"HEAD":
        return methods.get(b"GET")
    return route


def _allowed(methods: dict[bytes, Route]) -> list[bytes]:
    return sorted({*methods, b"HEAD"} if b"GET" in methods else methods)
