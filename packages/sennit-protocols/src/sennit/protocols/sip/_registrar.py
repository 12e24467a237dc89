"""A proxy that users tell where they are (RFC 3261 section 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sennit.core.cred.error import LoginFailed, UnauthorizedLogin
from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.protocols.sip._errors import MalformedMessage, RegistrationError, SIPError
from sennit.protocols.sip._messages import Request
from sennit.protocols.sip._proxy import Proxy
from sennit.protocols.sip._registry import Registration
from sennit.protocols.sip._urls import parseAddress

if TYPE_CHECKING:
    from sennit.core.cred.portal import Portal
    from sennit.protocols.sip.contracts import IAuthorizer, IRegistry

__all__ = ["RegisterProxy"]

_Peer = tuple[str, int]


class RegisterProxy(Proxy):
    """A proxy that takes REGISTER requests for its registry.

    A user is noted at the address that the request came from, whatever their contact
    says: behind a translator of addresses the phone does not know it.

    Attributes:
        portal: where users log in, for a ``sip.IContact``; without one everybody may
            register as anybody.
        registry: an `IRegistry <sennit.protocols.sip.contracts.IRegistry>`.
        authorizers: by names of schemes, such as ``digest``.
    """

    portal: Portal | None = None
    registry: IRegistry | None = None
    authorizers: dict[str, IAuthorizer] = {}  # noqa: RUF012  replaced, not changed

    def handle_ACK_request(self, message: Request, addr: _Peer) -> None:
        """An ACK has come to its end here."""

    def handle_REGISTER_request(self, message: Request, addr: _Peer) -> Any:
        """Register who asks for it, once they have logged in."""
        host, port = addr
        if self.portal is None:
            return self.register(message, host, port)
        if "authorization" not in message.headers:
            return self.unauthorized(message, host, port)
        return self.login(message, host, port)

    def unauthorized(self, message: Request, host: str, port: int) -> None:
        """Ask for credentials."""
        answer = self.responseFromRequest(401, message)
        for scheme, authorizer in self.authorizers.items():
            challenge = authorizer.getChallenge((host, port))
            realm = f'realm="{self.host}"'
            asked = f"{challenge},{realm}" if challenge else realm
            answer.addHeader("www-authenticate", f"{scheme.title()} {asked}")
        self.deliverResponse(answer)

    def login(self, message: Request, host: str, port: int) -> Deferred[Any]:
        """Log a user in, and then register them.

        Raises:
            SIPError: The scheme is not known, or the credentials are none.
        """
        scheme, _, response = message.headers["authorization"][0].partition(" ")
        authorizer = self.authorizers.get(scheme.lower())
        if authorizer is None:
            raise SIPError(501)
        if not response:
            raise MalformedMessage("an Authorization without credentials")
        credentials = authorizer.decode(response)
        # One portal may serve several domains.
        domain = f"@{self.host}"
        binary = isinstance(credentials.username, bytes)
        credentials.username += domain.encode() if binary else domain
        assert self.portal is not None
        from sennit.protocols.sip.interfaces import IContact  # zope only where used

        logged_in: Deferred[Any] = self.portal.login(credentials, None, IContact)
        logged_in.addCallbacks(
            lambda _: self.register(message, host, port),
            self._refuse_login,
            errbackArgs=(message, host, port),
        )
        return logged_in

    def _refuse_login(
        self, failure: Failure, message: Request, host: str, port: int
    ) -> None:
        failure.trap(LoginFailed, UnauthorizedLogin)
        self.unauthorized(message, host, port)

    def register(self, message: Request, host: str, port: int) -> Deferred[None]:
        """Note where a user is, forget it, or tell it."""
        registry = self.registry
        if registry is None:
            raise SIPError(501)
        to = message.headers.get("to")
        if not to:
            raise MalformedMessage("a REGISTER without a To")
        _, user, _ = parseAddress(to[0], clean=True)
        contacts = message.headers.get("contact")
        if not contacts:
            asked = registry.getRegistrationInfo(user)
            return self._answer(asked, message)
        leaving = message.headers.get("expires") == ["0"]
        # Of all contacts, at once (section 10.2.2).
        written = to[0] if contacts[0] == "*" and leaving else contacts[0]
        _, contact, parameters = parseAddress(written, host=host, port=port)
        if leaving or parameters.get("expires") == "0":
            asked = registry.unregisterAddress(message.uri, user, contact)
        else:
            asked = registry.registerAddress(message.uri, user, contact)
        return self._answer(asked, message)

    def _answer(
        self, asked: Deferred[Registration], message: Request
    ) -> Deferred[None]:
        return asked.addCallbacks(self._tell, self._not_known, callbackArgs=(message,))

    def _tell(self, registration: Registration, message: Request) -> None:
        answer = self.responseFromRequest(200, message)
        answer.addHeader("contact", registration.contactURL.toString())
        answer.addHeader("expires", str(registration.secondsToExpiry))
        answer.addHeader("content-length", "0")
        self.deliverResponse(answer)

    def _not_known(self, failure: Failure) -> None:
        refused = failure.trap(RegistrationError, LookupError)
        if self.answersRefused:
            raise failure.value if refused is RegistrationError else SIPError(404)
