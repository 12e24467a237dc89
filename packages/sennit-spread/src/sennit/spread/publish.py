"""Objects whose caches outlive the connection: `Publishable` and `RemotePublished`.

The cache is kept in a file. When it comes again, and the original has not changed since,
its state is taken from there, and only a time has gone over the wire.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sennit.core import log
from sennit.core.defer import Deferred
from sennit.spread import banana
from sennit.spread.jelly import jelly, unjelly
from sennit.spread.pb import Cacheable, RemoteCache, ViewPoint

if TYPE_CHECKING:
    from collections.abc import Callable

    from sennit.spread.pb import RemoteCacheObserver

__all__ = ["Publishable", "RemotePublished", "whenReady"]


class Publishable(Cacheable):
    """An object whose state is kept by whoever gets it.

    Attributes:
        publishedID: What tells it from others of the same service.
        timestamp: When it was last changed, in seconds of the epoch.
    """

    def __init__(self, publishedID: str) -> None:
        """Publish it.

        Args:
            publishedID: What tells it from others of the same service.
        """
        self.publishedID = publishedID
        self.republish()

    def republish(self) -> None:
        """Have the state sent anew to whoever gets this from now on: it has changed."""
        self.timestamp: float = time.time()

    def view_getStateToPublish(self, perspective: Any) -> dict[str, Any]:
        """Send the state: that of the other side is of another time."""
        return self.getStateToPublishFor(perspective)

    def getStateToPublishFor(self, perspective: Any) -> dict[str, Any]:
        """Give the state for somebody; that for all, unless overridden."""
        return self.getStateToPublish()

    def getStateToPublish(self) -> dict[str, Any]:
        """Give the state, as attributes by name; to be overridden."""
        raise NotImplementedError(f"{type(self).__name__} has no getStateToPublish")

    def getStateToCacheAndObserveFor(
        self, perspective: Any, observer: RemoteCacheObserver
    ) -> dict[str, Any]:
        """Give what tells whether the kept state is that of now, and what gets it."""
        return {
            "remote": ViewPoint(perspective, self),
            "publishedID": self.publishedID,
            "perspective": str(getattr(perspective, "perspectiveName", None)),
            "service": str(
                getattr(getattr(perspective, "service", None), "serviceName", None)
            ),
            "timestamp": self.timestamp,
        }


class RemotePublished(RemoteCache):
    """What a `Publishable` of the other side is here.

    Attributes:
        isActivated: Whether the state is there.
    """

    isActivated: bool | int = False

    publishedID: str
    perspective: str
    service: str
    timestamp: float
    remote: Any

    def setCopyableState(self, state: Any) -> None:
        """Take the state from the file, or ask for it."""
        self.__dict__.update(state)
        self._listeners: list[Callable[[Any], object]] = []
        kept = self._read()
        if kept is not None and kept.get("timestamp") == self.timestamp:
            self.__dict__.update(kept)
            self._activate()
        else:
            asked = self.remote.callRemote("getStateToPublish")
            asked.addCallback(self._updated)
            asked.addErrback(log.err, f"the state of {self.publishedID} did not come")

    def getFileName(self, ext: str = "pub") -> str:
        """Name the file that keeps the state, in the current folder.

        Args:
            ext: What the name ends with.
        """
        parts = (self.service, self.perspective, self.publishedID)
        # The other side chooses these: they must not name another folder.
        name = "-".join(quote(str(part), safe=" ") for part in parts)
        return f"{name}.{ext}"

    def activated(self) -> None:
        """The state is there; may be overridden."""

    def callWhenActivated(self, callback: Callable[[Any], object]) -> None:
        """Have a function called as soon as the state is there.

        Args:
            callback: Called with this object.
        """
        if self.isActivated:
            callback(self)
        else:
            self._listeners.append(callback)

    def _read(self) -> dict[str, Any] | None:
        try:
            kept = unjelly(banana.decode(Path(self.getFileName()).read_bytes()))
        except OSError:
            return None
        except Exception:
            log.err(None, f"{self.getFileName()} is not read")
            return None
        return kept if isinstance(kept, dict) else None

    def _updated(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        kept = {**state, "timestamp": self.timestamp}
        Path(self.getFileName()).write_bytes(banana.encode(jelly(kept)))
        self._activate()

    def _activate(self) -> None:
        self.isActivated = True
        listeners, self._listeners = self._listeners, []
        for each in listeners:
            each(self)
        self.activated()


def whenReady(d: Deferred[RemotePublished]) -> Deferred[RemotePublished]:
    """Wait until a published object that comes has its state.

    Args:
        d: Brings the object.
    """
    ready: Deferred[RemotePublished] = Deferred(lambda _: d.cancel())
    d.addCallbacks(lambda it: it.callWhenActivated(ready.callback), ready.errback)
    return ready
