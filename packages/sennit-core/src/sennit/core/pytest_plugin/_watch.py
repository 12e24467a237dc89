"""A reactor whose openings are noted: what is left open, and the line that opened it.

The notes are taken by what stands in the way anyhow: the set ``binding.live``, which
everything open enters, and methods of this one reactor that the instance gets in the
place of its class's. When the watch is over they are taken away again.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sennit.core._stacks import Place, placesHere
from sennit.core._timers import DelayedCall
from sennit.core.engine import Connection, Connector, Port, Reactor
from sennit.core.engine._datagrams._port import DatagramPort
from sennit.core.engine._processes._child import Child
from sennit.core.engine._tls._layer import TLSLayer
from sennit.core.errors import CONNECTION_LOST, ProcessExitedAlready
from sennit.core.failure import Failure
from sennit.core.pytest_plugin._report import Left, Site
from sennit.core.threadpool import ThreadPool

__all__ = ["Watch"]

_KINDS: list[tuple[type, str]] = [
    (Connection, "connection"),
    (Connector, "attempt to connect"),
    (Port, "port"),
    (DatagramPort, "port"),
    (TLSLayer, "TLS handshake"),
    (Child, "process"),
]


class _Live(set[Any]):
    """A set that notes where each of its members was made."""

    def __init__(self, members: Iterable[Any]) -> None:
        super().__init__(members)
        # Of all that was ever noted, as long as somebody else keeps it.
        self._places: WeakKeyDictionary[Any, list[Place]] = WeakKeyDictionary()

    def add(self, member: Any) -> None:
        self.note(member)
        super().add(member)

    def note(self, member: Any) -> None:
        """Keep where it was made; the first time counts."""
        if member not in self._places:
            self._places[member] = placesHere()

    def places(self, member: Any) -> list[Place]:
        """Give where it was made; empty if not by the program, but by the network."""
        return self._places.get(member, [])

    def inOrder(self) -> list[Any]:
        """Give the members, those made first at the beginning."""
        return [member for member in self._places if member in self]


class _Work(NamedTuple):
    function: Callable[..., object]
    places: list[Place]


class Watch:
    """Notes what is opened on one reactor; what was open before is no concern."""

    def __init__(self, reactor: Reactor) -> None:
        self.reactor = reactor
        self._binding: Any = reactor._binding
        self._before: set[Any] = {
            *self._binding.live,
            *reactor.getDelayedCalls(),
            *reactor.getReaders(),
            *reactor.getWriters(),
        }
        self._live = self._binding.live = _Live(self._binding.live)
        # Added to here, removed from by the threads as they are through.
        self._work: dict[object, _Work] = {}
        vars(self._binding)["whenBound"] = self._when_bound
        vars(reactor).update(
            addReader=partial(self._note_and, reactor.addReader),
            addWriter=partial(self._note_and, reactor.addWriter),
            getThreadPool=self._pool,
        )

    def end(self) -> None:
        """Note nothing more."""
        self._binding.live = set(self._live)
        del vars(self._binding)["whenBound"]
        for name in ("addReader", "addWriter", "getThreadPool"):
            del vars(self.reactor)[name]
        pool = self.reactor.threadpool
        if pool is not None:
            vars(pool).pop("callInThreadWithCallback", None)

    # Taking notes

    def _when_bound(self, start: Any) -> None:
        # Before there is a loop, what is to be live is not so yet.
        owner = getattr(start, "__self__", None)
        if owner is not None:
            self._live.note(owner)
        type(self._binding).whenBound(self._binding, start)

    def _note_and(self, add: Callable[[Any], None], member: Any) -> None:
        self._live.note(member)
        add(member)

    def _pool(self) -> ThreadPool:
        pool = Reactor.getThreadPool(self.reactor)
        vars(pool)["callInThreadWithCallback"] = partial(self._give_work, pool)
        return pool

    def _give_work(
        self,
        pool: ThreadPool,
        onResult: Callable[[bool, Any], object] | None,
        func: Callable[..., Any],
        *args: Any,
        **kw: Any,
    ) -> None:
        ticket = object()

        def work(*args: Any, **kw: Any) -> Any:
            try:
                return func(*args, **kw)
            finally:
                del self._work[ticket]

        if not pool.joined:
            self._work[ticket] = _Work(func, placesHere())
        ThreadPool.callInThreadWithCallback(pool, onResult, work, *args, **kw)

    # What is left

    def isClosing(self) -> bool:
        """Whether something open is on its way to be closed."""
        return any(getattr(each, "disconnecting", False) for each in self._open())

    def left(self) -> list[Left]:
        """Describe what is left behind."""
        return [
            *map(self._opened, self._open()),
            *map(_delayed, self._calls()),
            *map(self._watched, self._watched_descriptors()),
            *itertools.starmap(_working, list(self._work.values())),
        ]

    def kill(self) -> bool:
        """End the processes that are left behind; tell if there are any."""
        children = [each for each in self._open() if isinstance(each, Child)]
        for child in children:
            with suppress(ProcessExitedAlready):
                child.signalProcess("KILL")
        return bool(children)

    def close(self) -> None:
        """Close what is left behind, but for threads."""
        for call in self._calls():
            call.cancel()
        lost = Failure(CONNECTION_LOST)
        for member in self._open():
            member.connectionLost(lost)
        for member in self._watched_descriptors():
            self.reactor.removeReader(member)
            self.reactor.removeWriter(member)

    def _open(self) -> list[Any]:
        return [each for each in self._live.inOrder() if each not in self._before]

    def _calls(self) -> Iterator[DelayedCall]:
        """Give the calls that are left, but for those which something open has made."""
        owners = [self.reactor, *self._open()]
        for call in self.reactor.getDelayedCalls():
            owner = getattr(call.func, "__self__", None)
            if call not in self._before and not any(owner is each for each in owners):
                yield call

    def _watched_descriptors(self) -> list[Any]:
        reactor = self.reactor
        found = dict.fromkeys([*reactor.getReaders(), *reactor.getWriters()])
        return [each for each in found if each not in self._before]

    def _opened(self, member: Any) -> Left:
        kinds = (kind for cls, kind in _KINDS if isinstance(member, cls))
        connection = getattr(member, "_connection", member)
        origin = getattr(connection, "origin", None)
        # A connection is made by the loop: where its port or connector was made counts.
        places = self._live.places(origin) if origin is not None else []
        accepted = bool(places) and isinstance(origin, Port)
        site = Site(
            "accepted by the port made" if accepted else "made",
            places or self._live.places(member),
        )
        return Left(next(kinds, type(member).__name__), repr(member), [site])

    def _watched(self, member: Any) -> Left:
        reads = member in self.reactor.getReaders()
        site = Site("added", self._live.places(member))
        return Left("reader" if reads else "writer", repr(member), [site])


def _delayed(call: DelayedCall) -> Left:
    due = call.getTime() - call.seconds()
    name = f"{_name(call.func)}, due in {due:.1f} seconds"
    site = Site("made", [Place.read(line) for line in call.creator or ()])
    return Left("delayed call", name, [site])


def _working(function: Callable[..., object], places: list[Place]) -> Left:
    return Left("work in a thread", _name(function), [Site("given", places)])


def _name(function: object) -> str:
    return str(getattr(function, "__qualname__", None) or repr(function))
