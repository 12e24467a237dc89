"""Digest authentication (RFC 7616): the password stays with the client.

The arithmetic, the nonces and their age are those of `sennit.core.cred`; here they meet
a request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zope.interface import implementer

from sennit.core.cred import credentials
from sennit.core.cred.error import LoginFailed
from sennit.web.guard._quoting import quoted
from sennit.web.interfaces import ICredentialFactory

if TYPE_CHECKING:
    from sennit.web.server import Request

__all__ = ["DigestCredentialFactory"]


@implementer(ICredentialFactory)
class DigestCredentialFactory:
    """Asks for a digest of the password, and takes it.

    Attributes:
        scheme: The name of the scheme: ``digest``.
        digest: What makes challenges and reads answers.
    """

    scheme: bytes = b"digest"

    def __init__(
        self, algorithm: bytes, authenticationRealm: bytes, **options: Any
    ) -> None:
        """Choose the algorithm, and name the realm.

        Args:
            algorithm: ``SHA-256`` is the better one, ``MD5`` the one that every client
                knows.
            authenticationRealm: What users are asked the password for.
            options: Further ones of
                `sennit.core.cred.credentials.DigestCredentialFactory`: servers that
                work together share a ``privateKey``.

        Raises:
            ValueError: The algorithm is not known, the realm's name has a control
                character, or the key is too short.
        """
        quoted(authenticationRealm)
        self.digest: credentials.DigestCredentialFactory = (
            credentials.DigestCredentialFactory(
                algorithm, authenticationRealm, **options
            )
        )

    def getChallenge(self, request: Request, stale: bool = False) -> dict[str, bytes]:
        """The fields of a challenge, which is good for a while.

        Args:
            request: Who is asked.
            stale: True to have the client answer again without asking its user.
        """
        return self.digest.getChallenge(_host(request), stale)

    def decode(
        self, response: bytes, request: Request
    ) -> credentials.DigestedCredentials:
        """Read a client's answer.

        Args:
            response: What its header has after the scheme.
            request: The request that it is for.

        Raises:
            StaleNonce: It answers a challenge of ours that is too old.
            LoginFailed: It is no answer to a challenge of ours, or was made for another
                request.
        """
        read = self.digest.decode(response, request.method, _host(request))
        # RFC 7616 §3.4.6: or an answer that was overheard would open other doors.
        if read.fields.get("uri") != request.uri:
            raise LoginFailed("Invalid response, for another request.")
        return read


def _host(request: Request) -> str | bytes | None:
    host: str | bytes | None = getattr(request.getClientAddress(), "host", None)
    return host
