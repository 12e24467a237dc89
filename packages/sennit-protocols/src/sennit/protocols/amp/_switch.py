"""ProtocolSwitchCommand: the connection goes on in another protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.defer import Deferred
from sennit.core.errors import CONNECTION_LOST
from sennit.core.failure import Failure
from sennit.protocols.amp._boxes import AmpBox
from sennit.protocols.amp._commands import Command

if TYPE_CHECKING:
    from sennit.protocols.amp._dispatch import BoxDispatcher
    from sennit.protocols.amp.contracts import IBoxSender

__all__ = ["ProtocolSwitchCommand"]


class _SwitchBox(AmpBox):
    """An answer after which the connection speaks another protocol."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner

    def __repr__(self) -> str:
        return f"_SwitchBox({self.inner!r}, **{AmpBox(self)!r})"

    def send_to(self, sender: IBoxSender) -> None:
        """Send it, and switch."""
        super().send_to(sender)
        proto: Any = sender
        proto.switch_to(self.inner)


class ProtocolSwitchCommand(Command):
    """Goes over to another protocol; to be subclassed.

    The responder returns the protocol for its side. Who asks gives a client factory
    before the arguments, ``callRemote(UpgradeToLines, factory, name="x")``: it makes
    the protocol for that side, and is told of the end. Once asked, no box can be sent
    unless the other side refuses.
    """

    def __init__(self, protoToSwitchToFactory: Any, /, **kw: Any) -> None:
        """Make a call.

        Args:
            protoToSwitchToFactory: Makes the protocol when the other side agrees.
            kw: The arguments.
        """
        super().__init__(**kw)
        self.protoToSwitchToFactory: Any = protoToSwitchToFactory

    @classmethod
    def makeResponse(cls, objects: Any, proto: Any) -> AmpBox:
        """Make the box after which the connection is switched.

        Args:
            objects: The protocol for this side.
            proto: The AMP protocol.
        """
        return _SwitchBox(objects)

    def do_command(self, dispatcher: BoxDispatcher) -> Deferred[Any] | None:
        """Ask, and switch when the other side agrees."""
        asked = super().do_command(dispatcher)
        proto: Any = dispatcher.boxSender
        factory = self.protoToSwitchToFactory
        proto.begin_switch()

        def agreed(response: Any) -> Any:
            inner = factory.buildProtocol(proto.transport.getPeer())
            proto.switch_to(inner, factory)
            return response

        def refused(failure: Failure) -> Failure:
            proto.end_switch()
            factory.clientConnectionFailed(None, Failure(CONNECTION_LOST))
            return failure

        assert asked is not None
        return asked.addCallbacks(agreed, refused)
