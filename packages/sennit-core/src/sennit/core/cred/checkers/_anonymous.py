"""Everybody is let in who does not want to be known."""

from __future__ import annotations

from typing import Any

from zope.interface import implementer

from sennit.core.cred.interfaces import IAnonymous, ICredentialsChecker
from sennit.core.defer import Deferred, succeed

__all__ = ["ANONYMOUS", "AllowAnonymousAccess"]

ANONYMOUS: tuple[()] = ()
"""The avatar ID of all who did not tell who they are."""


@implementer(ICredentialsChecker)
class AllowAnonymousAccess:
    """Checks nothing: who wants to be anonymous is.

    Attributes:
        credentialInterfaces: The kind of credentials it takes: ``IAnonymous``.
    """

    credentialInterfaces: tuple[Any, ...] = (IAnonymous,)

    def requestAvatarId(self, credentials: object) -> Deferred[tuple[()]]:
        """Tell the avatar ID, which is `ANONYMOUS`."""
        return succeed(ANONYMOUS)
