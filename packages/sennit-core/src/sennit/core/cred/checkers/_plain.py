"""A check against a password that is known as it is."""

from __future__ import annotations

import os

from sennit.core.cred._later import call
from sennit.core.cred.error import UnauthorizedLogin
from sennit.core.cred.interfaces import IUsernameHashedPassword, IUsernamePassword
from sennit.core.defer import Deferred

__all__ = ["DENIED", "check_password"]

DENIED = "unknown user or wrong password"

# Stands for the password of an unknown user; nobody knows it.
_DECOY = os.urandom(16).hex().encode()


def check_password(
    credentials: IUsernamePassword | IUsernameHashedPassword,
    avatarId: bytes,
    password: bytes | None,
) -> Deferred[bytes]:
    """Check credentials; without a password, at the same cost, and in vain.

    Args:
        credentials: They may take their time.
        avatarId: The result if they are right.
        password: The right one; None of an unknown user.
    """
    expected = _DECOY if password is None else password
    checked = call(credentials.checkPassword, expected)
    return checked.addCallback(_decide, avatarId, password is not None)


def _decide(matched: bool, avatarId: bytes, known: bool) -> bytes:
    if matched and known:
        return avatarId
    raise UnauthorizedLogin(DENIED)
