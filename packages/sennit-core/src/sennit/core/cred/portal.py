"""The portal: where checkers and the realm of an application meet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zope.interface import providedBy

from sennit.core.cred._later import call
from sennit.core.cred.contracts import AvatarId, Login
from sennit.core.cred.error import UnhandledCredentials
from sennit.core.cred.interfaces import (
    ICredentials as ICredentials,
    ICredentialsChecker as ICredentialsChecker,
    IRealm as IRealm,
)
from sennit.core.defer import Deferred, fail

__all__ = ["ICredentials", "ICredentialsChecker", "IRealm", "Portal"]


class Portal:
    """Lets users in: has a checker tell who they are, and the realm make their avatar.

    Attributes:
        realm: The application's side.
        checkers: The checker of each kind of credentials.
    """

    def __init__(
        self, realm: IRealm, checkers: Iterable[ICredentialsChecker] = ()
    ) -> None:
        """Open the way to a realm.

        Args:
            realm: What makes the avatars.
            checkers: What checks the credentials, each for all the kinds it knows.
        """
        self.realm = realm
        self.checkers: dict[Any, ICredentialsChecker] = {}
        for checker in checkers:
            self.registerChecker(checker)

    def listCredentialsInterfaces(self) -> list[Any]:
        """Tell which kinds of credentials can be checked."""
        return list(self.checkers)

    def registerChecker(
        self, checker: ICredentialsChecker, *credentialInterfaces: Any
    ) -> None:
        """Add a checker; it takes the place of one that was there for the same kind.

        Args:
            checker: What checks the credentials.
            credentialInterfaces: The kinds it is to check; all it knows if omitted.
        """
        for kind in credentialInterfaces or checker.credentialInterfaces:
            self.checkers[kind] = checker

    def login(
        self, credentials: ICredentials, mind: Any, *interfaces: Any
    ) -> Deferred[Login]:
        """Check credentials, and get the avatar of the user whose they are.

        Args:
            credentials: What the user has shown.
            mind: What the avatar may call at the client's side; often None.
            interfaces: What the avatar may provide for the caller to work with it,
                best first.

        Returns:
            One of the interfaces, the avatar, and a function that must be called,
            without arguments, when the user leaves. Fails with a ``LoginFailed``:
            ``UnauthorizedLogin``, ``UnhandledCredentials``, ``LoginDenied``.
        """
        for kind, checker in self.checkers.items():
            if kind.providedBy(credentials):
                identified: Deferred[AvatarId] = call(
                    checker.requestAvatarId, credentials
                )
                return identified.addCallback(self._request_avatar, mind, interfaces)
        kinds = ", ".join(kind.__identifier__ for kind in providedBy(credentials))
        return fail(
            UnhandledCredentials(f"No checker for {kinds or repr(credentials)}")
        )

    def _request_avatar(
        self, avatarId: AvatarId, mind: Any, interfaces: tuple[Any, ...]
    ) -> Deferred[Login]:
        return call(self.realm.requestAvatar, avatarId, mind, *interfaces)
