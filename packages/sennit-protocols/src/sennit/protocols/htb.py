"""Hierarchical token buckets: bandwidth shared out by host, by service, as you like.

Every byte is put in a bucket before it is sent. A bucket drains at its *rate*, and holds
no more than *maxburst*; what does not fit has to wait. A bucket may stand above another,
into which all goes that goes into it: so each of several clients has a rate of its own,
and all together another.

A `HierarchicalBucketFilter` says which bucket is whose, a `ShapedProtocolFactory` makes
protocols whose transports are shaped by them.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic as time
from typing import Any, Protocol

from sennit.protocols._shaping import (
    ShapedConsumer as ShapedConsumer,
    ShapedProtocolFactory as ShapedProtocolFactory,
    ShapedTransport as ShapedTransport,
)

__all__ = [
    "Bucket",
    "FilterByHost",
    "FilterByServer",
    "HierarchicalBucketFilter",
    "IBucketFilter",
    "ShapedConsumer",
    "ShapedProtocolFactory",
    "ShapedTransport",
]


class Bucket:
    """A bucket that leaks.

    Attributes:
        maxburst: How much it holds, in bytes; None for any amount.
        rate: How many bytes a second drain; None for all at once.
        parentBucket: Where all goes that goes into this, too; None for nowhere.
        content: How much is in it.
        lastDrip: When that was true, in seconds.
    """

    maxburst: float | None = None
    rate: float | None = None

    def __init__(self, parentBucket: Bucket | None = None) -> None:
        """Make an empty one.

        Args:
            parentBucket: The bucket below, into which all goes as well.
        """
        self.parentBucket: Bucket | None = parentBucket
        self.content: float = 0
        self.lastDrip: float = time()
        # How many connections use it.
        self._users = 0

    def add(self, amount: int) -> int:
        """Put in as much as fits, here and below.

        Args:
            amount: How many bytes.

        Returns:
            How many did fit, and may be sent.
        """
        self.drip()
        allowed = amount
        if self.maxburst is not None:
            allowed = max(0, min(amount, int(self.maxburst - self.content)))
        if self.parentBucket is not None:
            allowed = self.parentBucket.add(allowed)
        self.content += allowed
        return allowed

    def drip(self) -> bool:
        """Let drain what has drained since last time, here and below.

        Returns:
            Whether it is empty.
        """
        if self.parentBucket is not None:
            self.parentBucket.drip()
        now = time()
        if self.rate is None:
            self.content = 0
        else:
            drained = (now - self.lastDrip) * self.rate
            self.content = max(0, self.content - drained)
        self.lastDrip = now
        return self.content == 0

    def secondsUntil(self, amount: int) -> float:
        """Tell how long it takes until so many bytes fit, or as many as ever will."""
        wait = 0.0
        if self.maxburst is not None and self.rate:
            most = min(amount, self.maxburst)
            wait = max(0.0, (self.content + most - self.maxburst) / self.rate)
        if self.parentBucket is not None:
            wait = max(wait, self.parentBucket.secondsUntil(amount))
        return wait


class IBucketFilter(Protocol):
    """Knows which bucket is whose."""

    def getBucketFor(self, *somethings: Any, **some_kw: Any) -> Bucket:
        """Give the bucket for something: of a shaped protocol, for its transport."""
        ...

    def sweep(self) -> None:
        """Throw away buckets that nobody needs."""


class HierarchicalBucketFilter:
    """Has a bucket for each key; subclasses say what the key is.

    Attributes:
        bucketFactory: Makes a bucket, on the one below.
        buckets: The buckets by their keys.
        sweepInterval: Seconds after which empty buckets are thrown away; None for
            never.
    """

    bucketFactory: Callable[..., Bucket] = Bucket
    sweepInterval: float | None = None

    def __init__(self, parentFilter: IBucketFilter | None = None) -> None:
        """Make one without buckets.

        Args:
            parentFilter: Gives the buckets below.
        """
        self.buckets: dict[Any, Bucket] = {}
        self.parentFilter: IBucketFilter | None = parentFilter
        self.lastSweep: float = time()

    def getBucketFor(self, *a: Any, **kw: Any) -> Bucket:
        """Give the bucket for something, which is made if there is none."""
        interval = self.sweepInterval
        if interval is not None and time() - self.lastSweep > interval:
            self.sweep()
        parent = None
        if self.parentFilter is not None:
            parent = self.parentFilter.getBucketFor(*a, **kw)
        key = self.getBucketKey(*a, **kw)
        if key not in self.buckets:
            self.buckets[key] = self.bucketFactory(parent)
        return self.buckets[key]

    def getBucketKey(self, *a: Any, **kw: Any) -> Any:
        """Tell by what something's bucket is known; to be overridden."""
        raise NotImplementedError(f"{type(self).__name__} must override getBucketKey")

    def sweep(self) -> None:
        """Throw away the buckets that are empty, and that nobody uses."""
        for key, bucket in list(self.buckets.items()):
            if bucket.drip() and not bucket._users:
                del self.buckets[key]
        self.lastSweep = time()


class FilterByHost(HierarchicalBucketFilter):
    """Has a bucket for each host that is connected."""

    # Twenty minutes: who comes back by then has not got a full bucket for free.
    sweepInterval: float | None = 60 * 20

    def getBucketKey(self, transport: Any) -> Any:
        """Tell the other side's host."""
        peer = transport.getPeer()
        return getattr(peer, "host", peer)


class FilterByServer(HierarchicalBucketFilter):
    """Has a bucket for each port that we serve."""

    sweepInterval: float | None = None

    def getBucketKey(self, transport: Any) -> Any:
        """Tell the number of our port."""
        host = transport.getHost()
        return getattr(host, "port", host)
