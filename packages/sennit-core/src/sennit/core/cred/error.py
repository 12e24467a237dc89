"""Why a login came to nothing."""

from __future__ import annotations

__all__ = [
    "LoginDenied",
    "LoginFailed",
    "PasswordHashError",
    "StaleNonce",
    "Unauthorized",
    "UnauthorizedLogin",
    "UnhandledCredentials",
]


class Unauthorized(Exception):
    """Somebody may not do what they ask for."""


class LoginFailed(Exception):
    """A login failed, for one of the reasons below, or for credentials that are none."""


class UnauthorizedLogin(LoginFailed, Unauthorized):
    """The user is not known, or the password is another.

    It does not tell which of the two, and takes as long for the one as for the other.
    """


class UnhandledCredentials(LoginFailed):
    """No checker of the portal knows this kind of credentials.

    This is a mistake in setting up the server: a protocol accepts what its portal
    cannot check.
    """


class LoginDenied(LoginFailed):
    """The realm turned away a user who was recognised.

    It comes too often, say, or its quota is used up.
    """


class StaleNonce(LoginFailed):
    """A digest answers a challenge of ours that is too old.

    A new challenge that says ``stale`` has the client answer again without asking its
    user. RFC 7616 §3.3.
    """


class PasswordHashError(ValueError):
    """What is stored as a password's hash is none, or of a kind that is not known."""
