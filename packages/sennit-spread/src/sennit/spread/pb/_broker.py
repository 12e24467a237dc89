"""The broker: one end of a connection, between objects here and objects over there.

What it does, others do: `Calls` the calls of this side, `Answers` those of the other,
`Holdings` knows who has what, `Received` what each message means, `Watchers` who wants to
be told. Here they meet the bytes, and each other.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from sennit.core import log
from sennit.core.failure import Failure
from sennit.core.protocol import connectionDone
from sennit.spread.banana import BananaError
from sennit.spread.jelly import globalSecurity
from sennit.spread.pb._answers import Answers
from sennit.spread.pb._calls import Calls
from sennit.spread.pb._errors import (
    BrokerLimitExceeded,
    DeadReferenceError,
    ProtocolError,
    TooManyReferences,
)
from sennit.spread.pb._holdings import Holdings
from sennit.spread.pb._incoming import Incoming
from sennit.spread.pb._messages import EXTENSIONS, MARK, VERSION
from sennit.spread.pb._outgoing import Outgoing
from sennit.spread.pb._pages import Pages
from sennit.spread.pb._patience import Patience
from sennit.spread.pb._pressure import AT_ONCE, Pressure
from sennit.spread.pb._received import Received
from sennit.spread.pb._watchers import Watchers

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from sennit.core.contracts import IReactorTime
    from sennit.spread.jelly import SecurityOptions
    from sennit.spread.pb._caches import RemoteCacheObserver
    from sennit.spread.pb._calls import Asked

__all__ = ["Broker"]


class Broker(Holdings):
    """Has objects here called from over there, and the other way round.

    Attributes:
        disconnected: Whether the connection is over.
        maxCalls: How many calls of the other side may wait for their results at a time:
            each holds a kilobyte or two, and whatever its method needs.
        handshakeTimeout: Seconds that the other side has to agree on a dialect; None for
            any number. It is one message: half a minute is a long time for it, even by a
            bad line.
        loginTimeout: Seconds that a user has for the first login; None for any number. A
            server that has a portal sets it.
        stallTimeout: Seconds until what waits to be sent must have been taken, once it
            is more than the transport holds; None for any number. In ten minutes the
            longest message there may be, 16 MiB, gets through a line of 28 kB/s.
        clock: Measures the time that a call may take; None for the reactor.
        extensions: What both sides know beyond the classic protocol.
        version: What this side speaks.
        username: For whoever wants to note here who has logged in.
    """

    maxCalls: int = 10_000
    handshakeTimeout: float | None = 30
    loginTimeout: float | None = None
    stallTimeout: float | None = 600
    clock: IReactorTime | None = None
    version: int = VERSION
    username: Any = None

    def __init__(
        self,
        isClient: bool | int = True,
        security: SecurityOptions = globalSecurity,
    ) -> None:
        """Be one end.

        Args:
            isClient: Whether this end chooses the dialect.
            security: What may come.
        """
        self._wire: Any = None
        super().__init__(isClient, security)
        self.disconnected: bool = False
        self.extensions: frozenset[bytes] = frozenset()
        self.watchers: Watchers = Watchers()
        self.calls: Calls = Calls(self)
        self.answers: Answers = Answers(self)
        self.received: Received = Received(self)
        self.pages: Pages = Pages(self)
        self.patience: Patience = Patience(self)
        self.pressure: Pressure = Pressure(self)
        # What `incoming` and `outgoing` are depends on the dialect.
        self.incoming: Incoming | None = None
        self.outgoing: Outgoing
        self._peer_is_ours = self._has_offered = self._is_broken = False
        # What is sent while bytes are being received goes out with one write, and bytes
        # that come meanwhile wait.
        self._is_receiving = False
        self._goes_long = False
        self._collected: list[bytes] = []
        self._fed: list[bytes] = []
        # How many bytes were written since the transport was asked for room.
        self._written = 0

    # The connection

    @property
    def transport(self) -> Any:
        """The way to the other side; whoever asks for it finds all sent before."""
        if self._collected:
            self.flush()
        return self._wire

    @transport.setter
    def transport(self, transport: Any) -> None:
        self._wire = transport

    def connectionMade(self) -> None:
        """Offer the dialects, if it is this side that does, and tell who we are."""
        self.deaths.begin()
        self.lent.limit = self.away.limit = self.here.limit = self.maxReferences
        self.patience.begin(self.handshakeTimeout, "dialect was agreed on")
        if not self.isClient:
            self.sendEncoded([*self.knownDialects, MARK])

    def callExpressionReceived(self, obj: Any) -> None:
        """Take an expression: the dialects, the one chosen, or a message."""
        if self.currentDialect is None and self.isClient and isinstance(obj, list):
            self._peer_is_ours = MARK in obj
        super().callExpressionReceived(obj)

    def connectionReady(self) -> None:
        """Tell the version, and then everybody that there is a connection."""
        self.patience.begin(self.loginTimeout, "login")
        dialect = self.currentDialect or b"none"
        self.outgoing = Outgoing(self, dialect)
        self.incoming = Incoming(self) if dialect == b"pb" else None
        self.sendCall(b"version", VERSION)
        if self._peer_is_ours:
            self.offer()
        self.watchers.connected()
        made = getattr(self.factory, "clientConnectionMade", None)
        if made is not None:
            made(self)

    def dataReceived(self, data: bytes) -> None:
        """Take bytes; what breaks the rules, or a limit, ends the connection."""
        if self._is_receiving:
            # A method was called that has brought this about; it comes to an end first.
            self._fed.append(data)
            return
        self._is_receiving = True
        try:
            at = 0
            if self.incoming is not None and not self._goes_long:
                at = self.incoming.take(data, 0)
            if at != len(data) or self._goes_long:
                self._take_long(data[at:])
            while self._fed:
                data = b"".join(self._fed)
                self._fed.clear()
                self._take_long(data)
        except (BananaError, BrokerLimitExceeded, ProtocolError) as error:
            self.break_off(error)
        finally:
            self._is_receiving = False
            if self._collected:
                self.flush()

    def _take_long(self, data: bytes) -> None:
        """Take bytes by way of expressions, as long as a message is not all there."""
        if not self._is_broken:
            super().dataReceived(data)
            self._goes_long = self._banana_decoder.waiting

    def break_off(self, error: Exception) -> None:
        """End the connection because of the other side, with a line in the log."""
        self._is_broken = self._goes_long = True
        kind = type(error).__name__
        log.msg(
            f"the connection of {self.peer} is ended: {kind}: {error}",
            logLevel=logging.WARNING,
            failure=Failure(error),
        )
        # Old transports have but the polite way.
        end = getattr(self.transport, "abortConnection", None)
        (end or self.transport.loseConnection)()

    def quickly(self, data: bytes, at: int) -> tuple[int, None] | None:
        """Take the plain calls and answers that follow a message that was not."""
        end = at if self.incoming is None else self.incoming.take(data, at)
        return (end, None) if end != at else None

    def sendBytes(self, data: bytes) -> None:
        """Send the bytes of a message: after what is being made, or received."""
        if self.behind is not None:
            self.behind.append(data)
            return
        if self._is_receiving:
            self._collected.append(data)
        else:
            self._wire.write(data)
        self._written += len(data)
        if self._written >= AT_ONCE:
            self._written = 0
            self.flush()
            self.pressure.ask()

    def flush(self) -> None:
        """Send now what was collected."""
        collected = self._collected
        if collected:
            data = collected[0] if len(collected) == 1 else b"".join(collected)
            collected.clear()
            self._wire.write(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Fail what waits, and let go of everything."""
        self.disconnected = True
        self.patience.end()
        self.pressure.end()
        observed = self.away.clear()
        self.lent.clear()
        self.borrowed.clear()
        self.here.clear()
        # Only now what others wrote is called: it finds all this done.
        self.watchers.disconnected()
        for each in observed:
            each.stopped()
        self.pages.clear(reason)
        self.calls.fail_all(reason)

    def connectionFailed(self) -> None:
        """Tell everybody that there will be no connection."""
        self.watchers.failed()

    # Messages

    def sendCall(self, *exp: Any) -> None:
        """Send a message.

        Args:
            exp: Its word, and what follows.
        """
        self.sendEncoded(exp)

    def expressionReceived(self, sexp: Any) -> None:
        """Take a message.

        Raises:
            ProtocolError: It is none.
        """
        self.received.take(sexp)

    def offer(self) -> None:
        """Tell, once, what this side speaks beyond the classic protocol."""
        if not self._has_offered:
            self._has_offered = True
            self.sendCall(b"extensions", *sorted(EXTENSIONS))

    def give_back(self) -> None:
        """Tell the other side what has died here."""
        if self.disconnected or self.currentDialect is None:
            return
        for luid in self.borrowed.to_give_back():
            self.sendCall(b"decref", luid)
        for luid in self.here.held.to_give_back():
            self.sendCall(b"decache", luid)

    # Calls

    def ask_cache(
        self,
        observer: RemoteCacheObserver,
        name: str | bytes,
        args: tuple[Any, ...],
        kw: dict[str, Any],
        timeout: float | None,
    ) -> Any:
        """Call a method of a cache over there; see `RemoteCacheObserver.callRemote`."""
        luid = self.cachedRemotelyAs(observer.cached)
        if luid is None:
            raise DeadReferenceError(f"{observer!r}: nobody has the cache any more")
        return self.calls.ask(
            b"cachemessage", luid, name, observer.perspective, args, kw, timeout
        )

    def say_cancelled(self, request: int) -> None:
        """Tell a peer that knows the word that nobody waits for an answer any more."""
        if b"cancel" in self.extensions and not self.disconnected:
            self.sendCall(b"cancel", request)

    def newRequestID(self) -> int:
        """Give a number that no other call of this side has or had."""
        return self.calls.new_request()

    def get_clock(self) -> IReactorTime:
        """Give what measures the time of calls."""
        if self.clock is not None:
            return self.clock
        # The default reactor is made when it is first needed.
        from sennit.core import reactor

        return reactor

    @property
    def shows_tracebacks(self) -> bool:
        """Whether errors go with their tracebacks."""
        return bool(getattr(self.factory, "unsafeTracebacks", False))

    @property
    def waitingForAnswers(self) -> dict[int, Asked]:
        """The calls that wait for an answer, by their numbers."""
        return self.calls.waiting

    # Who wants to be told

    def notifyOnDisconnect(self, notifier: Callable[[], object]) -> None:
        """Have a function called when the connection ends."""
        self.watchers.disconnects.append(notifier)

    def dontNotifyOnDisconnect(self, notifier: Callable[[], object]) -> None:
        """Take back one `notifyOnDisconnect`; what was not asked for is passed over."""
        if notifier in self.watchers.disconnects:
            self.watchers.disconnects.remove(notifier)

    def notifyOnConnect(self, notifier: Callable[[], object]) -> None:
        """Have a function called when there is a connection; at once, if there is one."""
        self.watchers.connects.append(notifier)
        if self.currentDialect is not None and not self.disconnected:
            notifier()

    def notifyOnFail(self, notifier: Callable[[], object]) -> None:
        """Have a function called when no connection can be made."""
        self.watchers.failures.append(notifier)

    @property
    def disconnects(self) -> list[Callable[[], object]]:
        """The functions to be called when the connection ends."""
        return self.watchers.disconnects

    def call_when_dropped(
        self, identity: Hashable, notifier: Callable[[], object]
    ) -> None:
        """Have a function called when an object is lent no more; see `Watchers`.

        Raises:
            TooManyReferences: As many wait for that as objects may be lent.
        """
        if self.watchers.drops >= self.maxReferences:
            raise TooManyReferences(
                f"{self.peer} holds {self.watchers.drops} things that will be let go of"
            )
        self.watchers.when_dropped(identity, notifier)

    def told_already(self, failure: Failure) -> None:
        """Do not log a failure once more: it was, where it arose."""
        self.answers.told = failure

    # Pages

    def registerPageProducer(self, pager: Any) -> None:
        """Have a pager send its pages when there is room for them.

        Args:
            pager: A `Pager <sennit.spread.util.Pager>`.
        """
        self.pages.add(pager)
