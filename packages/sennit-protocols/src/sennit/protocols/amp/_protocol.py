"""AMP: all of it in one protocol, one object a connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from sennit.core import log
from sennit.core.failure import Failure
from sennit.protocols.amp._binary import BinaryBoxProtocol
from sennit.protocols.amp._boxes import AmpBox
from sennit.protocols.amp._dispatch import BoxDispatcher
from sennit.protocols.amp._locate import CommandLocator, SimpleStringLocator
from sennit.protocols.amp._tls import StartTLS

if TYPE_CHECKING:
    from sennit.core.contracts import ITransport
    from sennit.protocols.amp.contracts import IBoxReceiver, IResponderLocator

__all__ = ["AMP"]


class AMP(BinaryBoxProtocol, BoxDispatcher, CommandLocator, SimpleStringLocator):
    """Asks and answers commands over a connection: subclass it, and add responders.

    Both sides may ask at any time, and answers come in any order.
    """

    def __init__(
        self,
        boxReceiver: IBoxReceiver | None = None,
        locator: IResponderLocator | None = None,
    ) -> None:
        """Make a protocol.

        Args:
            boxReceiver: What the boxes are for; this protocol if None, which makes
                calls and answers of them.
            locator: What has the responders; this protocol if None.
        """
        BoxDispatcher.__init__(self, self if locator is None else locator)
        self.boxReceiver: Any = self if boxReceiver is None else boxReceiver
        self._amp_prepare()

    @StartTLS.responder
    def agree_to_TLS(self) -> dict[str, Any]:
        """Go over to TLS when the other side asks; overridden by a responder of yours."""
        return {}

    def locateResponder(self, name: bytes) -> Callable[[AmpBox], Any] | None:
        """Find a responder: a method of `CommandLocator`, or of `SimpleStringLocator`."""
        found = CommandLocator.locateResponder(self, name)
        return (
            SimpleStringLocator.locateResponder(self, name) if found is None else found
        )

    _amp_stock: ClassVar[Any] = locateResponder

    def makeConnection(self, transport: ITransport) -> None:
        """Attach the transport; log that there is a connection."""
        if not hasattr(self, "_amp_reader"):
            # A subclass has an __init__ of its own, which does not call ours.
            AMP.__init__(self)
        super().makeConnection(transport)
        self._amp_log("established", transport)

    def connectionLost(self, reason: Failure) -> None:  # type: ignore[override]
        """Fail the calls that wait; log that the connection is over."""
        self._amp_log("lost", self._amp_wire)
        super().connectionLost(reason)
        self._amp_wire = None

    def _amp_log(self, what: str, transport: Any) -> None:
        log.msg(
            f"{type(self).__name__} connection {what} "
            f"(HOST:{transport.getHost()} PEER:{transport.getPeer()})"
        )

    def __repr__(self) -> str:
        inner = "" if self.innerProtocol is None else f" inner {self.innerProtocol!r}"
        return f"<{type(self).__name__}{inner} at 0x{id(self):x}>"
