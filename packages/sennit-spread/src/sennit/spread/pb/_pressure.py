"""What is done about a peer that asks for more than it takes.

Its answers wait in the transport, whose buffer has no limit. So each time that so many
bytes were written, the transport is asked whether it is full: by registering a producer,
which it then pauses. If it is, no more is read, nor is anything done that was read
already, until there is room.

The producer does not stay registered: a transport that has one closes only when that is
through. While pagers are registered in its place, it is they who are told of room, and
the connection counts as full until they are.

Answers of calls that are under way are written as they come: how many there may be has a
limit of its own (``maxCalls``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sennit.spread.pb._patience import Patience

if TYPE_CHECKING:
    from sennit.spread.pb._broker import Broker

__all__ = ["AT_ONCE", "Pressure"]

AT_ONCE: Final = 64 * 1024
"""Bytes to write before the transport is asked again: as many as make a loop's transport
say that it is full."""


class Pressure:
    """Holds a connection back while its other side does not take what was written."""

    __slots__ = ("_broker", "_is_full", "_is_registered", "_patience")

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._is_full = self._is_registered = False
        self._patience = Patience(broker)

    def ask(self) -> None:
        """Find out whether there is room in the transport, and hold back or go on."""
        broker = self._broker
        if self._is_registered or broker.disconnected:
            return
        if broker.pages.pagers:
            self._hold_back()
            return
        self._is_full = False
        transport = broker.transport
        try:
            transport.registerProducer(self, True)
        except RuntimeError:
            # Somebody else writes, at the peer's pace.
            self._go_on()
            return
        if self._is_full:
            self._is_registered = True
            self._hold_back()
        else:
            transport.unregisterProducer()
            self._go_on()

    def make_way(self) -> None:
        """A pager is about to be registered, and will be told when there is room."""
        if self._is_registered:
            self._is_registered = False
            self._broker.transport.unregisterProducer()

    def room(self) -> None:
        """There is room again, as a pager was told."""
        if self._broker.is_held:
            self._go_on()

    def end(self) -> None:
        """The connection is over."""
        self._is_registered = False
        self._patience.end()

    def _hold_back(self) -> None:
        broker = self._broker
        if not broker.is_held:
            broker.is_held = True
            broker.transport.pauseProducing()
            self._patience.begin(broker.stallTimeout, "answer was taken")

    def _go_on(self) -> None:
        broker = self._broker
        if broker.is_held:
            broker.is_held = False
            self._patience.end()
            # First what has come already; that may fill it again.
            broker.dataReceived(b"")
            if not broker.is_held and not broker.disconnected:
                broker.transport.resumeProducing()

    # What a transport calls

    def pauseProducing(self) -> None:
        """The transport is full."""
        self._is_full = True

    def resumeProducing(self) -> None:
        """There is room in it again."""
        self.make_way()
        self._go_on()

    def stopProducing(self) -> None:
        """The connection is over; `end` will be called."""
        self._is_registered = False
