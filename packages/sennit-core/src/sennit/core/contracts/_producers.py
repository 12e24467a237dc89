"""Back-pressure: who makes data is told when who takes it has enough.

A **push** producer sends by itself until it is paused; a **pull** producer sends one
piece each time it is asked. Either registers with a consumer (every stream transport is
one), and unregisters when it is done. A consumer has at most one producer at a time.
"""

from __future__ import annotations

from typing import Protocol

__all__ = ["IConsumer", "IProducer", "IPullProducer", "IPushProducer"]


class IProducer(Protocol):
    """Whatever makes data."""

    def stopProducing(self) -> None:
        """Stop for good: the consumer is gone and will take no more."""


class IPushProducer(IProducer, Protocol):
    """Makes data by itself, and can be paused."""

    def pauseProducing(self) -> None:
        """Stop writing until `resumeProducing` is called."""

    def resumeProducing(self) -> None:
        """Write again, until the next `pauseProducing`."""


class IPullProducer(IProducer, Protocol):
    """Makes data when asked to."""

    def resumeProducing(self) -> None:
        """Write one piece; then wait to be asked again."""


class IConsumer(Protocol):
    """Takes data, and paces who makes it."""

    def registerProducer(
        self, producer: IPushProducer | IPullProducer, streaming: bool
    ) -> None:
        """Pace a producer from now on, until it unregisters.

        While one is registered, closing the connection waits for it.

        Args:
            producer: Who writes.
            streaming: Whether it is an `IPushProducer`; else an `IPullProducer`.

        Raises:
            RuntimeError: When one is registered already.
        """

    def unregisterProducer(self) -> None:
        """Pace the producer no longer: it has written its last."""

    def write(self, data: bytes) -> None:
        """Take data.

        Raises:
            TypeError: When it is not bytes.
        """
