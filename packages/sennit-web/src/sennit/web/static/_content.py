"""The content of a file as a resource: opened, described, and sent.

Whatever is sent (size, tag, time, bytes) is read from the open descriptor. So it is one
state of one file, whoever replaces it meanwhile.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from functools import partial
from typing import IO, Any, Final

from sennit.core.filepath import FileMode, FilePath
from sennit.web import pages
from sennit.web.http import CACHED
from sennit.web.resource import NOT_DONE_YET, Rendered, Resource
from sennit.web.server import Request
from sennit.web.static._answer import ASKING, Form, announce, conditional
from sennit.web.static._delivery import compressed, deliver, producer_for, read
from sennit.web.static._kept import Keeper, Kept, Key
from sennit.web.static._known import Known, Shelf
from sennit.web.static._producers import StaticProducer, cutShort
from sennit.web.static._redirect import addSlash
from sennit.web.static._root import Root
from sennit.web.static._sender import SENDFILE_FROM
from sennit.web.static._types import ENCODINGS, TYPES, getTypeAndEncoding
from sennit.web.util import redirectTo

__all__ = ["Content"]

# What the system says where there is nothing to be served: no such name, no folder on
# the way, a name that is too long, a link that is not followed, a socket or a pipe.
_NOTHING: Final = frozenset(
    {
        errno.ENOENT,
        errno.ENOTDIR,
        errno.ENAMETOOLONG,
        errno.EINVAL,
        errno.ELOOP,
        errno.ENXIO,
    }
)

# What programs override, or set on an object, to open or send a file in another way.
_SENDING: Final = frozenset({"getFileSize", "makeProducer", "open", "openForReading"})
_RENDERING: Final = ("render", "render_GET", "render_HEAD")


class Content(Resource, FilePath[Any]):  # type: ignore[misc]
    """A file, as far as its content goes.

    Attributes:
        contentTypes: Media types by extension.
        contentEncodings: Content codings by extension.
        defaultType: The media type of files whose extension is not known.
        precompressed: Whether compressed forms beside a file are sent.
        type: The media type; None to tell it by the name.
        encoding: The content coding; counts where `type` is set.
        childNotFound: The page for what is not there.
        forbidden: The page for what may not be read.
    """

    contentTypes: Mapping[str, str] = TYPES
    contentEncodings: Mapping[str, str] = ENCODINGS
    defaultType: str | None = "text/html"
    precompressed: bool = True
    type: str | None = None
    encoding: str | None = None
    childNotFound: Any = pages.notFound(message="There is no such file.")
    forbidden: Any = pages.forbidden(message="This file may not be read.")

    # Where links may lead, and what is known of its files: a tree shares them.
    _root: Root
    _shelf: Shelf
    _keeper: Keeper
    # The folder that has made this one, and the way from there.
    _found: tuple[Any, Key] | None = None
    # Whether a subclass has its own way of opening and sending, and whether what it sends
    # may be kept.
    _own_sending: bool = False
    _keeps: bool = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)

        def own(*names: str) -> bool:
            return any(
                getattr(cls, name) is not getattr(Content, name) for name in names
            )

        cls._own_sending = own(*_SENDING)
        cls._keeps = not own(*_SENDING, *_RENDERING)

    def openForReading(self) -> IO[bytes]:
        """Open the file; overridden, it may be another.

        Raises:
            OSError: It could not be opened, or is a folder.
        """
        return self.open()

    def open(self, mode: FileMode = "r") -> IO[bytes]:
        """Open the file, for bytes: for reading, if no link leads out to it.

        Args:
            mode: As the built-in of that name takes it.

        Raises:
            OSError: It could not be opened.
        """
        if mode != "r":
            return super().open(mode)
        return self._root.file(os.fsdecode(self.path))

    def getFileSize(self) -> int:
        """How many bytes are sent of it."""
        return self.getsize()

    def makeProducer(
        self, request: Request, fileForReading: IO[bytes]
    ) -> StaticProducer:
        """Set the response's head, and make what sends the body.

        Args:
            request: The request: it may ask for parts.
            fileForReading: The file; what is made closes it.
        """
        return producer_for(
            request, fileForReading, announce(request, self._form_of(fileForReading))
        )

    def redirect(self, request: Request) -> bytes:
        """Send who has left out the slash at the end of a folder's path to it."""
        return redirectTo(addSlash(request), request)

    def render_GET(self, request: Request) -> Rendered:
        """Send the file, or what of it is asked for."""
        if (
            self._own_sending
            or not isinstance(request, Request)
            or not _SENDING.isdisjoint(vars(self))
        ):
            return self._send_opened(request)
        path = self.path if isinstance(self.path, str) else os.fsdecode(self.path)
        try:
            fd = self._root.open(path)
        except (OSError, ValueError) as error:
            return self._refuse(request, error)
        try:
            status = os.fstat(fd)
            if stat.S_ISDIR(status.st_mode):
                return self.redirect(request)
            if not stat.S_ISREG(status.st_mode):
                return _rendered(self.childNotFound, request)
            known = self._shelf.find(path)
            if known is None:
                kind, coding = self._kind()
                known = self._shelf.learn(path, kind, coding, self.precompressed)
            if (
                known.variants
                or status.st_size >= SENDFILE_FROM
                or request.method != b"GET"
                or request.hasAnyHeader(ASKING)
            ):
                return self._send(request, fd, status, known)
            return self._send_whole(request, path, fd, status, known.lines(status))
        finally:
            os.close(fd)

    def _send(
        self, request: Request, fd: int, status: os.stat_result, known: Known
    ) -> Rendered:
        """Send what is asked for of a file, or of a compressed form of it."""
        other = compressed(request, self._root, known.variants)
        if other is None:
            return _answer(request, fd, known.form(status))
        try:
            form = known.form(other.status, other.coding)
            return _answer(request, other.fd, form)
        finally:
            os.close(other.fd)

    def _send_whole(
        self,
        request: Request,
        path: str,
        fd: int,
        status: os.stat_result,
        lines: bytes,
    ) -> Rendered:
        """Send all of a small file."""
        try:
            body = read(fd, status.st_size)
        except EOFError as error:
            cutShort(request, error)
            return NOT_DONE_YET
        if self._found is not None:
            above, key = self._found
            kept = Kept(
                path, status, lines, body, partial(above.createSimilarFile, self.path)
            )
            self._keeper.keep(key, kept, status)
        request.setHeaderLines(lines)
        return body

    def _send_opened(self, request: Request) -> Rendered:
        """Send what a subclass opens, or as it sends it."""
        self.restat(reraise=False)
        if self.isdir():
            return self.redirect(request)
        try:
            file = self.openForReading()
        except (OSError, ValueError) as error:
            return self._refuse(request, error)
        try:
            form = self._form_of(file)
            done = conditional(request, form)
            if form.modified is not None and not done:
                done = request.setLastModified(form.modified) == CACHED
            if not done:
                producer = self.makeProducer(request, file)
                if request.method != b"HEAD":
                    producer.start()
                    return NOT_DONE_YET
        except BaseException:
            file.close()
            raise
        file.close()
        return b""

    def _form_of(self, file: IO[bytes]) -> Form:
        """What is to be known of an open file, whatever kind of file it is."""
        kind, coding = self._kind()
        form = Form(0, None if kind is None else kind.encode("latin-1"), coding)
        try:
            status = os.fstat(file.fileno())
        except (AttributeError, OSError):
            pass  # it has no descriptor: it is one of a program's own
        else:
            form = form.of(status)
            if type(self).getFileSize is Content.getFileSize:
                return form
        return form._replace(size=self.getFileSize())

    def _kind(self) -> tuple[str | None, bytes | None]:
        """The media type, and the content coding."""
        if self.type is None:
            self.type, self.encoding = getTypeAndEncoding(
                os.path.basename(os.fsdecode(self.path)),
                self.contentTypes,
                self.contentEncodings,
                self.defaultType,
            )
        return self.type, self.encoding.encode("latin-1") if self.encoding else None

    def _refuse(self, request: Request, error: Exception) -> Rendered:
        return _rendered(self._page_for(error), request)

    def _page_for(self, error: Exception) -> Any:
        """The page for what could not be opened.

        Raises:
            OSError: It is the server's fault.
        """
        if isinstance(error, PermissionError):
            return self.forbidden
        if isinstance(error, OSError) and error.errno not in _NOTHING:
            raise error
        # A path that no file can have is a ValueError.
        return self.childNotFound


def _rendered(page: Any, request: Request) -> Rendered:
    answer: Rendered = page.render(request)
    return answer


def _answer(request: Request, fd: int, form: Form) -> Rendered:
    """Answer with a form of a file: by its conditions, or with what is asked for."""
    if conditional(request, form):
        return b""
    parts = announce(request, form)
    return b"" if request.method == b"HEAD" else deliver(request, fd, parts)
