"""Avatars: what a user who is logged in calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zope.interface import implementer

from sennit.spread.interfaces import IPerspective
from sennit.spread.pb._flavors import method_of

if TYPE_CHECKING:
    from sennit.spread.pb._flavors import Answering, Expression

__all__ = ["Avatar"]


@implementer(IPerspective)
class Avatar:
    """What a user works with: a realm makes one for each login.

    The user may call its methods whose names begin with ``perspective_``, and gets
    results that are made for this perspective; see `Viewable
    <sennit.spread.pb.Viewable>`.
    """

    def perspectiveMessageReceived(
        self, broker: Any, message: bytes, args: Expression, kw: Expression
    ) -> Expression:
        """Answer a call; may be overridden.

        Args:
            broker: The connection's broker.
            message: The method's name.
            args: The positional arguments, for the broker's ``unserialize``.
            kw: The others.

        Returns:
            What the broker's ``serialize`` has made of the result.

        Raises:
            NoSuchMethod: There is no such method.
        """
        method = method_of(self, "perspective_", message)
        return broker.answer_by(method, self, args, kw)

    def pb_method(self, message: bytes) -> Answering | None:
        """Find what answers, if `perspectiveMessageReceived` would do just that."""
        received = type(self).perspectiveMessageReceived
        if received is not Avatar.perspectiveMessageReceived:
            return None
        return method_of(self, "perspective_", message), self
