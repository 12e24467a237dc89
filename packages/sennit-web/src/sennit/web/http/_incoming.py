"""What a client has asked for: the request's side of a `Request`.

Of what a head says, little is looked at by most resources. So headers, cookies, the
query's arguments and the body's file are made when somebody asks for them.
"""

from __future__ import annotations

import tempfile
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar

from sennit.web.http._budgets import Limits
from sennit.web.http._cookies import parsed_cookies
from sennit.web.http._errors import BadRequest, BodyTooLarge
from sennit.web.http._fields import EMPTY, Block
from sennit.web.http._forms import Part, form_kind, parse_qs, parseMultipart
from sennit.web.http._headers import Headers

if TYPE_CHECKING:
    from sennit.web.http._streams import BodyStream

__all__ = ["Incoming"]

_DEFAULTS = Limits()


class Incoming:
    """A request, as it came.

    Attributes:
        channel: The connection; None when the answer is complete.
        method: Such as ``GET``, as it came.
        uri: The whole target, with its query.
        path: The target's path, quoted as it came; without scheme, host and query.
        clientproto: The version: ``HTTP/1.1`` or ``HTTP/1.0``.
        parts: The fields of a multipart form, with the names of files.
        stream: The body, where it is read as it comes; None where it is in `content`.
        trailers: The headers that came after a body; None if the body had no place for
            them.
    """

    method: bytes = b"(no method yet)"
    uri: bytes = b"(no uri yet)"
    path: bytes = None  # type: ignore[assignment]
    clientproto: bytes = b"(no clientproto yet)"
    parts: list[Part] = []  # noqa: RUF012 (never changed: it is set on the instance)
    # Whoever has said that he wants it has it: no reader should have to ask.
    stream: BodyStream = None  # type: ignore[assignment]
    trailers: Headers | None = None

    channel: Any
    # The connection, also when the answer is complete.
    _wire: Any
    _block: Block = EMPTY
    _query: bytes = b""
    _authority: bytes | None = None

    # Whether requestReceived is ours: without a body, it would only call process.
    receives_plainly: ClassVar[bool] = True

    # What is made when it is asked for, or was set.
    _request_headers: Headers | None = None
    _content: Any = None
    _args: dict[bytes, list[bytes]] | None = None
    _received_cookies: dict[bytes, bytes] | None = None

    # What came with the head

    @property
    def requestHeaders(self) -> Headers:
        """The headers that came."""
        if self._request_headers is None:
            self._request_headers = self._block.headers()
        return self._request_headers

    @requestHeaders.setter
    def requestHeaders(self, headers: Headers) -> None:
        self._request_headers = headers

    def hasAnyHeader(self, names: frozenset[bytes]) -> bool:
        """Whether any of some headers came: for who would look for each of many.

        Args:
            names: Their names, in lower case.
        """
        if self._request_headers is None:
            return not names.isdisjoint(self._block.names)
        return any(map(self._request_headers.hasHeader, names))

    def getHeader(self, key: str | bytes) -> Any:
        """The last value of a header that came.

        Args:
            key: Its name, in any case.

        Returns:
            The value, of the type of the name; None if there is none.
        """
        values = self.requestHeaders.getRawHeaders(key)
        return values[-1] if values else None

    def getAllHeaders(self) -> dict[bytes, bytes]:
        """The last value of each header that came, by its name in lower case."""
        headers = self.requestHeaders.getAllRawHeaders()
        return {name.lower(): values[-1] for name, values in headers}

    @property
    def args(self) -> dict[bytes, list[bytes]]:
        """The values of the query's and the form's arguments, by their names."""
        if self._args is None:
            # How many they may be, the budget of the head says.
            self._args = parse_qs(self._query, 1) if self._query else {}
        return self._args

    @args.setter
    def args(self, args: dict[bytes, list[bytes]]) -> None:
        self._args = args

    def parseCookies(self) -> None:
        """Read the cookies that came into `received_cookies`."""
        headers = self.requestHeaders.getRawHeaders(b"cookie", ())
        self._received_cookies = parsed_cookies(headers)

    @property
    def received_cookies(self) -> dict[bytes, bytes]:
        """The values of the cookies that came, by their names."""
        if self._received_cookies is None:
            self.parseCookies()
            assert self._received_cookies is not None
        return self._received_cookies

    @received_cookies.setter
    def received_cookies(self, cookies: dict[bytes, bytes]) -> None:
        self._received_cookies = cookies

    def getCookie(self, key: bytes) -> bytes | None:
        """The value of a cookie that came; None if there is none of that name."""
        return self.received_cookies.get(key)

    # The body

    @property
    def _limits(self) -> Limits:
        limits: Limits = getattr(self._wire, "limits", _DEFAULTS)
        return limits

    @property
    def content(self) -> BinaryIO:
        """The body, as a file that is read from its beginning."""
        if self._content is None:
            self._content = BytesIO()
        content: BinaryIO = self._content
        return content

    @content.setter
    def content(self, content: BinaryIO | None) -> None:
        self._content = content

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.receives_plainly = cls.requestReceived is Incoming.requestReceived

    def wantsBodyStream(self) -> bool:
        """Whether to be processed before the body is there, and read it as it comes.

        It is asked when the head is there, of a request that has a body. Overridden to
        say so, `stream` is there in `process`, and `content` is empty.
        """
        return False

    def gotLength(self, length: int | None) -> None:
        """Make ready for the body: called when the head is there, if one is to come.

        Args:
            length: Its bytes; None where they are not known before its end.
        """
        if length == 0:
            return
        in_memory = self._limits.maxInMemory
        if length is None or length >= in_memory:
            # What is short after all stays in memory.
            most = in_memory if length is None else 1
            self._content = tempfile.SpooledTemporaryFile(most)  # noqa: SIM115

    def handleContentChunk(self, data: bytes) -> None:
        """Take a piece of the body."""
        self.content.write(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """Be processed: head and body are there.

        Args:
            command: The method.
            path: The target.
            version: The version of HTTP.
        """
        if self._content is not None:
            self._content.seek(0, 0)
        self.clientproto = version
        self.method = command
        self.uri = path
        if "path" not in self.__dict__:
            self.path, _, self._query = path.partition(b"?")
        if command == b"POST" and self._content is not None and not self._read_form():
            return
        self.process()

    def _read_form(self) -> bool:
        """Add a form's fields to the arguments; whether it could be read."""
        headers = self._request_headers
        if headers is None:
            kind = self._block.contentType
        else:
            kind = headers.getRawHeaders(b"content-type", (b"",))[0]
        form = form_kind(kind)
        if form is None:
            return True
        try:
            self._take_form(form, kind)
        except BadRequest as error:
            self.channel.refuse(error)
            return False
        return True

    def _take_form(self, form: bytes, kind: bytes) -> None:
        limits = self._limits
        content = self.content
        if content.seek(0, 2) > limits.maxForm:
            raise BodyTooLarge(f"a form of more than {limits.maxForm} bytes")
        content.seek(0)
        body = content.read()
        content.seek(0)
        most = limits.maxFields
        if form == b"multipart/form-data":
            self.parts = parseMultipart(body, kind, maxFields=most)
            fields: dict[bytes, list[bytes]] = {}
            for part in self.parts:
                fields.setdefault(part.name, []).append(part.content)
        else:
            fields = parse_qs(body, 1, maxFields=most)
        self.args.update(fields)

    def process(self) -> None:
        """Answer the request: to be overridden."""
