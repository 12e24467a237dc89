"""Big data in pages, and local objects that are called as if they were remote.

A message of Perspective Broker has at most 640 KiB in one piece, and nothing else goes
while it does. A `Pager` sends something longer page by page, each when the connection
has room; other messages go in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from sennit.core import log
from sennit.core.defer import Deferred, fail, maybeDeferred, succeed
from sennit.core.failure import Failure
from sennit.spread.pb import Referenceable

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "CallbackPageCollector",
    "FilePager",
    "LocalAsRemote",
    "LocalAsyncForwarder",
    "LocalMethod",
    "Pager",
    "StringPager",
    "getAllPages",
]

# Bytes of a file that go as one page: 40 pages are the longest message there may be.
_FILE_PAGE = 2**14


class Pager:
    """Sends pages to a collector of the other side: override `nextPage`.

    A page that the collector fails to take is not noticed: none asks for an answer.
    """

    def __init__(
        self,
        collector: Any,
        callback: Callable[..., object] | None = None,
        *args: Any,
        **kw: Any,
    ) -> None:
        """Begin to send.

        Args:
            collector: A reference to an object that has ``remote_gotPage`` and
                ``remote_endedPaging``, as `CallbackPageCollector`.
            callback: Called when the last page was sent, not if the connection ends.
            args: What it is called with.
            kw: What it is called with.
        """
        self._still_paging = True
        self.callback = callback
        self.callbackArgs = args
        self.callbackKeyword = kw
        self.collector = collector
        collector.broker.registerPageProducer(self)

    def nextPage(self) -> Any:
        """Give the next page; to be overridden. It calls `stopPaging` with the last."""
        raise NotImplementedError(f"{type(self).__name__} has no nextPage")

    def stopPaging(self) -> None:
        """Send no more pages but the one that `nextPage` returns."""
        self._still_paging = False

    def stillPaging(self) -> bool:
        """Whether there are more pages; the broker asks, and ends the paging if not."""
        if not self._still_paging:
            self.collector.callRemote("endedPaging", pbanswer=False)
            if self.callback is not None:
                self.callback(*self.callbackArgs, **self.callbackKeyword)
        return self._still_paging

    def sendNextPage(self) -> None:
        """Send a page; the broker calls this when there is room."""
        self.collector.callRemote("gotPage", self.nextPage(), pbanswer=False)

    def pagingFailed(self, reason: Failure) -> None:
        """Take note that the connection has ended before the last page.

        Args:
            reason: Why.
        """


class StringPager(Pager):
    """Sends bytes, or text, in pages of one size."""

    def __init__(
        self,
        collector: Any,
        st: bytes | str,
        chunkSize: int = 8192,
        callback: Callable[..., object] | None = None,
        *args: Any,
        **kw: Any,
    ) -> None:
        """Begin to send.

        Args:
            collector: As of a `Pager`.
            st: What to send.
            chunkSize: How long a page is.
            callback: As of a `Pager`.
            args: As of a `Pager`.
            kw: As of a `Pager`.
        """
        self.string = st
        self.pointer: int = 0
        self.chunkSize = chunkSize
        super().__init__(collector, callback, *args, **kw)

    def nextPage(self) -> bytes | str:
        """Give the next piece."""
        begin = self.pointer
        self.pointer += self.chunkSize
        if self.pointer >= len(self.string):
            self.stopPaging()
        return self.string[begin : self.pointer]


class FilePager(Pager):
    """Sends a file in pages of 16 KiB; an empty one in none.

    The file is closed when the connection ends before the last page, and after the last
    page if there is no callback, which could do so.
    """

    def __init__(
        self,
        collector: Any,
        fd: BinaryIO,
        callback: Callable[..., object] | None = None,
        *args: Any,
        **kw: Any,
    ) -> None:
        """Begin to send.

        Args:
            collector: As of a `Pager`.
            fd: The file, from where it stands.
            callback: As of a `Pager`.
            args: As of a `Pager`.
            kw: As of a `Pager`.
        """
        self.file = fd
        self._page = fd.read(_FILE_PAGE)
        super().__init__(collector, callback, *args, **kw)
        if not self._page:
            self.stopPaging()

    def nextPage(self) -> bytes:
        """Give the next piece."""
        page, self._page = self._page, self.file.read(_FILE_PAGE)
        if not self._page:
            self.stopPaging()
        return page

    def sendNextPage(self) -> None:
        """Send a page, if there is one."""
        if self._page:
            super().sendNextPage()

    def stopPaging(self) -> None:
        """Send no more pages."""
        super().stopPaging()
        if self.callback is None:
            self.file.close()

    def pagingFailed(self, reason: Failure) -> None:
        """Close the file."""
        self.file.close()


class CallbackPageCollector(Referenceable):
    """Collects the pages of a pager over there."""

    def __init__(self, callback: Callable[[list[Any]], object]) -> None:
        """Begin with none.

        Args:
            callback: Called with the list of all pages, when the last has come.
        """
        self.pages: list[Any] = []
        self.callback = callback

    def remote_gotPage(self, page: Any) -> None:
        """Take a page."""
        self.pages.append(page)

    def remote_endedPaging(self) -> None:
        """That was the last."""
        self.callback(self.pages)


def getAllPages(
    referenceable: Any, methodName: str, *args: Any, **kw: Any
) -> Deferred[list[Any]]:
    """Call a method whose first argument is a collector, and wait for all pages.

    Args:
        referenceable: A reference to the object that has it.
        methodName: The method. It makes a pager for the collector.
        args: Further arguments.
        kw: Further arguments.

    Returns:
        The list of pages. It fails with the method's error, or what ends the connection.
    """
    pages: Deferred[list[Any]] = Deferred()

    def done(outcome: Any) -> None:
        if hasattr(referenceable, "dontNotifyOnDisconnect"):
            referenceable.dontNotifyOnDisconnect(lost)
        if not pages.called:
            pages.callback(outcome)

    def failed(failure: Failure) -> None:
        if not pages.called:
            done(failure)

    def lost(_: Any) -> None:
        if not pages.called:
            pages.errback(ConnectionError("the connection ended before the last page"))

    asked = referenceable.callRemote(
        methodName, CallbackPageCollector(done), *args, **kw
    )
    if hasattr(referenceable, "notifyOnDisconnect"):
        referenceable.notifyOnDisconnect(lost)
    asked.addErrback(failed)
    return pages


class LocalMethod:
    """A method of a `LocalAsRemote`, to be called."""

    def __init__(self, local: LocalAsRemote, name: str) -> None:
        self.local = local
        self.name = name

    def __call__(self, *args: Any, **kw: Any) -> Any:
        """Call it."""
        return self.local.callRemote(self.name, *args, **kw)


class LocalAsRemote:
    """A local object that is called as a reference to a remote one is.

    Attributes:
        reportAllTracebacks: Whether errors are logged here, too.
    """

    reportAllTracebacks: bool | int = True

    def callRemote(self, name: str, *args: Any, **kw: Any) -> Any:
        """Call a method of this object.

        Args:
            name: The method's name. One that begins with ``sync_`` gives its result
                itself, one that begins with ``async_`` a Deferred of it.
            args: The positional arguments.
            kw: The others.
        """
        method = getattr(self, f"sync_{name}", None)
        if method is not None:
            return method(*args, **kw)
        try:
            result = getattr(self, f"async_{name}")(*args, **kw)
        except Exception:
            failure = Failure()
            if self.reportAllTracebacks:
                log.err(failure, f"{type(self).__name__}.async_{name} has failed")
            return fail(failure)
        return maybeDeferred(lambda: result)

    def remoteMethod(self, name: str) -> LocalMethod:
        """Give a method, to be called."""
        return LocalMethod(self, name)


class LocalAsyncForwarder:
    """Has the methods of a local object called as if it were remote."""

    def __init__(
        self,
        forwarded: Any,
        interfaceClass: Any,
        failWhenNotImplemented: bool | int = False,
    ) -> None:
        """Forward to an object.

        Args:
            forwarded: The object.
            interfaceClass: The interface whose methods may be called; the object
                provides it.
            failWhenNotImplemented: Whether to call another is an error; it gives None
                otherwise.

        Raises:
            TypeError: The object does not provide the interface.
        """
        if not interfaceClass.providedBy(forwarded):
            raise TypeError(f"{forwarded!r} does not provide {interfaceClass!r}")
        self.forwarded = forwarded
        self.interfaceClass = interfaceClass
        self.failWhenNotImplemented = failWhenNotImplemented

    def callRemote(self, method: str, *args: Any, **kw: Any) -> Deferred[Any]:
        """Call a method that the interface has.

        Returns:
            A Deferred of its result.
        """
        if self.interfaceClass.queryDescriptionFor(method):
            called: Deferred[Any] = maybeDeferred(
                getattr(self.forwarded, method), *args, **kw
            )
            return called
        if self.failWhenNotImplemented:
            return fail(
                NotImplementedError(f"{self.interfaceClass!r} has no method {method}")
            )
        return succeed(None)
