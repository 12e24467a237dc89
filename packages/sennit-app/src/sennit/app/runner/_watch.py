"""Noticing that a program's files have changed, for who works on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from sennit.app.runner._errors import UsageError
from sennit.app.service import Service

__all__ = ["WatchService"]


class WatchService(Service):
    """Calls a function whenever Python files in some folders have changed.

    Args:
        folders: where to look, and below.
        changed: called without arguments; several changes at a time are one.
        reactor: whose loop waits for them.

    Raises:
        UsageError: watchfiles is not installed.
    """

    def __init__(
        self, folders: Sequence[str], changed: Callable[[], object], reactor: Any
    ) -> None:
        try:
            # An extra for who asks for it.
            import watchfiles
        except ImportError as error:
            raise UsageError(
                "--reload needs watchfiles: pip install watchfiles"
            ) from error
        self._watchfiles: Any = watchfiles
        self._folders = folders
        self._changed = changed
        self._reactor = reactor
        self._watching: asyncio.Task[None] | None = None

    def startService(self) -> Any:
        """Begin to look."""
        self._watching = self._reactor.loop.create_task(self._watch())
        return super().startService()

    async def _watch(self) -> None:
        kinds = self._watchfiles.PythonFilter(extra_extensions=(".tac",))
        async for _ in self._watchfiles.awatch(*self._folders, watch_filter=kinds):
            self._changed()

    async def stopService(self) -> None:
        """Look no more."""
        super().stopService()
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.cancel()
            await asyncio.wait([watching])
