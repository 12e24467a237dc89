"""``twisted.web.script``: files that are programs, run for a request.

Whoever can put such a file there runs what he likes, so no `File` has these among its
processors unless a program sets them:

    root.processors = {".rpy": script.ResourceScript, ".epy": script.PythonScript}
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.core.failure import Failure
from sennit.web import pages
from sennit.web.http import INTERNAL_SERVER_ERROR
from sennit.web.resource import Resource
from sennit.web.server import NOT_DONE_YET
from sennit.web.static import Registry
from sennit.web.util import formatFailure

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = [
    "AlreadyCached",
    "CacheScanner",
    "PythonScript",
    "ResourceScript",
    "ResourceScriptDirectory",
    "noRsrc",
]

_NO_RESOURCE = "It has not set `resource`."


class AlreadyCached(Exception):
    """A script asks for a cache that it has already: it must not run again."""


class CacheScanner:
    """What a script calls to be run once, and not for each request.

    Attributes:
        doCache: Whether it has asked for that.
    """

    def __init__(self, path: str, registry: Registry) -> None:
        """Begin with no cache."""
        self.path: str = path
        self.registry: Registry = registry
        self.doCache: int = 0

    def cache(self) -> None:
        """Keep the resource that the script makes.

        Raises:
            AlreadyCached: It was kept already.
        """
        if self.registry.getCachedPath(self.path) is not None:
            raise AlreadyCached(self.path)
        self.recache()

    def recache(self) -> None:
        """Keep the resource, in the place of one that was kept."""
        self.doCache = 1


noRsrc: Resource = pages.errorPage(
    INTERNAL_SERVER_ERROR, "Whoops! Internal Error", _NO_RESOURCE
)


def ResourceScript(path: str, registry: Registry) -> Any:
    """Run a file that sets ``resource``, and give that: for ``.rpy``.

    The file finds ``registry``, ``cache()``, ``recache()`` and ``__file__``.

    Args:
        path: The file's path.
        registry: What processors share.
    """
    scanner = CacheScanner(path, registry)
    found: dict[str, Any] = {
        "__file__": os.fsencode(path),
        "resource": noRsrc,
        "registry": registry,
        "cache": scanner.cache,
        "recache": scanner.recache,
    }
    try:
        _run(path, found)
    except AlreadyCached:
        return registry.getCachedPath(path)
    resource = found["resource"]
    if scanner.doCache and resource is not noRsrc:
        registry.cachePath(path, resource)
    return resource


class ResourceScriptDirectory(Resource):
    """A folder whose files are run by `ResourceScript`."""

    def __init__(self, pathname: str, registry: Registry | None = None) -> None:
        """Name the folder.

        Args:
            pathname: Its path.
            registry: What processors share.
        """
        super().__init__()
        self.path: str = pathname
        self.registry: Registry = registry or Registry()

    def getChild(self, path: bytes, request: Request) -> Any:
        """What a file of that name makes."""
        name = os.fsdecode(path) or "index.rpy"
        file = os.path.join(self.path, name)
        if os.path.basename(name) != name or not os.path.isfile(file):
            return pages.notFound()
        return ResourceScript(file, self.registry)

    def render(self, request: Request) -> bytes:
        """Answer that there is nothing by this name."""
        return pages.notFound().render(request)


class PythonScript(Resource):
    """Runs a file for each request, with ``request`` and ``registry``: for ``.epy``.

    What it writes to the request is the response; it is finished after that.
    """

    isLeaf: bool | int = True

    def __init__(self, filename: str, registry: Registry) -> None:
        """Name the file.

        Args:
            filename: Its path.
            registry: What processors share.
        """
        super().__init__()
        self.filename: str = filename
        self.registry: Registry = registry

    def render(self, request: Request) -> int:
        """Run it."""
        found: dict[str, Any] = {
            "request": request,
            "__file__": os.fsencode(self.filename),
            "registry": self.registry,
        }
        try:
            _run(self.filename, found)
        except FileNotFoundError:
            request.write(pages.notFound().render(request))
        except Exception:
            failure = Failure()
            log.err(failure, f"{self.filename} has failed")
            site = getattr(request, "site", None)
            if getattr(site, "displayTracebacks", False):
                body: Any = formatFailure(failure)
            else:
                page = pages.errorPage(500, "Internal Error", "The script has failed.")
                body = page.render(request)
            request.setResponseCode(INTERNAL_SERVER_ERROR)
            request.write(body)
        request.finish()
        return NOT_DONE_YET


def _run(path: str, found: dict[str, Any]) -> None:
    with open(path, "rb") as file:
        source = file.read()
    exec(compile(source, path, "exec"), found, found)
