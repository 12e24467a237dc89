"""CRAM-MD5 (RFC 2195): the password stays where it is, and keys a challenge's hash."""

from __future__ import annotations

import hmac
import os
import time

from zope.interface import implementer

from sennit.core.cred._compare import same
from sennit.core.cred.error import LoginFailed
from sennit.core.cred.interfaces import IUsernameHashedPassword

__all__ = ["CramMD5Credentials"]


@implementer(IUsernameHashedPassword)
class CramMD5Credentials:
    """One login by CRAM-MD5, from the challenge to the check.

    Attributes:
        host: The server's name in the challenge.
        challenge: What was sent; empty before `getChallenge`.
        response: The hash that came back, in hexadecimal; empty before.
        username: The name that came with it; empty before.
    """

    def __init__(self, host: str | bytes | None = None) -> None:
        """Begin a login.

        Args:
            host: The server's name, which the challenge tells; "localhost" if None.
        """
        self.host = host
        self.challenge: bytes = b""
        self.response: bytes = b""
        self.username: bytes = b""

    def getChallenge(self) -> bytes:
        """Return what is to be sent to the client, always the same."""
        if not self.challenge:
            host = self.host or b"localhost"
            if isinstance(host, str):
                host = host.encode()
            unique = os.urandom(16).hex().encode()
            self.challenge = b"<%s.%d@%s>" % (unique, time.time(), host)
        return self.challenge

    def setResponse(self, response: bytes) -> None:
        """Take the client's answer.

        Args:
            response: Its name, a space, and the hash in hexadecimal.

        Raises:
            LoginFailed: It is none.
        """
        username, space, digest = response.strip().rpartition(b" ")
        if not space:
            raise LoginFailed("Invalid response, no name and hash given.")
        self.username = username
        self.response = digest

    def moreChallenges(self) -> bool:
        """Tell whether another challenge follows: it never does."""
        return False

    def checkPassword(self, password: bytes) -> bool:
        """Find out whether the answer was made with this password."""
        expected = hmac.new(password, self.getChallenge(), "md5").hexdigest()
        return same(self.response, expected)
