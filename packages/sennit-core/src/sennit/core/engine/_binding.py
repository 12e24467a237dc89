"""Which loop turns a reactor, and what waits until that is known.

A reactor is usable before any loop exists: ports are bound, calls are scheduled,
readers are added at the top of a module, and only later does ``reactor.run()`` or
``asyncio.run()`` decide which loop will turn it all. So nothing here makes a loop
early. What needs one is handed to `whenBound`, which calls it at once if the loop is
known and keeps it otherwise. The loop becomes known in one of two ways:

* **attached**: something is asked of the reactor while a loop runs in this thread
  (FastAPI, Jupyter, ``asyncio.run``). That loop is somebody else's: we never stop or
  close it, and let go of it when it shuts down.
* **owned**: ``run()`` was called. The loop is made here: uvloop's where that is
  installed, else asyncio's, else what ``SENNIT_LOOP`` names.

That a foreign loop shuts down is learnt from the one thing every runner does then
(``asyncio.run``, uvicorn, pytest-asyncio): it closes the asynchronous generators
that are still open on the loop. We leave one open there. Rejected: asking
``loop.is_closed()`` at each call, which costs all and is too late for an orderly end.
"""

from __future__ import annotations

import asyncio
import atexit
import importlib
import os
import socket
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Protocol

from sennit.core.engine._bindables import Bindable
from sennit.core.failure import Failure

__all__ = ["Binding", "Live", "SocketSource", "newLoop"]

Starter = Callable[[asyncio.AbstractEventLoop], object]
SocketSource = Callable[[Bindable], socket.socket | None]

# One receive buffer for all connections of a plain asyncio loop. 64 KiB is what
# Linux hands over in one go on loopback, and what programs write at once, to which TLS
# adds some bytes a record; a larger one only spills the cache.
_BUFFER_SIZE = 66 * 1024


class Live(Protocol):
    """Something open that must be closed when the reactor shuts down."""

    def connectionLost(self, reason: Failure) -> None:
        """Close at once, and tell whoever must know."""


def newLoop(name: str | None = None) -> asyncio.AbstractEventLoop:
    """Make the loop that a reactor of its own runs on.

    Args:
        name: ``"asyncio"``, ``"uvloop"`` or ``"package.module:factory"``; the
            environment's ``SENNIT_LOOP`` unless given, and if that is empty
            uvloop where it can be imported, else asyncio.

    Raises:
        ImportError: The named loop cannot be imported.
        ValueError: The name has none of these forms.
    """
    name = os.environ.get("SENNIT_LOOP", "") if name is None else name
    if name == "asyncio":
        return asyncio.new_event_loop()
    if not name:
        if sys.platform == "win32":
            return asyncio.new_event_loop()
        try:
            return _made_by("uvloop", "new_event_loop")
        except ImportError:
            return asyncio.new_event_loop()
    if name == "uvloop":
        return _made_by("uvloop", "new_event_loop")
    module, colon, factory = name.partition(":")
    if not colon:
        raise ValueError(
            f"SENNIT_LOOP is {name!r}: it takes asyncio, uvloop or module:factory"
        )
    return _made_by(module, factory)


def _made_by(module: str, factory: str) -> asyncio.AbstractEventLoop:
    loop = getattr(importlib.import_module(module), factory)()
    if not isinstance(loop, asyncio.AbstractEventLoop):
        raise ValueError(f"{module}:{factory} made {loop!r}, which is no event loop")
    return loop


class Binding:
    """The loop of one reactor, once it is known.

    Attributes:
        loop: The loop; None until it is known.
        owned: Whether the loop is ours to stop and close.
        live: Everything open that the end of the reactor must close; each adds and
            removes itself, in the loop's thread.
        buffer: The receive buffer shared by all connections of a plain asyncio
            loop; None where the loop brings its own (uvloop).
        socketSource: Who is asked for bound sockets first; None for nobody.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop | None,
        onBound: Callable[[asyncio.AbstractEventLoop], None],
        onReleased: Callable[[], None],
        onForeignEnd: Callable[[], object],
    ) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.owned: bool = True
        self.live: set[Live] = set()
        self.buffer: memoryview | None = None
        self.socketSource: SocketSource | None = None
        self._resting = True
        self._given = loop
        self._on_bound = onBound
        self._on_released = onReleased
        self._on_foreign_end = onForeignEnd
        self._waiting: list[Starter] = []
        self._watch: AsyncGenerator[None, None] | None = None

    def whenBound(self, start: Starter) -> None:
        """Call ``start(loop)``: at once if the loop is known, else when it is."""
        if self.loop is None or not self.loop.is_running():
            self.attach()
        if self.loop is None:
            self._waiting.append(start)
        else:
            start(self.loop)

    def bind(self, bindable: Bindable) -> socket.socket:
        """Give a bound socket: that of the source, else one of our own."""
        given = None if self.socketSource is None else self.socketSource(bindable)
        return bindable.bind() if given is None else given

    def forget(self, start: Starter) -> None:
        """Take back what was given to `whenBound`, if it still waits."""
        if start in self._waiting:
            self._waiting.remove(start)

    def attach(self) -> None:
        """Bind to the loop that runs in this thread, if one does and none else turns us.

        A loop of our own that rests between two ``run()`` gives way to it.
        """
        try:
            running = asyncio.get_running_loop()
        except RuntimeError:
            return
        if self._given is not None and running is not self._given:
            return
        if self.loop is running and not self._resting:
            return
        if self.loop is not None and self.loop is not running:
            if self.loop.is_running():
                return
            self.close()
        self._bind(running, owned=False)
        self._watch = self._until_shutdown()
        # The first step runs to the yield without waiting for anything; it makes the
        # loop remember the generator.
        with suppress(StopIteration):
            self._watch.asend(None).send(None)

    def claim(self) -> asyncio.AbstractEventLoop:
        """The loop for ``run()``: made now if there is none yet."""
        if self.loop is not None and self.loop.is_closed():
            self.release()
        if self.loop is None:
            if self._given is None:
                loop = newLoop()
                atexit.register(self.close)
            else:
                loop = self._given
            self._bind(loop, owned=True)
        assert self.loop is not None
        self._resting = False
        return self.loop

    def rest(self) -> None:
        """``run()`` is over: until the next, the loop may be turned by others."""
        self._resting = True

    def release(self) -> None:
        """Let go of the loop; the next use binds anew."""
        self.loop = None
        self.owned = True
        self._resting = True
        self._watch = None
        self._on_released()

    def close(self) -> None:
        """Close a loop that was made here; it is not turned any more."""
        atexit.unregister(self.close)
        loop, owned = self.loop, self.owned
        self.release()
        if loop is None or not owned or self._given is not None:
            return
        if loop.is_closed() or loop.is_running():
            return
        if not _a_loop_runs_here():
            loop.run_until_complete(_settled(loop))
        loop.close()

    def _bind(self, loop: asyncio.AbstractEventLoop, *, owned: bool) -> None:
        self.loop = loop
        self.owned = owned
        self._resting = False
        if isinstance(loop, asyncio.BaseEventLoop):
            self.buffer = memoryview(bytearray(_BUFFER_SIZE))
        else:
            self.buffer = None
        waiting, self._waiting = self._waiting, []
        self._on_bound(loop)
        for start in waiting:
            start(loop)

    async def _until_shutdown(self) -> AsyncGenerator[None, None]:
        """Stay open on a foreign loop until its runner shuts it down."""
        try:
            yield
        finally:
            self._on_foreign_end()
            self.release()


async def _settled(loop: asyncio.AbstractEventLoop) -> None:
    """Let every task end that was left on a loop of ours, as ``asyncio.run`` does."""
    tasks = asyncio.all_tasks(loop) - {asyncio.current_task(loop)}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await loop.shutdown_asyncgens()


def _a_loop_runs_here() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
