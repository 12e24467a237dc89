"""Whom a SIP proxy asks: who is where, who may say so, and how it is proved.

Whoever needs them at run time (``implementer``, ``providedBy``) finds them, by the same
names, in `sennit.protocols.sip` and in its ``interfaces``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sennit.core.defer import Deferred
    from sennit.protocols.sip._registry import Registration
    from sennit.protocols.sip._urls import URL

__all__ = ["IAuthorizer", "IContact", "ILocator", "IRegistry"]


class IRegistry(Protocol):
    """Keeps where users are."""

    def registerAddress(
        self, domainURL: URL, logicalURL: URL, physicalURL: URL
    ) -> Deferred[Registration]:
        """Note that a user is there.

        Args:
            domainURL: the domain that was asked to note it.
            logicalURL: the user, as the world knows them.
            physicalURL: where they are now.

        Raises:
            RegistrationError: as a failure; the user is not of this registry.
        """

    def unregisterAddress(
        self, domainURL: URL, logicalURL: URL, physicalURL: URL
    ) -> Deferred[Registration]:
        """Note that a user is there no longer.

        Raises:
            LookupError: as a failure; nobody knows the user.
        """

    def getRegistrationInfo(self, logicalURL: URL) -> Deferred[Registration]:
        """Tell where a user is, and for how long.

        Raises:
            LookupError: as a failure; nobody knows the user.
        """


class ILocator(Protocol):
    """Knows where users are."""

    def getAddress(self, logicalURL: URL) -> Deferred[URL]:
        """Tell where a user is.

        Raises:
            LookupError: as a failure; nobody knows the user.
        """


class IContact(Protocol):
    """What a login is for: to register where a user is."""


class IAuthorizer(Protocol):
    """Asks for credentials, and reads them, by one scheme."""

    def getChallenge(self, peer: tuple[str, int]) -> str:
        """Write what a client needs to answer, without the name of the scheme."""

    def decode(self, response: str) -> Any:
        """Make credentials of what a client has answered.

        Raises:
            SIPError: They are none.
        """
