"""Connections over TLS: from the start, or from the moment that is asked for it.

A `Connection` becomes a `SecureConnection` in place: its protocol keeps the transport
that it has, and only what is below is another one.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from sennit.core.engine._passing._connection import (
    BufferedUNIXConnection,
    UNIXConnection,
)
from sennit.core.engine._stream import BufferedConnection, Connection
from sennit.core.engine._tls._layer import BufferedTLSLayer, TLSLayer
from sennit.core.tls import Certificate

if TYPE_CHECKING:
    from collections.abc import Callable

    from sennit.core.engine._origin import Origin
    from sennit.core.tls import TLSOptions

__all__ = ["SecureConnection", "connectionFor", "goOver"]


class SecureConnection(Connection):
    """A connection over TLS."""

    TLS: bool = True

    @property
    def negotiatedProtocol(self) -> bytes | None:
        """The protocol that was agreed on by ALPN; None if none was."""
        tls = self._tls
        name = None if tls is None else tls.selected_alpn_protocol()
        return None if name is None else bytes(name, "ascii")

    def getPeerCertificate(self) -> Any:
        """The certificate that the other side has shown; None if none, or not yet.

        Returns:
            A `sennit.core.tls.Certificate`; or what another TLS library calls one.
        """
        tls = self._tls
        theirs = getattr(tls, "getPeerCertificate", None)
        if theirs is not None:
            return theirs()
        try:
            der = None if tls is None else tls.getpeercert(True)
        except ValueError:  # the handshake is not done
            return None
        return None if der is None else Certificate(der, tls.getpeercert() or {})

    def getHandle(self) -> Any:
        """The socket; or what another TLS library calls its connection."""
        theirs = getattr(self._tls, "getHandle", None)
        return super().getHandle() if theirs is None else theirs()

    @property
    def _tls(self) -> Any:
        return self._transport.get_extra_info("ssl_object")

    # What its layer tells

    def handshake_completed(self) -> None:
        """Both sides are who they must be."""
        told = getattr(self._protocol, "handshakeCompleted", None)
        if told is not None and self.connected and self._reason is None:
            self._tell(told)

    def handshake_failed(self, error: BaseException, below: Any) -> None:
        """It has not come to be a connection."""
        self._origin.handshake_failed(error, below.get_extra_info("peername"))


def connectionFor(origin: Origin, inet: bool) -> Callable[[], Any]:
    """What makes the connections of an origin, of the kind that suits it and its loop."""
    buffered = origin.binding.buffer is not None
    if origin.tls is not None:
        return partial(_secured, origin)
    if not inet:
        return partial(BufferedUNIXConnection if buffered else UNIXConnection, origin)
    return partial(BufferedConnection if buffered else Connection, origin)


def _secured(origin: Origin) -> asyncio.BaseProtocol:
    assert origin.tls is not None
    return _layer(origin.tls, SecureConnection(origin), origin)


def _layer(
    options: TLSOptions,
    connection: SecureConnection,
    origin: Origin,
    live: bool = False,
) -> TLSLayer:
    loop, buffer = origin.binding.loop, origin.binding.buffer
    assert loop is not None
    if buffer is None:
        return TLSLayer(options, connection, loop, live)
    return BufferedTLSLayer(buffer, options, connection, loop, live)


def goOver(connection: Connection, options: TLSOptions) -> None:
    """Let a connection go over to TLS, when all that is written has been sent.

    What its protocol has received and not used yet is the other side's TLS: it was sent
    after what made us go over.
    """
    if not connection.connected or connection.disconnecting:
        return
    early = connection.take_back()
    connection.__class__ = SecureConnection
    assert isinstance(connection, SecureConnection)
    layer = _layer(options, connection, connection.origin, live=True)
    connection.put_on(layer)
    if early:
        layer.data_received(early)
