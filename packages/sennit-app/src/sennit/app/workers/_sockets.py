"""The sockets that all workers listen on; they outlive each of them."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Hashable, Iterable

from sennit.app.workers._messages import listOf
from sennit.core.engine import Bindable

__all__ = ["Asked", "SharedSockets"]


class Asked:
    """What one worker has asked for.

    Its second port for which any number will do is not its first one; but each worker's
    second one is the same.
    """

    def __init__(self) -> None:
        self._times: Counter[Hashable] = Counter()
        self.keys: set[Hashable] = set()

    def keyOf(self, bindable: Bindable) -> Hashable:
        """The key of what is asked for now."""
        parts = tuple(listOf(bindable))
        # A number of its own for each time that any port would do.
        times = self._times[parts] if parts[0] != "UNIX" and parts[2] == 0 else 0
        self._times[parts] += 1
        key = (*parts, times)
        self.keys.add(key)
        return key


class SharedSockets:
    """Binds each address once, when it is first asked for, and keeps the socket.

    So there is always somebody who holds it: what connects while workers come and go
    waits in the system's queue.
    """

    def __init__(self) -> None:
        self._sockets: dict[Hashable, tuple[Bindable, socket.socket]] = {}

    def get(self, key: Hashable, bindable: Bindable) -> socket.socket:
        """Give the socket of an address.

        Raises:
            CannotListenError: It cannot be bound.
        """
        if key not in self._sockets:
            self._sockets[key] = (bindable, bindable.bind())
        return self._sockets[key][1]

    def keepOnly(self, keys: Iterable[Hashable]) -> None:
        """Close those that nobody asks for any more."""
        for key in self._sockets.keys() - set(keys):
            bindable, sock = self._sockets.pop(key)
            sock.close()
            bindable.unbind()

    def close(self) -> None:
        """Close them all."""
        self.keepOnly(())
