"""A client's answer to a digest challenge."""

from __future__ import annotations

from zope.interface import implementer

from sennit.core.cred._compare import same
from sennit.core.cred.credentials._digest import calcHA1, calcHA2, calcResponse
from sennit.core.cred.interfaces import IUsernameDigestHash, IUsernameHashedPassword

__all__ = ["DigestedCredentials"]


@implementer(IUsernameHashedPassword, IUsernameDigestHash)
class DigestedCredentials:
    """A name and a digest of its password, a nonce and a request.

    Attributes:
        username: The name.
        method: The request's method.
        realm: The realm, as the challenge named it.
        fields: All that the client answered, by name.
    """

    def __init__(
        self, username: bytes, method: bytes, realm: bytes, fields: dict[str, bytes]
    ) -> None:
        """Take a client's answer, as `DigestCredentialFactory.decode` read it."""
        self.username = username
        self.method = method
        self.realm = realm
        self.fields = fields

    def checkPassword(self, password: bytes) -> bool:
        """Find out whether the digest was made of this password.

        Args:
            password: The right one.
        """
        return self._matches(self.username, self.realm, password, None)

    def checkHash(self, digestHash: bytes) -> bool:
        """Find out whether the digest was made of the password with this hash.

        Args:
            digestHash: The hash of ``username:realm:password``, in hexadecimal, made by
                the algorithm of the challenge.
        """
        return self._matches(None, None, None, digestHash)

    def _matches(
        self,
        username: bytes | None,
        realm: bytes | None,
        password: bytes | None,
        digest_hash: bytes | None,
    ) -> bool:
        get = self.fields.get
        algorithm = get("algorithm", b"md5")
        nonce, cnonce, qop = get("nonce"), get("cnonce"), get("qop")
        ha1 = calcHA1(
            algorithm, username, realm, password, nonce, cnonce, preHA1=digest_hash
        )
        ha2 = calcHA2(algorithm, self.method, get("uri", b""), qop, None)
        count = get("nc")
        expected = calcResponse(ha1, ha2, algorithm, nonce, count, cnonce, qop)
        return same(get("response", b""), expected)
