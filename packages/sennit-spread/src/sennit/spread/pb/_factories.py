"""Factories of brokers: a server's, which has a root, and a client's, which gets one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sennit.core.cred.interfaces import IAnonymous
from sennit.core.cred.portal import Portal
from sennit.core.defer import Deferred, fail, succeed
from sennit.core.failure import Failure
from sennit.core.protocol import ClientFactory, ServerFactory
from sennit.spread.interfaces import IPBRoot
from sennit.spread.jelly import globalSecurity
from sennit.spread.pb._broker import Broker
from sennit.spread.pb._errors import PBConnectionLost
from sennit.spread.pb._login import PortalRoot, log_in, log_in_anonymously
from sennit.spread.pb._tags import register

if TYPE_CHECKING:
    from collections.abc import Callable

    from sennit.core.contracts import IAddress, IConnector, IStreamClientEndpoint
    from sennit.core.cred.contracts import ICredentials
    from sennit.spread.jelly import Registry, SecurityOptions
    from sennit.spread.pb._references import RemoteReference

__all__ = ["PBClientFactory", "PBServerFactory"]

# Seconds. To begin takes one message; to type a password takes no five minutes.
_HANDSHAKE: Final = Broker.handshakeTimeout
_LOGIN: Final = 300

# To type checkers they are Protocols, which are not called.
_root: Any = IPBRoot
_anonymous: Any = IAnonymous


class PBServerFactory(ServerFactory):
    """Serves a root object, or logins.

    Attributes:
        root: What gives each connection its root.
        security: What may come.
        registry: What becomes of copies that come; None for the default.
        unsafeTracebacks: Whether errors go with their tracebacks, which show code.
        maxReferences: How many objects a connection may have lent at a time.
        maxCalls: How many calls of a connection may be under way at a time.
        handshakeTimeout: Seconds that a client has to begin; None for any number.
        loginTimeout: Seconds that a user has to log in; None for any number.
    """

    protocol: Callable[..., Any] | None = Broker
    unsafeTracebacks: bool | int = False
    registry: Registry | None = None
    maxReferences: int | None = None
    maxCalls: int | None = None
    handshakeTimeout: float | None = _HANDSHAKE
    loginTimeout: float | None = _LOGIN

    def __init__(
        self,
        root: Any,
        unsafeTracebacks: bool | int = False,
        security: SecurityOptions = globalSecurity,
        *,
        registry: Registry | None = None,
        maxReferences: int | None = None,
        maxCalls: int | None = None,
        handshakeTimeout: float | None = _HANDSHAKE,
        loginTimeout: float | None = _LOGIN,
    ) -> None:
        """Serve something.

        Args:
            root: A `Root <sennit.spread.pb.Root>`, or whatever else provides
                ``IPBRoot`` or can be adapted to it; or the portal that lets users in.
                Its checkers must know one of ``IUsernameHashedPassword``,
                ``IUsernameMD5Password``, ``IAnonymous``.
            unsafeTracebacks: Whether errors go with their tracebacks.
            security: What may come.
            registry: What becomes of copies that come; if None, what was registered by
                `setUnjellyableForClass` and its like.
            maxReferences: How many objects a connection may have lent at a time, besides
                the root; the broker's own limit if None.
            maxCalls: How many calls of a connection may be under way at a time; the
                broker's own limit if None.
            handshakeTimeout: Seconds that a client has to agree on what is spoken, which
                is one message; None for any number.
            loginTimeout: Seconds that it has from then on until the first user is logged
                in, if there is a portal; None for any number.
        """
        self.root: Any = PortalRoot(root) if isinstance(root, Portal) else _root(root)
        self.unsafeTracebacks = unsafeTracebacks
        self.security = security
        self.registry = registry
        self.maxReferences = maxReferences
        self.maxCalls = maxCalls
        self.handshakeTimeout = handshakeTimeout
        self.loginTimeout = loginTimeout

    def buildProtocol(self, addr: IAddress) -> Any:
        """Make the broker of a new connection."""
        broker = _broker_of(self, False)
        if isinstance(self.root, PortalRoot):
            broker.loginTimeout = self.loginTimeout
        broker.setNameForLocal("root", self.root.rootObject(broker))
        return broker

    def clientConnectionMade(self, protocol: Broker) -> None:
        """Take note that a client and this side have agreed on what they speak."""


class PBClientFactory(ClientFactory):
    """Connects to a server of objects; ask it for the root, or log in, at any time.

    Attributes:
        security: What may come.
        registry: What becomes of copies that come; None for the default.
        unsafeTracebacks: Whether errors go with their tracebacks, which show code.
        maxReferences: How many objects may be lent to the server at a time.
        maxCalls: How many calls of the server may be under way at a time.
        handshakeTimeout: Seconds that a server has to begin; None for any number.
    """

    protocol: Callable[..., Any] | None = Broker
    unsafeTracebacks: bool | int = False
    registry: Registry | None = None
    maxReferences: int | None = None
    maxCalls: int | None = None
    handshakeTimeout: float | None = _HANDSHAKE

    def __init__(
        self,
        unsafeTracebacks: bool | int = False,
        security: SecurityOptions = globalSecurity,
        *,
        registry: Registry | None = None,
        maxReferences: int | None = None,
        maxCalls: int | None = None,
        handshakeTimeout: float | None = _HANDSHAKE,
    ) -> None:
        """Be ready to connect.

        Args:
            unsafeTracebacks: Whether errors go with their tracebacks.
            security: What may come.
            registry: What becomes of copies that come; if None, what was registered by
                `setUnjellyableForClass` and its like.
            maxReferences: How many objects may be lent to the server at a time; the
                broker's own limit if None.
            maxCalls: How many calls of the server may be under way at a time; the
                broker's own limit if None.
            handshakeTimeout: Seconds that a server has, once connected, to agree on what
                is spoken; None for any number.
        """
        self.unsafeTracebacks = unsafeTracebacks
        self.security = security
        self.registry = registry
        self.maxReferences = maxReferences
        self.maxCalls = maxCalls
        self.handshakeTimeout = handshakeTimeout
        # The connection, and who waits for it.
        self._broker: Broker | None = None
        self._waiting: list[Deferred[RemoteReference]] = []

    def buildProtocol(self, addr: IAddress) -> Any:
        """Make the broker of a new connection."""
        return _broker_of(self, True)

    def connect(self, endpoint: IStreamClientEndpoint) -> Deferred[RemoteReference]:
        """Connect by an endpoint, and get the server's root.

        An endpoint tells nobody but who has called it that it has failed: so whoever
        waits for the root or a login by this factory is told here.

        Args:
            endpoint: Leads to the server.

        Returns:
            A reference to the root. It fails as the endpoint does, or with
            `PBConnectionLost`.
        """
        connected: Deferred[Any] = endpoint.connect(self)
        return connected.addCallbacks(self._connected, self._not_connected)

    def _connected(self, broker: Broker) -> Deferred[RemoteReference]:
        broker.notifyOnDisconnect(self._ended)
        return self.getRootObject()

    def _not_connected(self, reason: Failure) -> Failure:
        self._fail_all(reason)
        return reason

    def _ended(self) -> None:
        self._broker = None
        self._fail_all(
            Failure(PBConnectionLost("the connection ended before it was of any use"))
        )

    def getRootObject(self) -> Deferred[RemoteReference]:
        """Get the server's root, as soon as there is a connection.

        Returns:
            A reference to it. It fails where no connection can be made, or it ends too
            early.
        """
        broker = self._broker
        if broker is not None and not broker.disconnected:
            return succeed(broker.remoteForName("root"))
        waits: Deferred[RemoteReference] = Deferred(self._waiting.remove)
        self._waiting.append(waits)
        return waits

    def login(
        self, credentials: ICredentials, client: Any = None
    ) -> Deferred[RemoteReference]:
        """Log in, as soon as there is a connection.

        Args:
            credentials: A name and password, or anonymous ones.
            client: What the avatar may call here, its mind; None for nothing.

        Returns:
            A reference to the avatar; drop it to log out. It fails with an error that is
            a ``LoginFailed``, or as `getRootObject`.
        """
        if _anonymous.providedBy(credentials):
            return self.getRootObject().addCallback(log_in_anonymously, client)
        known: Any = credentials
        try:
            name, password = known.username, known.password
        except AttributeError:
            return fail(
                TypeError(
                    f"{credentials!r}: a login takes a name and password, or none"
                )
            )
        return self.getRootObject().addCallback(log_in, name, password, client)

    def disconnect(self) -> None:
        """End the connection, if there is one."""
        if self._broker is not None:
            self._broker.transport.loseConnection()

    def clientConnectionMade(self, broker: Broker) -> None:
        """Take note that the server and this side have agreed on what they speak."""
        self._broker = broker
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each.callback(broker.remoteForName("root"))

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """Fail whatever waits for the connection."""
        self._fail_all(reason)

    def clientConnectionLost(
        self, connector: IConnector, reason: Failure, reconnecting: bool | int = False
    ) -> None:
        """Fail whatever waits for the connection.

        Args:
            connector: Its ``connect()`` makes a new one.
            reason: Why it ended.
            reconnecting: Whether a new one is made: then what waits goes on waiting.
        """
        self._broker = None
        if not reconnecting:
            self._fail_all(reason)

    def _fail_all(self, reason: Failure) -> None:
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each.errback(reason)


def _broker_of(factory: PBServerFactory | PBClientFactory, isClient: bool) -> Any:
    if factory.protocol is None:
        raise TypeError(f"{factory!r} has no protocol: set it")
    broker: Any = factory.protocol(isClient=isClient, security=factory.security)
    broker.factory = factory
    broker.handshakeTimeout = factory.handshakeTimeout
    if factory.registry is not None:
        register(factory.registry)
        broker.registry = factory.registry
    if factory.maxReferences is not None:
        broker.maxReferences = factory.maxReferences
    if factory.maxCalls is not None:
        broker.maxCalls = factory.maxCalls
    return broker
