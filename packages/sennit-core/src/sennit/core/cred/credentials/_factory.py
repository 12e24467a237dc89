"""Challenges for HTTP's Digest authentication, and their answers (RFC 7616, RFC 2617).

A server must know a nonce again as its own, and how old it is. To remember every nonce
would be a gift to whoever asks for many: so nothing is remembered. The challenge's
``opaque``, which the client sends back, has the nonce, the time and the client's address,
signed with a key that only this server has; whatever comes back is held against that.
Servers that share a key (workers, or a cluster) know each other's challenges.

What this does not see is a second use of the same answer within its lifetime. The digest
is bound to the method and the URI, so that nothing but the same request is repeated; for
more than that, use TLS.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import time
from collections.abc import Callable

from sennit.core.cred._compare import same
from sennit.core.cred.credentials._digest import knows_algorithm
from sennit.core.cred.credentials._digested import DigestedCredentials
from sennit.core.cred.credentials._fields import parse_fields, user_of
from sennit.core.cred.error import LoginFailed, StaleNonce

__all__ = ["DigestCredentialFactory"]


class DigestCredentialFactory:
    """Makes digest challenges, and credentials of what clients answer.

    Attributes:
        CHALLENGE_LIFETIME_SECS: Seconds for which a challenge may be answered.
        scheme: The name of the scheme: ``digest``.
        algorithm: The name of the algorithm, as given.
        authenticationRealm: The realm that users are told.
        privateKey: What signs the challenges.
    """

    # Long enough to type a password; then a client is told that its nonce is stale, and
    # answers anew by itself.
    CHALLENGE_LIFETIME_SECS: int = 15 * 60

    scheme: bytes = b"digest"

    def __init__(
        self,
        algorithm: bytes,
        authenticationRealm: bytes,
        *,
        privateKey: bytes | None = None,
        seconds: Callable[[], float] = time.time,
    ) -> None:
        """Choose the algorithm, and name the realm.

        Args:
            algorithm: ``MD5``, ``SHA-256`` or ``SHA``, perhaps with ``-sess``, in
                whatever case.
            authenticationRealm: What users are asked the password for.
            privateKey: The key that this server shares with others, at least 16 bytes;
                a random one if None.
            seconds: Tells the time, which those who share a key must have in common.

        Raises:
            ValueError: The algorithm is not known, or the key is too short.
        """
        if not knows_algorithm(algorithm):
            raise ValueError(f"no digest algorithm is called {algorithm!r}")
        if privateKey is not None and len(privateKey) < 16:
            raise ValueError("a key of less than 16 bytes can be guessed")
        self.algorithm = algorithm
        self.authenticationRealm = authenticationRealm
        self.privateKey: bytes = privateKey or os.urandom(32)
        self._seconds = seconds

    def getChallenge(
        self, address: str | bytes | None, stale: bool = False
    ) -> dict[str, bytes]:
        """Make a challenge, for the ``WWW-Authenticate`` header.

        Args:
            address: The client's address, from which the answer must come; None where
                it has none.
            stale: True after `StaleNonce`, to have the client answer again without
                asking its user.

        Returns:
            The fields of the header.
        """
        nonce = os.urandom(16).hex().encode()
        challenge = {
            "nonce": nonce,
            "opaque": self._make_opaque(nonce, address),
            "qop": b"auth",
            "algorithm": self.algorithm,
            "realm": self.authenticationRealm,
        }
        if stale:
            challenge["stale"] = b"true"
        return challenge

    def decode(
        self, response: bytes, method: bytes, host: str | bytes | None
    ) -> DigestedCredentials:
        """Read a client's answer.

        Args:
            response: The fields of its ``Authorization`` header, after the scheme.
            method: The request's method.
            host: The client's address, as for `getChallenge`.

        Returns:
            The credentials; the digest is checked with them, later. Their
            ``fields["uri"]`` should be compared with the request's. RFC 7616 §3.4.6.

        Raises:
            StaleNonce: The challenge is too old.
            LoginFailed: It is no answer to a challenge of ours.
        """
        fields = parse_fields(response)
        username = user_of(fields)
        opaque, nonce = fields.get("opaque"), fields.get("nonce")
        if not opaque:
            raise LoginFailed("Invalid response, no opaque given.")
        if not nonce:
            raise LoginFailed("Invalid response, no nonce given.")
        self._check_manner(fields)
        self._check_opaque(opaque, nonce, host)
        return DigestedCredentials(username, method, self.authenticationRealm, fields)

    def _check_manner(self, fields: dict[str, bytes]) -> None:
        """Refuse an answer in another manner than was asked: a weaker one, say."""
        algorithm = fields.get("algorithm", b"md5").lower()
        if algorithm != self.algorithm.lower():
            raise LoginFailed("Invalid response, another algorithm than asked for.")
        # A client of RFC 2069 knows no quality of protection, but it knows only MD5.
        qop = fields.get("qop")
        if qop is None and algorithm == b"md5":
            return
        if qop != b"auth":
            raise LoginFailed("Invalid response, another qop than asked for.")
        if not (fields.get("nc") and fields.get("cnonce")):
            raise LoginFailed("Invalid response, no nc or no cnonce given.")

    def _make_opaque(self, nonce: bytes, address: str | bytes | None) -> bytes:
        parts = b"%s,%d,%s" % (nonce, self._seconds(), _octets(address))
        encoded = base64.b64encode(parts)
        return self._sign(encoded) + b"-" + encoded

    def _check_opaque(
        self, opaque: bytes, nonce: bytes, address: str | bytes | None
    ) -> None:
        signature, _, encoded = opaque.partition(b"-")
        if not same(signature, self._sign(encoded)):
            raise LoginFailed("Invalid response, invalid opaque value")
        # Signed by us, so it is well-formed.
        made_for, made_at, client = base64.b64decode(encoded).split(b",", 2)
        if not same(made_for, nonce):
            raise LoginFailed("Invalid response, incompatible opaque/nonce values")
        if not same(client, _octets(address)):
            raise LoginFailed("Invalid response, incompatible opaque/client values")
        if self._seconds() - int(made_at) > self.CHALLENGE_LIFETIME_SECS:
            raise StaleNonce("Invalid response, opaque/nonce too old")

    def _sign(self, message: bytes) -> bytes:
        return hmac.new(self.privateKey, message, hashlib.sha256).hexdigest().encode()


def _octets(address: str | bytes | None) -> bytes:
    if address is None:
        return b""
    return address.encode() if isinstance(address, str) else address
