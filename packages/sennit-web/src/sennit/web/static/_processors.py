"""What processors share, and one of them.

A *processor* stands for the files of one extension: called with a path and the registry,
it gives the resource that answers.

    root = File("/srv/www")
    root.processors = {".poem": PoemResource, ".asis": ASISProcessor}
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from sennit.web.resource import Resource
from sennit.web.server import Componentized

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = ["ASISProcessor", "Registry"]


class Registry(Componentized):
    """What the processors of a tree of files share; it carries objects of any class."""

    def __init__(self) -> None:
        super().__init__()
        self._paths: dict[str, Any] = {}

    def cachePath(self, path: str, rsrc: Any) -> None:
        """Keep what was made of a file.

        Args:
            path: The file's path.
            rsrc: The resource.
        """
        self._paths[path] = rsrc

    def getCachedPath(self, path: str) -> Any:
        """What was made of a file, and kept; None if nothing was."""
        return self._paths.get(path)


class ASISProcessor(Resource):
    """Answers with a file that is a whole response: status line, headers, and body.

        HTTP/1.1 301 Moved Permanently
        Location: /elsewhere

    A file may begin with the headers; it is a 200 then.
    """

    isLeaf: bool = True

    def __init__(self, path: str, registry: Registry | None = None) -> None:
        """Name the file.

        Args:
            path: Its path.
            registry: What processors share.
        """
        super().__init__()
        self.path: str = path
        self.registry: Registry = registry or Registry()

    def render(self, request: Request) -> bytes:
        """Answer with the file.

        Raises:
            ValueError: It has no status line or headers that could be read.
            OSError: It cannot be read.
        """
        with open(self.path, "rb") as file:
            content = file.read()
        end = _END.search(content)
        head, body = (
            (content[: end.start()], content[end.end() :]) if end else (content, b"")
        )
        lines = head.splitlines()
        if lines and (status := _STATUS.match(lines[0])):
            request.setResponseCode(int(status[1]), status[2] or None)
            del lines[0]
        for line in lines:
            name, colon, value = line.partition(b":")
            if not colon:
                raise ValueError(f"{self.path}: no header: {line[:64]!r}")
            if name.lower() not in _FRAME:
                request.responseHeaders.addRawHeader(name, value.strip())
        return body


_END: Final = re.compile(rb"\r?\n\r?\n")
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: (.*))?")

# Where the body ends is said by who sends it.
_FRAME: Final = frozenset({b"content-length", b"transfer-encoding", b"connection"})
