"""Basic authentication (RFC 7617): name and password with each request.

Whoever hears the connection has the password: use it over TLS.
"""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING

from zope.interface import implementer

from sennit.core.cred.credentials import UsernamePassword
from sennit.core.cred.error import LoginFailed
from sennit.web.guard._quoting import quoted
from sennit.web.interfaces import ICredentialFactory

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = ["BasicCredentialFactory"]


@implementer(ICredentialFactory)
class BasicCredentialFactory:
    """Asks for a name and a password, and takes them.

    Attributes:
        scheme: The name of the scheme: ``basic``.
        authenticationRealm: What users are asked the password for.
    """

    scheme: bytes = b"basic"

    def __init__(self, authenticationRealm: bytes) -> None:
        """Name the realm.

        Raises:
            ValueError: Its name has a control character.
        """
        quoted(authenticationRealm)
        self.authenticationRealm = authenticationRealm

    def getChallenge(self, request: Request) -> dict[str, bytes]:
        """The fields of the challenge: the realm alone."""
        return {"realm": self.authenticationRealm}

    def decode(self, response: bytes, request: Request) -> UsernamePassword:
        """Read a client's answer.

        Args:
            response: What its header has after the scheme: base64.
            request: The request; it does not matter.

        Returns:
            The name and the password, in bytes as they came: UTF-8 from most clients.

        Raises:
            LoginFailed: It is no name and password.
        """
        try:
            # Some clients leave out the padding.
            padding = b"=" * (-len(response) % 4)
            decoded = b64decode(response + padding, validate=True)
        except ValueError:
            raise LoginFailed("Invalid credentials") from None
        username, colon, password = decoded.partition(b":")
        if not colon:
            raise LoginFailed("Invalid credentials")
        return UsernamePassword(username, password)
