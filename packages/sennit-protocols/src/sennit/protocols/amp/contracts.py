"""The contracts of AMP: who sends boxes, who receives them, who answers them.

Whoever needs them at run time (``implementer``, ``providedBy``) finds them, by the same
names, in `sennit.protocols.amp` and in its ``interfaces``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sennit.core.failure import Failure
    from sennit.protocols.amp._boxes import AmpBox

__all__ = ["IArgumentType", "IBoxReceiver", "IBoxSender", "IResponderLocator"]


class IArgumentType(Protocol):
    """Makes bytes of an argument's value, and the value of bytes."""

    def fromBox(
        self, name: bytes, strings: AmpBox, objects: dict[str, Any], proto: Any
    ) -> None:
        """Take an argument out of a box.

        Args:
            name: The argument's name on the wire.
            strings: The box that came; what is used is taken out of it.
            objects: Where the values are put, by their names in Python.
            proto: The AMP protocol; None if there is none.
        """

    def toBox(
        self, name: bytes, strings: AmpBox, objects: dict[str, Any], proto: Any
    ) -> None:
        """Put an argument into a box.

        Args:
            name: The argument's name on the wire.
            strings: The box to be sent.
            objects: The values, by their names in Python; what is used is taken out.
            proto: The AMP protocol; None if there is none.
        """


class IBoxSender(Protocol):
    """Sends boxes to the other side."""

    def sendBox(self, box: AmpBox) -> None:
        """Send a box.

        Raises:
            ProtocolSwitched: The connection speaks another protocol by now.
            sennit.core.errors.ConnectionLost: There is no connection any more.
        """

    def unhandledError(self, failure: Failure) -> None:
        """Take note of an error that nobody has handled."""


class IBoxReceiver(Protocol):
    """Is told of the boxes that come."""

    def startReceivingBoxes(self, boxSender: IBoxSender) -> None:
        """The connection is there: boxes may come, and may be sent."""

    def ampBoxReceived(self, box: AmpBox) -> None:
        """A box has come."""

    def stopReceivingBoxes(self, reason: Failure) -> None:
        """The connection is over: nothing comes any more."""


class IResponderLocator(Protocol):
    """Finds who answers a command."""

    def locateResponder(self, name: bytes) -> Callable[[AmpBox], Any] | None:
        """Find the responder of a command.

        Args:
            name: The command's name on the wire.

        Returns:
            Called with the box of arguments, it gives the box of the answer, or a
            Deferred of it; None where nobody answers.
        """
