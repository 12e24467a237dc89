"""Resource: a node of a site's tree, with children and with renderers by method."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sennit.web.error import UnsupportedMethod
from sennit.web.resource._markup import HTML, error_page

if TYPE_CHECKING:
    from sennit.web.contracts import IResource
    from sennit.web.server import Request

__all__ = ["ErrorPage", "NOT_DONE_YET", "Rendered", "Resource", "wantsBodyStream"]

NOT_DONE_YET: Final = 1
"""What a renderer returns that will call ``request.finish()`` itself, later."""

Rendered: TypeAlias = "bytes | int | IResource | Awaitable[Any] | None"
"""What a renderer may return: the body; a resource to be rendered in its place;
`NOT_DONE_YET`; a Deferred or a coroutine of any of these; None, after it has written."""

NO_SUCH: Final = "No Such Resource"
NO_LUCK: Final = "Nothing is to be found at this address."

RENDERER: Final = "render_"

# The names of renderers that are asked for at each request, made once. What stands for a
# request in tests may tell its method as text.
RENDERERS: Final[dict[bytes | str, str]] = {
    key: RENDERER + method
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
    for key in (method, method.encode("ascii"))
}


class Resource:
    """Something that a path leads to.

    Whatever is to answer a method has a renderer, ``render_GET(request)`` and so on,
    which returns the body, or one of the other things of `Rendered`; it may be
    ``async def``.

    Attributes:
        isLeaf: Whether it answers for all paths below it, too; then children are not
            looked for, and ``request.postpath`` has what is left of the path.
        children: The resources below it, by name.
        streamsBody: Whether it is rendered as soon as the head of a request is there,
            to read the body as it comes; otherwise when the body is there.
    """

    isLeaf: bool | int = False
    streamsBody: bool = False

    def __init__(self) -> None:
        self.children: dict[bytes, IResource] = {}

    # The tree

    def putChild(self, path: bytes, child: IResource) -> None:
        """Put a resource below this one.

        Args:
            path: Its name: one segment of a path, without slashes and not quoted;
                empty for the path that ends with a slash.
            child: The resource.

        Raises:
            TypeError: The name is not bytes.
        """
        if not isinstance(path, bytes):
            raise TypeError(f"a child's name must be bytes, not {path!r}")
        self.children[path] = child

    def getChildWithDefault(self, path: bytes, request: Request) -> Any:
        """The child that was put there by that name, or else what `getChild` makes."""
        child = self.children.get(path)
        return self.getChild(path, request) if child is None else child

    def getChild(self, path: bytes, request: Request) -> Any:
        """Make a child for a name that none was put by. To be overridden.

        Args:
            path: The name, one segment of the path, not quoted.
            request: The request; its ``prepath`` ends with the name, and ``postpath``
                has the segments that follow.

        Returns:
            The resource, or a Deferred or a coroutine of it. Unless overridden, one
            that answers 404.
        """
        return ErrorPage(404, NO_SUCH, NO_LUCK)

    def wantsBodyStream(self, request: Request, path: Sequence[bytes]) -> bool:
        """Whether a request is to be rendered before its body is there.

        Asked when the head of a request with a body has come; only resources that were
        put there take part, `getChild` is not called.

        Args:
            request: The request, whose ``args`` and ``content`` are not there yet.
            path: The segments of its path below this resource.
        """
        if self.isLeaf or not path:
            return self.streamsBody
        return wantsBodyStream(self.children.get(path[0]), request, path[1:])

    # Rendering

    def render(self, request: Request) -> Rendered:
        """Answer a request, by the renderer for its method.

        Raises:
            UnsupportedMethod: There is none for the method.
        """
        method = request.method
        name = RENDERERS.get(method)
        if name is None:
            name = RENDERER + method.decode("ascii", "replace")
        renderer = getattr(self, name, None)
        if renderer is None:
            raise UnsupportedMethod(self._allowed())
        answer: Rendered = renderer(request)
        return answer

    def render_HEAD(self, request: Request) -> Rendered:
        """Answer as to a GET; of its body only the length is sent."""
        renderer = getattr(self, RENDERERS[b"GET"], None)
        if renderer is None:
            raise UnsupportedMethod(self._allowed())
        answer: Rendered = renderer(request)
        return answer

    def _allowed(self) -> Sequence[bytes]:
        named: Sequence[bytes] | None = getattr(self, "allowedMethods", None)
        return allowed_methods(self) if named is None else named

    # Entities, by the names that they have in the field

    def listStaticNames(self) -> list[bytes]:
        """The names of the children that were put here."""
        return list(self.children)

    def listStaticEntities(self) -> list[tuple[bytes, Any]]:
        """The names of the children that were put here, with the children."""
        return list(self.children.items())

    def listNames(self) -> list[bytes]:
        """The names of the children that are known."""
        return self.listStaticNames() + self.listDynamicNames()

    def listEntities(self) -> list[tuple[bytes, Any]]:
        """The names of the children that are known, with the children."""
        return self.listStaticEntities() + self.listDynamicEntities()

    def listDynamicNames(self) -> list[bytes]:
        """The names of children that `getDynamicEntity` makes; none unless overridden."""
        return []

    def listDynamicEntities(self) -> list[tuple[bytes, Any]]:
        """Those names with the children; none unless overridden."""
        return []

    def getStaticEntity(self, name: bytes) -> Any:
        """The child that was put here by a name; None if there is none."""
        return self.children.get(name)

    def getDynamicEntity(self, name: bytes, request: Request) -> Any:
        """The child for a name that none was put by: what `getChild` makes."""
        return self.getChild(name, request)

    def reallyPutEntity(self, name: bytes, entity: Any) -> None:
        """Put a child here, whatever `putChild` is overridden to do."""
        self.children[name] = entity

    def delEntity(self, name: bytes) -> None:
        """Take a child away.

        Raises:
            KeyError: There is none by that name.
        """
        del self.children[name]


class ErrorPage(Resource):
    """Answers every request with a page that tells of an error.

    Attributes:
        code: The status.
        brief: What is wrong, in a few words.
        detail: What is wrong, in a sentence.
    """

    def __init__(self, code: int, brief: str, detail: str) -> None:
        super().__init__()
        self.code: int = code
        self.brief: str = brief
        self.detail: str = detail

    def render(self, request: Request) -> bytes:
        """The page, whatever the method."""
        request.setResponseCode(self.code)
        request.setHeader(b"content-type", HTML)
        return error_page(self.code, self.brief, self.detail)

    def getChild(self, path: bytes, request: Request) -> ErrorPage:
        """What is below what is wrong is wrong, too."""
        return self


def wantsBodyStream(resource: Any, request: Request, path: Sequence[bytes]) -> bool:
    """Ask a resource `Resource.wantsBodyStream`: for who stands before another.

    Args:
        resource: The other; one that cannot be asked, or None, does not want it.
        request: The request.
        path: The segments of its path below that resource.
    """
    asked = getattr(resource, "wantsBodyStream", None)
    return asked is not None and bool(asked(request, path))


def allowed_methods(resource: object) -> list[bytes]:
    """The methods that a resource has renderers for, in the order of the alphabet."""
    names = (each for each in dir(resource) if each.startswith(RENDERER))
    methods = [name.removeprefix(RENDERER).encode("ascii") for name in names]
    if b"GET" not in methods and type(resource).render_HEAD is Resource.render_HEAD:  # type: ignore[attr-defined]
        methods.remove(b"HEAD")
    return methods
