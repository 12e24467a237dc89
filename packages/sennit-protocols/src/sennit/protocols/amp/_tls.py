"""StartTLS: both sides agree to go on over TLS."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from sennit.core.defer import Deferred
from sennit.core.failure import Failure
from sennit.core.tls import ClientOptions, TLSOptions, registerContext, serverOptions
from sennit.protocols.amp._arguments import Argument
from sennit.protocols.amp._boxes import AmpBox
from sennit.protocols.amp._commands import Command
from sennit.protocols.amp._errors import OnlyOneTLS

if TYPE_CHECKING:
    from sennit.protocols.amp._dispatch import BoxDispatcher
    from sennit.protocols.amp.contracts import IBoxSender

__all__ = ["StartTLS"]

_CERTIFICATE = "tls_localCertificate"
_AUTHORITIES = "tls_verifyAuthorities"


class _Local(Argument):
    """An argument that stays on its side: neither sent nor received."""

    def fromBox(
        self, name: bytes, strings: AmpBox, objects: dict[str, Any], proto: Any
    ) -> None:
        """Take nothing."""

    def toBox(
        self, name: bytes, strings: AmpBox, objects: dict[str, Any], proto: Any
    ) -> None:
        """Set it down in the box, beside what is sent."""
        known = name.decode("ascii")
        value = objects.pop(known, None)
        if value is not None and isinstance(strings, _TLSBox):
            setattr(strings, known, value)


class _Anonymous:
    """Options for who has no certificate.

    A client shows none; a server must show one, and makes one that nobody can verify.
    """

    def __init__(self, authorities: Iterable[Any]) -> None:
        self.authorities = tuple(authorities)

    def for_side(self, server: bool, hostname: str | None) -> TLSOptions:
        """The options for one side."""
        trusted = [_pem(each) for each in self.authorities]
        if server:
            # Not for whoever has a certificate; and it needs what others need not have.
            from sennit.core.testing import selfSigned

            trust = b"".join(trusted) or None
            return serverOptions(selfSigned("temporary"), trustRoot=trust)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        if trusted:
            context.load_verify_locations(cadata=b"".join(trusted).decode("ascii"))
        else:
            context.verify_mode = ssl.CERT_NONE
        return ClientOptions(context, hostname)


registerContext(
    _Anonymous, lambda given, server, hostname: given.for_side(server, hostname)
)


def _pem(authority: Any) -> bytes:
    """A certificate as PEM text, whatever stands for it."""
    dump = getattr(authority, "dumpPEM", None)
    text = dump() if dump is not None else getattr(authority, "pem", authority)
    return text.encode("ascii") if isinstance(text, str) else bytes(text)


def _options_of(certificate: Any, authorities: Iterable[Any] | None) -> Any:
    """What ``transport.startTLS`` takes, of what a side has declared."""
    if certificate is None:
        return _Anonymous(authorities or ())
    if hasattr(certificate, "options"):
        return certificate.options(*(authorities or ()))
    if authorities:
        raise TypeError(
            "TLS options know whom to trust: tls_verifyAuthorities is for certificates"
        )
    return certificate


class _TLSBox(AmpBox):
    """An answer after which the connection goes over to TLS."""

    tls_localCertificate: Any = None
    tls_verifyAuthorities: Any = None

    def send_to(self, sender: IBoxSender) -> None:
        """Send it, and go over to TLS."""
        proto: Any = sender
        if proto.hostCertificate is not None:
            raise OnlyOneTLS("the connection is over TLS already")
        options = _options_of(self.tls_localCertificate, self.tls_verifyAuthorities)
        super().send_to(sender)
        proto.start_tls(self.tls_localCertificate or options, options)


class StartTLS(Command):
    """Goes over to TLS; whoever has connected is the client in TLS.

    Both who asks and the responder give ``tls_localCertificate``: options of
    `sennit.core.tls`, an `ssl.SSLContext`, or what has ``options(*authorities)``; these
    authorities are ``tls_verifyAuthorities``. Neither is sent. Without a certificate a
    client shows none, and a server one that it makes for the occasion (which needs the
    package ``cryptography``). Without authorities nobody is verified: what is sent then
    is hidden from listeners, but not from who sits in between. With ``clientOptions``
    the server is verified, whatever else is given.

    What is sent until the other side agrees is kept, and sent over TLS.
    """

    arguments: ClassVar[list[tuple[str, Argument]]] = [
        ("tls_localCertificate", _Local(optional=True)),
        ("tls_verifyAuthorities", _Local(optional=True)),
    ]
    response: ClassVar[list[tuple[str, Argument]]] = arguments
    responseType: ClassVar[Callable[..., AmpBox]] = _TLSBox

    def do_command(self, dispatcher: BoxDispatcher) -> Deferred[Any] | None:
        """Ask, and go over to TLS when the other side agrees."""
        proto: Any = dispatcher.boxSender
        certificate = self.structured.get(_CERTIFICATE)
        options = _options_of(certificate, self.structured.get(_AUTHORITIES))
        box = self.makeArguments(self.structured, dispatcher.argument_proto)
        if proto.hostCertificate is not None:
            raise OnlyOneTLS("the connection is over TLS already")
        asked = dispatcher.ask_box(type(self), box)
        assert asked is not None
        proto.wait_for_tls()

        def agreed(response: Any) -> Any:
            proto.start_tls(certificate or options, options)
            proto.stop_waiting_for_tls()
            return response

        def refused(failure: Failure) -> Failure:
            proto.stop_waiting_for_tls()
            return failure

        return asked.addCallbacks(agreed, refused)
