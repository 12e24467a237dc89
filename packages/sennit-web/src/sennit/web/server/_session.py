"""Sessions: what is kept of a client between its requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sennit.core import log
from sennit.web.server._components import Componentized

if TYPE_CHECKING:
    from sennit.core.contracts import IDelayedCall, IReactorTime
    from sennit.web.server._site import Site

__all__ = ["Session"]


class Session(Componentized):
    """One client's visit. It ends when the client has not been seen for a while.

    What a program keeps in it are components: `getComponent`.

    Attributes:
        sessionTimeout: After how many seconds without a request it ends: a quarter of an
            hour, as long as somebody may take to read a page or to fill in a form.
        uid: What the client's cookie has.
        site: The site that it belongs to.
        lastModified: When it was last touched, in seconds of the reactor's clock.
        expireCallbacks: What is called when it ends.
    """

    sessionTimeout: float = 900

    def __init__(
        self, site: Site, uid: bytes, reactor: IReactorTime | None = None
    ) -> None:
        """Make a session.

        Args:
            site: The site that it belongs to.
            uid: What the client's cookie has.
            reactor: Measures time; None for the site's.
        """
        self.site: Site = site
        self.uid: bytes = uid
        self.expireCallbacks: list[Callable[[], object]] = []
        self._reactor: IReactorTime = site.reactor if reactor is None else reactor
        self._end: IDelayedCall | None = None
        self.lastModified: float = self._reactor.seconds()

    def startCheckingExpiration(self) -> None:
        """End it `sessionTimeout` seconds from now, unless it is touched."""
        self._end = self._reactor.callLater(self.sessionTimeout, self.expire)

    def notifyOnExpire(self, callback: Callable[[], object]) -> None:
        """Have a function called, without arguments, when it ends."""
        self.expireCallbacks.append(callback)

    def touch(self) -> None:
        """Take note that the client has been seen."""
        self.lastModified = self._reactor.seconds()
        if self._end is not None:
            self._end.reset(self.sessionTimeout)

    def expire(self) -> None:
        """End it: the site forgets it, and whoever wanted to know is told."""
        self.site.sessions.pop(self.uid, None)
        callbacks, self.expireCallbacks = self.expireCallbacks, []
        end, self._end = self._end, None
        if end is not None and end.active():
            end.cancel()
        for callback in callbacks:
            try:
                callback()
            except Exception:
                log.err(None, f"{callback!r} has failed at the end of a session")
