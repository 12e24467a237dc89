"""The client's side: calls of procedures by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

import sennit.core
from sennit.core import tls
from sennit.core.defer import Deferred, ensureDeferred
from sennit.web.client import BodyTooLong, BytesProducer, readBody
from sennit.web.client._checks import check_target
from sennit.web.client._uri import URI, host_value
from sennit.web.error import SchemeNotSupported
from sennit.web.http import Headers
from sennit.web.xmlrpc._errors import BadStatus, MessageTooLong
from sennit.web.xmlrpc._incoming import loadResponse
from sennit.web.xmlrpc._limits import LIMITS, Limits
from sennit.web.xmlrpc._outgoing import dumpCall
from sennit.web.xmlrpc._query import (
    CONTENT_TYPE,
    QueryFactory,
    QueryProtocol,
    credentials,
)

if TYPE_CHECKING:
    from sennit.core.engine import Reactor
    from sennit.web.client.contracts import IAgent

__all__ = ["Proxy"]

# Where a server has its procedures unless the URL tells; most take them there.
_PATH: Final = b"/RPC2"


class Proxy:
    """Calls the procedures of a server.

    Each call has a connection of its own, unless an agent sends it. Its Deferred may be
    awaited, cancelled, or be given a time by ``addTimeout``: then the connection ends.

    Attributes:
        host: The server's name or address.
        port: Its port.
        path: What is asked for: a path, perhaps with a query.
        secure: Whether TLS is spoken.
        user: Who calls; None for nobody in particular.
        password: Their password.
        agent: What sends the calls; None for connections of their own.
        queryFactory: What makes a call for such a connection; a subclass of
            `QueryFactory` may be put here.
    """

    queryFactory: Any = QueryFactory

    def __init__(
        self,
        url: bytes | str,
        user: bytes | str | None = None,
        password: bytes | str | None = None,
        allowNone: bool = False,
        useDateTime: bool = False,
        connectTimeout: float | None = 30.0,
        reactor: Reactor | Any = None,
        *,
        timeout: float | None = None,
        contextFactory: Any = None,
        agent: IAgent | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        """Take note of where the server is; nothing is connected yet.

        Args:
            url: ``http://`` or ``https://``; it may have a name and a password, their
                special characters quoted.
            user: Who calls, rather than who the URL tells.
            password: Their password.
            allowNone: Whether None may be sent, as the ``nil`` that not every server
                knows.
            useDateTime: Whether dates come as `datetime.datetime` rather than
                `xmlrpc.client.DateTime`.
            connectTimeout: Seconds that it may take to connect; None for any time.
            reactor: Connects; `sennit.core.reactor` if omitted.
            timeout: Seconds that a call may take in all; None for any time.
            contextFactory: How to speak TLS: ``clientOptions(hostname, …)`` of
                `sennit.core.tls`; if None, the server must prove its name to the
                platform's trust.
            agent: What sends the calls, in the place of this: `sennit.web.client.Agent`
                with a pool keeps connections, others go through proxies. It knows of
                TLS and of connecting, so that those arguments are of no use then.
            limits: How much of an answer is taken.

        Raises:
            SchemeNotSupported: The URL is of another scheme.
            ValueError: It has no host or no good port, or something in it that no URL
                has.
        """
        uri = URI.fromBytes(check_target(_octets(url)))
        if uri.scheme not in (b"http", b"https"):
            raise SchemeNotSupported(f"no XML-RPC over {uri.scheme!r}")
        if not uri.host:
            raise ValueError(f"no host in {uri.toBytes()!r}")
        self.secure: bool = uri.scheme == b"https"
        self.host: bytes = uri.host
        self.port: int = uri.port
        self.path: bytes = _PATH if uri.originForm == b"/" else uri.originForm
        self.user, self.password = _userinfo(uri.userinfo)
        if user is not None:
            self.user = _octets(user)
        if password is not None:
            self.password = _octets(password)
        self.allowNone = allowNone
        self.useDateTime = useDateTime
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        self.limits = limits
        self.agent = agent
        self._context = contextFactory
        self._host_header = host_value(uri.scheme, uri.host, uri.port)
        self._reactor: Any = sennit.core.reactor if reactor is None else reactor

    def callRemote(self, method: str, *args: Any) -> Deferred[Any]:
        """Call a procedure.

        Args:
            method: Its name.
            args: Its arguments.

        Returns:
            Its result. Fails with a `Fault`, if the server answers one; a `BadStatus`,
            if it speaks HTTP but not XML-RPC here; an `InvalidMessage` or a
            `BudgetExceeded`, if its answer is none or too much; what ended the
            connection; a `TimeoutError`.

        Raises:
            CannotSend: An argument has no form in XML-RPC.
        """
        if self.agent is None:
            called = self._connect(method, args)
        else:
            payload = dumpCall(method, args, self.allowNone)
            called = ensureDeferred(self._send(self.agent, payload))
        if self.timeout is not None:
            called.addTimeout(self.timeout, self._reactor)
        return called

    async def _send(self, agent: IAgent, payload: bytes) -> Any:
        headers = Headers({b"Content-Type": [CONTENT_TYPE]})
        headers.setRawHeaders(b"User-Agent", [QueryProtocol.userAgent])
        if self.user:
            value = credentials(self.user, self.password)
            headers.setRawHeaders(b"Authorization", [value])
        scheme = b"https://" if self.secure else b"http://"
        url = scheme + self._host_header + self.path
        response = await agent.request(b"POST", url, headers, BytesProducer(payload))
        try:
            body = await readBody(response, self.limits.maxBytes)
        except BodyTooLong as error:
            raise MessageTooLong(str(error)) from None
        if response.code != 200:
            raise BadStatus(b"%d" % response.code, response.phrase)
        return loadResponse(body, self.limits, self.useDateTime)

    def _connect(self, method: str, args: tuple[Any, ...]) -> Deferred[Any]:
        def cancel(called: Deferred[Any]) -> None:
            factory.deferred = None
            connector.disconnect()

        factory = self.queryFactory(
            self.path,
            self._host_header,
            method,
            self.user,
            self.password,
            self.allowNone,
            args,
            cancel,
            self.useDateTime,
        )
        factory.limits = self.limits
        called: Deferred[Any] = factory.deferred
        host, connect_timeout = self.host.decode("ascii"), self.connectTimeout
        if self.secure:
            if self._context is None:
                self._context = tls.clientOptions(host)
            connector = self._reactor.connectSSL(
                host, self.port, factory, self._context, timeout=connect_timeout
            )
        else:
            connector = self._reactor.connectTCP(
                host, self.port, factory, timeout=connect_timeout
            )
        return called


def _userinfo(text: bytes | None) -> tuple[bytes | None, bytes | None]:
    """Part the name and the password of a URL. RFC 3986 §3.2.1."""
    if text is None:
        return None, None
    user, colon, password = text.partition(b":")
    return unquote_to_bytes(user), unquote_to_bytes(password) if colon else None


def _octets(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text
