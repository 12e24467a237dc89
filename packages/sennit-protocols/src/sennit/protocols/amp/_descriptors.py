"""Descriptor: an open file of one process becomes one of another's."""

from __future__ import annotations

from typing import Any

from sennit.protocols.amp._arguments import Integer

__all__ = ["Descriptor"]


class Descriptor(Integer):
    """The number of an open descriptor; over UNIX sockets only.

    The sender may close its own when the call has been made; the receiver has one of its
    own, and closes it. In the box is how many were sent before it on the connection.
    """

    def fromStringProto(self, inString: bytes, proto: Any) -> Any:
        """Take the descriptor that came along.

        Raises:
            KeyError: None has come with this number.
        """
        return proto.take_descriptor(int(inString))

    def toStringProto(self, inObject: int, proto: Any) -> bytes:
        """Send the descriptor along with the box.

        Raises:
            OSError: It is not open.
            TypeError: The connection is not over a UNIX socket.
        """
        return self.toString(proto.send_descriptor(inObject))
